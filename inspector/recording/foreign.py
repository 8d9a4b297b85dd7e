"""What the recorder hears of an application whose router emits no events: its scope, and what was read of it.

The scope is lent in the request's task and read in the drain, once the application has written into it.
"""

import time
from collections.abc import Iterable, Mapping
from typing import Any, Protocol

from inspector.apart import ParameterApart, StepApart
from inspector.model import Routing
from miniframework.events import Event
from miniframework.notes import Note
from miniframework.records import dataclass
from miniframework.routing.table import RouteTable
from miniframework.trace import find_trace
from miniframework.types import ASGIApp, Receive, Scope, Send


@dataclass(frozen=True, slots=True, kw_only=True)
class ScopeLent(Event):
    """The scope that the application is called with, itself and no copy."""

    scope: Mapping[str, Any]


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


class RoutingReader(Protocol):
    """Reads what a router did from the facts of an exchange."""

    def read(self, fact: Event) -> RoutingRead | None:
        """Look at a fact before it is applied; give what is known with it. Never raises."""

    def read_note(self, exchange_id: str, note: Note) -> Iterable[RoutingRead]:
        """Look at a note, as `read` does at the facts it stands for."""

    def errors(self) -> int:
        """How often a framework's adapter failed."""


class LendScope:
    """Tells whoever records a request which scope the application is given; adds nothing to it."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Lend the scope, and hand the call on."""
        trace = find_trace()
        if trace is not None:
            trace.note((lent, time.monotonic_ns(), scope))
        await self.app(scope, receive, send)


def lent(of: str, at_ns: int, scope: Mapping[str, Any]) -> Iterable[Event]:
    """The application is about to be called with this scope."""
    return (ScopeLent(exchange_id=of, at_ns=at_ns, scope=scope),)
