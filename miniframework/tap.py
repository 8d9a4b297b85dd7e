"""The ASGI wrapper that copies what passes into events and changes nothing.

`current_exchange` tells inner layers (routing, parameters, dependencies) whether anybody records this
request.
"""

import asyncio
import random
import time
from collections.abc import Callable
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any, Literal

from miniframework import events
from miniframework.bus import EventBus
from miniframework.types import ASGIApp, Message, RawHeaders, Receive, Scope, Send

# ASGI 3.0, websocket.disconnect: the code when the client gave none.
NO_CLOSE_CODE = 1005


@dataclass(slots=True)
class EnteredLayer:
    """A middleware that was entered and has not reached what it wraps, and the scope as it was given.

    `headers` and `state` are copies of what the scope holds, for they are often changed in place; None where
    it holds no list and no dict. Not frozen: one is made for each layer of a recorded request, and a frozen
    one takes three times as long.
    """

    name: str
    depth: int
    scope: dict[str, Any]
    headers: RawHeaders | None
    state: dict[str, Any] | None


@dataclass(slots=True)
class Trace:
    """The exchange that is being recorded: its id, and where its events go.

    `buses` are the buses that hear `emit`; `ended` is True once the outermost tap has seen the end, so that
    a task that outlives its request is not taken for a part of it. `layer` is the middleware that was
    entered last, while what it wraps is not reached.
    """

    exchange_id: str
    emit: Callable[[events.Event], None]
    buses: tuple[EventBus, ...] = ()
    ended: bool = field(default=False)
    layer: EnteredLayer | None = None


current_exchange: ContextVar[Trace | None] = ContextVar("current_exchange", default=None)
requested_exchange_id: ContextVar[str | None] = ContextVar("requested_exchange_id", default=None)


def find_trace() -> Trace | None:
    """Give the trace of the exchange that runs in this context, None when nobody records it (any more)."""
    trace = current_exchange.get()
    return None if trace is None or trace.ended else trace


def make_exchange_id(unix_ns: int, random_bits: int) -> str:
    """Give a UUIDv7 as text: sorts by time, here down to a quarter of a microsecond.

    Source: RFC 9562 section 5.7, with the sub-millisecond fraction in rand_a (section 6.2, method 3).
    """
    milliseconds, below = divmod(unix_ns, 1_000_000)
    fraction = (below << 12) // 1_000_000
    number = (milliseconds & (1 << 48) - 1) << 80 | 0x7 << 76 | fraction << 64 | 0b10 << 62
    number |= random_bits & (1 << 62) - 1
    text = f"{number:032x}"
    return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"


class Tap:
    """Records every HTTP request and WebSocket connection of `app` as events on `bus`.

    Same task, messages passed on by identity, nothing awaited in between, no scope keys added, exceptions
    passed on as they are. Nobody listening: the application is called directly. Inside an exchange that
    another tap records already, the id is shared: `bus` hears the whole story, the outer bus the inner
    events only once.
    """

    def __init__(self, app: ASGIApp, bus: EventBus) -> None:
        self.app = app
        self.bus = bus

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Run the application and emit what passes; lifespan goes straight through."""
        if not self.bus.listening or scope["type"] not in ("http", "websocket"):
            await self.app(scope, receive, send)
            return
        requested = requested_exchange_id.get()
        outer = None if requested is not None else find_trace()
        if outer is not None and self.bus in outer.buses:
            await self.app(scope, receive, send)
            return
        if requested is not None:
            requested_exchange_id.set(None)
        trace = _make_trace(self.bus, outer, requested)
        await _Passage(trace, self.bus, receive, send).run(self.app, scope)


def _make_trace(bus: EventBus, outer: Trace | None, requested: str | None) -> Trace:
    if outer is None:
        exchange_id = requested or make_exchange_id(time.time_ns(), random.getrandbits(62))
        return Trace(exchange_id, bus.emit, (bus,))
    outer_emit = outer.emit

    def emit_to_both(event: events.Event) -> None:
        outer_emit(event)
        bus.emit(event)

    return Trace(outer.exchange_id, emit_to_both, (*outer.buses, bus))


class _Passage:
    """One request on its way through a tap; its methods stand in for the server's receive and send."""

    __slots__ = ("_bus", "_receive", "_send", "_trace")

    def __init__(self, trace: Trace, bus: EventBus, receive: Receive, send: Send) -> None:
        self._trace = trace
        self._bus = bus
        self._receive = receive
        self._send = send

    async def run(self, app: ASGIApp, scope: Scope) -> None:
        """Call `app` between RequestStarted and RequestFinished or RequestFailed."""
        trace = self._trace
        self._emit(events.RequestStarted, scope=_copy_scope(scope), started_unix_ns=time.time_ns())
        token = current_exchange.set(trace)
        try:
            await app(scope, self.receive, self.send)
        except BaseException as error:
            cancelled = isinstance(error, asyncio.CancelledError)
            self._emit(events.RequestFailed, error=error, cancelled=cancelled)
            raise
        else:
            self._emit(events.RequestFinished)
        finally:
            trace.ended = True
            current_exchange.reset(token)

    async def receive(self) -> Message:
        """Pass on what the server gives, and tell the listeners."""
        message = await self._receive()
        self._note_received(message)
        return message

    async def send(self, message: Message) -> None:
        """Pass on what the application sends, then tell the listeners: the client waits for nobody."""
        event, fields = _read_sent(message)
        await self._send(message)
        self._emit(event, **fields)

    def _emit(self, event: type[events.Event], **fields: Any) -> None:
        self._bus.emit(event(exchange_id=self._trace.exchange_id, at_ns=time.monotonic_ns(), **fields))

    def _note_received(self, message: Message) -> None:
        match message.get("type"):
            case "http.request":
                data, more = _copy_bytes(message.get("body")), bool(message.get("more_body"))
                self._emit(events.RequestBodyReceived, data=data, more=more)
            case "http.disconnect":
                self._emit(events.ClientDisconnected)
            case "websocket.receive":
                self._emit(events.SocketFrameReceived, data=_read_frame(message))
            case "websocket.disconnect":
                code, reason = message.get("code", NO_CLOSE_CODE), message.get("reason")
                self._emit(events.ClientDisconnected, code=code, reason=reason)
            case other:
                self._emit(events.OtherMessagePassed, direction="receive", message_type=str(other))


def _read_sent(message: Message) -> tuple[type[events.Event], dict[str, Any]]:
    """Read an outgoing message before it is passed on, because its owner may reuse its buffers afterwards."""
    match message.get("type"):
        case "http.response.start" | "websocket.http.response.start":
            headers = _materialise_headers(message)
            return events.ResponseStarted, {"status": message.get("status", 0), "headers": headers}
        case "http.response.body" | "websocket.http.response.body":
            data, more = _copy_bytes(message.get("body")), bool(message.get("more_body"))
            return events.ResponseBodySent, {"data": data, "more": more}
        case "websocket.accept":
            headers, chosen = _materialise_headers(message), message.get("subprotocol")
            return events.SocketAccepted, {"subprotocol": chosen, "headers": headers}
        case "websocket.send":
            return events.SocketFrameSent, {"data": _read_frame(message)}
        case "websocket.close":
            code, reason = message.get("code", 1000), message.get("reason") or ""
            return events.SocketClosed, {"code": code, "reason": reason}
        case other:
            sent: Literal["send"] = "send"
            return events.OtherMessagePassed, {"direction": sent, "message_type": str(other)}


def _copy_scope(scope: Scope) -> dict[str, Any]:
    copy = dict(scope)
    if "headers" in copy:
        copy["headers"] = _materialise_headers(scope)
    return copy


def _materialise_headers(holder: Message) -> RawHeaders:
    """Give an own list of the headers; an iterable that can be read only once is replaced by a list in
    place.
    """
    headers = holder.get("headers")
    if headers is None:
        return []
    if not isinstance(headers, list | tuple):
        headers = holder["headers"] = list(headers)
    return list(headers)


def _copy_bytes(body: object) -> bytes:
    """Give bytes as they are; copy at once what its owner may change or reuse."""
    if type(body) is bytes:
        return body
    return bytes(body) if isinstance(body, bytes | bytearray | memoryview) else b""


def _read_frame(message: Message) -> str | bytes:
    text = message.get("text")
    return text if isinstance(text, str) else _copy_bytes(message.get("bytes"))
