"""Drives a real application and gives back what was recorded of one request."""

import asyncio
import contextlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote

import pytest

from inspector.journal.memory import MemoryJournal
from inspector.model import Exchange
from inspector.panels.answer import answer_exchange
from inspector.panels.known_route import Snapshot
from inspector.recording.recorder import Recorder
from miniframework import App
from miniframework.bus import EventBus
from miniframework.exceptions import ResponseValidationError
from miniframework.routing.explanation import Explanation
from miniframework.routing.table import RouteTable
from miniframework.tap import Tap


@dataclass(frozen=True)
class Seen:
    """One recorded exchange, with the explanation of the table that answered it."""

    exchange: Exchange
    explanation: Explanation | None
    table: Snapshot | None

    @property
    def answer(self) -> str:
        return answer_exchange(self.exchange, self.explanation, self.table)


Record = Callable[..., Seen]


@pytest.fixture
def record() -> Record:
    """Return a function that sends one request, or a WebSocket handshake, and gives what was recorded."""
    return record_one


def record_one(
    app: Any,
    method: str,
    target: str,
    *,
    headers: tuple[tuple[str, str], ...] = (("host", "testserver"),),
    chunks: tuple[bytes, ...] = (b"",),
    root_path: str = "",
    websocket: bool = False,
    frames: tuple[str, ...] = (),
    redact: bool = True,
) -> Seen:
    journal = MemoryJournal()
    recorder = Recorder(journal, redact=redact)
    bus = app.bus if isinstance(app, App) else EventBus()
    subscription = bus.subscribe(recorder)
    entry = app if isinstance(app, App) else Tap(app, bus)
    scope = _make_scope(method, target, headers, root_path, websocket=websocket)
    if websocket:
        incoming = [{"type": "websocket.connect"}]
        incoming += [{"type": "websocket.receive", "text": text} for text in frames]
        incoming.append({"type": "websocket.disconnect", "code": 1000})
    else:
        pieces = [{"type": "http.request", "body": piece, "more_body": True} for piece in chunks[:-1]]
        incoming = [*pieces, {"type": "http.request", "body": chunks[-1], "more_body": False}]
    asyncio.run(_drive(entry, scope, incoming))
    recorder.flush()  # closing waits for a second only
    recorder.close()
    subscription.close()
    _, rows = journal.rows(1)
    exchange = journal.exchange(rows[0]["id"])
    assert exchange is not None
    return _explain(exchange, journal)


def _make_scope(
    method: str, target: str, headers: tuple[tuple[str, str], ...], root_path: str, *, websocket: bool
) -> dict[str, Any]:
    raw_path, _, query = target.partition("?")
    scope: dict[str, Any] = {
        "type": "websocket" if websocket else "http",
        "asgi": {"version": "3.0", "spec_version": "2.4"},
        "http_version": "1.1",
        "scheme": "ws" if websocket else "http",
        "path": unquote(raw_path),
        "raw_path": raw_path.encode(),
        "query_string": query.encode(),
        "root_path": root_path,
        "headers": [(name.encode(), value.encode("latin-1")) for name, value in headers],
        "client": ("127.0.0.1", 50000),
        "server": ("127.0.0.1", 8000),
    }
    if websocket:
        return {**scope, "subprotocols": [], "extensions": {"websocket.http.response": {}}}
    return {**scope, "method": method}


async def _drive(app: Any, scope: dict[str, Any], incoming: list[dict[str, Any]]) -> None:
    """Be the server: give the messages, and swallow what the application raises, as servers do."""
    left = asyncio.Event()

    async def receive() -> dict[str, Any]:
        if incoming:
            return incoming.pop(0)
        await left.wait()
        return {"type": "http.disconnect"}

    async def send(message: dict[str, Any]) -> None:
        if message["type"] == "http.response.body" and not message.get("more_body"):
            left.set()

    async with asyncio.timeout(10):
        with contextlib.suppress(
            ValueError, RuntimeError, OSError, KeyError, TypeError, ResponseValidationError
        ):
            await app(scope, receive, send)


def _explain(exchange: Exchange, journal: MemoryJournal) -> Seen:
    if not exchange.steps:
        return Seen(exchange, None, None)
    step = exchange.steps[0]
    table = journal.table(step.table)
    assert table is not None
    explanation = RouteTable.from_snapshot(table).explain(
        exchange.scope.type, exchange.scope.method, step.path
    )
    return Seen(exchange, explanation, table)
