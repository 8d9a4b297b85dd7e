"""In which order middleware stands, until when it is added, and what goes past it."""

from collections.abc import Callable

import pytest

from miniframework import App, Middleware, Request, Response, WebSocket
from miniframework.testing import TestClient
from miniframework.types import ASGIApp, Receive, Scope, Send
from miniframework.websocket import WebSocketDisconnect
from tests.miniframework.middleware.function_applications import CallNext


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


def test_routing_misses_and_handled_errors_pass_through_functions() -> None:
    app, seen = App(), []

    @app.middleware("http")
    async def look(request: Request, call_next: CallNext) -> Response:
        response = await call_next(request)
        seen.append(response.status_code)
        return response

    assert TestClient(app).get("/missing").status_code == 404
    assert seen == [404]


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
