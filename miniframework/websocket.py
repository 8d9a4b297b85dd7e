"""A WebSocket connection as an endpoint sees it."""

import json
from collections.abc import AsyncIterator, Iterable, Mapping
from enum import Enum
from typing import Any, cast

from miniframework.datastructures import encode_header
from miniframework.errors import MiniframeworkError
from miniframework.http.connection import Connection
from miniframework.http.response import Response
from miniframework.types import Message, Receive, Scope, Send

# RFC 6455 section 7.4.1: 1000 normal, 1005 no code was given, 1006 the connection broke.
NORMAL_CLOSURE = 1000
_NO_CODE = 1005
_BROKEN = 1006


class WebSocketDisconnect(MiniframeworkError):
    """The client is gone; `code` and `reason` are those of its close frame. Uncaught, it just ends the
    endpoint.
    """

    def __init__(self, code: int = _NO_CODE, reason: str = "") -> None:
        self.code = code
        self.reason = reason
        super().__init__(f"the client closed the connection: {code} {reason}".rstrip())


class SocketState(Enum):
    """How far the connection has come."""

    CONNECTING = "connecting"
    OPEN = "open"
    CLOSED = "closed"


class WebSocket(Connection):
    """One WebSocket connection: `accept` it, then send and receive, then `close`.

    Calls out of order raise RuntimeError; once the client is gone, receiving and sending raise
    WebSocketDisconnect. Source: ASGI specification, WebSocket.
    """

    __slots__ = ("_receive", "_send", "state_of_connection")

    def __init__(self, scope: Scope, receive: Receive, send: Send) -> None:
        super().__init__(scope)
        self._receive = receive
        self._send = send
        self.state_of_connection = SocketState.CONNECTING

    @property
    def subprotocols(self) -> list[str]:
        """The subprotocols the client offers."""
        return list(self.scope.get("subprotocols") or ())

    @property
    def is_accepted(self) -> bool:
        """Whether frames can be sent now."""
        return self.state_of_connection is SocketState.OPEN

    async def accept(
        self, subprotocol: str | None = None, headers: Mapping[str, str] | Iterable[tuple[str, str]] = ()
    ) -> None:
        """Finish the handshake. `subprotocol` should be one the client offered."""
        if self.state_of_connection is not SocketState.CONNECTING:
            raise RuntimeError(f"accept() on a connection that is {self.state_of_connection.value}")
        message = await self._receive()
        if message["type"] == "websocket.disconnect":
            raise self._left(message)
        pairs = headers.items() if isinstance(headers, Mapping) else headers
        raw = [encode_header(name, value) for name, value in pairs]
        await self._pass_on({"type": "websocket.accept", "subprotocol": subprotocol, "headers": raw})
        self.state_of_connection = SocketState.OPEN

    async def receive(self) -> Message:
        """Give the next `websocket.receive` message. Raises WebSocketDisconnect when the client is gone."""
        self._need_open("receive")
        message = await self._receive()
        if message["type"] == "websocket.disconnect":
            raise self._left(message)
        return message

    async def receive_text(self) -> str:
        """Give the next message as text; a binary one is read as UTF-8."""
        message = await self.receive()
        text = message.get("text")
        return cast(str, text) if text is not None else cast(bytes, message["bytes"]).decode()

    async def receive_bytes(self) -> bytes:
        """Give the next message as bytes; a text one as UTF-8."""
        message = await self.receive()
        data = message.get("bytes")
        return cast(bytes, data) if data is not None else cast(str, message["text"]).encode()

    async def receive_json(self) -> Any:
        """Give the next message read as JSON. Raises ValueError when it is none."""
        return json.loads(await self.receive_text())

    async def iter_text(self) -> AsyncIterator[str]:
        """Give every message as text until the client leaves."""
        try:
            while True:
                yield await self.receive_text()
        except WebSocketDisconnect:
            return

    async def iter_bytes(self) -> AsyncIterator[bytes]:
        """Give every message as bytes until the client leaves."""
        try:
            while True:
                yield await self.receive_bytes()
        except WebSocketDisconnect:
            return

    async def iter_json(self) -> AsyncIterator[Any]:
        """Give every message read as JSON until the client leaves."""
        async for text in self.iter_text():
            yield json.loads(text)

    async def send_text(self, text: str) -> None:
        """Send a text message."""
        self._need_open("send_text")
        await self._pass_on({"type": "websocket.send", "text": text})

    async def send_bytes(self, data: bytes) -> None:
        """Send a binary message."""
        self._need_open("send_bytes")
        await self._pass_on({"type": "websocket.send", "bytes": data})

    async def send_json(self, value: Any) -> None:
        """Send a value as JSON text. Raises TypeError for what JSON has not."""
        await self.send_text(json.dumps(value, separators=(",", ":"), ensure_ascii=False))

    async def close(self, code: int = NORMAL_CLOSURE, reason: str = "") -> None:
        """Close the connection; before `accept` it refuses the handshake, and the server answers 403.

        Closing what is closed already does nothing.
        """
        if self.state_of_connection is SocketState.CLOSED:
            return
        self.state_of_connection = SocketState.CLOSED
        await self._send({"type": "websocket.close", "code": code, "reason": reason})

    async def deny(self, response: Response) -> None:
        """Refuse the handshake with a full HTTP response where the server can, else like `close`.

        Source: ASGI specification, WebSocket Denial Response.
        """
        if self.state_of_connection is not SocketState.CONNECTING:
            raise RuntimeError(f"deny() on a connection that is {self.state_of_connection.value}")
        if "websocket.http.response" not in (self.scope.get("extensions") or ()):
            await self.close()
            return
        self.state_of_connection = SocketState.CLOSED
        await response(self.scope, self._receive, self._send)

    async def _pass_on(self, message: Message) -> None:
        try:
            await self._send(message)
        except OSError as error:  # ASGI 2.4: what send raises when the client is gone
            self.state_of_connection = SocketState.CLOSED
            raise WebSocketDisconnect(_BROKEN) from error

    def _left(self, message: Message) -> WebSocketDisconnect:
        self.state_of_connection = SocketState.CLOSED
        return WebSocketDisconnect(message.get("code", _NO_CODE), message.get("reason") or "")

    def _need_open(self, call: str) -> None:
        if self.state_of_connection is SocketState.CONNECTING:
            raise RuntimeError(f"{call}() before accept(); call `await websocket.accept()` first")
        if self.state_of_connection is SocketState.CLOSED:
            raise WebSocketDisconnect(_BROKEN)
