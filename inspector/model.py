"""What is recorded: one request and all that came of it, as plain frozen values.

Field names follow ASGI where ASGI has a name, HAR 1.2 for sizes and times, OpenTelemetry for the rest.
Text that is bytes by nature (headers, raw_path, query_string) is held as Latin-1 `str`, which loses nothing;
bodies are bytes. All durations are nanoseconds after `RequestStarted`.
"""

from dataclasses import field
from enum import StrEnum
from typing import Any, Literal

from miniframework.records import dataclass

Header = tuple[str, str]


class State(StrEnum):
    """How far an exchange has come, or how it ended."""

    PENDING = "pending"
    STREAMING = "streaming"
    COMPLETE = "complete"
    DISCONNECTED = "disconnected"
    ERROR = "error"
    CANCELLED = "cancelled"
    LOST = "lost"  # its process died, or its recording failed, before it ended


UNFINISHED = (State.PENDING, State.STREAMING)


class Routing(StrEnum):
    """What the application's router said; `UNKNOWN` when only the plain tap was there."""

    MATCHED = "matched"
    NOT_FOUND = "not_found"
    METHOD_NOT_ALLOWED = "method_not_allowed"
    REDIRECT = "redirect"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Worker:
    """The process that served the exchange; `generation` counts reloads of the same run."""

    host: str
    pid: int
    generation: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestScope:
    """The ASGI scope as it came, verbatim but for objects, of which only the names are kept."""

    type: Literal["http", "websocket"]
    http_version: str
    method: str  # "GET" for every WebSocket handshake
    scheme: str
    path: str
    raw_path: str | None
    query_string: str
    root_path: str
    headers: tuple[Header, ...]
    client: tuple[str, int] | None
    server: tuple[str, int | None] | None
    subprotocols: tuple[str, ...] = ()
    extensions: tuple[str, ...] = ()
    state_keys: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Body:
    """A body as far as it was kept. `size` is the true length, `data` at most the cap of the settings.

    `complete` is False when `data` is not all there is; `why_incomplete` then says why:
    limit, unread_by_app, disconnect, redacted, evicted, unfinished (the application never ended it).
    """

    size: int = 0
    data: bytes = b""
    complete: bool = True
    why_incomplete: str | None = None
    chunks: tuple[tuple[int, int], ...] = ()  # (ns after start, length), the first 256


@dataclass(frozen=True, slots=True, kw_only=True)
class RouteStep:
    """One table's answer on the way: a mount first, then the table of what is mounted there.

    `template` of a mount is its prefix. `spans` are the places of `raw_params` in `path`, in the same order;
    empty when they are not known.
    """

    table: str  # fingerprint
    index: int | None
    template: str | None
    name: str | None
    endpoint: str | None
    path: str
    raw_params: tuple[tuple[str, str], ...]
    took_ns: int
    spans: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameter:
    """One bound parameter, its value already rendered as bounded text."""

    name: str
    alias: str
    source: str
    raw: str | list[str] | None
    declared_type: str
    converter: str
    value: str | None
    value_type: str | None
    default_used: bool
    problem: str | None
    asked_by: str | None = None  # who, and where that stands; None when it is not known


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """An exception: its type's qualified name, its message, and its traceback as text."""

    type: str
    message: str
    traceback: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """One line of the timeline or of the ASGI message list.

    `took_ns` is how long it took when that was measured, up to `at_ns`; `depth` counts what it stands in:
    middleware in middleware, a dependency in the one that needs it.
    """

    at_ns: int
    kind: str  # an event's class name, or an ASGI message type
    label: str
    direction: Literal["receive", "send"] | None = None
    size: int | None = None
    took_ns: int | None = None
    depth: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Replayed:
    """This exchange is a replay of another one; `edits` names the parts that were changed."""

    of: str
    edits: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Redaction:
    """One place where a secret stood: `header:authorization`, `body:$.password`, and the rule that saw it."""

    where: str
    rule: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ExchangeBase:
    """What HTTP exchanges and WebSocket connections share.

    `may_differ` was not recorded: a viewer set these rules for what a replay may answer otherwise.
    """

    id: str
    worker: Worker
    started_unix_ns: int
    scope: RequestScope
    state: State
    routing: Routing = Routing.UNKNOWN
    steps: tuple[RouteStep, ...] = ()
    allow: tuple[str, ...] = ()
    location: str | None = None
    parameters: tuple[Parameter, ...] = ()
    problems: tuple[dict[str, Any], ...] = ()
    status: int | None = None
    response_headers: tuple[Header, ...] = ()
    response_body: Body = field(default_factory=Body)
    duration_ns: int | None = None
    failure: Failure | None = None
    timeline: tuple[Moment, ...] = ()
    messages: tuple[Moment, ...] = ()
    messages_left_out: int = 0
    replay: Replayed | None = None
    redactions: tuple[Redaction, ...] = ()
    recorder_ns: int = 0
    may_differ: tuple[str, ...] = ()

    @property
    def route_path(self) -> str | None:
        """The template of the route that took it, with the prefixes of the mounts on the way; else None."""
        if self.routing is not Routing.MATCHED or not self.steps:
            return None
        return join_templates([step.template for step in self.steps])


def join_templates(templates: list[str | None]) -> str:
    """Give the template of a route with the prefixes of the mounts on the way, which come before it."""
    *mounts, last = (template or "" for template in templates)
    return "".join(prefix.rstrip("/") for prefix in mounts) + last


@dataclass(frozen=True, slots=True, kw_only=True)
class HttpExchange(ExchangeBase):
    """One HTTP request and its response."""

    request_body: Body = field(default_factory=Body)


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """One WebSocket message; `data` is a capped preview, `size` the true length in bytes."""

    at_ns: int
    direction: Literal["receive", "send"]  # ASGI's: receive came from the client
    opcode: Literal[1, 2]  # text, binary (RFC 6455 section 5.2)
    size: int
    data: bytes
    complete: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class SocketExchange(ExchangeBase):
    """One WebSocket connection: accepted or refused, its frames, and who closed it."""

    accepted: bool = False
    subprotocol: str | None = None
    frames: tuple[Frame, ...] = ()
    frames_left_out: int = 0
    frame_count: int = 0
    closed_by: Literal["client", "application"] | None = None
    close_code: int | None = None
    close_reason: str | None = None


Exchange = HttpExchange | SocketExchange
