"""A response that a function is handed before it is sent is as one that is seen on its way out."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextvars import ContextVar
from typing import Annotated, Any

import pytest
from pydantic import BaseModel

from miniframework import (
    App,
    BackgroundTasks,
    Depends,
    Form,
    HTTPException,
    JSONResponse,
    PlainTextResponse,
    Request,
    Response,
    StreamingResponse,
)
from miniframework.background import BackgroundTask
from miniframework.middleware.base import BaseHTTPMiddleware
from miniframework.middleware.driven import DrivenApp
from miniframework.types import ASGIApp, Message, Receive, Scope, Send
from tests.miniframework.asgi_driver import Wire, http_scope

CallNext = Callable[[Request], Awaitable[Any]]
Function = Callable[[Request, CallNext], Awaitable[Any]]
PLACE: ContextVar[str] = ContextVar("PLACE", default="nowhere")
AGAIN = PlainTextResponse("again")


class Item(BaseModel):
    name: str
    price: float = 1.0


def make_app(story: list[str], *functions: Function) -> App:
    app, inner = App(), App()

    async def opened() -> AsyncIterator[int]:
        story.append("opened")
        yield 1
        story.append("closed")

    @app.get("/value/{n}")
    async def value(n: int) -> Any:
        story.append(f"value at {PLACE.get()}")
        PLACE.set("the endpoint")
        return {"n": n}

    @app.post("/items")
    async def create(item: Item) -> Item:
        return item

    @app.get("/text")
    async def text() -> Any:
        return PlainTextResponse("text", background=BackgroundTask(story.append, "after the text"))

    @app.get("/again")
    async def again() -> Any:
        return AGAIN

    @app.get("/tasks")
    async def tasks(later: BackgroundTasks) -> Any:
        later.add_task(story.append, "the task")
        return 1

    @app.get("/empty", status_code=204)
    async def empty(later: BackgroundTasks) -> None:
        later.add_task(story.append, "after nothing")

    @app.get("/stream")
    async def stream() -> Any:
        async def chunks() -> AsyncIterator[bytes]:
            yield b"one"
            yield b"two"
            story.append("streamed")

        return StreamingResponse(chunks(), background=BackgroundTask(story.append, "after the stream"))

    @app.get("/opened")
    async def with_yield(one: Annotated[int, Depends(opened)], later: BackgroundTasks) -> Any:
        later.add_task(story.append, "after the opened")
        return one

    @app.get("/thread")
    def in_thread(request: Request) -> Any:
        return request.url.path

    @app.post("/form")
    async def form(name: Annotated[str, Form()]) -> Any:
        return name

    @app.get("/teapot")
    async def teapot() -> Any:
        raise HTTPException(418, "short and stout", {"x-tea": "green"})

    @app.get("/broken")
    async def broken() -> Any:
        raise ZeroDivisionError("broken")

    @inner.get("/")
    async def mounted() -> Any:
        return "mounted"

    app.mount("/inner", inner)
    for function in functions:
        app.middleware("http")(function)
    return app


async def pass_on(request: Request, call_next: CallNext) -> Any:
    return await call_next(request)


async def mark(request: Request, call_next: CallNext) -> Any:
    PLACE.set("a function")
    response = await call_next(request)
    response.headers["x-place"] = PLACE.get()
    response.headers.append("x-seen", str(response.status_code))
    response.status_code += 1
    return response


async def shout(request: Request, call_next: CallNext) -> Any:
    response = await call_next(request)
    inner = response.body_iterator

    async def louder() -> AsyncIterator[bytes]:
        async for chunk in inner:
            yield chunk.upper()

    response.body_iterator = louder()
    del response.headers["content-length"]
    response.background = BackgroundTask(lambda: None)
    return response


async def rewrite(request: Request, call_next: CallNext) -> Any:
    response = await call_next(request)
    body = b"".join([chunk async for chunk in response.body_iterator])
    return Response(body + b"!", response.status_code, media_type=response.media_type)


async def answer_otherwise(request: Request, call_next: CallNext) -> Any:
    await call_next(request)
    return JSONResponse("otherwise")


async def rescue(request: Request, call_next: CallNext) -> Any:
    try:
        return await call_next(request)
    except ZeroDivisionError as error:
        return PlainTextResponse(f"rescued from {error}", 503)


async def fail_afterwards(request: Request, call_next: CallNext) -> Any:
    await call_next(request)
    raise ValueError("afterwards")


class AsAClass(BaseHTTPMiddleware):
    async def dispatch(self, request: Request, call_next: CallNext) -> Any:
        return await mark(request, call_next)


REQUESTS: dict[str, tuple[str, str, bytes]] = {
    "value": ("GET", "/value/3", b""),
    "no body for HEAD": ("HEAD", "/value/3", b""),
    "problems": ("GET", "/value/three", b""),
    "a model": ("POST", "/items", b'{"name": "tea"}'),
    "no model": ("POST", "/items", b'{"name": 1}'),
    "no JSON": ("POST", "/items", b'{"name":'),
    "text": ("GET", "/text", b""),
    "text for HEAD": ("HEAD", "/text", b""),
    "one response again": ("GET", "/again", b""),
    "tasks": ("GET", "/tasks", b""),
    "a stream": ("GET", "/stream", b""),
    "clean-up": ("GET", "/opened", b""),
    "a thread": ("GET", "/thread", b""),
    "a form": ("POST", "/form", b"name=ada"),
    "an HTTPException": ("GET", "/teapot", b""),
    "an exception": ("GET", "/broken", b""),
    "not found": ("GET", "/nothing", b""),
    "a wrong method": ("DELETE", "/text", b""),
    "a slash too many": ("GET", "/text/", b""),
    "a mount": ("GET", "/inner/", b""),
}
# Whether more is to come of such a response is told by its status alone, which a function may change.
EMPTY: dict[str, tuple[str, str, bytes]] = {"no content": ("GET", "/empty", b"")}
FUNCTIONS: dict[str, tuple[Function, ...]] = {
    "pass on": (pass_on,),
    "mark": (mark,),
    "three": (mark, pass_on, mark),
    "shout": (shout,),
    "shout below": (shout, mark),
    "shout above": (mark, shout),
    "rewrite": (rewrite,),
    "rewrite below": (rewrite, mark),
    "otherwise": (answer_otherwise, mark),
    "otherwise above": (mark, answer_otherwise),
    "rescue": (rescue, mark),
    "fail": (fail_afterwards, rescue),
    "fail above": (mark, pass_on, fail_afterwards),
}


def ask(app: App, asked: tuple[str, str, bytes], story: list[str]) -> tuple[Any, ...]:
    """What is sent, what is raised, what was noted."""
    method, path, body = asked
    kind = b"application/x-www-form-urlencoded" if path == "/form" else b"application/json"
    headers = [(b"content-type", kind), (b"content-length", b"%d" % len(body))] if body else []

    async def talk() -> tuple[Any, ...]:
        wire, raised = Wire([{"type": "http.request", "body": body}]), ""
        try:
            await app(http_scope(path, method, headers=headers), wire.receive, wire.send)
        except Exception as error:  # noqa: BLE001  # whatever it is, it is compared
            raised = repr(error)
        sent = [
            {name: tuple(one) if name == "headers" else one for name, one in m.items()} for m in wire.sent
        ]
        return sent, raised, list(story)

    return asyncio.run(talk())


@pytest.mark.parametrize("functions", FUNCTIONS.values(), ids=FUNCTIONS)
def test_a_held_response_is_answered_as_one_that_is_on_its_way(
    functions: tuple[Function, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    held = ask_all(functions)
    for module in ("middleware.base", "middleware.stack"):
        monkeypatch.setattr(f"miniframework.{module}.find_hold", lambda app: None)
    monkeypatch.setattr("miniframework.asgi.find_function", lambda stack: None)
    assert ask_all(functions) == held


def ask_all(functions: tuple[Function, ...]) -> dict[str, Any]:
    story: list[str] = []
    app = make_app(story, *functions)
    answers = {}
    for name, asked in REQUESTS.items():
        story.clear()
        answers[name] = ask(app, asked, story)
    return answers


def count_driven(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    driven: list[object] = []
    begin = DrivenApp.__init__

    def count(self: DrivenApp, *given: Any) -> None:
        driven.append(self)
        begin(self, *given)

    monkeypatch.setattr(DrivenApp, "__init__", count)
    return driven


@pytest.mark.parametrize(
    ("name", "stopped"),
    [
        ("value", 0),
        ("problems", 0),
        ("a model", 0),
        ("text", 0),
        ("tasks", 0),
        ("a thread", 0),
        ("an HTTPException", 0),
        ("not found", 0),
        ("a wrong method", 0),
        ("a stream", 2),
        ("clean-up", 2),
        ("a form", 2),
        ("a mount", 2),
    ],
)
def test_only_what_is_more_than_one_body_is_stopped_on_its_way(
    name: str, stopped: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    driven = count_driven(monkeypatch)
    story: list[str] = []
    ask(make_app(story, mark, pass_on), REQUESTS[name], story)
    assert len(driven) == stopped


def test_a_response_that_is_returned_again_and_again_gathers_no_headers() -> None:
    story: list[str] = []
    app = make_app(story, mark)
    first, second = (ask(app, REQUESTS["one response again"], story)[0] for _ in range(2))
    assert first == second
    assert len(AGAIN.raw_headers) == 2


def test_the_files_of_a_form_that_a_handler_reads_are_closed_after_the_response() -> None:
    app, files, were_open = App(), list[Any](), list[bool]()

    @app.post("/form")
    async def form(request: Request) -> Any:
        files.append((await request.form())["file"])
        return "read"

    async def look(request: Request, call_next: CallNext) -> Any:
        response = await call_next(request)
        were_open.append(not files[0].file.closed)
        return response

    app.middleware("http")(look)
    body = b'--x\r\nContent-Disposition: form-data; name="file"; filename="f"\r\n\r\nf\r\n--x--\r\n'
    headers = [(b"content-type", b"multipart/form-data; boundary=x")]
    wire = Wire([{"type": "http.request", "body": body}])
    asyncio.run(app(http_scope("/form", "POST", headers=headers), wire.receive, wire.send))
    assert wire.sent[-1]["body"] == b'"read"'
    assert (were_open, files[0].file.closed) == ([True], True)


def test_a_response_that_call_next_gave_is_sent_once_only() -> None:
    app, kept = App(), list[Any]()

    @app.get("/")
    async def read() -> Any:
        return 1

    async def keep(request: Request, call_next: CallNext) -> Any:
        if not kept:
            kept.append(await call_next(request))
        return kept[0]

    app.middleware("http")(keep)
    wire = Wire([])
    for _ in range(2):  # the first request of all makes the middleware
        asyncio.run(app(http_scope("/"), wire.receive, wire.send))
        with pytest.raises(RuntimeError, match="only once"):
            asyncio.run(app(http_scope("/"), wire.receive, wire.send))
        kept.clear()


def test_the_tasks_of_functions_come_from_the_outside_in() -> None:
    story: list[str] = []

    def adding(name: str) -> Function:
        async def add(request: Request, call_next: CallNext) -> Any:
            response = await call_next(request)
            assert response.background is None
            response.background = BackgroundTask(story.append, name)
            return response

        return add

    app = make_app(story, adding("inner"), pass_on, adding("outer"))
    for name, of_the_route in TASKS.items():
        story.clear()
        ask(app, {**REQUESTS, **EMPTY}[name], story)
        told = [one for one in story if one != "streamed"]
        assert told == [*of_the_route[0], "outer", "inner", *of_the_route[1]]


# What a route notes before its response is sent, and after that.
TASKS: dict[str, tuple[list[str], list[str]]] = {
    "value": (["value at nowhere"], []),
    "text": ([], ["after the text"]),
    "tasks": ([], ["the task"]),
    "no content": ([], ["after nothing"]),
    "a stream": ([], ["after the stream"]),
    "clean-up": (["opened"], ["after the opened", "closed"]),
}


@pytest.mark.parametrize("function", [rewrite, shout, mark, pass_on, answer_otherwise])
@pytest.mark.parametrize("name", ["text", "tasks", "no content", "clean-up"])
@pytest.mark.parametrize("recorded", [False, True], ids=["alone", "recorded"])
def test_the_tasks_of_a_route_come_after_the_response_that_a_function_sends(
    name: str, function: Function, recorded: bool
) -> None:
    story: list[str] = []
    app = make_app(story, function)
    if recorded:
        app.bus.subscribe(lambda event: None)

    async def send(message: Message) -> None:
        if message["type"] == "http.response.body" and not message.get("more_body"):
            story.append("sent")

    async def talk() -> None:
        await app(http_scope({**REQUESTS, **EMPTY}[name][1]), Wire([]).receive, send)

    for _ in range(2):  # the first request of all makes the middleware
        story.clear()
        asyncio.run(talk())
        assert story == [*TASKS[name][0], "sent", *TASKS[name][1]]


def test_the_tasks_of_a_stream_come_after_the_response_that_a_function_made_of_it() -> None:
    story: list[str] = []
    sent, raised, _ = ask(make_app(story, rewrite), REQUESTS["a stream"], story)
    assert (sent[-1]["body"], raised) == (b"onetwo!", "")
    assert story == ["streamed", "after the stream"]


def test_a_task_of_a_route_that_fails_behind_a_function_goes_to_the_server() -> None:
    def fail() -> None:
        raise ZeroDivisionError

    app = App()

    @app.get("/")
    async def read(later: BackgroundTasks) -> Any:
        later.add_task(fail)

    app.middleware("http")(rewrite)
    for _ in range(2):  # the first request of all makes the middleware
        sent, raised, _ = ask(app, ("GET", "/", b""), [])
        assert ([one["type"] for one in sent], raised) == (
            ["http.response.start", "http.response.body"],
            "ZeroDivisionError()",
        )


def test_the_pairs_of_headers_may_be_exchanged_and_are_what_is_viewed() -> None:
    async def exchange(request: Request, call_next: CallNext) -> Any:
        response = await call_next(request)
        response.raw_headers = [*response.raw_headers, (b"x-raw", b"1")]
        response.headers["x-set"] = "2"
        assert response.headers.raw is response.raw_headers
        return response

    for name in ("value", "text", "a stream"):
        sent = ask(make_app([], exchange), REQUESTS[name], [])[0]
        assert sent[0]["headers"][-2:] == ((b"x-raw", b"1"), (b"x-set", b"2"))


@pytest.mark.parametrize("name", REQUESTS)
def test_a_class_may_call_its_methods_and_attributes_as_it_likes(name: str) -> None:
    class Own(BaseHTTPMiddleware):
        def __init__(self, app: ASGIApp) -> None:
            super().__init__(app)
            self.function = self.ask = self.running = "mine"

        async def begin(self) -> None:
            raise AssertionError("nobody else calls it")

        fill = hold = check = end = begin
        dispatch = staticmethod(mark)  # type: ignore[assignment]  # as a method of that class

    app = make_app([])
    app.add_middleware(Own)
    assert ask(app, REQUESTS[name], [])[:2] == ask(make_app([], mark), REQUESTS[name], [])[:2]


def test_a_class_with_a_way_of_its_own_to_be_called_is_called(monkeypatch: pytest.MonkeyPatch) -> None:
    called: list[str] = []

    class Own(BaseHTTPMiddleware):
        dispatch = staticmethod(pass_on)  # type: ignore[assignment]  # as a method of that class

        async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
            called.append(scope["path"])
            await super().__call__(scope, receive, send)

    story: list[str] = []
    app = make_app(story)
    app.add_middleware(Own)
    app.add_middleware(AsAClass)
    ask(app, REQUESTS["value"], story)
    assert called == ["/value/3"]


def test_what_is_recorded_is_told_with_its_layers() -> None:
    heard: list[str] = []
    story: list[str] = []
    app = make_app(story, mark, pass_on)
    app.bus.subscribe(lambda event: heard.append(type(event).__name__))
    plain = ask(make_app([], mark, pass_on), REQUESTS["value"], [])[0]
    assert ask(app, REQUESTS["value"], story)[0] == plain
    assert heard.count("MiddlewareEntered") == 2
    assert heard.count("EndpointStarted") == 1
