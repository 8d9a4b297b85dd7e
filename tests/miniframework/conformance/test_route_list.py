"""Routes in a list, as Starlette's users write them, are declared like all others."""

import inspect
from typing import Any

import pytest

from miniframework import App, Request, Router, WebSocket
from miniframework.errors import RouteError, UrlError
from miniframework.responses import PlainTextResponse
from miniframework.routing import APIRoute, BaseRoute, Host, Mount, Route, WebSocketRoute
from miniframework.testing import TestClient


async def home(request: Request) -> Any:
    return PlainTextResponse(f"home of {request.url.path}")


async def talk(websocket: WebSocket) -> None:
    await websocket.accept()
    await websocket.send_json(
        [
            str(websocket.url_for("talk")),
            str(websocket.url_for("home")),
            str(websocket.url_for("inner:user", name="a")),
        ]
    )
    await websocket.close()


async def user(request: Request) -> Any:
    return PlainTextResponse(request.path_params["name"])


def make_app() -> App:
    return App(
        routes=[
            Route("/", home),
            Route("/both", endpoint=home, methods=["GET", "POST"], name="both"),
            WebSocketRoute("/talk", talk),
            Mount("/inner", routes=[Route("/{name}", user)], name="inner"),
            Mount("/text", app=PlainTextResponse("mounted")),
            Host("api.example.com", PlainTextResponse("api")),
        ]
    )


def test_every_kind_of_route_serves() -> None:
    client = TestClient(make_app())
    assert client.get("/").text == "home of /"
    assert client.post("/both").text == "home of /both"
    assert client.post("/").status_code == 405
    assert client.get("/inner/ada").text == "ada"
    assert client.get("/text/x").text == "mounted"
    assert client.get("/", headers={"host": "api.example.com"}).text == "api"


def test_a_url_of_a_websocket_route_is_one_for_websockets() -> None:
    with TestClient(make_app()).websocket_connect("/talk") as socket:
        assert socket.receive_json() == [
            "ws://testserver/talk",
            "http://testserver/",
            "http://testserver/inner/a",
        ]


def test_a_route_of_a_list_knows_its_own_line() -> None:
    frame = inspect.currentframe()
    assert frame is not None
    first = Route("/here", home)
    line = frame.f_lineno - 1
    entry = App(routes=[first], openapi_url=None).routes[0]
    assert (entry.source, str(first.source)) == (first.source, f"{__file__}:{line}")


def test_what_the_table_holds_is_an_instance_of_what_was_written() -> None:
    entries = make_app().routes
    kinds = [
        next(kind.__name__ for kind in (Route, WebSocketRoute, Mount) if isinstance(one, kind))
        for one in entries[:6]
    ]
    # The host stands before all others.
    assert kinds == ["Mount", "Route", "Route", "WebSocketRoute", "Mount", "Mount"]
    assert all(isinstance(one, BaseRoute) for one in entries)
    assert isinstance(entries[1], APIRoute)


def test_a_route_of_a_list_is_not_described_unless_it_says_so() -> None:
    app = App(routes=[Route("/hidden", home), Route("/seen", home, include_in_schema=True)])
    assert list(app.openapi()["paths"]) == ["/seen"]


@pytest.mark.parametrize(
    ("wrong", "said"), [(lambda: "/", "routes has '/'"), (lambda: Mount("/x"), r"Mount\('/x'\) has None")]
)
def test_what_is_no_route_is_refused_with_the_way_out(wrong: Any, said: str) -> None:
    with pytest.raises(RouteError, match=rf"test_route_list.py:\d+: {said}"):
        App(routes=[wrong()])


def test_the_router_of_an_application_gives_paths_and_an_included_one_says_who_does() -> None:
    app, router = App(), Router()
    router.get("/items/{item_id}", name="item")(home)
    app.include_router(router, prefix="/api")
    assert app.router.url_path_for("item", item_id=3) == "/api/items/3"
    with pytest.raises(UrlError, match="ask the application"):
        router.url_path_for("item", item_id=3)
