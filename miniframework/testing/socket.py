"""A WebSocket connection to an application, from plain test code."""

import asyncio
import json
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import AbstractContextManager
from types import TracebackType
from typing import Any, Literal, Self, cast

from miniframework.testing.errors import ProtocolViolation, SocketRefused, WebSocketDenialResponse
from miniframework.testing.headers import ResponseHeaders, read_raw
from miniframework.testing.portal import GRACE_S, Portal
from miniframework.testing.response import TestResponse
from miniframework.testing.sent import SentRequest
from miniframework.testing.url import RequestURL
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
    what the application raised: a WebSocketDisconnect too, when it did not catch it. An application that
    does not notice that it was left is cancelled after a second.
    """

    def __init__(
        self,
        app: ASGIApp,
        scope: Scope,
        url: str,
        open_portal: Callable[[], AbstractContextManager[Portal]],
        timeout_s: float,
    ) -> None:
        self.accepted_subprotocol: str | None = None
        self.headers = ResponseHeaders()
        self.scope = scope
        self._app = app
        self._url = url
        self._open_portal = open_portal
        self._portal: Portal | None = None
        self._timeout_s = timeout_s
        self._to_app: asyncio.Queue[Message] = asyncio.Queue(_FRAMES_ON_THE_WAY)
        self._from_app: asyncio.Queue[Message] = asyncio.Queue(_FRAMES_ON_THE_WAY)
        self._left = False
        self._ended = asyncio.Event()
        self._running: Future[None] | None = None

    def __enter__(self) -> Self:
        self._opened = self._open_portal()
        self._portal = self._opened.__enter__()
        self._running = self._portal.start(self._run())
        try:
            self._shake_hands()
        except BaseException:
            self._leave(1001, raise_errors=False)
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._leave(1000, raise_errors=error is None)

    def send(self, message: Message) -> None:
        """Hand the application an ASGI message as it is."""
        self._wait(self._to_app.put(message))

    def send_text(self, data: str) -> None:
        """Send a text frame."""
        self.send({"type": "websocket.receive", "text": data})

    def send_bytes(self, data: bytes) -> None:
        """Send a binary frame."""
        self.send({"type": "websocket.receive", "bytes": data})

    def send_json(self, data: Any, mode: Literal["text", "binary"] = "text") -> None:
        """Send a value as JSON in a text frame, or in a binary one."""
        text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
        if mode == "text":
            self.send_text(text)
        else:
            self.send_bytes(text.encode())

    @property
    def extra_headers(self) -> RawHeaders:
        """The headers of the accepted handshake as ASGI has them."""
        return self.headers.raw

    def receive(self) -> Message:
        """Give the application's next message as it is: `websocket.send` or `websocket.close`."""
        message = self._wait(self._next())
        if message is None:
            self._raise_failure()
            raise WebSocketDisconnect(_ABNORMAL_CLOSURE, "")
        if message["type"] not in ("websocket.send", "websocket.close"):
            raise ProtocolViolation(f"message {message['type']!r} on an open connection")
        return cast(Message, message)

    def receive_text(self) -> str:
        """Give the next message, which must be a text frame."""
        return str(self._payload("text"))

    def receive_bytes(self) -> bytes:
        """Give the next message, which must be a binary frame."""
        return bytes(self._payload("bytes"))

    def receive_json(self, mode: Literal["text", "binary"] = "text") -> Any:
        """Give the next message, a text frame or a binary one, read as JSON."""
        return json.loads(self.receive_text() if mode == "text" else self.receive_bytes())

    def close(self, code: int = 1000, reason: str | None = None) -> None:
        """Close the connection from the client's side; closing twice is no error."""
        if not self._left:
            self._left = True
            self.send({"type": "websocket.disconnect", "code": code, "reason": reason})

    def _payload(self, key: str) -> Any:
        message = self.receive()
        if message["type"] == "websocket.close":
            raise WebSocketDisconnect(message.get("code") or 1000, message.get("reason") or "")
        if message.get(key) is None:
            other = KeyError(key)
            other.add_note(f"The application sent the other kind of message: {message!r:.300}")
            raise other
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
            raise WebSocketDenialResponse(response, _ABNORMAL_CLOSURE, response.reason_phrase)
        if message["type"] != "websocket.accept":
            raise ProtocolViolation(f"message {message['type']!r} in answer to a handshake")
        self.accepted_subprotocol = message.get("subprotocol")
        self.headers = ResponseHeaders(message.get("headers") or ())

    def _denial_chunks(self) -> Iterator[bytes]:
        while (message := self._wait(self._next())) is not None:
            yield bytes(message.get("body") or b"")
            if not message.get("more_body", False):
                return
        self._raise_failure()
        raise ProtocolViolation(f"the application returned in the middle of its denial of {self._url}")

    def _response(self, status: int, headers: RawHeaders, chunks: list[bytes]) -> TestResponse:
        body = b"".join(chunks)
        if body and not any(name.lower() == b"content-length" for name, _ in headers):
            headers.append((b"content-length", b"%d" % len(body)))  # as httpx describes it
        sent = SentRequest(method="GET", url=RequestURL(self._url), headers=read_raw(self.scope["headers"]))
        return TestResponse(
            request=sent,
            status_code=status,
            headers=ResponseHeaders(headers),
            chunks=tuple(chunks),
        )

    def _leave(self, code: int, *, raise_errors: bool) -> None:
        assert self._running is not None
        assert self._portal is not None
        try:
            if not self._ended.is_set():
                self.close(code)
            self._left = True
            self._wait(self._wait_for_end())
        finally:
            self._opened.__exit__(None, None, None)
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
            await self._app(self.scope, self._to_app.get, self._take)
        finally:
            self._ended.set()

    async def _take(self, message: Message) -> None:
        if self._left:
            await asyncio.sleep(0)  # who sends without end can be cancelled here
        else:
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
        """Wait until the application ends; cancel it when it does not even look that it was left."""
        try:
            async with asyncio.timeout(GRACE_S):
                await self._drain()
        except TimeoutError:
            if not self._to_app.empty():
                assert self._running is not None
                self._running.cancel()
            await self._drain()

    async def _drain(self) -> None:
        while await self._next() is not None:  # makes room for a sender that waits
            pass
