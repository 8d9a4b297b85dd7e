"""One HTTP request and its answer, spoken with an application in ASGI messages."""

import asyncio
from collections.abc import Iterable, Iterator
from dataclasses import field
from typing import Any

from miniframework.records import dataclass
from miniframework.testing.errors import ProtocolViolation
from miniframework.types import ASGIApp, Message, RawHeaders, Scope


@dataclass(slots=True)
class Answer:
    """What the application has sent so far; `status` is None before the start of the response.

    `extensions` are what it said beside the response: "http.response.debug" and "http.response.trailers".
    """

    status: int | None = None
    headers: RawHeaders = field(default_factory=list)
    chunks: list[bytes] = field(default_factory=list)
    extensions: dict[str, Any] = field(default_factory=dict)
    is_complete: bool = False
    has_ended: bool = False  # nothing may come any more, not even trailers


class HttpConversation:
    """Stands in for the server: gives the body, takes the answer, tells of the disconnect once all is said.

    `disconnect_after`: the client leaves after so many body messages; what is sent later is dropped.
    With `pieces` the body goes there as it comes, and the application waits until each is taken; `started` is
    set with the response's start. Messages out of order raise ProtocolViolation where they are sent, in
    Starlette's words; those that nobody knows are dropped.
    """

    def __init__(
        self,
        app: ASGIApp,
        scope: Scope,
        chunks: Iterable[bytes],
        disconnect_after: int | None = None,
        pieces: asyncio.Queue[bytes | None] | None = None,
    ) -> None:
        self.answer = Answer()
        self.started = asyncio.Event()
        self._pieces = pieces
        self._taken = 0
        self._app = app
        self._scope = scope
        self._messages = _body_messages(chunks)
        self._disconnect_after = disconnect_after
        self._over = asyncio.Event()

    async def run(self, timeout_s: float) -> None:
        """Call the application to its end; raises what it raises, and TimeoutError when it takes too long.
        A response without an end is taken as it is.
        """
        async with asyncio.timeout(timeout_s):
            await self._app(self._scope, self._receive, self._send)
        if self.answer.status is None and not self._over.is_set():
            request = f"{self._scope['method']} {self._scope['path']!r}"
            raise ProtocolViolation(
                f"TestClient did not receive any response. The application left {request} without one; "
                "it should send http.response.start"
            )

    def leave(self) -> None:
        """Go away: the application hears of it, and what it still sends is dropped."""
        self._over.set()

    @property
    def _awaits_trailers(self) -> bool:
        return not self.answer.has_ended and "http.response.trailers" in self.answer.extensions

    def _end(self) -> None:
        self.answer.has_ended = True
        self._over.set()

    async def _receive(self) -> Message:
        message = None if self._over.is_set() else next(self._messages, None)
        if message is not None:
            return message
        await self._over.wait()
        return {"type": "http.disconnect"}

    async def _send(self, message: Message) -> None:
        if self._over.is_set() and not self.answer.has_ended:
            await asyncio.sleep(0)  # who sends without end can be cancelled here
            return
        match message["type"]:
            case "http.response.start":
                self._start(message)
            case "http.response.debug":
                self.answer.extensions["http.response.debug"] = message["info"]
            case "http.response.trailers":
                self._take_trailers(message)
            case "http.response.body":
                await self._take_body(message)

    def _start(self, message: Message) -> None:
        answer = self.answer
        _refuse(answer.status is not None, 'Received multiple "http.response.start" messages.', message)
        answer.status = message["status"]
        answer.headers = _check_headers(message.get("headers") or ())
        if message.get("trailers", False):
            answer.extensions["http.response.trailers"] = []
        self.started.set()

    def _take_trailers(self, message: Message) -> None:
        answer, kind = self.answer, 'Received "http.response.trailers"'
        declared = "http.response.trailers" in answer.extensions
        _refuse(not declared, f"{kind} without declaring trailers.", message)
        _refuse(not answer.is_complete, f"{kind} before body completed.", message)
        _refuse(answer.has_ended, f"{kind} after response completed.", message)
        answer.extensions["http.response.trailers"] += _check_headers(message.get("headers") or ())
        if not message.get("more_trailers", False):
            self._end()

    async def _take_body(self, message: Message) -> None:
        answer, kind = self.answer, 'Received "http.response.body"'
        _refuse(answer.status is None, f'{kind} without "http.response.start".', message)
        _refuse(answer.is_complete and self._awaits_trailers, f"{kind} after body completed.", message)
        _refuse(answer.is_complete, f"{kind} after response completed.", message)
        piece = bytes(message.get("body") or b"")
        self._taken += 1
        if self._pieces is None:
            self.answer.chunks.append(piece)
        else:
            await self._pieces.put(piece)
            await self._pieces.join()
        if not message.get("more_body", False):
            self.answer.is_complete = True
            if not self._awaits_trailers:
                self._end()
        elif self._disconnect_after is not None and self._taken >= self._disconnect_after:
            self._over.set()


def _body_messages(chunks: Iterable[bytes]) -> Iterator[Message]:
    """Give one message a chunk; several chunks end with an empty one, as servers do."""
    several = not isinstance(chunks, tuple)
    for chunk in chunks:
        yield {"type": "http.request", "body": chunk, "more_body": several}
    if several or not chunks:
        yield {"type": "http.request", "body": b"", "more_body": False}


def _refuse(is_wrong: bool, said: str, message: Message) -> None:
    if is_wrong:
        raise ProtocolViolation(f"{said} It was {message!r:.200}")


def _check_headers(headers: Iterable[tuple[bytes, bytes]]) -> RawHeaders:
    pairs = [(name, value) for name, value in headers]
    for name, value in pairs:
        if not isinstance(name, bytes) or not isinstance(value, bytes):
            raise ProtocolViolation(f"header {name!r}: {value!r} is not a pair of bytes")
    return pairs
