"""A request told as a list of events, and a hand-driven ASGI server, for the recorder's tests."""

import asyncio
from collections.abc import Callable, Iterable
from typing import Any

from inspector.model import Exchange, Worker
from inspector.recording.assembler import Assembler
from inspector.recording.limits import RecordingLimits
from miniframework import events
from miniframework.events import Event
from miniframework.types import ASGIApp, Message, Scope

WORKER = Worker(host="test-host", pid=1)
ID = "exchange-1"
STARTED_NS = 1_000_000


def http_scope(**changes: Any) -> Scope:
    """An HTTP scope as a server makes it."""
    return {
        "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": "GET", "scheme": "http",
        "path": "/items/42", "raw_path": b"/items/42", "query_string": b"q=1", "root_path": "",
        "headers": [(b"host", b"localhost")], "client": ("127.0.0.1", 5000), "server": ("localhost", 80),
        "extensions": {"http.response.debug": {}}, "state": {"db": object()},
    } | changes  # fmt: skip


def socket_scope(**changes: Any) -> Scope:
    """A WebSocket scope as a server makes it."""
    scope = http_scope(type="websocket", scheme="ws", subprotocols=["chat"])
    del scope["method"]
    return scope | changes


class Story:
    """Events of one exchange, one microsecond apart."""

    def __init__(self, scope: Scope, exchange_id: str = ID) -> None:
        self._id = exchange_id
        self._at_ns = STARTED_NS
        self.events: list[Event] = []
        self.then(events.RequestStarted, scope=scope, started_unix_ns=5)

    def then(self, kind: type[Event], **fields: Any) -> "Story":
        """Add an event."""
        self.events.append(kind(exchange_id=self._id, at_ns=self._at_ns, **fields))
        self._at_ns += 1000
        return self


def assemble(told: Iterable[Event], limits: RecordingLimits | None = None) -> Exchange:
    """The exchange these events amount to."""
    assembler = Assembler(WORKER, limits)
    for event in told:
        assembler.apply(event)
    return assembler.exchange(ID)


def call(app: ASGIApp, scope: Scope, *messages: Message) -> list[Message]:
    """Run an application on these incoming messages; what it sent."""
    sent: list[Message] = []

    async def run() -> None:
        incoming = iter(messages)

        async def receive() -> Message:
            for message in incoming:
                return message
            return {"type": "http.disconnect"}

        async def send(message: Message) -> None:
            sent.append(message)

        await app(scope, receive, send)

    asyncio.run(run())
    return sent


def ok_app(body: bytes = b"hello", status: int = 200) -> ASGIApp:
    """Reads nothing, answers at once."""

    async def app(scope: Scope, receive: Callable[..., Any], send: Callable[..., Any]) -> None:
        await send({"type": "http.response.start", "status": status, "headers": [(b"x-a", b"1")]})
        await send({"type": "http.response.body", "body": body})

    return app
