"""A WebSocket connection to an application, from plain test code."""

import asyncio
import json
from concurrent.futures import Future
from types import TracebackType
from typing import Any, Self, cast

from miniframework.datastructures import Headers
from miniframework.testing.errors import ProtocolViolation, SocketRefused
from miniframework.testing.portal import Portal
from miniframework.testing.response import TestResponse
from miniframework.types import ASGIApp, Message, RawHeaders, Scope
from miniframework.websocket import WebSocketDisconnect

# RFC 6455 section 7.4.1: what a client sees when the other side is gone without a close frame.
_ABNORMAL_CLOSURE = 1006
# Frames on the way in either direction before the sender waits, as a socket's buffer would make it.
_FRAMES_ON_THE_WAY = 1024


class SocketSession:
    """One connection; `with client.websocket_connect("/ws") as session:` opens it and closes it.

    Entering raises SocketRefused when the application refuses the handshake. Receiving raises
    WebSocketDisconnect when it has closed the connection, TimeoutError when nothing comes. Leaving raises
    what the application raised.
    """

    def __init__(self, app: ASGIApp, scope: Scope, url: str, portal: Portal | None, timeout_s: float) -> None:
        self.accepted_subprotocol: str | None = None
        self.headers = Headers()
        self._app = app
        self._scope = scope
        self._url = url
        self._own_portal = portal is None
        self._portal = portal
        self._timeout_s = timeout_s
        self._to_app: asyncio.Queue[Message] = asyncio.Queue(_FRAMES_ON_THE_WAY)
        self._from_app: asyncio.Queue[Message] = asyncio.Queue(_FRAMES_ON_THE_WAY)
        self._left = False
        self._ended = asyncio.Event()
        self._running: Future[None] | None = None

    def __enter__(self) -> Self:
        if self._portal is None:
            self._portal = Portal()
        self._running = self._portal.start(self._run())
        try:
            self._shake_hands()
        except BaseException:
            self._leave(1001, "", raise_errors=False)
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._leave(1000, "", raise_errors=error is None)

    def send(self, message: Message) -> None:
        """Hand the application an ASGI message as it is."""
        self._wait(self._to_app.put(message))

    def send_text(self, data: str) -> None:
        """Send a text frame."""
        self.send({"type": "websocket.receive", "text": data})

    def send_bytes(self, data: bytes) -> None:
        """Send a binary frame."""
        self.send({"type": "websocket.receive", "bytes": data})

    def send_json(self, data: Any) -> None:
        """Send a value as JSON in a text frame."""
        self.send_text(json.dumps(data, ensure_ascii=False, separators=(",", ":")))

    def receive(self) -> Message:
        """Give the application's next `websocket.send` message."""
        message = self._wait(self._next())
        if message is None:
            self._raise_failure()
            raise WebSocketDisconnect(_ABNORMAL_CLOSURE, "")
        if message["type"] == "websocket.close":
            raise WebSocketDisconnect(message.get("code") or 1000, message.get("reason") or "")
        if message["type"] != "websocket.send":
            raise ProtocolViolation(f"message {message['type']!r} on an open connection")
        return cast(Message, message)

    def receive_text(self) -> str:
        """Give the next message, which must be a text frame."""
        return str(self._payload("text"))

    def receive_bytes(self) -> bytes:
        """Give the next message, which must be a binary frame."""
        return bytes(self._payload("bytes"))

    def receive_json(self) -> Any:
        """Give the next message read as JSON."""
        message = self.receive()
        text = message.get("text")
        return json.loads(message["bytes"] if text is None else text)

    def close(self, code: int = 1000, reason: str = "") -> None:
        """Close the connection from the client's side; closing twice is no error."""
        if not self._left:
            self._left = True
            self.send({"type": "websocket.disconnect", "code": code, "reason": reason})

    def _payload(self, key: str) -> Any:
        message = self.receive()
        if message.get(key) is None:
            raise AssertionError(f"expected a {key} frame, got {message!r:.300}")
        return message[key]

    def _shake_hands(self) -> None:
        self.send({"type": "websocket.connect"})
        message = self._wait(self._next())
        if message is None:
            self._raise_failure()
            raise ProtocolViolation(
                f"the application returned without an answer to the handshake of {self._url}"
            )
        if message["type"] == "websocket.close":
            code, reason = message.get("code") or 1000, message.get("reason") or ""
            raise SocketRefused(self._response(403, [], []), code, reason)
        if message["type"] == "websocket.http.response.start":
            chunks = list(self._denial_chunks())
            response = self._response(message["status"], list(message.get("headers") or ()), chunks)
            raise SocketRefused(response, _ABNORMAL_CLOSURE, response.reason_phrase)
        if message["type"] != "websocket.accept":
            raise ProtocolViolation(f"message {message['type']!r} in answer to a handshake")
        self.accepted_subprotocol = message.get("subprotocol")
        self.headers = Headers(message.get("headers") or ())

    def _denial_chunks(self) -> Any:
        while (message := self._wait(self._next())) is not None:
            yield bytes(message.get("body") or b"")
            if not message.get("more_body", False):
                return

    def _response(self, status: int, headers: RawHeaders, chunks: list[bytes]) -> TestResponse:
        return TestResponse(
            method="GET", url=self._url, status_code=status, headers=Headers(headers), chunks=tuple(chunks)
        )

    def _leave(self, code: int, reason: str, *, raise_errors: bool) -> None:
        assert self._running is not None
        assert self._portal is not None
        try:
            if not self._ended.is_set():
                self.close(code, reason)
            self._left = True
            self._wait(self._wait_for_end())
        except TimeoutError:
            self._running.cancel()
            if raise_errors:
                raise
        finally:
            if self._own_portal:
                self._portal.close()
        if raise_errors:
            self._raise_failure()

    def _raise_failure(self) -> None:
        if self._running is not None and self._running.done() and not self._running.cancelled():
            self._running.result()

    def _wait(self, coroutine: Any) -> Any:
        assert self._portal is not None

        async def within_deadline() -> Any:
            async with asyncio.timeout(self._timeout_s):
                return await coroutine

        return self._portal.run(within_deadline())

    async def _run(self) -> None:
        try:
            await self._app(self._scope, self._to_app.get, self._take)
        finally:
            self._ended.set()

    async def _take(self, message: Message) -> None:
        if not self._left:
            await self._from_app.put(message)

    async def _next(self) -> Message | None:
        """Give the application's next message, None when it has ended without one."""
        if self._from_app.empty() and not self._ended.is_set():
            waits = {asyncio.create_task(self._from_app.get()), asyncio.create_task(self._ended.wait())}
            try:
                done, _ = await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
            finally:
                for one in waits:
                    one.cancel()
            for result in (one.result() for one in done):
                if isinstance(result, dict):
                    return result
        return None if self._from_app.empty() else self._from_app.get_nowait()

    async def _wait_for_end(self) -> None:
        while await self._next() is not None:  # makes room for a sender that waits
            pass
