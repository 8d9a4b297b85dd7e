"""What a middleware finds, and when it is made."""

import asyncio
from typing import Any

import pytest

from miniframework import App, Middleware, Request
from miniframework.authentication import AuthenticationBackend
from miniframework.middleware.authentication import AuthenticationMiddleware
from miniframework.middleware.base import BaseHTTPMiddleware
from miniframework.middleware.body_limit import RequestBodyLimitMiddleware
from miniframework.middleware.cors import CORSMiddleware
from miniframework.middleware.gzip import GZipMiddleware
from miniframework.middleware.httpsredirect import HTTPSRedirectMiddleware
from miniframework.middleware.sessions import SessionMiddleware
from miniframework.middleware.trustedhost import TrustedHostMiddleware
from miniframework.testing import TestClient
from miniframework.types import ASGIApp, Receive, Scope, Send
from tests.miniframework.asgi_driver import call


def test_middleware_knows_the_application_and_the_urls_of_its_routes() -> None:
    app, inner = App(), App()
    seen: list[Any] = []

    @app.get("/items/{n}", name="item")
    async def item(n: int) -> int:
        return n

    @inner.get("/here", name="here")
    async def here() -> str:
        return "here"

    async def look(request: Request, call_next: Any) -> Any:
        seen.append((request.app, str(request.url_for("item", n=7))))
        return await call_next(request)

    class Look:
        def __init__(self, app: ASGIApp) -> None:
            self.app = app

        async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
            seen.append((scope["app"], str(Request(scope).url_for("item", n=8))))
            await self.app(scope, receive, send)

    app.middleware("http")(look)
    inner.add_middleware(Look)
    app.mount("/inner", inner)
    assert TestClient(app).get("/inner/here").json() == "here"
    assert seen == [(app, "http://testserver/items/7"), (inner, "http://testserver/items/8")]


def test_outside_of_an_application_url_for_says_what_it_needs() -> None:
    with pytest.raises(RuntimeError, match="needs an application"):
        Request({"type": "http", "path": "/", "headers": []}).url_for("item")


class Broken:
    def __init__(self, app: ASGIApp) -> None:
        raise ValueError("a word it does not know")


def test_middleware_that_cannot_be_made_fails_the_start_and_not_the_first_request() -> None:
    app = App()
    app.add_middleware(Broken)
    with pytest.raises(ValueError, match="does not know"), TestClient(app):
        raise AssertionError("it started")


def test_middleware_is_made_once_for_start_and_requests() -> None:
    made: list[ASGIApp] = []

    class Counted:
        def __init__(self, app: ASGIApp) -> None:
            made.append(app)
            self.app = app

        async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
            await self.app(scope, receive, send)

    app = App()
    app.add_middleware(Counted)
    with TestClient(app) as client:
        assert len(made) == 1
        client.get("/")
    assert len(made) == 1


def test_an_application_tells_which_middleware_it_was_given() -> None:
    class Plain:
        def __init__(self, app: ASGIApp, word: str = "") -> None: ...

    app = App(max_body_size=100, middleware=[Middleware(Plain, word="first")])
    app.add_middleware(Plain, word="added")
    assert [one.options for one in app.user_middleware] == [{"word": "added"}, {"word": "first"}]


def test_a_middleware_to_be_made_is_taken_apart_as_in_starlette() -> None:
    one = Middleware(Broken, 1, number="2")
    factory, arguments, options = one
    assert (factory, arguments, options) == (one.cls, one.args, one.kwargs) == (Broken, (1,), {"number": "2"})
    assert repr(one) == "Middleware(Broken, 1, number='2')"


@pytest.mark.parametrize(
    "wrap",
    [
        pytest.param(
            lambda app: AuthenticationMiddleware(app, backend=AuthenticationBackend()), id="authentication"
        ),
        pytest.param(CORSMiddleware, id="CORS"),
        pytest.param(GZipMiddleware, id="gzip"),
        pytest.param(HTTPSRedirectMiddleware, id="https redirect"),
        pytest.param(lambda app: RequestBodyLimitMiddleware(app, 1), id="body limit"),
        pytest.param(lambda app: SessionMiddleware(app, secret_key="k"), id="sessions"),
        pytest.param(lambda app: TrustedHostMiddleware(app, allowed_hosts=["a.example"]), id="hosts"),
    ],
)
def test_start_and_end_pass_through_what_is_wrapped_around_by_hand(wrap: Any) -> None:
    seen: list[Any] = []

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        seen.append(scope)

    scope = {"type": "lifespan", "asgi": {"version": "3.0"}}
    asyncio.run(call(wrap(app), scope))
    assert seen == [{"type": "lifespan", "asgi": {"version": "3.0"}}]


def test_a_class_without_a_dispatch_says_what_is_missing() -> None:
    class Idle(BaseHTTPMiddleware): ...

    app = App()
    app.add_middleware(Idle)
    with pytest.raises(TypeError, match=r"Idle has no dispatch\(request, call_next\); write one"):
        TestClient(app).get("/")
