"""What `route.matches(scope)` says to middleware that was written for Starlette."""

from enum import Enum
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from miniframework import App, Router, WebSocket
from miniframework.routing import Match, Mount
from miniframework.routing import route as entries
from miniframework.routing.table import Found, RouteTable
from tests.miniframework.asgi_driver import http_scope, socket_scope
from tests.miniframework.routing.routing_cases import METHODS, declarations, entry_of, paths_like


class Starlettes(Enum):
    """As `starlette.routing.Match` is, under another module's name."""

    NONE = 0
    PARTIAL = 1
    FULL = 2


Starlettes.__name__ = "Match"


def label_of(entries: list[Any], scope: dict[str, Any]) -> str | None:
    """The template that fits a request, found as the middleware of metrics and traces does it."""
    for entry in entries:
        match, child = entry.matches(scope)
        if match == Match.FULL:
            if not isinstance(entry, Mount):
                return str(entry.path)
            inner = label_of(list(entry.routes or ()), {**scope, **child})
            return entry.path + (inner or "")
    return None


def build() -> App:
    app, inner, router = App(), App(), Router(prefix="/v1")

    @app.get("/items/{item_id:int}")
    def item(item_id: int) -> int:
        return item_id

    @router.post("/items")
    def add() -> None: ...

    @inner.get("/{name}")
    def name(name: str) -> str:
        return name

    @app.websocket("/feed/{topic}")
    async def feed(websocket: WebSocket) -> None: ...

    app.include_router(router)
    app.mount("/in", inner)
    return app


@pytest.mark.parametrize(
    ("scope", "label"),
    [
        (http_scope("/items/7"), "/items/{item_id:int}"),
        (http_scope("/proxy/items/7", root_path="/proxy"), "/items/{item_id:int}"),
        (http_scope("/items/seven"), None),
        (http_scope("/v1/items", "POST"), "/v1/items"),
        (http_scope("/v1/items"), None),
        (http_scope("/in/side"), "/in/{name}"),
        (http_scope("/in/side/out"), "/in"),
        (http_scope("/feed/news"), None),
        (socket_scope("/feed/news"), "/feed/{topic}"),
        (socket_scope("/items/7"), None),
        ({"type": "lifespan"}, None),
    ],
)
def test_middleware_finds_the_template_of_a_request(scope: dict[str, Any], label: str | None) -> None:
    assert label_of(build().routes, scope) == label


def test_another_method_fits_partially() -> None:
    (route,) = [one for one in build().routes if one.path == "/v1/items"]
    match, child = route.matches(http_scope("/v1/items", "DELETE"))
    assert match == Match.PARTIAL
    assert child["endpoint"].__name__ == "add"


def test_what_fits_says_what_the_scope_gets() -> None:
    app = build()
    outer: dict[str, Any] = {"path_params": {"tenant": "acme"}, "root_path": "/proxy"}
    match, child = app.routes[0].matches(http_scope("/proxy/items/7", **outer))
    assert (match, child["path_params"]) == (Match.FULL, {"tenant": "acme", "item_id": "7"})
    (mount,) = [route for route in app.routes if isinstance(route, entries.Mount)]
    assert mount.matches(http_scope("/proxy/in/side", **outer))[1] == {
        "endpoint": mount.app,
        "path_params": {"tenant": "acme"},
        "app_root_path": "/proxy",
        "root_path": "/proxy/in",
    }


@pytest.mark.parametrize("name", ["NONE", "PARTIAL", "FULL"])
def test_an_answer_equals_the_one_of_starlettes_enum(name: str) -> None:
    ours, theirs = Match[name], Starlettes[name]
    assert ours == theirs
    assert theirs == ours
    assert hash(ours) == hash(theirs)
    assert [one for one in Starlettes if one == ours] == [theirs]
    assert ours != name


@given(st.data())
def test_the_first_that_fits_is_the_one_the_table_finds(data: st.DataObject) -> None:
    declared = data.draw(st.lists(declarations(), max_size=6))
    table = RouteTable([entry_of(one) for one in declared], redirect_slashes=False)
    path, method = data.draw(paths_like(declared)), data.draw(st.sampled_from(METHODS))
    for scope in (http_scope(path, method), socket_scope(path)):
        fits = [entry for entry in table.entries if entry.matches(scope)[0] == Match.FULL]
        found = table.match(scope["type"], method, path)
        assert (found.entry if isinstance(found, Found) else None) is (fits[0] if fits else None)
