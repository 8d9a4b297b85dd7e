"""Which exceptions are answers, who gives them, and what may be registered for them."""

from typing import Annotated, Any

import pytest

from miniframework import App, Depends, HTTPException, JSONResponse, PlainTextResponse, Request
from miniframework.errors import RegistrationError
from miniframework.testing import TestClient
from miniframework.types import Receive, Scope, Send
from tests.miniframework.exception_handlers.failing_applications import QUIET, TeapotError, failing


class SmallTeapotError(TeapotError):
    pass


def test_an_http_exception_is_an_answer_with_its_headers() -> None:
    answer = TestClient(failing(HTTPException(401, {"why": ["x"]}, {"WWW-Authenticate": "Basic"}))).get("/")
    assert answer.status_code == 401
    assert answer.headers["www-authenticate"] == "Basic"
    assert answer.json() == {"detail": {"why": ["x"]}}


def test_an_http_exception_without_a_detail_gives_the_phrase() -> None:
    assert TestClient(failing(HTTPException(410))).get("/").json() == {"detail": "Gone"}


def test_an_http_exception_without_content_has_no_body() -> None:
    assert TestClient(failing(HTTPException(304))).get("/").content == b""


def test_handlers_are_found_by_class_along_the_mro_and_by_status() -> None:
    async def by_class(request: Request, error: Exception) -> JSONResponse:
        return JSONResponse({"path": request.url.path, "error": type(error).__name__}, 418)

    def by_status(request: Request, error: HTTPException) -> PlainTextResponse:
        return PlainTextResponse(f"nothing here: {error.detail}", 404)

    handlers: Any = {TeapotError: by_class, 404: by_status}
    answer = TestClient(failing(SmallTeapotError(), exception_handlers=handlers)).get("/")
    assert (answer.status_code, answer.json()) == (418, {"path": "/", "error": "SmallTeapotError"})
    client = TestClient(failing(HTTPException(404, "inside"), exception_handlers=handlers))
    assert client.get("/").text == "nothing here: inside"
    assert client.get("/outside").text == "nothing here: Not Found"


def test_a_405_goes_to_its_handler_with_the_allow_header() -> None:
    app = failing(ValueError())

    @app.exception_handler(HTTPException)
    async def any_http(request: Request, error: HTTPException) -> PlainTextResponse:
        return PlainTextResponse("mine", error.status_code, error.headers)

    answer = TestClient(app).post("/")
    assert (answer.status_code, answer.text, answer.headers["allow"]) == (405, "mine", "GET, HEAD")


def test_a_handler_that_returns_no_response_is_named() -> None:
    app = failing(TeapotError())
    app.exception_handler(TeapotError)(lambda request, error: "text")
    with pytest.raises(TypeError, match="return a Response"):
        TestClient(app).get("/")


@pytest.mark.parametrize("status", [200, 307, 404, 599])
def test_a_handler_may_be_for_any_status(status: int) -> None:
    app = App(exception_handlers={status: lambda request, error: PlainTextResponse("by status", status)})

    @app.get("/")
    async def fail() -> None:
        raise HTTPException(status)

    answer = TestClient(app, follow_redirects=False).get("/")
    assert (answer.status_code, answer.text) == (status, "by status")


class Banner:
    """A response of another framework: an ASGI application, and no `Response` of ours."""

    status_code = 429

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = [(b"x-by", b"banner")]
        await send({"type": "http.response.start", "status": self.status_code, "headers": headers})
        await send({"type": "http.response.body", "body": b"banner"})


@pytest.mark.parametrize("kind", [TeapotError, Exception])
@pytest.mark.parametrize("with_middleware", [False, True])
def test_a_handler_may_answer_with_another_frameworks_response(
    kind: type[Exception], with_middleware: bool
) -> None:
    app = failing(TeapotError())
    app.exception_handler(kind)(lambda request, error: Banner())
    if with_middleware:

        @app.middleware("http")
        async def mark(request: Request, call_next: Any) -> Any:
            response = await call_next(request)
            response.headers["x-seen"] = str(response.status_code)
            return response

    answer = TestClient(app, **QUIET).get("/")
    assert (answer.status_code, answer.text, answer.headers["x-by"]) == (429, "banner", "banner")
    assert ("x-seen" in answer.headers) is (with_middleware and kind is TeapotError)


def test_a_dependency_may_be_a_class_whose_objects_are_awaited() -> None:
    class Counted(Banner):
        def __init__(self, start: int = 1) -> None:
            self.start = start

    app = App()

    @app.get("/")
    def read(made: Annotated[Counted, Depends()]) -> int:
        return made.start

    assert TestClient(app).get("/?start=3").json() == 3


def test_a_handler_that_is_put_among_the_others_is_registered() -> None:
    app = failing(TeapotError())
    app.exception_handlers[404] = lambda request, error: PlainTextResponse("not here", 404)
    app.exception_handlers.update({TeapotError: lambda request, error: PlainTextResponse("tea", 418)})
    client = TestClient(app)
    assert (client.get("/nowhere").text, client.get("/").text) == ("not here", "tea")
    assert {404, TeapotError, HTTPException} <= app.exception_handlers.keys()
    assert len(app.exception_handlers) == len(list(app.exception_handlers))


def test_what_is_put_among_the_handlers_is_checked_and_stays() -> None:
    app = App()
    with pytest.raises(RegistrationError, match="exception handler for 'x': no exception class"):
        app.exception_handlers["x"] = lambda request, error: None  # type: ignore[index]  # as a mistake is
    with pytest.raises(RegistrationError, match="cannot be taken away; register another in its place"):
        app.exception_handlers.pop(HTTPException)
