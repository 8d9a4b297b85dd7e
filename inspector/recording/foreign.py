"""What the recorder hears of an application whose router emits no events: its scope, and what was read of it.

The scope is lent in the request's task and read in the drain, once the application has written into it. When
the application is done with it, only what the drain may ask for is kept.
"""

import time
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Protocol

from inspector.apart import Names, ParameterApart, StepApart
from inspector.model import Routing
from miniframework.bus import EventBus
from miniframework.events import Event
from miniframework.records import dataclass
from miniframework.routing.table import RouteTable
from miniframework.tap import Tap
from miniframework.telling.notes import Note
from miniframework.telling.story import Story
from miniframework.telling.trace import find_trace
from miniframework.types import ASGIApp, Receive, Scope, Send


class Lent:
    """The scope of one call: itself and no copy while the application runs, then the values of `keys` only.

    A framework keeps in it all that it made for the request. Were the drain the last to let go of that, it
    would be taken down late and in another thread, which makes a recorded request of FastAPI's 4% slower
    (measured, behind uvicorn).
    """

    __slots__ = ("_held", "_keys")

    _held: Scope | tuple[Any, ...]
    _keys: tuple[str, ...]

    def __init__(self) -> None:
        """Give a bare one, for `lend` to fill."""

    if not TYPE_CHECKING:
        __init__ = object.__init__  # the same in a third of the time; each request pays for it

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
        held = lend(scope, self._keys)
        trace.note((lent, time.monotonic_ns(), held))
        try:
            await self.app(scope, receive, send)
        finally:
            held.let_go()


class LendingTap(Tap):
    """Records an application that knows nothing of it, and lends its scope to who records."""

    def __init__(self, app: ASGIApp, bus: EventBus, keys: tuple[str, ...]) -> None:
        super().__init__(LendScope(app, keys), bus)
        self._lent_to = app
        self._keys = keys

    async def tell(self, story: Story, scope: Scope) -> None:
        """As any tap with LendScope inside, with one coroutine less."""
        held = lend(scope, self._keys)
        story.note((lent, time.monotonic_ns(), held))
        try:
            await self._lent_to(scope, story.receive, story)
        except BaseException as error:
            held.let_go()
            story.fail(error)
            raise
        held.let_go()
        story.finish()


def lend(scope: Scope, keys: tuple[str, ...]) -> Lent:
    """Lend a scope, of which `keys` may be asked after the end."""
    held = Lent()
    held._held = scope
    held._keys = keys
    return held


def lent(of: str, at_ns: int, scope: Lent) -> Iterable[Event]:
    """The application is about to be called with this scope."""
    return (ScopeLent(exchange_id=of, at_ns=at_ns, scope=scope),)
