"""What the recorder hears of an application whose router emits no events: its scope, and what was read of it.

The scope is lent in the request's task and read in the drain, once the application has written into it. When
the application is done with it, only what the drain may ask for is kept.
"""

import time
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Protocol

from inspector.apart import Names, ParameterApart, StepApart
from inspector.model import Routing
from miniframework.events import Event
from miniframework.notes import Note
from miniframework.records import dataclass
from miniframework.routing.table import RouteTable
from miniframework.trace import find_trace
from miniframework.types import ASGIApp, Receive, Scope, Send


class Lent:
    """The scope of one call: itself and no copy while the application runs, then the values of `keys` only.

    A framework keeps in it all that it made for the request. Were the drain the last to let go of that, it
    would be taken down late and in another thread, which makes a recorded request of FastAPI's 4% slower
    (measured, behind uvicorn).
    """

    __slots__ = ("_held", "_keys")

    def __init__(self, scope: Scope, keys: tuple[str, ...]) -> None:
        self._held: Scope | tuple[Any, ...] = scope
        self._keys = keys

    def read(self) -> Mapping[str, Any]:
        """What there is now; without the keys whose values are None, once the application has ended."""
        held = self._held  # looked at once: the request's task may replace it
        if isinstance(held, tuple):
            return {key: value for key, value in zip(self._keys, held, strict=True) if value is not None}
        return held

    def let_go(self) -> None:
        """Keep nothing but the values; for the request's task, once."""
        assert not isinstance(self._held, tuple), "it is let go once"
        self._held = tuple(map(self._held.get, self._keys))


@dataclass(frozen=True, slots=True, kw_only=True)
class ScopeLent(Event):
    """The application is called with a scope."""

    scope: Lent


@dataclass(frozen=True, slots=True, kw_only=True)
class RoutingRead(Event):
    """What the framework's router did with the request, read when there was time.

    `table` is the picture that the steps speak of. `parameters` are those of the path.
    """

    table: RouteTable
    routing: Routing
    steps: tuple[StepApart, ...]
    allow: tuple[str, ...] = ()
    location: str | None = None
    parameters: tuple[ParameterApart, ...] = ()


# The same as values: table, routing, steps, allow, location, parameters.
RoutingFound = tuple[
    RouteTable, Routing, tuple[StepApart, ...], Names, str | None, tuple[ParameterApart, ...]
]


class RoutingReader(Protocol):
    """Reads what a router did from the facts of an exchange."""

    def read(self, fact: Event) -> RoutingRead | None:
        """Look at a fact before it is applied; give what is known with it. Never raises."""

    def read_note(self, exchange_id: str, note: Note) -> Iterable[RoutingRead]:
        """Look at a note, as `read` does at the facts it stands for."""

    def read_whole(self, exchange_id: str, told: Sequence[Note | Event]) -> RoutingFound | None:
        """Look at all notes of an exchange that is over, at once. Never raises."""

    def errors(self) -> int:
        """How often a framework's adapter failed."""


class LendScope:
    """Tells whoever records a request which scope the application is given; adds nothing to it.

    `keys` are what may be asked of it after the end.
    """

    def __init__(self, app: ASGIApp, keys: tuple[str, ...]) -> None:
        self.app = app
        self._keys = keys

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Lend the scope while the call goes on."""
        trace = find_trace()
        if trace is None:
            await self.app(scope, receive, send)
            return
        held = Lent(scope, self._keys)
        trace.note((lent, time.monotonic_ns(), held))
        try:
            await self.app(scope, receive, send)
        finally:
            held.let_go()


def lent(of: str, at_ns: int, scope: Lent) -> Iterable[Event]:
    """The application is about to be called with this scope."""
    return (ScopeLent(exchange_id=of, at_ns=at_ns, scope=scope),)
