import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from contextvars import ContextVar
from typing import Any

import pytest

from miniframework import App, Middleware, PlainTextResponse, Request, Response, StreamingResponse, WebSocket
from miniframework.background import BackgroundTask
from miniframework.http.exceptions import ResponseReplaced
from miniframework.middleware.base import FunctionMiddleware
from miniframework.testing import TestClient
from miniframework.types import ASGIApp, Message, Receive, Scope, Send
from miniframework.websocket import WebSocketDisconnect
from tests.miniframework.asgi_driver import Wire, call, http_scope

PLACE: ContextVar[str] = ContextVar("PLACE", default="nowhere")
CallNext = Callable[[Request], Any]


class Marking:
    """An ASGI middleware that notes when it is entered and left."""

    def __init__(self, app: ASGIApp, story: list[str], name: str) -> None:
        self.app, self.story, self.name = app, story, name

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self.app(scope, receive, send)
            return
        self.story.append(f"{self.name} in")
        await self.app(scope, receive, send)
        self.story.append(f"{self.name} out")


def around(function: Any, inner: ASGIApp) -> ASGIApp:
    return FunctionMiddleware(inner, function=function)


async def pass_on(request: Request, call_next: CallNext) -> Response:
    return await call_next(request)


async def streaming(scope: Scope, receive: Receive, send: Send) -> None:
    """Sends start, two chunks and the end, from its own task."""
    await send({"type": "http.response.start", "status": 200, "headers": [(b"a", b"1")]})
    for chunk in (b"one", b"two"):
        await send({"type": "http.response.body", "body": chunk, "more_body": True})
    await send({"type": "http.response.body", "body": b""})


async def streaming_from_a_child_task(scope: Scope, receive: Receive, send: Send) -> None:
    """As Starlette's StreamingResponse does: the sending runs in a task of a group."""
    async with asyncio.TaskGroup() as group:
        group.create_task(streaming(scope, receive, send))


EITHER = pytest.mark.parametrize("inner", [streaming, streaming_from_a_child_task])


def test_the_last_added_is_the_outermost_and_those_of_the_constructor_go_from_outside_in() -> None:
    story: list[str] = []
    app = App(middleware=[Middleware(Marking, story=story, name=n) for n in ("first", "second")])
    app.get("/")(lambda: story.append("endpoint"))
    app.add_middleware(Marking, story=story, name="added")

    @app.middleware("http")
    async def function(request: Request, call_next: CallNext) -> Response:
        story.append("function in")
        response = await call_next(request)
        story.append("function out")
        return response

    assert TestClient(app).get("/").status_code == 200
    names = ["function", "added", "first", "second"]
    assert story[:5] == [*(f"{name} in" for name in names), "endpoint"]
    assert story[5:8] == ["function out", "second out", "first out"]


def start_by_a_request(app: App) -> None:
    TestClient(app).get("/")


def start_with_middleware(app: App) -> None:
    app.add_middleware(Marking, story=[], name="first")
    TestClient(app).get("/")


def start_by_its_life(app: App) -> None:
    with TestClient(app):
        pass


def start_by_a_handshake(app: App) -> None:
    with pytest.raises(WebSocketDisconnect), TestClient(app).websocket_connect("/"):
        pass


@pytest.mark.parametrize(
    "start", [start_by_a_request, start_with_middleware, start_by_its_life, start_by_a_handshake]
)
def test_no_middleware_is_added_to_an_application_that_has_started(start: Callable[[App], None]) -> None:
    app = App()
    app.get("/")(lambda: None)
    start(app)
    with pytest.raises(RuntimeError, match="Cannot add middleware after an application has started"):
        app.add_middleware(Marking, story=[], name="late")
    with pytest.raises(RuntimeError, match="Cannot add middleware after an application has started"):
        app.middleware("http")(None)  # type: ignore[type-var]


def test_looking_at_the_routes_starts_nothing() -> None:
    story: list[str] = []
    app = App()
    app.get("/", name="home")(lambda: None)
    assert app.url_path_for("home") == "/"
    assert app.routes == list(app.table.entries)
    app.add_middleware(Marking, story=story, name="early")
    TestClient(app).get("/")
    assert story == ["early in", "early out"]


def test_routes_are_added_to_an_application_that_has_started() -> None:
    app = App()
    client = TestClient(app)
    assert client.get("/").status_code == 404
    app.get("/")(lambda: 1)
    assert client.get("/").json() == 1


def test_a_function_sees_and_changes_status_and_headers() -> None:
    app = App()
    app.get("/")(lambda: "x")

    @app.middleware("http")
    async def stamp(request: Request, call_next: CallNext) -> Response:
        response = await call_next(request)
        assert response.headers["content-type"] == "application/json"
        response.status_code += 1
        response.headers["x-path"] = request.url.path
        response.headers.append("set-cookie", "a=1")
        response.headers.append("set-cookie", "b=2")
        return response

    answer = TestClient(app).get("/")
    assert (answer.status_code, answer.json(), answer.headers["x-path"]) == (201, "x", "/")
    assert answer.headers.get_list("set-cookie") == ["a=1", "b=2"]


def test_routing_misses_and_handled_errors_pass_through_functions() -> None:
    app, seen = App(), []

    @app.middleware("http")
    async def look(request: Request, call_next: CallNext) -> Response:
        response = await call_next(request)
        seen.append(response.status_code)
        return response

    assert TestClient(app).get("/missing").status_code == 404
    assert seen == [404]


@EITHER
def test_a_function_answers_without_a_task_without_a_buffer_and_by_identity(inner: ASGIApp) -> None:
    async def main() -> None:
        wire, tasks, order = Wire(), [], []

        async def watched(scope: Scope, receive: Receive, send: Send) -> None:
            tasks.append(asyncio.current_task())

            async def noting(message: Message) -> None:
                order.append(("inner", message))
                await send(message)

            await inner(scope, receive, noting)

        async def outer_send(message: Message) -> None:
            order.append(("outer", message))
            await wire.send(message)

        await around(pass_on, watched)(http_scope(), wire.receive, outer_send)
        assert tasks == [asyncio.current_task()]
        assert [who for who, _ in order] == ["inner", "outer"] * 4
        assert all(order[i][1] is order[i + 1][1] for i in range(0, 8, 2))
        assert wire.body == b"onetwo"

    asyncio.run(main())


def test_three_functions_around_each_other_pass_a_stream_chunk_by_chunk() -> None:
    async def main() -> None:
        wire, go_on = Wire(), asyncio.Event()

        async def inner(scope: Scope, receive: Receive, send: Send) -> None:
            await send({"type": "http.response.start", "status": 200, "headers": []})
            await send({"type": "http.response.body", "body": b"first", "more_body": True})
            await go_on.wait()
            await send({"type": "http.response.body", "body": b"second"})

        app = around(pass_on, around(pass_on, around(pass_on, inner)))
        task = asyncio.create_task(app(http_scope(), wire.receive, wire.send))
        await wire.wait_for(2)
        assert wire.body == b"first"
        go_on.set()
        await task
        assert wire.body == b"firstsecond"

    asyncio.run(main())


@EITHER
def test_a_function_may_wrap_the_body(inner: ASGIApp) -> None:
    async def shout(request: Request, call_next: CallNext) -> Response:
        response = await call_next(request)
        chunks = response.body_iterator

        async def upper() -> AsyncIterator[bytes]:
            async for chunk in chunks:
                yield chunk.upper()

        response.body_iterator = upper()
        return response

    wire = asyncio.run(call(around(shout, inner), http_scope()))
    assert [m.get("body") for m in wire.sent] == [None, b"ONE", b"TWO", b""]


@EITHER
def test_a_function_may_answer_otherwise_and_the_inner_send_then_raises(inner: ASGIApp) -> None:
    raised: list[BaseException] = []

    async def watched(scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await inner(scope, receive, send)
        except BaseException as error:
            raised.append(error)
            raise

    async def replace(request: Request, call_next: CallNext) -> Response:
        await call_next(request)
        return PlainTextResponse("mine")

    wire = asyncio.run(call(around(replace, watched), http_scope()))
    assert wire.body == b"mine"
    assert len(wire.sent) == 2
    assert len(raised) == 1
    assert isinstance(raised[0], ResponseReplaced) or raised[0].split(ResponseReplaced)[1] is None


def test_a_function_may_answer_without_calling_on() -> None:
    async def main() -> None:
        async def never(scope: Scope, receive: Receive, send: Send) -> None:
            raise AssertionError("not called")

        async def refuse(request: Request, call_next: CallNext) -> Response:
            return PlainTextResponse("no", 403)

        assert (await call(around(refuse, never), http_scope())).status == 403

    asyncio.run(main())


def test_a_function_may_try_twice() -> None:
    calls: list[int] = []

    async def inner(scope: Scope, receive: Receive, send: Send) -> None:
        message = await receive()
        calls.append(len(message["body"]))
        await Response(b"", 503 if len(calls) == 1 else 200)(scope, receive, send)

    async def retry(request: Request, call_next: CallNext) -> Response:
        await request.body()
        response = await call_next(request)
        return await call_next(request) if response.status_code == 503 else response

    wire = asyncio.run(call(around(retry, inner), http_scope(), {"type": "http.request", "body": b"abc"}))
    assert wire.status == 200
    assert calls == [3, 3], "the body is there both times"


def test_a_response_of_call_next_cannot_be_sent_twice() -> None:
    async def twice(request: Request, call_next: CallNext) -> Any:
        response = await call_next(request)

        async def both(scope: Scope, receive: Receive, send: Send) -> None:
            await response(scope, receive, send)
            await response(scope, receive, send)

        return both

    with pytest.raises(RuntimeError, match="only once"):
        asyncio.run(call(around(twice, streaming), http_scope()))


@EITHER
@pytest.mark.parametrize("after_start", [False, True])
def test_an_inner_exception_passes_with_its_identity(inner: ASGIApp, after_start: bool) -> None:
    error = ValueError("x")

    async def failing(scope: Scope, receive: Receive, send: Send) -> None:
        if after_start:
            await inner(scope, receive, send)
        raise error

    async def main() -> None:
        with pytest.raises(ValueError, match="x") as caught:
            await call(around(pass_on, around(pass_on, failing)), http_scope())
        assert caught.value is error

    asyncio.run(main())


def test_a_function_can_catch_what_the_inner_application_raises() -> None:
    async def failing(scope: Scope, receive: Receive, send: Send) -> None:
        await asyncio.sleep(0)
        raise ValueError("x")

    async def catching(request: Request, call_next: CallNext) -> Response:
        try:
            return await call_next(request)
        except ValueError as error:
            return PlainTextResponse(str(error), 400)

    assert asyncio.run(call(around(catching, failing), http_scope())).body == b"x"


@EITHER
def test_an_exception_of_the_function_after_call_next_ends_the_inner_application(inner: ASGIApp) -> None:
    cleaned: list[str] = []

    async def watched(scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await inner(scope, receive, send)
        finally:
            await asyncio.sleep(0)
            cleaned.append("clean")

    async def fails(request: Request, call_next: CallNext) -> Response:
        await call_next(request)
        raise KeyError("mine")

    with pytest.raises(KeyError, match="mine"):
        asyncio.run(call(around(fails, watched), http_scope()))
    assert cleaned == ["clean"]


@EITHER
def test_what_the_servers_send_raises_is_raised_where_the_application_sends(inner: ASGIApp) -> None:
    raised: list[BaseException] = []

    async def watched(scope: Scope, receive: Receive, send: Send) -> None:
        async def noting(message: Message) -> None:
            try:
                await send(message)
            except OSError as error:
                raised.append(error)
                raise

        await inner(scope, receive, noting)

    gone = OSError("gone")

    async def broken(message: Message) -> None:
        if message["type"] == "http.response.body":
            raise gone

    async def main() -> None:
        with pytest.raises((OSError, ExceptionGroup)):
            await around(pass_on, watched)(http_scope(), Wire().receive, broken)

    asyncio.run(main())
    assert raised == [gone]


@EITHER
@pytest.mark.parametrize("where", ["inner", "send", "function"])
def test_cancelling_reaches_whoever_waits_and_cleans_up_everything(inner: ASGIApp, where: str) -> None:
    story: list[str] = []

    async def main() -> None:
        waiting = asyncio.Event()

        async def wait(place: str) -> None:
            if place == where:
                waiting.set()
                await asyncio.Event().wait()

        async def watched(scope: Scope, receive: Receive, send: Send) -> None:
            try:
                await wait("inner")
                await inner(scope, receive, send)
            except asyncio.CancelledError:
                story.append("inner cancelled")
                raise

        async def function(request: Request, call_next: CallNext) -> Response:
            response = await call_next(request)
            await wait("function")
            return response

        async def send(message: Message) -> None:
            await wait("send")

        task = asyncio.create_task(around(function, watched)(http_scope(), Wire().receive, send))
        await waiting.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            async with asyncio.timeout(5):
                await task

    asyncio.run(main())
    assert story == ["inner cancelled"]


def test_the_inner_application_may_wait_for_tasks_threads_timeouts_and_turns_of_the_loop() -> None:
    async def inner(scope: Scope, receive: Receive, send: Send) -> None:
        results = await asyncio.gather(asyncio.sleep(0, "a"), asyncio.to_thread(lambda: "b"))
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.01):
                await asyncio.Event().wait()
        await asyncio.sleep(0)
        await asyncio.sleep(0.001)
        await PlainTextResponse("".join(results))(scope, receive, send)

    assert asyncio.run(call(around(pass_on, inner), http_scope())).body == b"ab"


def test_context_variables_flow_in_and_out() -> None:
    seen: list[str] = []

    async def inner(scope: Scope, receive: Receive, send: Send) -> None:
        seen.append(PLACE.get())
        PLACE.set("set inside")
        await streaming(scope, receive, send)

    async def function(request: Request, call_next: CallNext) -> Response:
        PLACE.set("set outside")
        response = await call_next(request)
        seen.append(PLACE.get())
        return response

    asyncio.run(call(around(function, inner), http_scope()))
    assert seen == ["set outside", "set inside"]


def test_other_messages_go_past_a_function_untouched() -> None:
    trailers = {"type": "http.response.trailers", "headers": []}

    async def inner(scope: Scope, receive: Receive, send: Send) -> None:
        await streaming(scope, receive, send)
        await send(trailers)

    wire = asyncio.run(call(around(pass_on, inner), http_scope()))
    assert wire.sent[-1] is trailers


def test_websockets_pass_functions_by_but_not_asgi_classes() -> None:
    story: list[str] = []
    app = App()
    app.add_middleware(Marking, story=story, name="class")

    @app.middleware("http")
    async def function(request: Request, call_next: CallNext) -> Response:
        raise AssertionError("only for HTTP")

    @app.websocket("/")
    async def endpoint(websocket: WebSocket) -> None:
        await websocket.accept()

    with TestClient(app).websocket_connect("/"):
        pass
    assert story == ["class in", "class out"]


def test_an_endless_stream_below_a_function_ends_when_the_client_leaves() -> None:
    ended: list[bool] = []
    app = App()
    app.middleware("http")(pass_on)

    @app.get("/")
    async def endless() -> StreamingResponse:
        async def content() -> AsyncIterator[bytes]:
            try:
                yield b"x"
                await asyncio.Event().wait()
            finally:
                ended.append(True)

        return StreamingResponse(content())

    async def main() -> None:
        wire = Wire()
        task = asyncio.create_task(app(http_scope(), wire.receive, wire.send))
        await wire.wait_for(2)
        wire.leave()
        async with asyncio.timeout(5):
            await task

    asyncio.run(main())
    assert ended == [True]


def test_a_function_that_returns_no_response_is_named() -> None:
    async def forgets(request: Request, call_next: CallNext) -> Any:
        await call_next(request)

    async def mistakes(request: Request, call_next: CallNext) -> Any:
        return request

    with pytest.raises(TypeError, match="forgets returned None"):
        asyncio.run(call(around(forgets, streaming), http_scope()))
    with pytest.raises(TypeError, match="mistakes returned <"):
        asyncio.run(call(around(mistakes, streaming), http_scope()))


def test_an_application_that_sends_nothing_is_told_apart() -> None:
    async def silent(scope: Scope, receive: Receive, send: Send) -> None:
        return

    with pytest.raises(RuntimeError, match="without sending a response"):
        asyncio.run(call(around(pass_on, silent), http_scope()))


def test_the_functions_own_exception_wins_over_one_of_the_ending_application(
    caplog: pytest.LogCaptureFixture,
) -> None:
    async def ends_badly(scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await streaming(scope, receive, send)
        finally:
            raise ZeroDivisionError("second")

    async def fails(request: Request, call_next: CallNext) -> Response:
        await call_next(request)
        raise KeyError("first")

    with caplog.at_level("INFO"), pytest.raises(KeyError, match="first"):
        asyncio.run(call(around(fails, ends_badly), http_scope()))
    assert "ZeroDivisionError('second')" in caplog.text


def test_a_framework_may_turn_the_replacement_into_an_exception_of_its_own() -> None:
    class ClientGoneError(Exception):
        pass

    async def like_starlette(scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await streaming(scope, receive, send)
        except OSError:
            raise ClientGoneError from None

    async def replace(request: Request, call_next: CallNext) -> Response:
        await call_next(request)
        return PlainTextResponse("mine")

    assert asyncio.run(call(around(replace, like_starlette), http_scope())).body == b"mine"


def test_an_unrelated_failure_of_a_replaced_application_is_raised() -> None:
    async def fails_later(scope: Scope, receive: Receive, send: Send) -> None:
        with contextlib.suppress(ResponseReplaced):
            await streaming(scope, receive, send)
        raise ZeroDivisionError

    async def replace(request: Request, call_next: CallNext) -> Response:
        await call_next(request)
        return PlainTextResponse("mine")

    with pytest.raises(ZeroDivisionError):
        asyncio.run(call(around(replace, fails_later), http_scope()))


def test_an_application_that_swallows_the_replacement_and_sends_on_is_ended_all_the_same() -> None:
    sent: list[str] = []

    async def stubborn(scope: Scope, receive: Receive, send: Send) -> None:
        for _ in range(3):
            try:
                await streaming(scope, receive, send)
            except ResponseReplaced:
                sent.append("refused")

    async def replace(request: Request, call_next: CallNext) -> Response:
        await call_next(request)
        return PlainTextResponse("mine")

    assert asyncio.run(call(around(replace, stubborn), http_scope())).body == b"mine"
    assert sent == ["refused"] * 3


def test_cancelling_cancels_the_task_the_application_waits_for_before_it_goes_on() -> None:
    story: list[str] = []

    async def main() -> None:
        started = asyncio.Event()

        async def child() -> None:
            started.set()
            try:
                await asyncio.Event().wait()
            finally:
                await asyncio.sleep(0)
                story.append("child ended")

        async def inner(scope: Scope, receive: Receive, send: Send) -> None:
            try:
                await asyncio.create_task(child())
            finally:
                story.append("application ended")

        task = asyncio.create_task(around(pass_on, inner)(http_scope(), Wire().receive, Wire().send))
        await started.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    asyncio.run(main())
    assert story == ["child ended", "application ended"]


def test_a_message_whose_sender_gave_up_before_it_was_taken_is_not_sent() -> None:
    async def main() -> None:
        gave_up = asyncio.Event()

        async def impatient(send: Send) -> None:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(0.01):
                    await send({"type": "http.response.body", "body": b"too late", "more_body": True})
            gave_up.set()

        async def inner(scope: Scope, receive: Receive, send: Send) -> None:
            async with asyncio.TaskGroup() as group:
                group.create_task(impatient(send))
                await send({"type": "http.response.start", "status": 200, "headers": []})
            await send({"type": "http.response.body", "body": b"end"})

        async def slow(request: Request, call_next: CallNext) -> Response:
            response = await call_next(request)
            await gave_up.wait()
            return response

        assert (await call(around(slow, inner), http_scope())).body == b"end"

    asyncio.run(main())


def leave_after_the_response(sent: list[Message]) -> tuple[Receive, Send]:
    """A client that leaves as servers say it: when the response is whole."""
    over = asyncio.Event()
    asked = iter([{"type": "http.request"}])

    async def receive() -> Message:
        for message in asked:
            return message
        await over.wait()
        return {"type": "http.disconnect"}

    async def send(message: Message) -> None:
        sent.append(message)
        if message["type"] == "http.response.body" and not message.get("more_body"):
            over.set()

    return receive, send


def test_a_task_of_a_function_is_not_cut_short_when_the_client_leaves_behind_a_stream() -> None:
    story: list[str] = []
    app = App()

    async def stream(scope: Scope, receive: Receive, send: Send) -> None:
        async def content() -> AsyncIterator[bytes]:
            yield b"x"

        done = BackgroundTask(story.append, "the route")
        await StreamingResponse(content(), background=done)(scope, receive, send)

    async def long() -> None:
        for _ in range(20):
            await asyncio.sleep(0)
        story.append("the function")

    async def add(request: Request, call_next: Any) -> Response:
        response: Response = await call_next(request)
        response.background = BackgroundTask(long)
        return response

    app.mount("/", stream)
    app.middleware("http")(add)
    asyncio.run(app(http_scope(), *leave_after_the_response([])))
    assert story == ["the function", "the route"]


@pytest.mark.parametrize("recorded", [False, True], ids=["alone", "recorded"])
def test_a_stream_in_the_place_of_another_is_not_cut_short_when_the_client_leaves(recorded: bool) -> None:
    story: list[str] = []
    app = App()
    if recorded:
        app.bus.subscribe(lambda event: None)

    @app.middleware("http")
    async def replace(request: Request, call_next: CallNext) -> Response:
        await call_next(request)

        async def content() -> AsyncIterator[bytes]:
            yield b"mine"

        async def later() -> None:
            await asyncio.sleep(0)
            await asyncio.sleep(0)
            story.append("task of the function")

        return StreamingResponse(content(), 209, background=BackgroundTask(later))

    @app.get("/")
    async def replaced() -> StreamingResponse:
        async def content() -> AsyncIterator[bytes]:
            yield b"theirs"

        return StreamingResponse(content())

    sent: list[Message] = []
    receive, send = leave_after_the_response(sent)
    asyncio.run(app(http_scope(), receive, send))
    assert [message.get("status") or message["body"] for message in sent] == [209, b"mine", b""]
    assert story == ["task of the function"]


def retrying(*, reads: bool) -> Any:
    async def retry(request: Request, call_next: Any) -> Response:
        if reads:
            await request.body()
        response: Response = await call_next(request)
        return response if response.status_code < 500 else await call_next(request)

    return retry


def make_flaky(*functions: Any) -> App:
    app, calls = App(), list[int]()

    @app.post("/")
    async def take(item: dict[str, int]) -> Any:
        calls.append(1)
        return Response("later", 503) if len(calls) == 1 else item

    @app.get("/")
    async def read() -> Any:
        calls.append(1)
        return Response("later", 503) if len(calls) == 1 else "read"

    for function in functions:
        app.middleware("http")(function)
    return app


@pytest.mark.parametrize("recorded", [False, True], ids=["alone", "recorded"])
def test_a_function_may_call_the_inner_application_again_with_a_body_that_it_has_read(recorded: bool) -> None:
    for outside in ((), (pass_on,)):
        app = make_flaky(retrying(reads=True), *outside)
        if recorded:
            app.bus.subscribe(lambda event: None)
        assert TestClient(app).post("/", json={"a": 1}).json() == {"a": 1}
        app = make_flaky(retrying(reads=False), *outside)
        assert TestClient(app).get("/").json() == "read"


def test_a_body_that_was_read_inside_cannot_be_given_again() -> None:
    with pytest.raises(RuntimeError, match=r"await request\.body\(\) before the first call") as raised:
        TestClient(make_flaky(retrying(reads=False))).post("/", json={"a": 1})
    assert "call_next" in str(raised.value)
