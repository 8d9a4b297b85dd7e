"""The ASGI wrapper that copies what passes into events and changes nothing."""

import asyncio
import random
import time
from collections.abc import Awaitable
from typing import Any, Final

from miniframework import events
from miniframework.bus import EventBus
from miniframework.events import Event
from miniframework.telling.onward import is_onward
from miniframework.telling.passing import Read, copy_scope, read_cut, read_received, read_sent
from miniframework.telling.story import Story, begin_story, raise_from_send
from miniframework.telling.trace import EnteredLayer as EnteredLayer
from miniframework.telling.trace import Trace as Trace
from miniframework.telling.trace import current_exchange as current_exchange
from miniframework.telling.trace import find_trace as find_trace
from miniframework.telling.trace import make_exchange_id as make_exchange_id
from miniframework.telling.trace import requested_exchange_id as requested_exchange_id
from miniframework.telling.trace import send_outside
from miniframework.types import ASGIApp, Message, Receive, Scope, Send

_TOLD_TYPES: Final = ("http", "websocket")


class Tap:
    """Records every HTTP request and WebSocket connection of `app` as events on `bus`.

    Same task, messages passed on by identity, nothing awaited in between, no scope keys added, exceptions
    passed on as they are. Nobody listening: the application is called directly. Where a request that
    another tap records already comes further in, the id is shared: `bus` hears the whole story, the outer bus
    the inner events only once. A request that an application makes inside of one is an exchange of its own.
    """

    def __init__(self, app: ASGIApp, bus: EventBus) -> None:
        self.app = app
        self.bus = bus

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Run the application and tell what passes; lifespan goes straight through."""
        await self.enter(scope, receive, send)

    def enter(self, scope: Scope, receive: Receive, send: Send) -> Awaitable[None]:
        """Do as when it is called, with one coroutine less; for who awaits it at once, in its own task."""
        told = self.begin(scope, receive, send)
        if told is None:
            return self.app(scope, receive, send)
        return self.tell(told, scope) if type(told) is Story else told.run(self.app, scope)

    def begin(self, scope: Scope, receive: Receive, send: Send) -> "Story | Passage | Untold | None":
        """Begin to tell an exchange: as a story in this context, for who calls it to finish or fail, or event
        by event. None where nobody hears of it here.
        """
        bus = self.bus
        if not bus.listening or scope["type"] not in _TOLD_TYPES:
            return None
        inside, requested = current_exchange.get(), requested_exchange_id.get()
        if inside is not None and inside.ended:
            inside = None
        if requested:
            requested_exchange_id.set("")
        elif inside is not None and is_onward(inside, scope, receive, send):
            inside.scope = scope
            is_told = bus in inside.buses
            return None if is_told else Passage(_make_trace(bus, inside, ""), bus, receive, send)
        keeping = bus.keeping
        if keeping is None:
            return Passage(_make_trace(bus, None, requested), bus, receive, send)
        story = begin_story(keeping, scope, receive, send, inside, requested)
        try:
            if keeping.begin(story):
                # Not taken out of the context at its end, which would cost as much again: `ended` tells that
                # it is over. Only what goes on outside of it is put back.
                current_exchange.set(story)
                return story
        except (Exception, asyncio.CancelledError):  # noqa: BLE001  # named boundary: a bus listener
            keeping.note_failure("the beginning of a request")
        story.drop()
        if inside is not None:
            return Untold(receive, send)
        current_exchange.set(None)  # it says which request was before this one
        return None

    async def tell(self, story: Story, scope: Scope) -> None:
        """Run the application and tell it as a story that was begun."""
        try:
            await self.app(scope, story.receive, story)
        except BaseException as error:
            story.fail(error)
            raise
        story.finish()


def came_from_send(error: BaseException) -> bool:
    """Say whether the server raised it when the application sent something through a tap."""
    step = error.__traceback__
    while step is not None:
        if step.tb_frame.f_code in _SENDING:
            return True
        step = step.tb_next
    return False


def _make_trace(bus: EventBus, outer: Trace | None, requested: str) -> Trace:
    if outer is None:
        exchange_id = requested or make_exchange_id(time.time_ns(), random.getrandbits(62))
        return Trace(exchange_id, bus.emit, (bus,))
    outer_emit = outer.emit

    def emit_to_both(event: Event) -> None:
        outer_emit(event)
        bus.emit(event)

    return Trace(outer.exchange_id, emit_to_both, (*outer.buses, bus))


class Passage:
    """One request on its way through a tap that tells it event by event; its methods stand in for the
    server's receive and send.
    """

    __slots__ = ("_bus", "_is_over", "_receive", "_send", "_trace")

    def __init__(self, trace: Trace, bus: EventBus, receive: Receive, send: Send) -> None:
        self._is_over = False  # as the server said, which has the whole answer
        self._trace = trace
        self._bus = bus
        self._receive = receive
        self._send = send

    async def run(self, app: ASGIApp, scope: Scope) -> None:
        """Call `app` between RequestStarted and RequestFinished or RequestFailed."""
        trace = self._trace
        trace.scope = scope
        began: dict[str, Any] = {"scope": copy_scope(scope), "started_unix_ns": time.time_ns()}
        self._emit((events.RequestStarted, began))
        token = current_exchange.set(trace)
        try:
            await app(scope, self.receive, self.send)
        except BaseException as error:
            cancelled = isinstance(error, asyncio.CancelledError)
            self._emit((events.RequestFailed, {"error": error, "cancelled": cancelled}))
            raise
        else:
            self._emit((events.RequestFinished, {}))
        finally:
            trace.ended = 1
            current_exchange.reset(token)

    async def receive(self) -> Message:
        """Pass on what the server gives, and tell the listeners."""
        message = await self._receive()
        is_answered = self._trace.answered
        self._is_over = is_answered and message.get("type") == "http.disconnect"
        self._emit(read_received(message, is_answered=is_answered))
        return message

    async def send(self, message: Message) -> None:
        """Pass on what the application sends, then tell the listeners: the client waits for nobody."""
        read, kind, is_first = read_sent(message), message.get("type"), False
        if kind == "http.response.body" and not message.get("more_body"):
            is_first, self._trace.answered = not self._trace.answered, True
        try:
            if kind == "http.response.push":
                await send_outside(self._send, message)
            else:
                await self._send(message)
        except BaseException as error:
            if is_first and self._is_over:
                self._emit(read_cut(read, error))
            raise
        self._emit(read)

    def _emit(self, read: Read) -> None:
        event, fields = read
        self._bus.emit(event(exchange_id=self._trace.exchange_id, at_ns=time.monotonic_ns(), **fields))


class Untold:
    """A request on its way through a tap that could not take it, in the context of one that goes on."""

    __slots__ = ("_receive", "_send")

    def __init__(self, receive: Receive, send: Send) -> None:
        self._receive = receive
        self._send = send

    async def run(self, app: ASGIApp, scope: Scope) -> None:
        """Call `app` where nobody takes it for a part of the other request."""
        token = current_exchange.set(None)
        try:
            await app(scope, self._receive, self._send)
        finally:
            current_exchange.reset(token)


# Where a tap calls the server's send.
_SENDING: Final = (Story.__call__.__code__, raise_from_send.__code__, Passage.send.__code__)
