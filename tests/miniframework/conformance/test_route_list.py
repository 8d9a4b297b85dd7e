"""Routes in a list, as Starlette's users write them, are declared like all others."""

import inspect
from typing import Any
from uuid import UUID

import pytest

from miniframework import App, Depends, Request, Router, WebSocket
from miniframework.errors import RouteError
from miniframework.middleware import Middleware
from miniframework.requests import HTTPConnection
from miniframework.responses import PlainTextResponse
from miniframework.routing import (
    APIRoute,
    APIWebSocketRoute,
    BaseRoute,
    Host,
    Mount,
    Route,
    WebSocketRoute,
)
from miniframework.testing import TestClient
from miniframework.types import ASGIApp, Message, Receive, Scope, Send


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


def test_the_middleware_of_a_mount_is_around_it_alone() -> None:
    class Marking:
        def __init__(self, app: ASGIApp, mark: bytes) -> None:
            self.app = app
            self.mark = mark

        async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
            async def send_marked(message: Message) -> None:
                if message["type"] == "http.response.start":
                    message["headers"].append((b"x-mark", self.mark))
                await send(message)

            await self.app(scope, receive, send_marked)

    around = [Middleware(Marking, b"outer"), Middleware(Marking, mark=b"inner")]
    app = App(
        routes=[
            Mount("/list", routes=[Route("/{name}", user, name="user")], name="in", middleware=around),
            Mount("/app", App(routes=[Route("/{name}", user)]), middleware=around),
            Route("/{name}", user),
        ]
    )
    client = TestClient(app)
    marks = [client.get(path).headers.get_list("x-mark") for path in ("/list/a", "/app/a", "/a")]
    assert marks == [["inner", "outer"], ["inner", "outer"], []]
    assert client.get("/list/").status_code == 404
    assert app.url_path_for("in:user", name="a") == "/list/a"


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


def test_the_router_of_an_application_gives_whole_paths_and_an_included_one_its_own() -> None:
    app, router = App(), Router()
    router.get("/items/{item_id}", name="item")(home)
    app.include_router(router, prefix="/api")
    assert app.router.url_path_for("item", item_id=3) == "/api/items/3"
    assert router.url_path_for("item", item_id=3) == "/items/3"


def test_a_request_gives_path_parameters_as_their_converters_make_them_and_the_scope_as_they_came() -> None:
    which = UUID("2f4d9d0c-7d3f-4a6f-8a5d-6f6a7f1f4c55")

    async def show(connection: HTTPConnection) -> list[Any]:
        return [connection.path_params, connection.scope["path_params"]]

    async def socket(websocket: WebSocket) -> None:
        await websocket.accept()
        await websocket.send_text(repr(websocket.path_params))
        await websocket.close()

    async def seen(request: Request) -> Any:
        return PlainTextResponse(repr(await show(request)))

    inner = App(routes=[Route("/{name}/{size:float}", seen), Route("/{number}/x/y", seen)])
    app = App(
        routes=[
            Route("/one/{number:int}", seen),
            Route("/two/{key:uuid}/{rest:path}", seen),
            WebSocketRoute("/socket/{number:int}", socket),
            Mount("/in/{number:int}", inner),
            Mount("/plain/{number}", inner),
        ]
    )
    client = TestClient(app)
    assert client.get("/one/07").text == "[{'number': 7}, {'number': '07'}]"
    assert client.get(f"/two/{which}/a/b").text == repr(
        [{"key": which, "rest": "a/b"}, {"key": str(which), "rest": "a/b"}]
    )
    assert client.get("/in/07/ada/1.5").text == (
        "[{'number': 7, 'name': 'ada', 'size': 1.5}, {'number': '07', 'name': 'ada', 'size': '1.5'}]"
    )
    assert client.get("/plain/07/ada/1.5").text.startswith("[{'number': '07', 'name': 'ada', 'size': 1.5}")
    assert client.get("/in/07/8/x/y").text == "[{'number': '8'}, {'number': '8'}]"
    with client.websocket_connect("/socket/7") as opened:
        assert opened.receive_text() == "{'number': 7}"


def test_a_path_parameter_that_the_application_changes_in_the_scope_is_given_as_it_left_it() -> None:
    async def change(request: Request) -> Any:
        request.scope["path_params"].update(number=None, more="1")
        del request.scope["path_params"]["key"]
        return PlainTextResponse(repr(request.path_params))

    app = App(routes=[Route("/{key:uuid}/{number:int}/{size:int}", change)])
    answer = TestClient(app).get("/2f4d9d0c-7d3f-4a6f-8a5d-6f6a7f1f4c55/7/08")
    assert answer.text == "{'number': None, 'size': 8, 'more': '1'}"


def test_an_endpoint_of_a_list_is_given_the_connection_whatever_it_calls_it() -> None:
    class Pages:
        async def show(self, r):  # type: ignore[no-untyped-def]  # as people write it
            return PlainTextResponse(f"shown {r.url.path}")

    async def listen(conn):  # type: ignore[no-untyped-def]
        await conn.accept()
        await conn.send_text(conn.url.path)
        await conn.close()

    app = App(
        routes=[
            Route("/method", Pages().show),
            Route("/plain", lambda req: PlainTextResponse(req.method), methods=["PUT"]),
            Route("/text/{key}", lambda key: PlainTextResponse(key)),
            WebSocketRoute("/socket", listen),
        ]
    )
    client = TestClient(app)
    assert client.get("/method").text == "shown /method"
    assert client.put("/plain").text == "PUT"
    assert client.get("/text/a").text == "a"
    with client.websocket_connect("/socket") as opened:
        assert opened.receive_text() == "/socket"
    assert app.url_path_for("show") == "/method"


def test_a_declared_route_tells_what_was_said_of_it() -> None:
    app = App()
    options = {"response_description": "A number", "openapi_extra": {"x-own": 1}}

    @app.get("/said", response_model=int, response_class=PlainTextResponse, **options)  # type: ignore[arg-type]
    async def said() -> Any: ...

    @app.get("/annotated")
    async def annotated() -> int: ...

    @app.get("/response")
    async def response() -> PlainTextResponse: ...

    routes = {one.path: one for one in app.routes if isinstance(one, APIRoute)}
    assert routes["/said"].response_description == "A number"
    assert routes["/said"].openapi_extra == {"x-own": 1}
    assert routes["/said"].response_class is PlainTextResponse
    assert [routes[path].response_model for path in ("/said", "/annotated", "/response")] == [int, int, None]


class Tagged(APIRoute):
    """A route class that says a word more of each of its routes."""

    def __init__(self, path: str, endpoint: Any, **words: Any) -> None:
        super().__init__(path, endpoint, **{**words, "tags": ["tagged"]})


def double(number: int) -> int:
    return 2 * number


async def count(websocket: WebSocket, number: int = 3) -> None:
    await websocket.accept()
    await websocket.send_json(number)
    await websocket.close()


def test_fastapis_routes_in_a_list_are_declared_with_what_is_said_of_them() -> None:
    called: list[str] = []
    needed = [Depends(lambda: called.append("needed"))]
    routes = [
        APIRoute("/double", double, methods=["POST"], status_code=201, dependencies=needed),
        Tagged(path="/tagged", endpoint=double),
        APIWebSocketRoute("/count", count, dependencies=needed),
    ]
    app = App()
    app.include_router(Router(routes=routes), prefix="/in")
    client = TestClient(app)
    made = client.post("/in/double?number=4")
    assert (made.status_code, made.json()) == (201, 8)
    assert client.get("/in/tagged?number=x").json()["detail"][0]["loc"] == ["query", "number"]
    with client.websocket_connect("/in/count?number=5") as websocket:
        assert websocket.receive_json() == 5
    assert called == ["needed", "needed"]
    paths = client.get("/openapi.json").json()["paths"]
    assert paths["/in/tagged"]["get"]["tags"] == ["tagged"]
    assert list(paths["/in/double"]) == ["post"]


def test_fastapis_routes_in_a_list_say_what_they_are() -> None:
    route, socket = APIRoute("/double", double, name="twice"), APIWebSocketRoute("/count", count)
    assert (isinstance(route, APIRoute), isinstance(socket, APIWebSocketRoute)) == (True, True)
    assert (route.path, route.endpoint, route.methods, route.name) == ("/double", double, {"GET"}, "twice")
    assert (socket.path, socket.endpoint, socket.name) == ("/count", count, "count")
    assert not isinstance(WebSocketRoute("/count", count), APIWebSocketRoute)
