"""The order of a WebSocket's messages, whatever the client does.

Source: ASGI specification 3.0, WebSocket.
"""

import asyncio
from typing import Any

import pytest

from miniframework import App, HTTPException, WebSocket, WebSocketDisconnect
from miniframework.responses import PlainTextResponse
from miniframework.types import Message
from tests.miniframework.asgi_driver import Wire, call, socket_scope

ORDER = {
    "websocket.accept": ("connecting", "open"),
    "websocket.send": ("open", "open"),
    "websocket.close": ("connecting open", "closed"),
    "websocket.http.response.start": ("connecting", "denying"),
    "websocket.http.response.body": ("denying", "closed"),
}


def sockets() -> App:
    app = App()

    @app.websocket("/echo")
    async def echo(websocket: WebSocket) -> None:
        await websocket.accept()
        try:
            async for text in websocket.iter_text():
                await websocket.send_text(text)
        except KeyError:  # a binary message
            await websocket.close(1003)

    @app.websocket("/deny")
    async def deny(websocket: WebSocket) -> None:
        await websocket.send_denial_response(PlainTextResponse("no", 401))

    @app.websocket("/refuse")
    async def refuse(websocket: WebSocket) -> None:
        raise HTTPException(403)

    @app.websocket("/silent")
    async def silent(websocket: WebSocket) -> None: ...

    @app.websocket("/many/{n}")
    async def many(websocket: WebSocket, n: int) -> None:
        await websocket.accept(headers=[(b"x-a", b"1")])
        await websocket.send_bytes(b"\x00" * 1_000_000)
        await websocket.close(3000, "bye")

    return app


CONNECT = {"type": "websocket.connect"}
LEFT = {"type": "websocket.disconnect"}
CONVERSATIONS = {
    "left": [CONNECT, LEFT | {"code": 1001, "reason": "away"}],
    "left without a code": [CONNECT, LEFT | {"code": None}],
    "left at once": [LEFT],
    "text": [CONNECT, {"type": "websocket.receive", "text": "z" * 1_000_000}, LEFT],
    "bytes": [CONNECT, {"type": "websocket.receive", "text": None, "bytes": b"b"}, LEFT],
}


@pytest.mark.parametrize("messages", CONVERSATIONS.values(), ids=CONVERSATIONS)
@pytest.mark.parametrize(
    "extensions", [{"websocket.http.response": {}}, {}, None], ids=["denial", "none", "null"]
)
def test_a_connection_keeps_the_order_of_its_messages(messages: list[Message], extensions: Any) -> None:
    app = sockets()
    paths = ["/echo", "/refuse", "/silent", "/many/3", "/many/x", "/missing"]
    for path in paths + (["/deny"] if extensions else []):
        scope = socket_scope(path, extensions=extensions)
        state = "connecting"
        for message in asyncio.run(call(app, scope, *messages)).sent:
            before, after = ORDER[message["type"]]
            assert state in before.split(), (path, message)
            assert extensions or not message["type"].startswith("websocket.http"), path
            assert len((message.get("reason") or "").encode()) <= 123
            state = after
        assert state != "connecting" or messages[0] == LEFT, path


@pytest.mark.parametrize("path", ["/echo", "/refuse", "/silent", "/many/3", "/many/x"])
def test_a_client_that_is_gone_before_the_answer_is_no_failure_of_the_endpoint(path: str) -> None:
    tried: list[str] = []

    async def send(message: Message) -> None:
        tried.append(message["type"])
        raise OSError("the client is gone")

    asyncio.run(sockets()(socket_scope(path), Wire([CONNECT]).receive, send))
    assert len(tried) == 1


def test_a_disconnect_without_a_code_is_1005() -> None:
    codes: list[int] = []
    app = App()
    answers: list[dict[str, Any]] = [{}, {"code": None}, {"code": 4000}]

    @app.websocket("/")
    async def listen(websocket: WebSocket) -> None:
        await websocket.accept()
        try:
            await websocket.receive_text()
        except WebSocketDisconnect as left:
            codes.append(left.code)

    for said in answers:
        asyncio.run(call(app, socket_scope("/"), CONNECT, LEFT | said))
    assert codes == [1005, 1005, 4000]
