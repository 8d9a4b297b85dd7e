"""What ends around a function of middleware ends whole: exceptions, cancelling, clients that leave."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from typing import Any

import pytest

from miniframework import App, PlainTextResponse, Request, Response, StreamingResponse
from miniframework.background import BackgroundTask
from miniframework.http.exceptions import ResponseReplaced
from miniframework.types import ASGIApp, Message, Receive, Scope, Send
from tests.miniframework.asgi_driver import Wire, call, http_scope
from tests.miniframework.middleware.function_applications import EITHER, CallNext, around, pass_on, streaming


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
