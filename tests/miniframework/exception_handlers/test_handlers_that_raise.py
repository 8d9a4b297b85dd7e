"""What a handler raises is answered in its turn, once, by the handler meant for that."""

from typing import Any

import pytest

from miniframework import App, HTTPException, JSONResponse, Request, Response, Router, WebSocket
from miniframework.testing import SocketRefused, TestClient
from miniframework.types import Receive, Scope, Send
from tests.miniframework.exception_handlers.failing_applications import QUIET, TeapotError, pass_on


def test_an_http_exception_of_a_handler_is_answered_too() -> None:
    def refuse(request: Request, error: Exception) -> Response:
        raise HTTPException(410, "gone for good")

    def fail() -> None:
        raise LookupError

    app = App(exception_handlers={LookupError: refuse})
    app.get("/")(fail)
    answer = TestClient(app).get("/")
    assert (answer.status_code, answer.json()) == (410, {"detail": "gone for good"})


class BrokenPotError(Exception):
    pass


def app_with_handlers_that_raise() -> App:
    app = App()

    @app.exception_handler(TeapotError)
    async def break_it(request: Any, error: Exception) -> None:
        raise BrokenPotError("in pieces")

    @app.exception_handler(BrokenPotError)
    async def sweep(request: Any, error: Exception) -> JSONResponse:
        if str(error) == "in pieces":
            return JSONResponse({"swept": str(error)}, 410)
        raise BrokenPotError("again")

    @app.get("/{what}")
    async def fail(what: str) -> None:
        raise TeapotError if what == "pot" else BrokenPotError(what)

    @app.websocket("/pot")
    async def fail_on_socket(websocket: WebSocket) -> None:
        raise TeapotError

    return app


def test_what_a_handler_raises_is_answered_by_the_handler_meant_for_it() -> None:
    client = TestClient(app_with_handlers_that_raise())
    answer = client.get("/pot")
    assert (answer.status_code, answer.json()) == (410, {"swept": "in pieces"})
    with pytest.raises(SocketRefused) as refused, client.websocket_connect("/pot"):
        pass
    assert refused.value.status_code == 410


def test_a_handler_that_keeps_failing_is_a_failure_of_the_server() -> None:
    answer = TestClient(app_with_handlers_that_raise(), **QUIET).get("/cup")
    assert (answer.status_code, answer.text) == (500, "Internal Server Error")


@pytest.mark.parametrize(
    ("method", "path"),
    [("GET", "/nowhere"), ("POST", "/here"), ("GET", "/mounted")],
    ids=["404", "405", "mount"],
)
@pytest.mark.parametrize("with_middleware", [False, True])
def test_what_a_handler_raises_for_what_no_route_raised_is_not_answered(
    with_middleware: bool, method: str, path: str
) -> None:
    called: list[str] = []

    async def mounted(scope: Scope, receive: Receive, send: Send) -> None:
        raise HTTPException(404)

    def fail(request: Request, error: HTTPException) -> Response:
        called.append("status")
        raise KeyError(error.status_code)

    def answer(request: Request, error: KeyError) -> Response:
        called.append("class")
        return Response(b"answered")

    app = App(exception_handlers={404: fail, 405: fail, KeyError: answer})
    app.get("/here")(lambda: 1)
    app.mount("/mounted", mounted)
    if with_middleware:
        app.middleware("http")(pass_on)
    response = TestClient(app, raise_server_exceptions=False).request(method, path)
    assert (response.status_code, called) == (500, ["status"])


def test_what_a_handler_raises_for_a_mounted_websocket_is_not_answered() -> None:
    called: list[int] = []

    async def mounted(scope: Scope, receive: Receive, send: Send) -> None:
        raise KeyError(1)

    def fail(websocket: WebSocket, error: KeyError) -> None:
        called.append(error.args[0])
        raise KeyError(2)

    app = App(exception_handlers={KeyError: fail})
    app.mount("/mounted", mounted)
    with pytest.raises(KeyError, match="2"), TestClient(app).websocket_connect("/mounted/x"):
        pass
    assert called == [1]


@pytest.mark.parametrize("depth", [0, 1, 2])
def test_handlers_are_asked_twice_also_below_mounts(depth: int) -> None:
    called: list[int] = []

    def fail(request: Request, error: KeyError) -> Response:
        called.append(error.args[0])
        raise KeyError(error.args[0] + 1)

    @(router := Router()).get("/x")
    def start() -> None:
        raise KeyError(1)

    for _ in range(depth):
        outer = Router()
        outer.mount("/m", router)
        router = outer
    app = App(exception_handlers={KeyError: fail})
    app.mount("", router)
    response = TestClient(app, raise_server_exceptions=False).get("/m" * depth + "/x")
    assert (response.status_code, called) == (500, [1, 2])


def test_what_a_handler_of_a_mounted_application_raises_twice_is_answered_around_it() -> None:
    def fail(websocket: WebSocket, error: KeyError) -> None:
        raise KeyError(error.args[0] + 1)

    inner = App(exception_handlers={KeyError: fail})
    seen: list[int] = []

    @inner.websocket("/x")
    async def start(websocket: WebSocket) -> None:
        raise KeyError(1)

    async def close(websocket: WebSocket, error: KeyError) -> None:
        seen.append(error.args[0])
        await websocket.close(4000)

    app = App(exception_handlers={KeyError: close})
    app.mount("/m", inner)
    with pytest.raises(SocketRefused), TestClient(app).websocket_connect("/m/x"):
        pass
    assert seen == [3]
