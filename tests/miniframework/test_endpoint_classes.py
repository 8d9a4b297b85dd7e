"""Starlette's endpoint classes, declared as routes."""

from typing import Any

import pytest

from miniframework import App, Depends, HTTPException, Request, Response, WebSocket
from miniframework.endpoints import HTTPEndpoint, WebSocketEndpoint
from miniframework.errors import RouteError
from miniframework.responses import PlainTextResponse
from miniframework.routing import Mount, Route, WebSocketRoute
from miniframework.testing import TestClient


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


def test_a_dispatch_of_ones_own_is_refused_where_it_would_not_be_called() -> None:
    class Own(HTTPEndpoint):
        async def dispatch(self) -> None: ...

    said = r"test_endpoint_classes.py:\d+: .*Own overrides dispatch\(\).*respond\(request\)"
    with pytest.raises(RouteError, match=said):
        App(routes=[Route("/", Own)])
