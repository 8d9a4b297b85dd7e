"""WebSockets behind a real server, spoken to by the `websockets` client."""

import json
import threading
from collections.abc import AsyncIterator, Iterator
from typing import Annotated, Any

import pytest
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import ClientConnection, connect

from miniframework import App, Depends, HTTPException, JSONResponse, WebSocket, WebSocketDisconnect
from miniframework import WebSocketException as Refused
from tests.miniframework.test_app_over_uvicorn import serving


class Heard:
    """What the endpoints say to the test."""

    def __init__(self) -> None:
        self.lines: list[Any] = []
        self.closed = threading.Event()


def make_app(heard: Heard) -> App:
    app = App()

    @app.websocket("/talk")
    async def talk(websocket: WebSocket) -> None:
        await websocket.accept("two", headers=[(b"x-raw", b"1")])
        await websocket.send_text((await websocket.receive_text()).upper())
        await websocket.send_bytes((await websocket.receive_bytes())[::-1])
        await websocket.send_json(await websocket.receive_json())
        await websocket.close(4000, "enough")

    @app.websocket("/listen")
    async def listen(websocket: WebSocket) -> None:
        await websocket.accept()
        try:
            while True:
                heard.lines.append(await websocket.receive_text())
        except WebSocketDisconnect as gone:
            heard.lines.append((gone.code, gone.reason))
            heard.closed.set()

    async def resource() -> AsyncIterator[str]:
        try:
            yield "open"
        finally:
            heard.closed.set()

    @app.websocket("/quiet")
    async def quiet(websocket: WebSocket, value: Annotated[str, Depends(resource)]) -> None:
        await websocket.accept()
        await websocket.receive_text()

    @app.websocket("/refuse/{how}")
    async def refuse(websocket: WebSocket, how: str, n: int = 0) -> None:
        if how == "exception":
            raise Refused(1008, "no")
        if how == "http":
            raise HTTPException(401, "who?", {"WWW-Authenticate": "Bearer"})
        if how == "denial":
            await websocket.send_denial_response(JSONResponse({"no": "way"}, 409))

    @app.websocket("/fail")
    async def fail(websocket: WebSocket) -> None:
        await websocket.accept()
        raise Refused(4008, "broken rule")

    return app


@pytest.fixture(scope="module")
def heard() -> Heard:
    return Heard()


@pytest.fixture(scope="module")
def port(heard: Heard) -> Iterator[int]:
    with serving(make_app(heard)) as number:
        yield number


def open_socket(port: int, path: str, **options: Any) -> ClientConnection:
    return connect(f"ws://127.0.0.1:{port}{path}", open_timeout=10, close_timeout=10, **options)


def test_frames_subprotocol_headers_and_close_code_arrive(port: int) -> None:
    with open_socket(port, "/talk", subprotocols=["one", "two"]) as client:
        assert client.subprotocol == "two"
        assert client.response is not None
        assert client.response.headers["x-raw"] == "1"
        client.send("é")
        assert client.recv(10) == "É"
        client.send(b"abc")
        assert client.recv(10) == b"cba"
        client.send('{"a": [1]}')
        assert json.loads(client.recv(10)) == {"a": [1]}
        with pytest.raises(ConnectionClosed) as caught:
            client.recv(10)
    assert caught.value.rcvd is not None
    assert (caught.value.rcvd.code, caught.value.rcvd.reason) == (4000, "enough")


def test_the_clients_close_code_and_reason_reach_the_endpoint(port: int, heard: Heard) -> None:
    heard.lines.clear()
    heard.closed.clear()
    with open_socket(port, "/listen") as client:
        client.send("a")
        client.close(4001, "away")
    assert heard.closed.wait(10)
    assert heard.lines == ["a", (4001, "away")]


def test_a_client_that_leaves_uncaught_cleans_up_and_is_no_error_in_the_log(
    port: int, heard: Heard, caplog: pytest.LogCaptureFixture
) -> None:
    heard.closed.clear()
    with open_socket(port, "/quiet"):
        pass
    assert heard.closed.wait(10)
    assert [record for record in caplog.records if record.levelname == "ERROR"] == []


@pytest.mark.parametrize(
    ("path", "status", "body"),
    [
        ("/refuse/exception", 403, None),
        ("/refuse/nothing", 403, None),
        ("/refuse/exception?n=x", 403, None),
        ("/nowhere", 403, None),
        ("/refuse/http", 401, {"detail": "who?"}),
        ("/refuse/denial", 409, {"no": "way"}),
    ],
)
def test_a_refused_handshake_has_the_status_and_body_that_were_meant(
    port: int, path: str, status: int, body: Any
) -> None:
    with pytest.raises(InvalidStatus) as caught, open_socket(port, path):
        pass
    response = caught.value.response
    assert response.status_code == status
    if body is not None:
        assert json.loads(response.body or b"") == body


def test_an_exception_after_the_accept_is_a_close_frame(port: int) -> None:
    with open_socket(port, "/fail") as client, pytest.raises(ConnectionClosed) as caught:
        client.recv(10)
    assert caught.value.rcvd is not None
    assert (caught.value.rcvd.code, caught.value.rcvd.reason) == (4008, "broken rule")
