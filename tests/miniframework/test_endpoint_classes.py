"""Starlette's endpoint classes, declared as routes."""

import functools
from collections.abc import AsyncIterator
from typing import TYPE_CHECKING, Any

import pytest

from miniframework import App, Depends, HTTPException, Request, Response, Router, WebSocket
from miniframework.endpoints import HTTPEndpoint, WebSocketEndpoint
from miniframework.middleware import Middleware
from miniframework.middleware.cors import CORSMiddleware
from miniframework.middleware.gzip import GZipMiddleware
from miniframework.requests import HTTPConnection
from miniframework.responses import PlainTextResponse, StreamingResponse
from miniframework.routing import Mount, Route, WebSocketRoute, request_response
from miniframework.testing import SocketRefused, TestClient
from miniframework.types import ASGIApp, Message, Receive, Scope, Send


class Person(HTTPEndpoint):
    async def get(self, request: Request) -> Response:
        return PlainTextResponse(f"read {request.path_params['number']!r}")

    def post(self, request: Request) -> Response:
        return PlainTextResponse("written")

    async def delete(self, request: Request) -> Response:
        raise HTTPException(409, "not now")


@pytest.fixture
def client() -> TestClient:
    app = App(routes=[Route("/people/{number:int}", Person)], exception_handlers={405: answer_405})

    @app.route("/other/{number}")
    class Other(Person): ...

    return TestClient(app)


def answer_405(request: Request, error: HTTPException) -> Response:
    return PlainTextResponse("by the handler", 405, error.headers)


@pytest.mark.parametrize(
    ("method", "path", "answer"),
    [
        ("GET", "/people/7", (200, "read 7")),
        ("HEAD", "/people/7", (200, "")),
        ("POST", "/people/7", (200, "written")),
        ("DELETE", "/people/7", (409, '{"detail":"not now"}')),
        ("PUT", "/people/7", (405, "by the handler")),
        ("GET", "/other/7", (200, "read '7'")),
    ],
)
def test_each_method_is_answered_by_the_method_of_its_name(
    client: TestClient, method: str, path: str, answer: tuple[int, str]
) -> None:
    response = client.request(method, path)
    assert (response.status_code, response.text) == answer
    if response.status_code == 405:
        assert response.headers["allow"] == "DELETE, GET, HEAD, POST"


def test_the_dependencies_around_a_class_are_called_for_it() -> None:
    def refuse() -> None:
        raise HTTPException(403)

    app = App(routes=[Route("/{number}", Person)], dependencies=[Depends(refuse)])
    assert TestClient(app).get("/7").status_code == 403


def test_a_class_is_an_asgi_application_too() -> None:
    client = TestClient(App(routes=[Mount("/in", Person)]))
    assert client.post("/in/x").text == "written"
    assert client.put("/in/x").status_code == 405


def talk(kind: type[WebSocketEndpoint]) -> TestClient:
    return TestClient(App(routes=[WebSocketRoute("/", kind)]))


@pytest.mark.parametrize(
    ("encoding", "message", "heard"),
    [
        (None, {"text": "a"}, "a"),
        (None, {"bytes": b"a"}, b"a"),
        ("text", {"text": ""}, ""),
        ("bytes", {"bytes": b"a"}, b"a"),
        ("json", {"text": "[1]"}, [1]),
        ("json", {"bytes": b"[1]"}, [1]),
    ],
)
def test_messages_are_given_as_the_encoding_says_and_the_end_is_told(
    encoding: Any, message: dict[str, Any], heard: Any
) -> None:
    told: list[Any] = []
    kind_encoding = encoding

    class Listening(WebSocketEndpoint):
        encoding = kind_encoding

        async def on_receive(self, websocket: WebSocket, data: Any) -> None:
            told.append(data)

        async def on_disconnect(self, websocket: WebSocket, close_code: int) -> None:
            told.append(close_code)

    with talk(Listening).websocket_connect("/") as opened:
        opened.send({"type": "websocket.receive", **message})
        opened.close(1001)
    assert told == [heard, 1001]


@pytest.mark.parametrize(
    ("encoding", "message", "said"),
    [
        ("text", {"bytes": b"a"}, "Expected text websocket messages, but got bytes"),
        ("bytes", {"text": "a"}, "Expected bytes websocket messages, but got text"),
        ("json", {"text": "{"}, "Malformed JSON"),
    ],
)
def test_another_kind_of_message_closes_with_1003(encoding: Any, message: dict[str, Any], said: str) -> None:
    told: list[int] = []
    kind_encoding = encoding

    class Strict(WebSocketEndpoint):
        encoding = kind_encoding

        async def on_disconnect(self, websocket: WebSocket, close_code: int) -> None:
            told.append(close_code)

    opened = talk(Strict).websocket_connect("/").__enter__()
    opened.send({"type": "websocket.receive", **message})
    assert opened.receive()["code"] == 1003
    with pytest.raises(RuntimeError, match=said):
        opened.__exit__(None, None, None)
    assert told == [1011]


def test_a_dispatch_of_ones_own_is_called() -> None:
    class Own(HTTPEndpoint):
        async def dispatch(self) -> None:
            await PlainTextResponse(f"own {self.scope['method']}")(self.scope, self.receive, self.send)

    class Talk(WebSocketEndpoint):
        async def dispatch(self) -> None:
            socket = WebSocket(self.scope, self.receive, self.send)
            await socket.accept()
            await socket.send_text("own")

    app = App(routes=[Route("/", Own), WebSocketRoute("/", Talk)])
    app.add_route("/added", Own)
    app.add_websocket_route("/added", Talk)
    client = TestClient(app)
    assert [client.get("/").text, client.put("/added").text] == ["own GET", "own PUT"]
    for path in ("/", "/added"):
        with client.websocket_connect(path) as socket:
            assert socket.receive_text() == "own"


def test_what_websocket_route_decorates_need_not_say_what_it_is_given() -> None:
    app, router = App(), Router()

    @app.websocket_route("/function/{room}", name="function")
    async def function(ws):  # type: ignore[no-untyped-def]  # that is the claim
        await ws.accept()
        await ws.send_text(ws.path_params["room"])

    @router.websocket_route("/class")
    class Twice(WebSocketEndpoint):
        encoding = "text"

        async def on_receive(self, websocket: WebSocket, data: Any) -> None:
            await websocket.send_text(data * 2)

    app.include_router(router, prefix="/routed")
    client = TestClient(app)
    with client.websocket_connect(app.url_path_for("function", room="a")) as socket:
        assert socket.receive_text() == "a"
    with client.websocket_connect("/routed/class") as socket:
        socket.send_text("ab")
        assert socket.receive_text() == "abab"


class Asgi:
    """An ASGI application as an object, and one that says what it was asked."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "websocket":
            await send({"type": "websocket.accept"})
            await send({"type": "websocket.send", "text": scope["path"]})
            return
        if scope["path"].endswith("gone"):
            raise HTTPException(410)
        await PlainTextResponse(f"{scope['method']} {scope['path']}")(scope, receive, send)


class Awaited:
    """An ASGI application as a class, which is awaited."""

    def __init__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.said = scope, receive, send

    def __await__(self) -> Any:
        return PlainTextResponse("awaited")(*self.said).__await__()


@pytest.fixture
def applications() -> TestClient:
    app = App(
        routes=[
            Route("/object/{what}", Asgi()),
            Route("/class", Awaited),
            Route("/posted", Asgi(), methods=["POST"]),
            WebSocketRoute("/socket", Asgi()),
        ]
    )
    app.add_route("/added/{what}", Asgi(), methods=["GET"])
    app.add_websocket_route("/added", Asgi())
    return TestClient(app)


@pytest.mark.parametrize(
    ("method", "path", "answer"),
    [
        ("GET", "/object/a", (200, "GET /object/a")),
        ("DELETE", "/object/a", (200, "DELETE /object/a")),
        ("GET", "/object/gone", (410, '{"detail":"Gone"}')),
        ("GET", "/class", (200, "awaited")),
        ("POST", "/posted", (200, "POST /posted")),
        ("GET", "/posted", (405, '{"detail":"Method Not Allowed"}')),
        ("GET", "/added/a", (200, "GET /added/a")),
        ("GET", "/added/gone", (410, '{"detail":"Gone"}')),
    ],
)
def test_an_application_serves_one_path(
    applications: TestClient, method: str, path: str, answer: tuple[int, str]
) -> None:
    response = applications.request(method, path)
    assert (response.status_code, response.text) == answer


def test_an_application_serves_a_handshake(applications: TestClient) -> None:
    for path in ("/socket", "/added"):
        with applications.websocket_connect(path) as socket:
            assert socket.receive_text() == path


def test_applications_are_not_described(applications: TestClient) -> None:
    assert applications.get("/openapi.json").json()["paths"] == {}


if TYPE_CHECKING:
    from collections.abc import Hashable as OnlyForTypes


def test_the_one_parameter_of_a_function_is_the_request_whatever_its_type_says() -> None:
    def typed(one: "OnlyForTypes") -> Any:
        return PlainTextResponse(one.url.path)  # type: ignore[attr-defined]

    def anything(one: Any) -> Any:
        return PlainTextResponse(one.url.path)

    def generic(one: HTTPConnection) -> Any:
        return PlainTextResponse(one.url.path)

    def bound(word: str, one: Any) -> Any:
        return PlainTextResponse(word + one.url.path)

    def named(one: Any, word: str) -> Any:
        return PlainTextResponse(word + one.url.path)

    partials = [functools.partial(bound, "of"), functools.partial(named, word="by")]
    functions = [typed, anything, generic, *partials]
    app = App(routes=[Route(f"/{index}", function) for index, function in enumerate(functions)])
    app.add_route("/added", typed)
    client = TestClient(app)
    assert [client.get(f"/{index}").text for index in range(5)] == ["/0", "/1", "/2", "of/3", "by/4"]
    assert client.get("/added").text == "/added"


def test_a_decorator_that_takes_whatever_comes_is_given_the_request_as_the_first() -> None:
    def log(function: Any) -> Any:
        @functools.wraps(function)
        async def logged(*given: Any, **named: Any) -> Any:
            seen.append(given[0].url.path)
            return await function(*given, **named)

        return logged

    @log
    async def page(request: Request) -> Any:
        return PlainTextResponse(request.url.path)

    @log
    async def talk(websocket: WebSocket) -> None:
        await websocket.accept()
        await websocket.close()

    seen: list[str] = []
    app = App(routes=[Route("/page", page), WebSocketRoute("/talk", talk)])
    app.add_route("/added", page)
    client = TestClient(app)
    assert [client.get(path).text for path in ("/page", "/added")] == ["/page", "/added"]
    with client.websocket_connect("/talk"):
        assert seen == ["/page", "/added", "/talk"]


class Mark:
    """Adds a header to what goes out; a path that ends with `stop` is stopped here."""

    def __init__(self, app: ASGIApp, name: str) -> None:
        self.app = app
        self.name = name

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def mark(message: Message) -> None:
            if message["type"] in ("http.response.start", "websocket.accept"):
                headers = list(message.get("headers") or ())
                message = {**message, "headers": [*headers, (b"x-mark", self.name.encode())]}
            await send(message)

        if scope["path"].endswith("stop"):
            raise HTTPException(418)
        await self.app(scope, receive, mark)


def test_the_middleware_of_a_route_is_around_it_alone() -> None:
    def home(request: Request) -> Response:
        return PlainTextResponse("home")

    def fail(request: Request) -> Response:
        raise HTTPException(409)

    async def talk(websocket: WebSocket) -> None:
        await websocket.accept()

    marks = [Middleware(Mark, name="outer"), Middleware(Mark, name="inner")]
    router = Router(routes=[Route("/home", home)], middleware=[Middleware(Mark, name="router")])
    app = App(
        routes=[
            Route("/home", home, middleware=marks),
            Route("/fail", fail, middleware=marks),
            Route("/stop", home, middleware=marks),
            Route("/application", Asgi(), middleware=marks),
            Route("/plain", home),
            WebSocketRoute("/talk", talk, middleware=marks),
            Mount("/in", router, middleware=marks),
            Mount("/list", routes=[Route("/home", home)], middleware=marks[:1]),
        ]
    )
    app.include_router(router, prefix="/included")
    client = TestClient(app)
    seen = {path: client.get(path) for path in ("/home", "/fail", "/stop", "/application", "/plain")}
    assert {path: answer.status_code for path, answer in seen.items()} == {
        "/home": 200,
        "/fail": 409,
        "/stop": 418,
        "/application": 200,
        "/plain": 200,
    }
    assert [answer.headers.get("x-mark") for answer in seen.values()] == [
        "inner, outer",
        "inner, outer",
        None,
        "inner, outer",
        None,
    ]
    with client.websocket_connect("/talk") as socket:
        assert socket.headers["x-mark"] == "inner, outer"
    assert client.get("/in/home").headers["x-mark"] == "router, inner, outer"
    assert client.get("/list/home").headers["x-mark"] == "outer"
    assert "x-mark" not in client.get("/included/home").headers


def test_what_is_raised_within_the_middleware_of_a_socket_route_is_answered_by_the_handlers() -> None:
    async def talk(websocket: WebSocket) -> None:
        await websocket.accept()
        raise ZeroDivisionError

    app = App(
        routes=[
            WebSocketRoute("/stop", talk, middleware=[Middleware(Mark, name="a")]),
            WebSocketRoute("/fail", talk, middleware=[Middleware(Mark, name="a")]),
        ]
    )
    client = TestClient(app)
    with pytest.raises(SocketRefused) as refused, client.websocket_connect("/stop"):
        pass
    assert refused.value.response.status_code == 418
    with pytest.raises(ZeroDivisionError), client.websocket_connect("/fail"):
        pass


def test_what_fails_within_the_middleware_of_a_route_after_its_response_began_is_not_answered_again() -> None:
    async def stream(request: Request) -> Response:
        async def pieces() -> AsyncIterator[str]:
            yield "one"
            raise HTTPException(418)

        return StreamingResponse(pieces())

    app = App(routes=[Route("/x", stream, middleware=[Middleware(Mark, name="a")])])
    with pytest.raises(RuntimeError, match="response already started"):
        TestClient(app).get("/x")


class Sum:
    """No ASGI application, though it takes three arguments."""

    async def __call__(self, a: int, b: int, c: int) -> int:
        return a + b + c


@pytest.mark.parametrize("declare", ["add_api_route", "api_route", "get"])
def test_an_object_of_three_parameters_is_a_function_where_fastapi_takes_one(declare: str) -> None:
    app = App()
    if declare == "add_api_route":
        app.add_api_route("/sum", Sum(), name="sum")
    else:
        getattr(app, declare)("/sum", name="sum")(Sum())
    client = TestClient(app)
    assert client.get("/sum?a=1&b=2&c=3").json() == 6
    assert client.post("/sum?a=1&b=2&c=3").status_code == 405


async def answer_later(request: Request) -> Response:
    return PlainTextResponse(request.query_params["q"])


def answer_at_once(request: Request) -> Response:
    if "q" not in request.query_params:
        raise HTTPException(418)
    return PlainTextResponse(request.query_params["q"])


class Answering:
    async def __call__(self, request: Request, mark: str = "") -> Response:
        return PlainTextResponse(request.query_params["q"] + mark)


@pytest.mark.parametrize(
    "func",
    [answer_later, answer_at_once, Answering(), functools.partial(answer_later)],
    ids=["async", "plain", "object", "partial"],
)
def test_a_function_of_the_request_may_be_made_an_application(func: Any) -> None:
    wrapped = CORSMiddleware(app=request_response(func), allow_origins=["*"])
    app = App(routes=[Route("/x", endpoint=wrapped, methods=["GET"])])
    answer = TestClient(app).get("/x?q=tea", headers={"Origin": "https://shop.example"})
    assert (answer.text, answer.headers["access-control-allow-origin"]) == ("tea", "*")


def test_what_such_a_function_raises_the_application_answers() -> None:
    app = App(routes=[Route("/x", endpoint=GZipMiddleware(request_response(answer_at_once)))])
    assert TestClient(app).get("/x").status_code == 418


def test_a_class_for_sockets_serves_where_it_is_mounted() -> None:
    class Echo(WebSocketEndpoint):
        encoding = "text"

        async def on_receive(self, websocket: WebSocket, data: Any) -> None:
            await websocket.send_text(data.upper())

    app = App(routes=[Mount("/echo", Echo)])
    with TestClient(app).websocket_connect("/echo/") as socket:
        socket.send_text("a")
        assert socket.receive_text() == "A"
