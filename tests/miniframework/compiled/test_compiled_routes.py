"""Compiled code answers as the loop over the plan does, whatever the request; and says which it takes."""

import asyncio
from collections.abc import AsyncIterator, Callable
from typing import Annotated, Any
from urllib.parse import quote, urlencode

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from pydantic import BaseModel

from miniframework import (
    App,
    BackgroundTasks,
    Body,
    Cookie,
    Depends,
    Header,
    HTTPException,
    PlainTextResponse,
    Query,
    Request,
    Response,
    Router,
    StreamingResponse,
)
from miniframework.events import Event
from miniframework.serving.call import Call
from miniframework.serving.endpoint import HttpEndpoint
from miniframework.testclient import TestClient
from miniframework.types import ASGIApp, Message
from tests.miniframework.asgi_driver import Wire, http_scope


class Item(BaseModel):
    name: str
    price: float = 1.0
    tags: set[str] = set()


async def half(n: int = 2) -> float:
    if n == 13:
        raise HTTPException(401, "thirteen")
    return n / 2


async def counted(
    h: Annotated[float, Depends(half)], story: Annotated[str, Query()] = ""
) -> AsyncIterator[str]:
    if story == "before":
        raise ValueError(story)
    try:
        yield f"counted {h}"
    except KeyError:
        if story != "swallow":
            raise


def kept(tasks: BackgroundTasks, k: int = 1) -> int:
    tasks.add_task(TOLD.append, "kept")
    return k


TOLD: list[str] = []


class Page:
    def __init__(self, limit: int = 10) -> None:
        self.limit = limit


def make_app() -> App:
    app, router = App(), Router()

    @app.get("/items/{item_id}")
    async def read(item_id: int, q: str | None = None) -> Any:
        return {"item_id": item_id, "q": q}

    @app.get("/thread/{name}")
    def in_thread(name: str, a: float = 0.5, b: bool = False) -> Any:
        return [name, a, b]

    @app.get("/seen")
    async def seen(
        x_one: Annotated[int, Header()],
        two: Annotated[str, Header()] = "-",
        c: Annotated[str | None, Cookie()] = None,
    ) -> Any:
        return [x_one, two, c]

    @app.get("/typed/{n:int}/{p:path}")
    async def typed(n: int, p: str, many: Annotated[list[int], Query()] = [1]) -> Any:  # noqa: B006
        return [n, p, many]

    @app.post("/items", status_code=201)
    async def create(item: Item, dry: bool = False) -> Any:
        return item

    @app.put("/items/{item_id}")
    async def change(item_id: int, item: Item, note: Annotated[str, Body()] = "none") -> Any:
        return {"id": item_id, "item": item, "note": note}

    @router.get("/deep")
    async def deep(
        c: Annotated[str, Depends(counted)], page: Annotated[Page, Depends()], fail: str = "", n: int = 1
    ) -> Any:
        if fail == "http":
            raise HTTPException(418, {"n": n})
        if fail:
            raise {"key": KeyError, "value": ValueError}.get(fail, RuntimeError)(fail)
        return {"c": c, "limit": page.limit, "n": n}

    @app.get("/asked/{n}")
    async def asked(
        n: int,
        request: Request,
        draft: Response,
        tasks: BackgroundTasks,
        k: Annotated[int, Depends(kept)],
        fail: str = "",
    ) -> Any:
        draft.headers["x-n"] = f"{n}"
        draft.status_code = 203 if n > 0 else 200
        tasks.add_task(TOLD.append, f"{n} {k}")
        if fail == "http":
            raise HTTPException(418, request.url.path)
        if fail == "other":
            return PlainTextResponse(f"{n}")
        if fail == "key":
            return StreamingResponse(iter([b"one", b"two"]))
        return {"path": request.url.path, "query": str(request.query_params)}

    @app.post("/echo")
    async def echo(item: Item, request: Request, fail: str = "") -> Any:
        if fail:
            raise KeyError(fail)
        return [(await request.body()).decode(), [chunk.decode() async for chunk in request.stream()], item]

    @app.exception_handler(KeyError)
    async def tell(request: Request, error: KeyError) -> Response:
        return PlainTextResponse(f"{error} {await request.body()!r}", 500)

    @app.get("/own")
    async def own() -> Response:
        return Response("own", 202, {"x-a": "1"})

    @app.delete("/items/{item_id}", status_code=204)
    async def remove(item_id: int) -> None:
        return None

    app.include_router(router)
    return app


def looping(app: App) -> ASGIApp:
    """The same application, every route served by the reference."""
    for entry in app.table.entries:
        if isinstance(entry.handle, HttpEndpoint):
            entry.handle.serve = entry.handle.refer
    return app


async def talk(app: ASGIApp, scope: dict[str, Any], messages: list[Message]) -> tuple[list[Message], str]:
    wire = Wire(messages)
    raised = ""
    try:
        await app(scope, wire.receive, wire.send)
    except Exception as error:  # noqa: BLE001  # what it raises is a part of the answer
        raised = repr(error)
    return wire.sent, raised


NUMBERS = st.sampled_from(["1", "-3", "13", "4.5", "x", "", "1e3", "٣", "true"])
TEXTS = st.sampled_from(["", "a", "a b", "é", "before", "swallow", "http", "key", "value", "other"])
NAMES = ["q", "a", "b", "n", "h", "k", "story", "limit", "fail", "fail", "many", "dry", "q", "x_one"]
# Few different names, so that they repeat.
PAIRS = st.lists(st.sampled_from(NAMES), min_size=1, max_size=2).flatmap(
    lambda names: st.lists(st.tuples(st.sampled_from(names), NUMBERS | TEXTS), max_size=4)
)
PATHS = st.sampled_from(
    [
        "/items/{}",
        "/thread/{}",
        "/seen",
        "/typed/{}/a/b",
        "/typed/7/{}",
        "/items",
        "/deep",
        "/own",
        "/asked/{}",
        "/echo",
        "/nothing/{}",
    ]
)
HEADERS = st.lists(
    st.tuples(
        st.sampled_from(["x-one", "two", "cookie", "accept"]),
        st.sampled_from(["1", "x", "c=5; d=6", 'c="q"']),
    ),
    max_size=4,
)
BODIES = st.sampled_from(
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b'{"name":"n"}',
        b'{"name":1,"price":"x"}',
        b'{"name":"n","price":"2","tags":["a","a"]}',
        b'{"item":{"name":"n"},"note":"m"}',
        b'{"item":{"name":"n"}}',
        b'{"note":1}',
        b'"\\ud800"',
        b"\xff",
    ]
)
TYPES = st.sampled_from(
    ["application/json", "application/json; charset=utf-8", "text/plain", "application/x+json", None]
)


@settings(max_examples=400, derandomize=True, deadline=None)
@example("GET", "/items/{}", "1", [("q", "a"), ("q", "b")], [], b"", None, False)
@example("GET", "/thread/{}", "1", [("a", "1"), ("b", "1"), ("a", "x")], [], b"", None, True)
@given(
    st.sampled_from(["GET", "GET", "HEAD", "POST", "PUT", "DELETE"]),
    PATHS,
    NUMBERS,
    PAIRS,
    HEADERS,
    BODIES,
    TYPES,
    st.booleans(),
)
def test_every_request_is_answered_as_by_the_reference(
    method: str,
    path: str,
    number: str,
    pairs: list[tuple[str, str]],
    headers: list[tuple[str, str]],
    body: bytes,
    content_type: str | None,
    in_pieces: bool,
) -> None:
    raw = [(name.encode(), value.encode("latin-1")) for name, value in headers]
    if content_type is not None:
        raw.append((b"content-type", content_type.encode()))
    text = urlencode(pairs) if in_pieces else "&".join(f"{name}={quote(value)}" for name, value in pairs)
    messages: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]
    if in_pieces:
        first: Message = {"type": "http.request", "body": body[:3], "more_body": True}
        messages = [first, {"type": "http.request", "body": body[3:]}]

    def ask(app: ASGIApp) -> Any:
        scope = http_scope(path.format(number), method, query_string=text.encode(), headers=list(raw))
        TOLD.clear()
        return asyncio.run(talk(app, scope, messages)), list(TOLD)

    assert ask(COMPILED) == ask(REFERENCE)


COMPILED, REFERENCE = make_app(), looping(make_app())


def is_compiled(app: App, path: str) -> bool:
    handle = next(entry.handle for entry in app.table.entries if entry.pattern.template == path)
    assert isinstance(handle, HttpEndpoint)
    asyncio.run(talk(app, http_scope(path), [{"type": "http.request"}]))
    return handle.serve != handle.refer


def test_what_the_law_asks_is_compiled_but_for_lists() -> None:
    paths = {
        entry.pattern.template: is_compiled(COMPILED, entry.pattern.template)
        for entry in COMPILED.table.entries
        if isinstance(entry.handle, HttpEndpoint)
    }
    assert [path for path, compiled in paths.items() if not compiled] == ["/typed/{n:int}/{p:path}"]


def test_a_body_is_read_where_a_dependency_is_overridden() -> None:
    app = App()

    async def find_user() -> str:
        raise AssertionError("overridden")

    @app.post("/items")
    async def create(item: Item, user: Annotated[str, Depends(find_user)]) -> list[str]:
        return [item.name, user]

    assert is_compiled(app, "/items")
    app.dependency_overrides[find_user] = lambda: "ada"
    client = TestClient(app)
    assert client.post("/items", json={"name": "lamp"}).json() == ["lamp", "ada"]
    assert client.post("/items", json={}).status_code == 422


@pytest.mark.parametrize(
    "change",
    [
        lambda app: app.bus.subscribe(lambda event: None),
        lambda app: app.dependency_overrides.update({half: lambda: 1.0}),
    ],
    ids=["recorded", "overridden"],
)
def test_what_is_recorded_or_overridden_goes_to_the_reference(
    change: Callable[[App], Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    app = make_app()
    asked: list[str] = []
    bind = Call.bind
    monkeypatch.setattr(Call, "bind", lambda *given: asked.append("bound") or bind(*given))
    scope = http_scope("/deep")
    asyncio.run(talk(app, dict(scope), []))
    assert asked == []
    change(app)
    asyncio.run(talk(app, dict(scope), []))
    assert asked == ["bound"]


def test_routes_of_one_shape_share_their_code() -> None:
    app = App()

    for path in ("/a/{x}", "/b/{x}"):

        @app.get(path)
        async def read(x: int) -> Any:
            return x

    def code(path: str) -> Any:
        handle: Any = next(entry.handle for entry in app.table.entries if entry.pattern.template == path)
        asyncio.run(talk(app, http_scope(path.format(x=1)), []))
        return handle.serve.__code__

    assert code("/a/{x}") is code("/b/{x}")


def test_events_come_from_the_reference_in_full() -> None:
    app, heard = make_app(), list[Event]()
    app.bus.subscribe(heard.append)
    asyncio.run(talk(app, http_scope("/items/3"), []))
    assert [type(event).__name__ for event in heard][:3] == [
        "RequestStarted",
        "RouteMatched",
        "ParametersBound",
    ]


def test_the_files_of_a_form_that_a_handler_reads_are_closed() -> None:
    app, read = App(), list[Any]()

    @app.post("/form")
    async def form(request: Request) -> Any:
        read.append((await request.form())["file"])
        return "read"

    body = b'--x\r\nContent-Disposition: form-data; name="file"; filename="f"\r\n\r\nf\r\n--x--\r\n'
    headers = [(b"content-type", b"multipart/form-data; boundary=x")]
    scope = http_scope("/form", "POST", headers=headers)
    asyncio.run(talk(app, scope, [{"type": "http.request", "body": body}]))
    assert read[0].file.closed


class Yields:
    """A dependency with a `yield`, one way or another; what it does is told."""

    def __init__(self, way: str) -> None:
        self.way = way
        self.told: list[str] = []

    async def __call__(self) -> AsyncIterator[int]:
        if self.way == "nothing":
            return
        try:
            await asyncio.sleep(0)
            yield 1
            self.told.append("left")
        except BaseException as error:
            self.told.append(repr(error))
            if self.way == "swallows":
                return
            if self.way == "another":
                raise ValueError("another") from error
            if self.way == "once more":
                yield 2
            raise
        finally:
            await asyncio.sleep(0)
            self.told.append("closed")
        if self.way == "twice":
            yield 2
        if self.way == "fails":
            raise KeyError("afterwards")


ERRORS: dict[str, BaseException | None] = {
    "none": None,
    "an error": LookupError("x"),
    "a runtime error": RuntimeError("x"),
    "a stop": StopAsyncIteration("x"),
    "a cancellation": asyncio.CancelledError("x"),
    "an answer": HTTPException(418, "x"),
}


@pytest.mark.parametrize("error", ERRORS.values(), ids=ERRORS)
@pytest.mark.parametrize(
    "ways",
    [
        *((way,) for way in ("usual", "nothing", "swallows", "another", "once more", "twice", "fails")),
        ("usual", "swallows"),
        ("swallows", "usual"),
        ("fails", "another"),
        ("usual", "nothing"),
    ],
    ids=", ".join,
)
@pytest.mark.parametrize(
    "answer",
    [1, PlainTextResponse("1"), StreamingResponse([b"1"])],
    ids=lambda answer: type(answer).__name__,
)
def test_a_yield_is_left_as_by_its_context_manager(
    ways: tuple[str, ...], error: BaseException | None, answer: Any
) -> None:
    def ask(serve: Callable[[App], ASGIApp]) -> Any:
        app, needed = App(), [Yields(way) for way in ways]

        @app.get("/", dependencies=[Depends(one) for one in needed])
        async def read() -> Any:
            if error is not None:
                raise error.with_traceback(None)
            return StreamingResponse([b"1"]) if isinstance(answer, StreamingResponse) else answer

        async def outcome() -> Any:
            try:
                return await talk(serve(app), http_scope("/"), [])
            except BaseException as raised:  # noqa: BLE001  # a cancellation is a part of the answer
                return repr(raised), repr(raised.__cause__)

        return asyncio.run(outcome()), [one.told for one in needed]

    assert ask(lambda app: app) == ask(looping)
