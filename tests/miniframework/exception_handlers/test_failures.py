"""What nobody expected is answered with 500, raised for the server to log, and kept by nobody."""

import asyncio
import traceback
from collections.abc import AsyncIterator
from typing import Any

import pytest

from miniframework import (
    App,
    BackgroundTasks,
    Depends,
    HTTPException,
    PlainTextResponse,
    Request,
    Response,
    StreamingResponse,
)
from miniframework.background import BackgroundTask
from miniframework.errors import EncodeError
from miniframework.middleware.base import CallNext
from miniframework.responses import FileResponse
from miniframework.testing import TestClient
from miniframework.types import Receive, Scope, Send
from tests.miniframework.asgi_driver import Wire, call, http_scope
from tests.miniframework.exception_handlers.failing_applications import QUIET, TeapotError, failing


def test_an_unexpected_exception_is_answered_500_and_then_raised_for_the_server_to_log() -> None:
    error = RuntimeError("secret detail")

    async def main() -> None:
        wire = Wire()
        with pytest.raises(RuntimeError) as caught:
            await failing(error)(http_scope(), wire.receive, wire.send)
        assert caught.value is error
        assert (wire.status, wire.body) == (500, b"Internal Server Error")
        assert len(wire.sent) == 2

    asyncio.run(main())


def test_the_same_holds_with_middleware_around() -> None:
    app = failing(ZeroDivisionError())

    @app.middleware("http")
    async def around(request: Request, call_next: Any) -> Any:
        return await call_next(request)

    assert TestClient(app, **QUIET).get("/").text == "Internal Server Error"
    with pytest.raises(ZeroDivisionError):
        TestClient(app).get("/")


def test_debug_shows_the_traceback() -> None:
    answer = TestClient(failing(RuntimeError("why"), debug=True), **QUIET).get("/")
    assert answer.status_code == 500
    assert "RuntimeError: why" in answer.text
    assert "failing_applications.py" in answer.text


@pytest.mark.parametrize("key", [Exception, 500], ids=["of Exception", "of 500"])
def test_debug_shows_the_traceback_in_the_place_of_what_a_handler_of_all_answers(key: Any) -> None:
    app = failing(RuntimeError("why"), debug=True)
    app.add_exception_handler(key, lambda request, error: PlainTextResponse("sorry", 503))
    answer = TestClient(app, **QUIET).get("/")
    assert answer.status_code == 500
    assert "RuntimeError: why" in answer.text
    app.debug = False
    assert TestClient(app, **QUIET).get("/").text == "sorry"


def test_a_value_json_cannot_hold_is_a_500_that_says_so() -> None:
    app = App()
    app.get("/")(lambda: {"x": object()})
    with pytest.raises(EncodeError, match="cannot be written as JSON"):
        TestClient(app).get("/")


def test_a_coroutine_that_was_not_awaited_names_its_function_and_the_endpoint() -> None:
    app = App()

    async def load() -> int:
        return 1

    forgotten = load()

    @app.get("/")
    async def read() -> Any:
        return {"x": forgotten}

    with pytest.raises(EncodeError) as raised:
        TestClient(app).get("/")
    forgotten.close()
    assert "load() was never awaited: write await before its call" in str(raised.value)
    (note,) = raised.value.__notes__
    assert note.startswith("returned by read (")
    assert f"{__file__}:{read.__code__.co_firstlineno}" in note


@pytest.mark.parametrize("key", [Exception, 500])
def test_the_last_handler_answers_and_the_exception_is_still_raised(key: Any) -> None:
    app = failing(ValueError("x"))

    @app.exception_handler(key)
    def last(request: Request, error: Exception) -> PlainTextResponse:
        return PlainTextResponse(f"sorry: {error}", 500)

    assert TestClient(app, **QUIET).get("/").text == "sorry: x"
    with pytest.raises(ValueError, match="x"):
        TestClient(app).get("/")


@pytest.mark.parametrize("with_middleware", [False, True])
def test_a_handler_for_what_fails_after_the_start_comes_too_late(with_middleware: bool) -> None:
    app, error = App(), TeapotError()

    async def content() -> Any:
        yield b"x"
        raise error

    @app.get("/")
    async def stream() -> StreamingResponse:
        return StreamingResponse(content())

    @app.exception_handler(TeapotError)
    async def too_late(request: Request, error: Exception) -> PlainTextResponse:
        return PlainTextResponse("too late")

    if with_middleware:

        @app.middleware("http")
        async def around(request: Request, call_next: Any) -> Any:
            return await call_next(request)

    async def main() -> None:
        wire = Wire()
        with pytest.raises(RuntimeError, match="response already started") as caught:
            await app(http_scope(), wire.receive, wire.send)
        assert caught.value.__cause__ is error
        assert [message.get("body") for message in wire.sent] == [None, b"x"]

    asyncio.run(main())


@pytest.mark.parametrize("with_middleware", [False, True])
def test_the_handler_for_everything_hears_of_what_fails_after_the_response(with_middleware: bool) -> None:
    app, heard = App(), []
    app.add_exception_handler(Exception, lambda request, error: heard.append(str(error)))
    app.add_exception_handler(TeapotError, lambda request, error: PlainTextResponse("tea"))
    failures: dict[str, Exception] = {"/a": ValueError("of the task"), "/b": TeapotError()}

    async def fail(path: str) -> None:
        raise failures[path]

    @app.get("/{which}")
    async def later(request: Request, tasks: BackgroundTasks) -> str:
        tasks.add_task(fail, request.url.path)
        return "done"

    if with_middleware:

        @app.middleware("http")
        async def around(request: Request, call_next: Any) -> Any:
            return await call_next(request)

    client = TestClient(app, **QUIET)
    assert [client.get(path).json() for path in failures] == ["done", "done"]
    assert heard == ["of the task", "Caught handled exception, but response already started."]


@pytest.mark.parametrize("cleans_up", [False, True])
def test_a_response_that_fails_before_its_start_is_answered(cleans_up: bool) -> None:
    app = App()

    async def opened() -> AsyncIterator[None]:
        yield

    async def file() -> FileResponse:
        return FileResponse("gone.txt")

    app.get("/", dependencies=[Depends(opened)] if cleans_up else [])(file)
    app.get("/typed")(lambda: Refusing())
    app.add_exception_handler(Exception, lambda request, error: PlainTextResponse(str(error), 500))
    app.add_exception_handler(TeapotError, lambda request, error: PlainTextResponse("tea", 418))
    client = TestClient(app, raise_server_exceptions=False)
    answer = client.get("/")
    assert (answer.status_code, answer.text) == (500, "File at path gone.txt does not exist.")
    assert (client.get("/typed").status_code, client.get("/typed").text) == (418, "tea")


class Refusing(PlainTextResponse):
    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        raise TeapotError


def test_a_client_that_leaves_while_sending_its_body_is_no_server_error() -> None:
    app = App()

    @app.post("/")
    async def read(request: Request) -> int:
        return len(await request.body())

    wire = asyncio.run(call(app, http_scope(method="POST"), {"type": "http.disconnect"}))
    assert wire.status == 400


def test_cancellation_is_not_answered() -> None:
    async def main() -> None:
        wire = Wire()
        with pytest.raises(asyncio.CancelledError):
            await failing(asyncio.CancelledError())(http_scope(), wire.receive, wire.send)
        assert wire.sent == []

    asyncio.run(main())


@pytest.mark.parametrize("is_recorded", [False, True])
def test_an_exception_that_is_raised_again_and_again_does_not_keep_what_it_passed(is_recorded: bool) -> None:
    """A recorded one keeps it for who reads the recording."""
    shared = HTTPException(401)
    app = failing(shared)
    if is_recorded:
        app.bus.subscribe(lambda event: None)
    TestClient(app).get("/")
    assert (shared.__traceback__ is None) is not is_recorded


@pytest.mark.parametrize("with_middleware", [False, True])
def test_an_exception_has_its_traceback_until_what_answers_it_was_sent(with_middleware: bool) -> None:
    shared, seen = TeapotError(), list[str]()
    app = failing(shared)

    @app.exception_handler(TeapotError)
    async def answer(request: Request, error: TeapotError) -> Response:
        look = BackgroundTask(lambda: seen.append("".join(traceback.format_exception(error))))
        return PlainTextResponse("tea", 418, background=look)

    if with_middleware:

        @app.middleware("http")
        async def pass_on(request: Request, call_next: CallNext) -> Response:
            return await call_next(request)

    client = TestClient(app)
    assert [client.get("/").text for _ in range(2)] == ["tea", "tea"]
    assert [text.count("in fail") for text in seen] == [1, 1]
    assert shared.__traceback__ is None
