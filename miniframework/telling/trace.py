"""The exchange that runs in this context, for the layers that tell about it.

`current_exchange` tells inner layers (routing, parameters, dependencies) whether anybody records this
request.
"""

from collections.abc import Callable
from contextvars import ContextVar
from typing import Any

from miniframework.events import Event
from miniframework.records import dataclass
from miniframework.telling.notes import Note, read_note
from miniframework.types import Message, RawHeaders, Scope, Send


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


class Trace:
    """The exchange that is being recorded: its id, and where its events go.

    `buses` are the buses that hear `emit`; `ended` is not 0 once the outermost tap has seen the end, so that
    a task that outlives its request is not taken for a part of it. `answered` is set before the last piece of
    the response is passed on: a server may begin the connection's next request then, in this context.
    `layer` is the middleware that was entered last, while what it wraps is not reached. `scope` is the one
    it came with to the last tap, to be known again.
    """

    __slots__ = ("_buses", "_emit", "_exchange_id", "answered", "ended", "layer", "scope")

    def __init__(
        self, exchange_id: str, emit: Callable[[Event], None], buses: tuple[object, ...] = ()
    ) -> None:
        self._exchange_id = exchange_id
        self._emit = emit
        self._buses = buses
        self.answered = False
        self.ended = 0
        self.layer: EnteredLayer | None = None
        self.scope: Scope | None = None

    @property
    def buses(self) -> tuple[object, ...]:
        """The buses that hear of it, the outermost first."""
        return self._buses

    @property
    def exchange_id(self) -> str:
        """The same for all events of one request."""
        return self._exchange_id

    def emit(self, event: Event) -> None:
        """Hand an event to whoever listens; never raises what a listener raises."""
        self._emit(event)

    def note(self, note: Note) -> None:
        """Hand on what a note says, as events."""
        for event in read_note(note, self._exchange_id):
            self._emit(event)


current_exchange: ContextVar[Trace | None] = ContextVar("current_exchange", default=None)
requested_exchange_id: ContextVar[str] = ContextVar("requested_exchange_id", default="")


def find_trace() -> Trace | None:
    """Give the trace of the exchange that runs in this context, None when nobody records it (any more)."""
    trace = current_exchange.get()
    return None if trace is None or trace.ended else trace


async def send_outside(send: Send, message: Message) -> None:
    """Pass on what asks the server to begin another request, which it begins in the context it is asked in.

    Source: ASGI specification, HTTP/2 Server Push extension: a pushed request is one like any other.
    """
    token = current_exchange.set(None)
    try:
        await send(message)
    finally:
        current_exchange.reset(token)


def make_exchange_id(unix_ns: int, random_bits: int) -> str:
    """Give a UUIDv7 as text: sorts by time, here down to a quarter of a microsecond.

    Source: RFC 9562 section 5.7, with the sub-millisecond fraction in rand_a (section 6.2, method 3).
    """
    milliseconds, below = divmod(unix_ns, 1_000_000)
    by_time = (milliseconds & 0xFFFF_FFFF_FFFF) << 16 | 0x7000 | (below << 12) // 1_000_000
    by_chance = 0x8000_0000_0000_0000 | random_bits & 0x3FFF_FFFF_FFFF_FFFF
    # Once, for to format a number takes longer than all else here.
    text = (by_time << 64 | by_chance).to_bytes(16, "big").hex()
    return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"
