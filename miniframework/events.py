"""The facts of one request's life, in the order in which they happen.

Every event is frozen, names its exchange, and carries the monotonic time (`at_ns`, nanoseconds) at which it
happened. Events hold references, never copies of large data: bytes are immutable, and a listener that keeps
an event decides how much of it to keep.
"""

from collections.abc import Mapping
from typing import Any, Literal

from miniframework.records import dataclass
from miniframework.routing.match import MatchOutcome
from miniframework.routing.route import Entry
from miniframework.routing.table import RouteTable
from miniframework.types import RawHeaders

ParameterSource = Literal["path", "query", "header", "cookie", "body", "form", "file"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """What every event has."""

    exchange_id: str
    at_ns: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestStarted(Event):
    """An HTTP request or a WebSocket handshake reached the application.

    `scope` is a shallow copy of the ASGI scope as it came, before any inner layer changed it;
    `started_unix_ns` is the wall clock, for display only.
    """

    scope: Mapping[str, Any]
    started_unix_ns: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestBodyReceived(Event):
    """The application received one `http.request` message; what it never reads, nobody sees."""

    data: bytes
    more: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientDisconnected(Event):
    """The application was told that the client is gone (`http.disconnect` or `websocket.disconnect`).

    `code` and `reason` are the WebSocket close code and text, None for HTTP.
    """

    code: int | None = None
    reason: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MiddlewareEntered(Event):
    """A middleware was called; `depth` counts from 0, the outermost."""

    name: str
    depth: int


@dataclass(frozen=True, slots=True, kw_only=True)
class MiddlewareLeft(Event):
    """A middleware returned or raised."""

    name: str
    depth: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ScopeChange:
    """One key of the ASGI scope that a middleware set, replaced or took away.

    `key` names a key of the scope, or `state.NAME` for one of its state. `old` and `new` are the values
    themselves, None where there is none: the application may change them later.
    """

    key: str
    what: Literal["added", "replaced", "removed"]
    old: Any
    new: Any


@dataclass(frozen=True, slots=True, kw_only=True)
class ScopeChanged(Event):
    """A middleware passed on another scope than it was given; said when what it wraps is reached.

    `changes` are in the order of the scope's keys, removed ones last.
    """

    name: str
    depth: int
    changes: tuple[ScopeChange, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RouteMatched(Event):
    """The table found who takes the request. A mount matches first, then the table of what is mounted.

    `entry` stands at `index` of `table`; `raw_params` is text as it stood in the decoded path;
    `path` is what this table matched against (the scope's path without root_path).
    """

    table: RouteTable
    index: int
    entry: Entry
    path: str
    raw_params: Mapping[str, str]
    took_ns: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RouteMissed(Event):
    """No route took the request: not found, method not allowed (`allow`), or a redirect (`location`)."""

    table: RouteTable
    outcome: MatchOutcome
    path: str
    allow: tuple[str, ...] = ()
    location: str | None = None
    took_ns: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class BoundParameter:
    """One parameter of an endpoint: the text that came and the value it became.

    `raw` is None when nothing came (then `default_used` says whether the default stood in); a repeated query
    parameter or header gives a list; a body gives bytes. `converter` names what turned text into a value.
    `asked_by` is the dependency or the endpoint whose parameter it is and where that stands, as
    `common_parameters books.py:12`. `problem` is the message of the first problem, None when the value is
    good.
    """

    name: str
    alias: str
    source: ParameterSource
    raw: str | bytes | list[str] | None
    declared_type: str
    converter: str
    value: Any
    default_used: bool
    asked_by: str
    problem: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ParametersBound(Event):
    """Every parameter of the endpoint and its dependencies has a value.

    Dependencies are called before the endpoint's own problems are answered: then those that have a value,
    and a ParametersRejected may follow.
    """

    parameters: tuple[BoundParameter, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ParametersRejected(Event):
    """At least one parameter could not be given, and no dependency answered before that was told; `problems`
    is the 422 document's `detail` list.
    """

    parameters: tuple[BoundParameter, ...]
    problems: tuple[Mapping[str, Any], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DependencyResolved(Event):
    """A dependency gave its value; `cached` when this request had asked for it before."""

    name: str
    depth: int
    took_ns: int
    cached: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class DependencyRaised(Event):
    """A dependency raised instead of giving a value; an HTTPException is an answer, as an endpoint's is."""

    name: str
    depth: int
    took_ns: int
    error: BaseException


@dataclass(frozen=True, slots=True, kw_only=True)
class DependencyCleanedUp(Event):
    """What follows the `yield` of a dependency has run; `error` is what that raised, if it did."""

    name: str
    depth: int
    took_ns: int
    error: BaseException | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class EndpointStarted(Event):
    """The user's function is about to be called; `in_thread` when it is a plain `def`."""

    name: str
    in_thread: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class EndpointFinished(Event):
    """The user's function returned."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EndpointRaised(Event):
    """The user's function raised; an HTTPException is an answer, anything else a failure."""

    error: BaseException


@dataclass(frozen=True, slots=True, kw_only=True)
class ExceptionHandled(Event):
    """An exception handler of the application's own, `name`, has given what answers `error`."""

    name: str
    took_ns: int
    error: BaseException


@dataclass(frozen=True, slots=True, kw_only=True)
class TemplateRendered(Event):
    """A template became text; `context_keys` are the names it was given."""

    name: str
    context_keys: tuple[str, ...]
    took_ns: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ResponseSerialised(Event):
    """What the endpoint returned, a value and no Response, became a response with a body of `size` bytes."""

    response_class: str
    size: int
    took_ns: int


@dataclass(frozen=True, slots=True, kw_only=True)
class BackgroundTaskStarted(Event):
    """The response was sent, and a task that waited for that begins; `in_thread` when it is a plain `def`."""

    name: str
    in_thread: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class BackgroundTaskFinished(Event):
    """A background task returned."""

    name: str
    took_ns: int


@dataclass(frozen=True, slots=True, kw_only=True)
class BackgroundTaskRaised(Event):
    """A background task raised: the client has its answer all the same, and the tasks after it do not run."""

    name: str
    took_ns: int
    error: BaseException


@dataclass(frozen=True, slots=True, kw_only=True)
class ResponseStarted(Event):
    """The application sent `http.response.start`, or refused a handshake with a denial response."""

    status: int
    headers: RawHeaders


@dataclass(frozen=True, slots=True, kw_only=True)
class ResponseBodySent(Event):
    """The application sent one body message."""

    data: bytes
    more: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class SocketAccepted(Event):
    """The application sent `websocket.accept`."""

    subprotocol: str | None
    headers: RawHeaders


@dataclass(frozen=True, slots=True, kw_only=True)
class SocketFrameReceived(Event):
    """The client's message reached the application; `str` is a text frame, `bytes` a binary one."""

    data: str | bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class SocketFrameSent(Event):
    """The application sent a message to the client."""

    data: str | bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class SocketClosed(Event):
    """The application sent `websocket.close`; before an accept the server answers 403."""

    code: int
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OtherMessagePassed(Event):
    """An ASGI message without an event of its own went by unchanged.

    One that this framework does not interpret (trailers, pathsend, push...), or that says nothing more than
    its type (`websocket.connect`).
    """

    direction: Literal["receive", "send"]
    message_type: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestFinished(Event):
    """The application returned."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestFailed(Event):
    """An exception left the application; `cancelled` when the server cancelled its task."""

    error: BaseException
    cancelled: bool
