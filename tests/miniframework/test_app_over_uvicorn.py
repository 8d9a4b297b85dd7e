"""The same application behind a real server, spoken to in raw bytes."""

import asyncio
import logging
import socket
import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
import uvicorn
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect

from miniframework import App, HTTPException, Request, Response, StreamingResponse, WebSocket, events


class Gate:
    """Lets the test say when an endpoint goes on, and hear what it did."""

    def __init__(self) -> None:
        self.go_on = threading.Event()
        self.ended = threading.Event()


def make_app(gate: Gate) -> App:
    app, inner = App(), App()

    @app.get("/items/{item_id:int}")
    async def item(item_id: int, q: str | None = None) -> dict[str, Any]:
        return {"item_id": item_id, "q": q}

    @app.get("/stream")
    async def stream() -> StreamingResponse:
        async def content() -> AsyncIterator[bytes]:
            yield b"first"
            await asyncio.to_thread(gate.go_on.wait, 10)
            yield b"second"

        return StreamingResponse(content(), media_type="text/plain")

    @app.get("/idle")
    async def idle(request: Request) -> StreamingResponse:
        async def content() -> AsyncIterator[bytes]:
            try:
                yield b"data: hello\n\n"
                await asyncio.Event().wait()
            finally:
                gate.ended.set()

        return StreamingResponse(content(), media_type="text/event-stream")

    @app.post("/echo")
    async def echo(request: Request) -> StreamingResponse:
        return StreamingResponse(request.stream())

    @app.get("/breaks")
    async def breaks() -> StreamingResponse:
        async def content() -> AsyncIterator[bytes]:
            yield b"half"
            raise ConnectionError("the other half is lost")

        return StreamingResponse(content())

    @app.get("/fails")
    async def fails() -> None:
        raise ZeroDivisionError("this goes to the log")

    @inner.get("/list/")
    async def in_mount() -> str:
        return "mounted"

    @app.get("/{rest:path}/end")
    async def end(rest: str) -> str:
        return rest

    @app.websocket("/ws/{n:int}")
    async def ws(websocket: WebSocket, n: int) -> None:
        if n == 401:
            raise HTTPException(401, "who?")
        await websocket.accept()
        async for text in websocket.iter_text():
            await websocket.send_text(text * n)
        gate.ended.set()

    app.mount("/sub", inner)
    return app


@contextmanager
def serving(app: App, **settings: Any) -> Iterator[int]:
    listener = socket.create_server(("127.0.0.1", 0))
    config = uvicorn.Config(
        app, log_config=None, ws="websockets-sansio", timeout_graceful_shutdown=2, **settings
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
    thread.start()
    try:
        yield listener.getsockname()[1]
    finally:
        server.should_exit = True
        thread.join(10)
        listener.close()
    assert not thread.is_alive()


def open_request(port: int, head: str, body: bytes = b"") -> socket.socket:
    connection = socket.create_connection(("127.0.0.1", port), timeout=10)
    connection.sendall(head.replace("\n", "\r\n").encode() + b"\r\nHost: testserver\r\n")
    connection.sendall(b"Connection: close\r\n\r\n" + body)
    return connection


def ask(port: int, head: str, body: bytes = b"") -> tuple[int, dict[str, str], bytes]:
    with open_request(port, head, body) as connection:
        data = b"".join(iter(lambda: connection.recv(65536), b""))
    top, _, rest = data.partition(b"\r\n\r\n")
    status, *lines = top.decode("latin-1").split("\r\n")
    pairs = (line.split(": ", 1) for line in lines)
    headers = {name.lower(): value for name, value in pairs}
    return int(status.split()[1]), headers, rest


def read_until(connection: socket.socket, wanted: bytes) -> bytes:
    data = b""
    while wanted not in data:
        piece = connection.recv(65536)
        assert piece, data
        data += piece
    return data


@pytest.fixture(scope="module")
def gate() -> Gate:
    return Gate()


@pytest.fixture(scope="module")
def port(gate: Gate) -> Iterator[int]:
    app = make_app(gate)

    @app.middleware("http")
    async def stamp(request: Request, call_next: Any) -> Response:
        response = await call_next(request)
        response.headers["x-stamped"] = "yes"
        return response

    with serving(app) as number:
        yield number


def test_json_404_405_head_and_redirect_over_the_wire(port: int) -> None:
    status, headers, body = ask(port, "GET /items/42?q=a%20b HTTP/1.1")
    assert (status, body) == (200, b'{"item_id":42,"q":"a b"}')
    assert headers["x-stamped"] == "yes"
    assert ask(port, "GET /no HTTP/1.1")[::2] == (404, b'{"detail":"Not Found"}')
    status, headers, body = ask(port, "DELETE /items/42 HTTP/1.1")
    assert (status, headers["allow"], body) == (405, "GET, HEAD", b'{"detail":"Method Not Allowed"}')
    status, headers, body = ask(port, "HEAD /items/42 HTTP/1.1")
    assert (status, headers["content-length"], body) == (200, "23", b"")
    status, headers, _ = ask(port, "GET /items/42/?q=%C3%A9 HTTP/1.1")
    assert (status, headers["location"]) == (307, "/items/42?q=%C3%A9")


def test_the_double_slash_trap_over_the_wire(port: int) -> None:
    status, headers, _ = ask(port, "GET //evil.example/end/ HTTP/1.1")
    assert (status, headers["location"]) == (307, "/.//evil.example/end")


def test_a_stream_arrives_while_it_is_made(port: int, gate: Gate) -> None:
    gate.go_on.clear()
    with open_request(port, "GET /stream HTTP/1.1") as connection:
        assert b"second" not in read_until(connection, b"first")
        gate.go_on.set()
        read_until(connection, b"second")


def test_a_client_that_closes_ends_an_idle_event_stream(port: int, gate: Gate) -> None:
    gate.ended.clear()
    with open_request(port, "GET /idle HTTP/1.1") as connection:
        read_until(connection, b"hello")
        assert not gate.ended.is_set()
    assert gate.ended.wait(10)


def test_a_body_can_be_streamed_back_while_it_comes(port: int) -> None:
    connection = open_request(port, "POST /echo HTTP/1.1\nTransfer-Encoding: chunked")
    with connection:
        connection.sendall(b"3\r\none\r\n")
        read_until(connection, b"one")
        connection.sendall(b"3\r\ntwo\r\n0\r\n\r\n")
        read_until(connection, b"two")


def test_a_broken_stream_is_cut_not_ended(port: int) -> None:
    status, headers, body = ask(port, "GET /breaks HTTP/1.1")
    assert (status, headers["transfer-encoding"]) == (200, "chunked")
    assert b"half" in body
    assert not body.endswith(b"0\r\n\r\n")


def test_a_500_is_answered_and_logged_by_the_server(port: int) -> None:
    log = logging.getLogger("uvicorn.error")
    told = threading.Event()  # the server writes the log after it has answered

    class Listening(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            if "this goes to the log" in logging.Formatter().format(record):
                told.set()

    handler = Listening()
    level = log.level
    log.addHandler(handler)
    log.setLevel(logging.ERROR)
    try:
        assert ask(port, "GET /fails HTTP/1.1")[::2] == (500, b"Internal Server Error")
        assert told.wait(10)
    finally:
        log.removeHandler(handler)
        log.setLevel(level)


def test_websockets_over_the_wire(port: int, gate: Gate) -> None:
    gate.ended.clear()
    with connect(f"ws://127.0.0.1:{port}/ws/3") as session:
        session.send("ab")
        assert session.recv(10) == "ababab"
    assert gate.ended.wait(10)
    for path, status in (("/ws/401", 401), ("/nowhere", 403), ("/items/1", 403)):
        with pytest.raises(InvalidStatus) as caught, connect(f"ws://127.0.0.1:{port}{path}"):
            pass
        assert caught.value.response.status_code == status


def test_below_a_root_path_everything_still_fits() -> None:
    app = make_app(Gate())
    heard: list[events.Event] = []
    app.bus.subscribe(heard.append)
    with serving(app, root_path="/api") as port:
        assert ask(port, "GET /items/1 HTTP/1.1")[0] == 200
        assert ask(port, "GET /items/1/?x=1 HTTP/1.1")[1]["location"] == "/api/items/1?x=1"
        assert ask(port, "GET /sub/list HTTP/1.1")[1]["location"] == "/api/sub/list/"
        assert ask(port, "GET /sub/list/ HTTP/1.1")[2] == b'"mounted"'
    matched = [event.path for event in heard if isinstance(event, events.RouteMatched)]
    assert matched == ["/items/1", "/sub/list", "/sub/list/", "/list/"]
