"""Events whose large or changeable parts were cut or rendered when they happened.

The listener hands these on in place of the framework's events wherever keeping the event itself would keep
too much, or something the application may still change.
"""

from collections.abc import Mapping
from traceback import TracebackException
from typing import Any, Literal

from inspector.apart import ParameterApart
from miniframework.events import Event
from miniframework.records import dataclass
from miniframework.routing.route import Entry
from miniframework.routing.table import RouteTable


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrived(Event):
    """RequestStarted; of the scope's objects only the names."""

    scope: Mapping[str, Any]
    started_unix_ns: int
    state_keys: tuple[str, ...]
    extensions: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Routed(Event):
    """RouteMatched, with the parameters as they stood then."""

    table: RouteTable
    index: int
    entry: Entry
    path: str
    raw_params: tuple[tuple[str, str], ...]
    took_ns: int


@dataclass(frozen=True, slots=True, kw_only=True)
class BodyPiece(Event):
    """A piece of a body of which only `data` was kept out of `size` bytes.

    `evicted` when it was let go because too much was pending, not because of the limit of a body.
    """

    side: Literal["request", "response"]
    data: bytes
    size: int
    more: bool
    evicted: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class FramePiece(Event):
    """A WebSocket message of which only `data` was kept out of `size` bytes."""

    direction: Literal["receive", "send"]
    opcode: Literal[1, 2]
    data: bytes
    size: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ParametersNoted(Event):
    """ParametersBound or, with problems, ParametersRejected; the values already text."""

    parameters: tuple[ParameterApart, ...]
    problems: tuple[dict[str, Any], ...]
    rejected: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Stepped(Event):
    """An event that held an exception or values of the application's, as words; `kind` is its class."""

    kind: str
    label: str
    depth: int = 0
    took_ns: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Failed(Event):
    """EndpointRaised or, with `ended`, RequestFailed; the exception already taken apart.

    `client_left` says that it is only the server's word, in `send`, that nobody listens any more (ASGI 2.4).
    """

    type: str
    trace: TracebackException
    is_answer: bool
    ended: bool
    cancelled: bool
    client_left: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally(Event):
    """What recording this exchange cost, and how many messages were not taken; comes before the end."""

    missed: int
    missed_request_bytes: int
    missed_response_bytes: int
    recorder_ns: int
