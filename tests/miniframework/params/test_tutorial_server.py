"""What readers of the tutorial write, against one ASGIServer in process."""

from typing import Any

import pytest
from pydantic import BaseModel

from miniframework import ASGIServer, Request
from miniframework.testing import TestClient

pytestmark = pytest.mark.usefixtures("way")

APPLE = {"name": "Apple", "price": 1.99}


class Item(BaseModel):
    name: str
    price: float


async def with_scalars(name: str, price: float) -> Any:
    return {"name": name, "price": price}


def declared_def(name: str, price: float) -> Any:
    return {"name": name, "price": price}


async def with_dict(item: dict) -> Any:  # type: ignore[type-arg]
    return item


async def unannotated(item):  # type: ignore[no-untyped-def]
    return item


async def unannotated_pair(name, price):  # type: ignore[no-untyped-def]
    return {"name": name, "price": price}


async def with_model(item: Item) -> Any:
    return item


async def with_request(request):  # type: ignore[no-untyped-def]
    assert isinstance(request, Request)
    return await request.json()


@pytest.mark.parametrize(
    "handler",
    [with_scalars, declared_def, with_dict, unannotated, unannotated_pair, with_model, with_request],
    ids=lambda handler: handler.__name__,
)
@pytest.mark.parametrize("how", ["post", "route", "add_route", "server.add_route"])
def test_every_way_to_write_create_item_gets_the_item(handler: Any, how: str) -> None:
    server = ASGIServer()
    match how:
        case "post":
            server.router.post("/items/")(handler)
        case "route":
            server.router.route("/items/", ["POST"])(handler)
        case "add_route":
            server.router.add_route("/items/", ["POST"], handler)
        case _:
            server.add_route("/items/", ["POST"], handler)
    response = TestClient(server).post("/items/", json=APPLE)
    assert (response.status_code, response.json()) == (200, APPLE)


def test_a_handler_declared_def_is_a_handler() -> None:
    server = ASGIServer()

    @server.router.get("/items/{item_id}")
    def read_item(item_id: int, q: str = None) -> Any:  # type: ignore[assignment]  # noqa: RUF013
        return {"item_id": item_id, "q": q}

    client = TestClient(server)
    assert client.get("/items/42?q=test").json() == {"item_id": 42, "q": "test"}
    assert client.get("/items/42").json() == {"item_id": 42, "q": None}


def test_a_server_without_routes_says_not_found() -> None:
    response = TestClient(ASGIServer()).get("/")
    assert (response.status_code, response.json()) == (404, {"detail": "Not Found"})
