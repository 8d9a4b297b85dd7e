"""Dependencies of applications, routers, includes and routes, and what tests put in their place."""

from collections.abc import Callable, Iterator
from typing import Annotated, Any

import pytest
from pydantic import BaseModel

from miniframework import App, Body, Depends, HTTPException, Router, WebSocket
from miniframework.errors import DependencyError, RouteError
from miniframework.testing import TestClient

pytestmark = pytest.mark.usefixtures("way")


def noting(log: list[str], name: str) -> Callable[[], None]:
    def note() -> None:
        log.append(name)

    return note


def test_outer_dependencies_are_called_before_inner_ones_and_the_endpoints_own_last() -> None:
    log: list[str] = []

    def needs(name: str) -> Any:
        return Depends(noting(log, name))

    app = App(dependencies=[needs("app")])
    outer = Router(prefix="/outer", dependencies=[needs("outer")])
    inner = Router(dependencies=[needs("inner")])

    @inner.get("/x", dependencies=[needs("route")])
    def endpoint(parameter: Annotated[None, needs("parameter")]) -> list[str]:
        return log

    outer.include_router(inner, prefix="/in", dependencies=[needs("include")])
    app.include_router(outer)
    expected = ["app", "outer", "include", "inner", "route", "parameter"]
    assert TestClient(app).get("/outer/in/x").json() == expected


def test_a_routes_dependency_may_refuse_and_ask_for_parameters() -> None:
    def check(key: int) -> None:
        if key != 7:
            raise HTTPException(403)

    app = App()

    @app.get("/", dependencies=[Depends(check)])
    def endpoint() -> str:
        return "in"

    client = TestClient(app)
    assert [client.get(url).status_code for url in ("/?key=7", "/?key=8", "/?key=x")] == [200, 403, 422]


def test_a_websockets_dependencies_are_called_too() -> None:
    log: list[str] = []
    app = App(dependencies=[Depends(noting(log, "app"))])

    @app.websocket("/ws", dependencies=[Depends(noting(log, "route"))])
    async def talk(websocket: WebSocket) -> None:
        await websocket.accept()
        await websocket.send_json(log)

    with TestClient(app).websocket_connect("/ws") as socket:
        assert socket.receive_json() == ["app", "route"]


def test_what_is_no_depends_is_refused_where_it_is_written() -> None:
    with pytest.raises(RouteError, match=r"test_levels\.py:\d+: dependencies has .*, which is no Depends"):
        Router(dependencies=[noting([], "x")])


def original(q: int = 1) -> list[Any]:
    return ["original", q]


def below(x: Annotated[list[Any], Depends(original)]) -> list[Any]:
    return x


def make_app() -> App:
    app = App()

    @app.get("/")
    def endpoint(x: Annotated[list[Any], Depends(below)]) -> list[Any]:
        return x

    return app


def test_an_override_is_called_in_the_place_of_a_dependency_with_parameters_of_its_own() -> None:
    app = make_app()
    client = TestClient(app)

    def override(z: str = "zz") -> list[Any]:
        return ["override", z]

    app.dependency_overrides[original] = override
    assert client.get("/?q=x&z=1").json() == ["override", "1"]
    app.dependency_overrides[original] = lambda: ["another"]
    assert client.get("/").json() == ["another"]
    app.dependency_overrides.clear()
    assert client.get("/?q=5").json() == ["original", 5]


class Item(BaseModel):
    name: str


def test_an_override_leaves_the_shape_of_the_body_as_it_is() -> None:
    app = App()

    def find_user(user: Annotated[str, Body()]) -> str:
        return user

    @app.post("/items")
    def create(item: Item, user: Annotated[str, Depends(find_user)]) -> list[str]:
        return [item.name, user]

    @app.post("/forms")
    def send(item: Annotated[Item, Body()], sent: Annotated[Any, Depends(original)] = None) -> list[str]:
        return [item.name, str(sent)]

    client = TestClient(app)
    assert client.post("/items", json={"item": {"name": "a"}, "user": "ada"}).json() == ["a", "ada"]
    app.dependency_overrides = {find_user: lambda: "eve", original: take_body}
    assert client.post("/items", json={"item": {"name": "a"}}).json() == ["a", "eve"]
    assert client.post("/items", json={"name": "a"}).json()["detail"][0]["loc"] == ["body", "item"]
    assert client.post("/forms", json={"name": "a"}).json() == ["a", "{'name': 'a'}"]


def take_body(whole: Annotated[dict[str, Any], Body()]) -> Any:
    return whole


def test_overrides_may_be_replaced_as_a_whole() -> None:
    app = make_app()
    app.dependency_overrides = {original: lambda: ["new"]}
    assert TestClient(app).get("/").json() == ["new"]


def test_an_override_may_clean_up() -> None:
    app = make_app()
    log: list[str] = []

    def override() -> Iterator[list[Any]]:
        yield ["open"]
        log.append("closed")

    app.dependency_overrides[original] = override
    assert TestClient(app).get("/").json() == ["open"]
    assert log == ["closed"]


def test_an_override_that_needs_what_it_replaces_is_a_circle() -> None:
    app = make_app()

    def override(x: Annotated[list[Any], Depends(original)]) -> list[Any]:
        return x

    app.dependency_overrides[original] = override
    with pytest.raises(DependencyError, match="circle"):
        TestClient(app).get("/")
