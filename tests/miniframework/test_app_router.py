"""The router of an application, as programs find it by `request.app.router`."""

from collections.abc import Callable
from typing import Any

import pytest

from miniframework import App, Request, Response, Router, WebSocket
from miniframework.errors import RegistrationError
from miniframework.routing import APIRoute, Match, Mount, Route, WebSocketRoute
from miniframework.testing import TestClient


def test_its_routes_are_the_entries_of_the_application() -> None:
    app, inner, seen = App(), Router(prefix="/inner"), list[str]()
    inner.get("/{name}")(lambda name: name)
    app.include_router(inner)

    @app.middleware("http")
    async def look(request: Request, call_next: Any) -> Response:
        routes = request.app.router.routes
        seen.extend(one.path for one in routes if one.matches(request.scope)[0] is Match.FULL)
        response: Response = await call_next(request)
        return response

    assert app.router.routes == app.routes
    assert TestClient(app).get("/inner/a").json() == "a"
    assert seen == ["/inner/{name}"]


def test_the_routes_of_any_other_router_are_what_was_declared_there() -> None:
    router = Router(prefix="/inner")
    router.get("/a")(lambda: 1)
    assert [one.path for one in router.routes] == ["/inner/a"]


def test_the_routes_of_a_router_are_of_the_classes_that_those_of_an_application_are() -> None:
    router, app = Router(), App(openapi_url=None)
    for each in (router, app):
        each.post("/a/{id:int}", max_body_size=5, form_limits={"max_fields": 1})(lambda id: 1)
        each.websocket("/b")(answer_socket)
        each.mount("/c", App())
    app.webhooks.post("paid")(lambda: 1)
    for http, socket, mount in (router.routes, app.routes):
        assert isinstance(http, APIRoute)
        assert (http.path_format, http.max_body_size, http.form_limits) == ("/a/{id}", 5, {"max_fields": 1})
        assert [isinstance(one, WebSocketRoute) for one in (http, socket, mount)] == [False, True, False]
        assert [isinstance(one, Mount) for one in (http, socket, mount)] == [False, False, True]
    (webhook,) = app.webhooks.routes
    assert isinstance(webhook, APIRoute)
    assert (webhook.path_format, webhook.max_body_size, webhook.form_limits) == ("paid", None, None)


async def answer_socket(websocket: WebSocket) -> None: ...


def test_no_middleware_may_be_said_as_none() -> None:
    app = App(middleware=None)
    app.get("/")(lambda: 1)
    assert TestClient(app).get("/").json() == 1


def take_all(routes: list[Any]) -> None:
    routes[:] = []


@pytest.mark.parametrize(
    "change",
    [
        lambda routes: routes.append(Route("/late", lambda request: None)),
        lambda routes: routes.remove(routes[0]),
        lambda routes: routes.sort(key=lambda one: one.path),
        take_all,
    ],
    ids=["append", "remove", "sort", "assign"],
)
def test_what_is_changed_in_the_list_is_refused_for_it_would_not_be_served(
    change: Callable[[list[Any]], None],
) -> None:
    app, router = App(), Router()
    for each in (app, router):
        each.get("/a")(lambda: 1)
        with pytest.raises(
            RegistrationError, match=r"test_app_router.py:\d+: the list that routes gives is read"
        ):
            change(each.routes)
        assert len([*each.routes, 1]) == len(each.routes) + 1
