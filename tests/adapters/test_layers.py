"""What stands before the routes may answer by itself: where it names a path, the verdict says so."""

from collections.abc import Callable
from typing import Any

import pytest

import inspector
from inspector.adapters.layers import read_layers, say_before
from miniframework.app import App
from tests.adapters.conftest import RunProgram

SKIPPED = ("/named/globally",)


class Dispatching:
    """As python-socketio's ASGIApp: it keeps paths, and the application for all others."""

    def __init__(self, app: Any, path: str = "/socket.io/", **fields: Any) -> None:
        self.other_asgi_app = app
        self.path = path
        vars(self).update(fields)

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None: ...


class Written:
    """A wrapper whose paths stand in its code."""

    def __init__(self, app: Any) -> None:
        self.app = app

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["path"] in ("/health", "/ready") or scope["path"] in SKIPPED:
            return

        async def answering(message: Any) -> None:
            await send({**message, "was": "/written/inside"})

        await self.app(scope, receive, answering)


class Tolerant(Written):
    """A wrapper that names no path of its own."""

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        await self.app({**scope, "path": scope["path"].rstrip("/") or "/"}, receive, send)


def closing_over(app: Any, prefix: str) -> Callable[..., Any]:
    async def wrapper(scope: Any, receive: Any, send: Any) -> None:
        if not scope["path"].startswith(prefix):
            await app(scope, receive, send)

    return wrapper


def make_app() -> App:
    app = App(openapi_url=None)

    @app.get("/things/{thing}")
    async def read_thing(thing: str) -> None: ...

    below = App(openapi_url=None)

    @below.get("/{rest:path}")
    async def rest(rest: str) -> None: ...

    app.mount("/below", below)
    return app


@pytest.mark.parametrize(
    ("wrap", "path"),
    [
        (Dispatching, "/socket.io/"),
        (Dispatching, "/socket.io"),
        (Dispatching, "/socket.io/x"),
        (Dispatching, "/socket%2Eio/"),
        (lambda app: Dispatching(app, "/thing"), "/thing"),
        (lambda app: Dispatching(app, files={"/static": "folder"}), "/static/a.css"),
        (lambda app: Dispatching(app, files={"/": "index.html"}), "/"),
        (lambda app: Dispatching(app, skipped=["/a", "/metrics"]), "/metrics"),
        (lambda app: Tolerant(Dispatching(app)), "/socket.io/"),
        (Written, "/health"),
        (Written, "/named/globally"),
        (Written, "/written/inside"),
        (lambda app: closing_over(app, "/internal"), "/internal/x"),
    ],
)
@pytest.mark.parametrize("method", ["GET", "WEBSOCKET"])
def test_what_wraps_an_application_and_names_a_path_may_answer_it(
    wrap: Callable[[Any], Any], path: str, method: str
) -> None:
    said = inspector.attach(wrap(make_app())).explain(method, path)
    assert said.unseen is not None
    assert "stands before the routes and names" in said.unseen
    assert said.sentence.startswith(f"{said.unseen} Without it: ")
    assert said.to_dict()["unseen"] == said.unseen


@pytest.mark.parametrize(
    ("wrap", "path"),
    [
        (Tolerant, "/socket.io/"),
        (Dispatching, "/socket.iox"),
        (Dispatching, "/things/7"),
        (lambda app: Dispatching(app, "/things"), "/things/7/x"),
        (lambda app: Dispatching(app, "/below"), "/below/x"),
        (Dispatching, "/"),
        (lambda app: Dispatching(app, path="/"), "/things/7"),
        (lambda app: Dispatching(app, files={"/": "index.html"}), "/things/7"),
        (lambda app: Dispatching(app, title="/ no path"), "/ no path"),
        (Written, "/things/health"),
        (lambda app: app, "/socket.io/"),
    ],
)
def test_of_a_path_that_no_wrapper_names_the_router_has_the_only_word(
    wrap: Callable[[Any], Any], path: str
) -> None:
    assert inspector.attach(wrap(make_app())).explain("GET", path).unseen is None


def test_the_longest_path_is_named() -> None:
    layers = read_layers([Dispatching(None, "/api", more=["/api/v1", "/api/v1/users"])])
    assert "names '/api/v1'" in str(say_before(layers, "/api/v1/books", tuple))


def test_a_wrapper_that_gets_another_path_is_looked_at_with_the_routes() -> None:
    wrapper = Dispatching(make_app())
    attached = inspector.attach(wrapper)
    assert attached.explain("GET", "/late").unseen is None
    wrapper.path = "/late"
    attached.refresh()
    assert attached.routes
    assert attached.explain("GET", "/late").unseen is not None


@pytest.mark.parametrize("environment", ["starlette-oldest", "starlette-newest"])
def test_what_wraps_a_mount_makes_unknown_and_a_middleware_of_the_application_only_is_named(
    run_program: RunProgram, environment: str
) -> None:
    said = run_program(environment, "starlette_layers")
    assert said == {
        "mounted GET /in/kept": ["not_found", "Keeping", None],
        "mounted GET /in/page": ["match", None, None],
        "mounted GET /kept": ["not_found", None, None],
        "own GET /kept": ["not_found", None, "Keeping"],
        "own GET /kept/x": ["not_found", None, None],
        "own GET /page": ["match", None, None],
        "own PUT /page": ["method_not_allowed", None, "Naming"],
        "own GET /by/function": ["not_found", None, "Naming"],
        "own GET /cookies": ["not_found", None, None],
    }
