"""A function of middleware sees, changes, replaces and repeats what the inner application does."""

import asyncio
from collections.abc import AsyncIterator
from contextvars import ContextVar
from typing import Any

import pytest

from miniframework import App, PlainTextResponse, Request, Response
from miniframework.testing import TestClient
from miniframework.types import ASGIApp, Message, Receive, Scope, Send
from tests.miniframework.asgi_driver import Wire, call, http_scope
from tests.miniframework.middleware.function_applications import EITHER, CallNext, around, pass_on, streaming

PLACE: ContextVar[str] = ContextVar("PLACE", default="nowhere")


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
