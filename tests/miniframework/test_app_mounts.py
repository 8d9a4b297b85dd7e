import asyncio
from collections.abc import Callable
from typing import Any

import pytest

from miniframework import App, HTTPException, PlainTextResponse, Request, Response, Router, WebSocket
from miniframework.errors import RouteError, UrlError
from miniframework.middleware.base import BaseHTTPMiddleware, CallNext
from miniframework.middleware.gzip import GZipMiddleware
from miniframework.middleware.stack import Middleware
from miniframework.routing import Match, Mount, Route
from miniframework.testing import TestClient
from miniframework.types import ASGIApp, Receive, Scope, Send
from tests.miniframework.asgi_driver import Wire, call, http_scope, socket_scope


class Sight:
    """Any ASGI application; keeps the scopes it was called with."""

    def __init__(self) -> None:
        self.scopes: list[Scope] = []

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.scopes.append(scope)
        await PlainTextResponse("sight")(scope, receive, send)


@pytest.mark.parametrize(
    ("path", "root_path", "child_path", "child_root"),
    [
        ("/files/a/b", "", "/files/a/b", "/files"),
        ("/files/", "", "/files/", "/files"),
        ("/api/files/a", "/api", "/api/files/a", "/api/files"),
        ("/files/a", "/api", "/api/files/a", "/api/files"),
        ("/files//a", "", "/files//a", "/files"),
    ],
)
def test_a_mounted_application_sees_the_whole_path_and_a_longer_root_path(
    path: str, root_path: str, child_path: str, child_root: str
) -> None:
    app, sight = App(), Sight()
    app.mount("/files", sight)
    scope = http_scope(path, root_path=root_path, raw_path=path.encode())
    asyncio.run(call(app, scope))
    child = sight.scopes[0]
    assert (child["path"], child["root_path"]) == (child_path, child_root)
    assert child["raw_path"] == path.encode()
    assert (scope["path"], scope["root_path"]) == (path, root_path)


def test_mounts_nest_and_the_prefixs_parameters_go_along() -> None:
    outer, middle, inner = App(), App(), App()

    @inner.get("/items/{item}")
    async def show(request: Request, item: int) -> list[Any]:
        return [request.path_params, request.scope["root_path"], str(request.url)]

    middle.mount("/inner", inner)
    outer.mount("/{tenant}/m", middle)
    answer = TestClient(outer, root_path="/proxy").get("/proxy/acme/m/inner/items/3")
    assert answer.json() == [
        {"tenant": "acme", "item": "3"},
        "/proxy/acme/m/inner",
        "http://testserver/proxy/acme/m/inner/items/3",
    ]


def test_the_bare_prefix_is_redirected_and_stands_below_the_root_path() -> None:
    app, inner = App(), App()
    inner.get("/")(lambda: "home")
    app.mount("/sub", inner)
    client = TestClient(app, root_path="/api", follow_redirects=False)
    assert client.get("/api/sub?x=1").headers["location"] == "/api/sub/?x=1"
    assert client.get("/api/sub/").json() == "home"


def test_a_redirect_inside_a_mount_points_into_the_mount() -> None:
    app, inner = App(), App()
    inner.get("/list/")(lambda: "list")
    app.mount("/sub", inner)
    assert TestClient(app, follow_redirects=False).get("/sub/list").headers["location"] == "/sub/list/"
    rooted = TestClient(app, root_path="/api", follow_redirects=False)
    assert rooted.get("/api/sub/list").headers["location"] == "/api/sub/list/"


def test_a_mount_answers_its_own_404_and_405() -> None:
    app, inner = App(), App()
    inner.get("/x")(lambda: "x")
    app.mount("/sub", inner)
    app.get("/sub/y")(lambda: "shadowed")
    client = TestClient(app)
    assert client.get("/sub/y").status_code == 404
    assert client.delete("/sub/x").headers["allow"] == "GET, HEAD"


def test_a_mounted_router_is_not_described() -> None:
    router, app = Router(prefix="/r"), App()
    app.mount("/m", router, name="m")
    router.get("/{number}")(lambda request: request.scope["root_path"])
    client = TestClient(app)
    assert client.get("/m/r/1").json() == "/m"
    assert client.get("/m/docs").status_code == 404
    assert list(app.openapi()["paths"]) == []
    assert app.url_path_for("m", path="x") == "/m/x"


def whole(mount: Callable[[App, Router], None]) -> TestClient:
    """An application that has `router` mounted at /in, by one of the ways to do so."""
    app = App(exception_handlers={ValueError: lambda _, error: PlainTextResponse(f"outer {error}", 400)})
    router = Router(converters={"two": Two()})
    mount(app, router)
    app.state.word = "whole"

    @app.exception_handler(404)
    async def lost(request: Request, error: HTTPException) -> PlainTextResponse:
        return PlainTextResponse("outer 404", 404)

    @app.exception_handler(500)
    async def failed(request: Request, error: Exception) -> PlainTextResponse:
        return PlainTextResponse(f"outer {error} of {request.app.state.word}", 500)

    @router.get("/state")
    async def state(request: Request) -> list[Any]:
        return [request.app.state.word, request.scope["root_path"], str(request.url_for("state"))]

    @router.get("/fail/{kind}")
    def fail(kind: str) -> None:
        raise {"value": ValueError, "other": OSError}.get(kind, HTTPException)(404)

    @router.get("/number/{n:two}")
    async def number(n: int) -> int:
        return n

    @router.websocket("/talk")
    async def talk(websocket: WebSocket) -> None:
        await websocket.accept()
        await websocket.send_text(websocket.app.state.word)

    return TestClient(app, raise_server_exceptions=False)


class Two:
    regex = "[0-9]{2}"

    def convert(self, text: str) -> int:
        return int(text)

    def to_string(self, value: int) -> str:
        return f"{value:02}"


def include_one_that_mounts(app: App, router: Router) -> None:
    between = Router()
    between.mount("/in", router)
    app.include_router(between)


@pytest.mark.parametrize(
    "mount",
    [
        lambda app, router: app.mount("/in", router),
        lambda app, router: app.router.mount("/in", router),
        include_one_that_mounts,
        lambda app, router: app.router.take(Mount("/in", router)),
        lambda app, router: app.router.take(Mount("/in", routes=[Mount("/", router)])),
    ],
    ids=["by the application", "by its router", "by one that is included", "in a list", "in a list's list"],
)
def test_a_mounted_router_is_a_part_of_the_application(mount: Callable[[App, Router], None]) -> None:
    client = whole(mount)
    assert client.get("/in/state").json() == ["whole", "/in", "http://testserver/in/state"]
    assert client.get("/in/number/07").json() == 7
    assert [client.get(f"/in/fail/{kind}").text for kind in ("value", "http", "other")] == [
        "outer 404",
        "outer 404",
        "outer 404 of whole",
    ]
    assert client.get("/in/nothing").text == "outer 404"
    assert client.put("/in/state").status_code == 405
    with client.websocket_connect("/in/talk") as socket:
        assert socket.receive_text() == "whole"


def test_an_application_below_a_mounted_router_is_one_of_its_own() -> None:
    outer, router, inner = App(), Router(), App(title="inner")

    @inner.get("/seen")
    async def seen(request: Request) -> list[Any]:
        urls = [request.url_for("seen").path, request.url_for("beside").path, request.url_for("top").path]
        return [request.app.title, *urls]

    router.get("/beside", name="beside")(lambda: None)
    outer.get("/top", name="top")(lambda: None)
    router.mount("/app", inner)
    outer.mount("/router", router)
    assert TestClient(outer).get("/router/app/seen").json() == [
        "inner",
        "/router/app/seen",
        "/router/beside",
        "/top",
    ]


def test_a_router_serves_a_host() -> None:
    client = whole(lambda app, router: app.host("in.example.org", router))
    client.base_url = "http://in.example.org"
    assert client.get("/state").json()[0] == "whole"
    assert client.get("/nothing").text == "outer 404"


def test_a_router_is_not_mounted_below_itself() -> None:
    one, other = Router(), Router()
    one.mount("/other", other)
    for mounted in (one, other):
        with pytest.raises(RouteError, match="include itself"):
            mounted.mount("/one", one)
    with pytest.raises(RouteError, match="include itself"):
        other.include_router(one)


def test_a_router_is_not_included_below_itself_by_way_of_an_application() -> None:
    inner, outer, app = Router(), Router(), App()
    app.include_router(outer)
    inner.mount("/app", app)
    with pytest.raises(RouteError, match="include itself"):
        outer.include_router(inner, prefix="/in")


def test_a_router_knows_the_paths_of_its_own_routes() -> None:
    inner, router, app = Router(), Router(prefix="/r"), App()
    inner.get("/inner/{x}", name="inner")(lambda x: x)
    router.get("/{n:int}", name="own")(lambda n: n)
    router.include_router(inner, prefix="/i")
    app.include_router(router, prefix="/api")
    assert router.url_path_for("own", n=5) == "/r/5"
    assert router.url_path_for("inner", x="a b") == "/r/i/inner/a%20b"
    assert app.url_path_for("own", n=5) == "/api/r/5"
    with pytest.raises(UrlError, match="no route is named 'none'"):
        router.url_path_for("none")


def test_the_routes_of_a_router_may_be_a_list() -> None:
    router = Router(prefix="/p", routes=[Route("/a", lambda request: PlainTextResponse("a"))])
    app = App()
    app.include_router(router)
    assert TestClient(app).get("/p/a").text == "a"


def test_a_mount_at_the_root_takes_what_is_left() -> None:
    app, sight = App(), Sight()
    app.get("/own")(lambda: "own")
    app.mount("/", sight)
    client = TestClient(app)
    assert client.get("/own").json() == "own"
    assert client.get("/other").text == "sight"
    assert sight.scopes[0]["root_path"] == ""


def test_an_included_routers_mount_stands_below_its_prefix() -> None:
    app, router, sight = App(), Router(prefix="/r"), Sight()
    router.mount("/files/", sight)
    app.include_router(router, prefix="/p")
    assert TestClient(app).get("/p/r/files/x").text == "sight"
    assert sight.scopes[0]["root_path"] == "/p/r/files"


def test_a_websocket_goes_through_a_mount() -> None:
    app, inner = App(), App()

    @inner.websocket("/echo/{word}")
    async def echo(websocket: WebSocket, word: str) -> None:
        await websocket.accept()
        await websocket.send_text(word + await websocket.receive_text())

    app.mount("/ws", inner)
    with TestClient(app).websocket_connect("/ws/echo/hi") as session:
        session.send_text("!")
        assert session.receive_text() == "hi!"


@pytest.mark.parametrize("accepts", [True, False], ids=["accepted", "in the handshake"])
def test_what_a_mounted_websocket_raises_is_answered_by_the_handlers_around_it(accepts: bool) -> None:
    app, inner = App(), App()

    @app.exception_handler(KeyError)
    async def close(websocket: WebSocket, error: KeyError) -> None:
        await websocket.close(4001, "no such room")

    @inner.websocket("/room")
    async def room(websocket: WebSocket) -> None:
        if accepts:
            await websocket.accept()
        raise KeyError("room")

    app.mount("/ws", inner)
    wire = Wire([{"type": "websocket.connect"}])
    asyncio.run(app(socket_scope("/ws/room"), wire.receive, wire.send))
    assert wire.sent[-1] == {"type": "websocket.close", "code": 4001, "reason": "no such room"}


def test_a_table_shows_what_is_mounted_through_wrappers_and_later_routes_too() -> None:
    class Wrapper:
        def __init__(self, app: Any) -> None:
            self.app = app

        async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
            await self.app(scope, receive, send)

    app, inner = App(openapi_url=None), App(openapi_url=None)
    app.mount("/a", Wrapper(Wrapper(inner)))
    app.mount("/b", Sight())
    inner.get("/late")(lambda: "late")
    known, unknown = app.table.entries
    assert known.table().entries[0].pattern.template == "/late"
    assert unknown.table() is None
    assert app.table.match("http", "GET", "/a/late").entry is known


def test_names_inside_mounts_are_found_from_inside_and_outside() -> None:
    app, inner = App(), App()

    @inner.get("/items/{item}")
    async def item(request: Request, item: str) -> list[str]:
        return [str(request.url_for("item", item="2")), str(request.url_for("home"))]

    @app.get("/home")
    async def home() -> None: ...

    app.mount("/{tenant}/shop", inner, name="shop")
    app.mount("/files", Sight(), name="files")
    app.mount("/plain", inner)
    assert app.url_for("shop:item", tenant="acme", item="a b") == "/acme/shop/items/a%20b"
    assert app.url_for("item", item=1) == "/plain/items/1"
    assert app.url_for("files", path="css/a b.css") == "/files/css/a%20b.css"
    answer = TestClient(app, root_path="/api").get("/api/acme/shop/items/1")
    assert answer.json() == ["http://testserver/api/acme/shop/items/2", "http://testserver/api/home"]
    with pytest.raises(UrlError, match="shop:item"):
        app.url_for("shop:itm", tenant="x")


def test_a_name_that_no_application_around_knows_is_looked_for_in_each() -> None:
    app, inner = App(), App()
    app.get("/home", name="home")(lambda: None)

    @inner.get("/items", name="items")
    async def items(request: Request) -> str:
        return str(request.url_for("hom"))

    app.mount("/shop", inner)
    with pytest.raises(UrlError, match=r"'hom'.*; around it: .*did you mean 'home'"):
        TestClient(app).get("/shop/items")


def test_an_exception_from_a_mount_before_its_start_is_answered() -> None:
    async def refusing(scope: Scope, receive: Receive, send: Send) -> None:
        raise HTTPException(409, "taken")

    async def broken(scope: Scope, receive: Receive, send: Send) -> None:
        raise ZeroDivisionError

    app = App()
    app.mount("/refusing", refusing)
    app.mount("/broken", broken)
    client = TestClient(app, raise_server_exceptions=False)
    assert client.get("/refusing/").json() == {"detail": "taken"}
    assert client.get("/broken/").text == "Internal Server Error"


def test_a_mounted_applications_500_is_sent_once_and_its_exception_passes_on() -> None:
    app, inner, error = App(), App(), RuntimeError("inner")

    @inner.get("/")
    async def fail() -> None:
        raise error

    app.mount("/sub", inner)

    async def main() -> None:
        wire = Wire()
        with pytest.raises(RuntimeError) as caught:
            await app(http_scope("/sub/"), wire.receive, wire.send)
        assert caught.value is error
        assert [message["type"] for message in wire.sent] == ["http.response.start", "http.response.body"]

    asyncio.run(main())


def test_the_base_url_is_that_of_the_outermost_application() -> None:
    outer, inner = App(), App()

    @inner.get("/x")
    def ask(request: Request) -> list[str]:
        return [str(request.base_url), str(request.url_for("ask"))]

    outer.mount("/sub", inner)
    assert TestClient(outer).get("/sub/x").json() == ["http://testserver/", "http://testserver/sub/x"]
    rooted = TestClient(outer, root_path="/api").get("/api/sub/x").json()
    assert rooted == ["http://testserver/api/", "http://testserver/api/sub/x"]


def tell_where(app: ASGIApp, seen: list[tuple[Any, ...]]) -> ASGIApp:
    """Middleware of metrics or traces: asks the scope which route it was when the response has been sent."""

    async def middleware(scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await app(scope, receive, send)
        finally:
            if scope["type"] == "http":
                route, endpoint = scope.get("route"), scope.get("endpoint")
                name = getattr(endpoint, "__name__", type(endpoint).__name__)
                seen.append((getattr(route, "path", None), name, scope.get("path_params")))

    return middleware


@pytest.mark.parametrize(
    ("path", "seen"),
    [
        ("/own/1", ("/own/{one}", "own", {"one": "1"})),
        ("/acme/app/items/2", ("/items/{item_id}", "item", {"tenant": "acme", "item_id": "2"})),
        ("/router/parts/3", ("/parts/{part}", "part", {"part": "3"})),
        ("/acme/app/failing", ("/failing", "fail", {"tenant": "acme"})),
        ("/acme/app/nowhere", (None, "App", {"tenant": "acme"})),
        ("/plain/4", (None, "Sight", {})),
        ("/nowhere", (None, "NoneType", None)),
    ],
)
def test_middleware_around_an_application_learns_what_route_a_mounted_one_took(
    path: str, seen: tuple[Any, ...]
) -> None:
    app, inner, router = App(), App(), Router()
    told: list[tuple[Any, ...]] = []

    @app.get("/own/{one}")
    def own(one: str) -> str:
        return one

    @inner.get("/items/{item_id}")
    def item(item_id: int) -> int:
        return item_id

    @inner.get("/failing")
    def fail() -> None:
        raise RuntimeError("on purpose")

    @router.get("/parts/{part}")
    def part(part: str) -> str:
        return part

    app.mount("/{tenant}/app", inner)
    app.mount("/router", router)
    app.mount("/plain", Sight())
    app.add_middleware(tell_where, told)
    TestClient(app, raise_server_exceptions=False).get(path)
    assert told == [seen]


@pytest.mark.parametrize("as_function", [False, True])
def test_middleware_finds_the_routes_in_the_scope(as_function: bool) -> None:
    app = App()
    seen: list[str] = []

    @app.get("/items/{item_id}")
    def item(item_id: int) -> int:
        return item_id

    async def look(request: Request, call_next: CallNext) -> Response:
        routes = request.scope["router"].routes
        seen.extend(one.path for one in routes if one.matches(request.scope)[0] is Match.FULL)
        return await call_next(request)

    if as_function:
        app.middleware("http")(look)
    else:
        app.add_middleware(BaseHTTPMiddleware, dispatch=look)
        app.add_middleware(GZipMiddleware)
    client = TestClient(app)
    client.get("/items/2")
    client.get("/items/3")
    assert seen == ["/items/{item_id}"] * 2


def test_middleware_learns_it_behind_a_host_too() -> None:
    app, inner = App(), App()
    told: list[tuple[Any, ...]] = []

    @inner.get("/items/{item_id}")
    def item(item_id: int) -> int:
        return item_id

    app.host("{shop}.example.com", inner)
    app.add_middleware(tell_where, told)
    TestClient(app, base_url="http://north.example.com").get("/items/2")
    assert told == [("/items/{item_id}", "item", {"shop": "north", "item_id": "2"})]


def test_a_route_of_a_list_is_mounted_with_all_that_it_serves() -> None:
    async def home(request: Request) -> PlainTextResponse:
        return PlainTextResponse(request.url.path)

    app = App()
    app.mount("/in", Mount("/side", routes=[Route("/home", home, name="home")], name="side"), name="in")
    assert TestClient(app).get("/in/side/home").text == "/in/side/home"
    assert app.url_for("in:side:home") == "/in/side/home"


def test_an_entry_of_a_list_does_not_hide_a_circle() -> None:
    app = App()
    with pytest.raises(RouteError, match="below itself"):
        app.mount("/in", Mount("/side", app=app))


@pytest.mark.parametrize(("method", "path", "status"), [("GET", "/m/nowhere", 404), ("POST", "/m/here", 405)])
@pytest.mark.parametrize("is_hosted", [False, True], ids=["mounted", "hosted"])
def test_middleware_of_a_mount_sees_what_no_route_took_as_an_exception(
    is_hosted: bool, method: str, path: str, status: int
) -> None:
    seen: list[int] = []

    def watch(app: ASGIApp) -> ASGIApp:
        async def watching(scope: Scope, receive: Receive, send: Send) -> None:
            try:
                await app(scope, receive, send)
            except HTTPException as error:
                seen.append(error.status_code)
                raise

        return watching

    inner = Router(middleware=[Middleware(watch)], routes=[Route("/here", lambda r: PlainTextResponse("x"))])
    outer = Router()
    outer.mount("/m", inner)
    app = App()
    if is_hosted:
        app.host("testserver", outer)
    else:
        app.mount("/", outer)
    app.add_exception_handler(status, lambda r, e: PlainTextResponse(f"own {e.status_code}", status))
    response = TestClient(app).request(method, path)
    assert (response.status_code, response.text, seen) == (status, f"own {status}", [status])


def test_what_the_application_for_a_host_raises_is_answered_by_the_handlers_around_it() -> None:
    async def paid(scope: Scope, receive: Receive, send: Send) -> None:
        raise HTTPException(402, "first the money")

    app = App()
    app.host("testserver", paid)
    response = TestClient(app).get("/x")
    assert (response.status_code, response.json()) == (402, {"detail": "first the money"})


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("prefix", ["", "/app", "/router"])
def test_a_function_around_the_application_learns_the_route_with_the_response(
    method: str, prefix: str
) -> None:
    app, inner, router = App(), App(), Router()
    for one in (app, inner, router):
        one.put("/things/all")(lambda: 0)
        one.get("/things/{thing}")(lambda thing: thing)
    app.mount("/app", inner)
    app.mount("/router", router)
    seen: list[object] = []

    def note(request: Request) -> None:
        seen.append((request.scope["route"].path, request.scope["path_params"]))

    @app.middleware("http")
    async def watch(request: Request, call_next: CallNext) -> Response:
        response = await call_next(request)
        note(request)
        return response

    @app.exception_handler(405)
    def refuse(request: Request, error: HTTPException) -> Response:
        note(request)
        return Response(b"", 405)

    status = TestClient(app).request(method, f"{prefix}/things/1").status_code
    own = ("/things/{thing}", {"thing": "1"})
    asks_handler = method == "POST" and prefix != "/app"
    assert (status, seen) == (405 if method == "POST" else 200, [own, own] if asks_handler else [own])


def test_a_405_names_the_first_route_with_the_path() -> None:
    app, seen = App(), []
    app.get("/things/{thing}")(lambda thing: thing)
    app.put("/things/all")(lambda: 0)

    @app.exception_handler(405)
    def refuse(request: Request, error: HTTPException) -> Response:
        seen.append((request.scope["endpoint"], request.path_params))
        return Response(b"", 405)

    TestClient(app).delete("/things/all")
    assert seen == [(app.routes[0].endpoint, {"thing": "all"})]
