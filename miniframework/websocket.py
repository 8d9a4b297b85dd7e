"""A WebSocket connection as an endpoint sees it."""

import json
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping
from enum import Enum
from typing import Any, Final, Literal, TypeVar, cast

from miniframework.errors import MiniframeworkError
from miniframework.header_text import encode_header
from miniframework.http.connection import Connection
from miniframework.http.response import Response
from miniframework.types import Message, RawHeaders, Receive, Scope, Send

# RFC 6455 section 7.4.1: 1000 normal, 1005 no code was given, 1006 the connection broke.
NORMAL_CLOSURE = 1000
_NO_CODE = 1005
_BROKEN = 1006

# Source: ASGI specification, WebSocket Denial Response.
_DENIAL: Final = "websocket.http.response"

# RFC 6455 section 5.5: a control frame has at most 125 bytes, two of which are the close code.
_REASON_BYTES = 123

# An extension of ours: who offers it wants a WebSocketDisconnect that an endpoint does not catch. A test
# client does; to a server it would be one more traceback for each client that leaves.
RAISE_DISCONNECT: Final = "miniframework.raise_disconnect"

HeaderPairs = Mapping[str, str] | Iterable[tuple[str | bytes, str | bytes]]
Mode = Literal["text", "binary"]
Part = TypeVar("Part")


class WebSocketDisconnect(MiniframeworkError):
    """The client is gone; `code` and `reason` are those of its close frame. Uncaught, it just ends the
    endpoint (in a test client it is raised).
    """

    def __init__(self, code: int = NORMAL_CLOSURE, reason: str | None = None) -> None:
        self.code = code  # the text of it is what it was made with, as in Starlette
        self.reason = reason or ""


class WebSocketDisconnected(RuntimeError):
    """A call on a connection that is not open: not accepted yet, closed here, or known to be left."""


class WebSocketState(Enum):
    """How far one side of a connection has come; RESPONSE: a denial is being sent."""

    CONNECTING = 0
    CONNECTED = 1
    DISCONNECTED = 2
    RESPONSE = 3


class WebSocket(Connection):
    """One WebSocket connection: `accept` it, then send and receive, then `close`.

    `client_state` is what was received, `application_state` what was sent. Calls out of order raise
    RuntimeError; a client that is gone raises WebSocketDisconnect. Source: ASGI specification, WebSocket.
    """

    __slots__ = ("_receive", "_send", "application_state", "client_state")

    def __init__(self, scope: Scope, receive: Receive, send: Send) -> None:
        super().__init__(scope)
        self._receive = receive
        self._send = send
        self.client_state = WebSocketState.CONNECTING
        self.application_state = WebSocketState.CONNECTING

    @property
    def subprotocols(self) -> list[str]:
        """The subprotocols the client offers."""
        return list(self.scope.get("subprotocols") or ())

    @property
    def is_accepted(self) -> bool:
        """Whether frames can be sent now."""
        connected = WebSocketState.CONNECTED
        return self.application_state is connected and self.client_state is connected

    @property
    def is_closed(self) -> bool:
        """Whether it was closed, or the handshake refused, from this side."""
        return self.application_state is WebSocketState.DISCONNECTED

    async def accept(self, subprotocol: str | None = None, headers: HeaderPairs | None = None) -> None:
        """Finish the handshake. `subprotocol` should be one the client offered; names and values of
        `headers` are text, or bytes as ASGI has them. Raises ValueError for what would split a header.
        """
        if self.client_state is WebSocketState.CONNECTING:
            await self.receive()
        raw = _encode_headers(headers or ())
        if subprotocol is not None:
            encode_header("sec-websocket-protocol", subprotocol)  # as which the server sends it, maybe unseen
        await self.send({"type": "websocket.accept", "subprotocol": subprotocol, "headers": raw})

    async def receive(self) -> Message:
        """Give the next ASGI message as it is: first `websocket.connect`, then `websocket.receive`, and at
        the end `websocket.disconnect`. After that it raises WebSocketDisconnected.
        """
        if self.client_state is WebSocketState.DISCONNECTED:
            raise WebSocketDisconnected('Cannot call "receive" once a disconnect message has been received.')
        message = await self._receive()
        is_handshake = self.client_state is WebSocketState.CONNECTING
        match message["type"]:
            case "websocket.disconnect":
                self.client_state = WebSocketState.DISCONNECTED
                if is_handshake:
                    raise _disconnect(message)
            case "websocket.connect" if is_handshake:
                self.client_state = WebSocketState.CONNECTED
            case "websocket.receive" if not is_handshake:
                pass
            case kind:
                raise RuntimeError(f"the server sent {kind!r} to a client that is {self.client_state.name}")
        return message

    async def receive_text(self) -> str:
        """Give the next message, which must be text: KeyError for a binary one."""
        return cast(str, await self._receive_part("text"))

    async def receive_bytes(self) -> bytes:
        """Give the next message, which must be binary: KeyError for a text."""
        return cast(bytes, await self._receive_part("bytes"))

    async def receive_json(self, mode: Mode = "text") -> Any:
        """Give the next message, a text or with `mode="binary"` a binary one, read as JSON.

        Raises ValueError when it is none, KeyError for the other kind of message.
        """
        _check_mode(mode)
        return json.loads(await self._receive_part("text" if mode == "text" else "bytes"))

    def iter_text(self) -> AsyncIterator[str]:
        """Give every message as text until the client leaves."""
        return _iterate(self.receive_text)

    def iter_bytes(self) -> AsyncIterator[bytes]:
        """Give every message as bytes until the client leaves."""
        return _iterate(self.receive_bytes)

    def iter_json(self) -> AsyncIterator[Any]:
        """Give every message read as JSON until the client leaves."""
        return _iterate(self.receive_json)

    async def send(self, message: Message) -> None:
        """Send an ASGI message as it is. Raises RuntimeError for one that is out of order."""
        kind = message["type"]
        match self.application_state:
            case WebSocketState.CONNECTING:
                _expect(kind, "websocket.accept", "websocket.close", f"{_DENIAL}.start")
            case WebSocketState.CONNECTED:
                _expect(kind, "websocket.send", "websocket.close")
            case WebSocketState.RESPONSE:
                _expect(kind, f"{_DENIAL}.body")
            case WebSocketState.DISCONNECTED:
                raise WebSocketDisconnected('Cannot call "send" once a close message has been sent.')
        if self.client_state is WebSocketState.DISCONNECTED:
            raise WebSocketDisconnect(_BROKEN)
        self._note_sent(message)
        try:
            await self._send(message)
        except OSError as error:  # ASGI 2.4: what send raises when the client is gone
            self.client_state = self.application_state = WebSocketState.DISCONNECTED
            raise WebSocketDisconnect(_BROKEN) from error

    async def send_text(self, data: str) -> None:
        """Send a text message."""
        await self.send({"type": "websocket.send", "text": data})

    async def send_bytes(self, data: bytes) -> None:
        """Send a binary message."""
        await self.send({"type": "websocket.send", "bytes": data})

    async def send_json(self, data: Any, mode: Mode = "text") -> None:
        """Send a value as JSON, text or binary. Raises TypeError for what JSON has not."""
        _check_mode(mode)
        text = json.dumps(data, separators=(",", ":"), ensure_ascii=False)
        if mode == "text":
            await self.send_text(text)
        else:
            await self.send_bytes(text.encode())

    async def close(self, code: int = NORMAL_CLOSURE, reason: str | None = None) -> None:
        """Close the connection; before `accept` it refuses the handshake, and the server answers 403.

        Closing what the client has closed does nothing; closing it twice from here raises RuntimeError, as
        anything that is sent after `close` does.
        """
        if self.is_closed or self.client_state is not WebSocketState.DISCONNECTED:
            await self.send({"type": "websocket.close", "code": code, "reason": reason or ""})

    async def send_denial_response(self, response: Response) -> None:
        """Refuse the handshake with a full HTTP response. Raises RuntimeError where the server cannot."""
        if not self.can_be_denied:
            raise RuntimeError(
                "The server doesn't support the Websocket Denial Response extension; use close(), "
                "which answers 403"
            )
        await response(self.scope, self.receive, self.send)

    @property
    def can_be_denied(self) -> bool:
        """Whether the server can refuse a handshake with a full HTTP response."""
        return _DENIAL in (self.scope.get("extensions") or ())

    def _note_sent(self, message: Message) -> None:
        match message["type"]:
            case "websocket.accept":
                self.application_state = WebSocketState.CONNECTED
            case "websocket.close":
                self.application_state = WebSocketState.DISCONNECTED
            case "websocket.http.response.start":
                self.application_state = WebSocketState.RESPONSE
            case "websocket.http.response.body" if not message.get("more_body", False):
                self.application_state = WebSocketState.DISCONNECTED

    async def _receive_part(self, key: Literal["text", "bytes"]) -> str | bytes:
        if self.application_state is not WebSocketState.CONNECTED:
            raise WebSocketDisconnected('WebSocket is not connected. Need to call "accept" first.')
        message = await self.receive()
        if message["type"] == "websocket.disconnect":
            raise _disconnect(message)
        part: str | bytes | None = message.get(key)
        if part is None:  # some servers give both keys
            other = KeyError(key)
            other.add_note(f"The client sent the other kind of message: {message!r:.200}")
            raise other
        return part


async def _iterate(receive: Callable[[], Awaitable[Part]]) -> AsyncIterator[Part]:
    try:
        while True:
            yield await receive()
    except WebSocketDisconnect:
        return


def shorten_reason(text: str) -> str:
    """Cut a reason to what a close frame holds: 123 bytes of UTF-8."""
    return text.encode()[:_REASON_BYTES].decode(errors="ignore")


def _disconnect(message: Message) -> WebSocketDisconnect:
    return WebSocketDisconnect(message.get("code") or _NO_CODE, message.get("reason"))


def _check_mode(mode: str) -> None:
    if mode not in ("text", "binary"):
        raise RuntimeError('The "mode" argument should be "text" or "binary".')


def _expect(kind: str, *expected: str) -> None:
    """Raise RuntimeError for a message that does not fit how far the connection has come."""
    if kind not in expected:
        *first, last = (f'"{one}"' for one in expected)
        named = f"{', '.join(first)} or {last}" if first else last
        raise RuntimeError(f"Expected ASGI message {named}, but got {kind!r}")


def _encode_headers(headers: HeaderPairs) -> RawHeaders:
    pairs = headers.items() if isinstance(headers, Mapping) else headers
    return [encode_header(_as_text(name), _as_text(value)) for name, value in pairs]


def _as_text(part: str | bytes) -> str:
    return part.decode("latin-1") if isinstance(part, bytes) else part
