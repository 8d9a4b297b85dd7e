"""Speak ASGI with an application by hand: what it is given and what it sends, as plain lists."""

import asyncio
from collections.abc import Sequence
from typing import Any

from miniframework.bus import EventBus
from miniframework.events import Event
from miniframework.types import ASGIApp, Message, Scope


def http_scope(path: str = "/", method: str = "GET", **more: Any) -> dict[str, Any]:
    return {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.4"},
        "http_version": "1.1",
        "method": method,
        "scheme": "http",
        "path": path,
        "query_string": b"",
        "root_path": "",
        "headers": [(b"host", b"testserver")],
        "client": ("127.0.0.1", 5000),
        "server": ("testserver", 80),
    } | more


def socket_scope(path: str = "/", **more: Any) -> dict[str, Any]:
    return http_scope(path) | {"type": "websocket", "subprotocols": []} | more


class Wire:
    """The two ends an application is called with: hands out `messages`, then waits; keeps what is sent."""

    def __init__(self, messages: Sequence[Message] = ({"type": "http.request", "body": b""},)) -> None:
        self.sent: list[Message] = []
        self.received = 0
        self._messages = list(messages)
        self._left = asyncio.Event()
        self._news = asyncio.Event()

    async def receive(self) -> Message:
        if self.received < len(self._messages):
            self.received += 1
            return self._messages[self.received - 1]
        await self._left.wait()
        return {"type": "http.disconnect"}

    async def send(self, message: Message) -> None:
        self.sent.append(message)
        self._news.set()

    def leave(self) -> None:
        self._left.set()

    async def wait_for(self, count: int) -> None:
        """Until so many messages were sent; a deadline stands for hanging for ever."""
        async with asyncio.timeout(5):
            while len(self.sent) < count:
                self._news.clear()
                await self._news.wait()

    @property
    def status(self) -> int:
        return int(next(m["status"] for m in self.sent if m["type"] == "http.response.start"))

    @property
    def body(self) -> bytes:
        return b"".join(m.get("body", b"") for m in self.sent if m["type"] == "http.response.body")

    @property
    def headers(self) -> list[tuple[bytes, bytes]]:
        return next(m["headers"] for m in self.sent if m["type"] == "http.response.start")


async def call(app: ASGIApp, scope: Scope, *messages: Message) -> Wire:
    """One whole call within a deadline."""
    wire = Wire(messages) if messages else Wire()
    async with asyncio.timeout(5):
        await app(scope, wire.receive, wire.send)
    return wire


class Listener:
    """Keeps every event of a bus."""

    def __init__(self, bus: EventBus) -> None:
        self.events: list[Event] = []
        self.subscription = bus.subscribe(self.events.append)

    @property
    def names(self) -> list[str]:
        return [type(event).__name__ for event in self.events]

    def only(self, kind: type) -> Any:
        found = [event for event in self.events if isinstance(event, kind)]
        assert len(found) == 1, self.names
        return found[0]
