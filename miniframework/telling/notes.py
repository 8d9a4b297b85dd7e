"""What happened, put down in the fewest steps, and read as events when there is time.

A note is a tuple: a function of this module, and what it is called with after the exchange's id. Making one
takes a twentieth of the time that its events take (measured), which is what a recorded request has to pay.
A note holds nothing that may change.
"""

import time
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final

from miniframework import events
from miniframework.events import BoundParameter, Event, ParameterSource
from miniframework.routing.match import Match, MethodNotAllowed, outcome_of
from miniframework.routing.route import Entry
from miniframework.routing.table import RouteTable

# The keys of a scope whose values are text and numbers. Source: ASGI specification, HTTP and WebSocket
# connection scope.
PLAIN_KEYS: Final = frozenset(
    {"type", "asgi", "http_version", "method", "scheme", "path", "raw_path", "query_string", "root_path",
     "headers", "client", "server", "subprotocols"}
)  # fmt: skip
# Those that every server gives for a request, whose values never change.
USUAL_KEYS: Final = (
    "type", "http_version", "method", "scheme", "path", "raw_path", "query_string", "root_path", "client",
    "server",
)  # fmt: skip

Note = tuple[Any, ...]
Reader = Callable[..., Iterable[Event]]
# From what was taken of a request's parameters to the first nine values of a `BoundParameter` of each.
Describe = Callable[..., Iterable[tuple[Any, ...]]]


def read_note(note: Note, exchange_id: str) -> Iterable[Event]:
    """Give the events that a note stands for, in order."""
    made: Iterable[Event] = note[0](exchange_id, *note[1:])
    return made


def started(of: str, at_ns: int, scope: Mapping[str, Any]) -> Iterable[Event]:
    """The request reached the application; when that was by the wall clock is worked out only now."""
    return (
        events.RequestStarted(exchange_id=of, at_ns=at_ns, scope=scope, started_unix_ns=unix_ns_of(at_ns)),
    )


def unix_ns_of(at_ns: int) -> int:
    """Give a moment of the monotonic clock by the wall clock, as that goes now."""
    return time.time_ns() - (time.monotonic_ns() - at_ns)


def started_usually(
    of: str, at_ns: int, headers: Iterable[tuple[bytes, bytes]], came: tuple[Any, ...]
) -> Iterable[Event]:
    """The request reached the application; `came` are the values of the usual keys of its scope."""
    return started(of, at_ns, {**dict(zip(USUAL_KEYS, came, strict=True)), "headers": list(headers)})


def body_received(of: str, at_ns: int, body: bytes) -> Iterable[Event]:
    """The application received the whole body."""
    return (events.RequestBodyReceived(exchange_id=of, at_ns=at_ns, data=body, more=False),)


def response_started(
    of: str, at_ns: int, status: int, headers: Iterable[tuple[bytes, bytes]]
) -> Iterable[Event]:
    """The application sent the status and the headers."""
    return (events.ResponseStarted(exchange_id=of, at_ns=at_ns, status=status, headers=list(headers)),)


def body_sent(of: str, at_ns: int, body: bytes) -> Iterable[Event]:
    """The application sent the whole body."""
    return (events.ResponseBodySent(exchange_id=of, at_ns=at_ns, data=body, more=False),)


def sent(
    of: str, at_ns: int, status: int, headers: Iterable[tuple[bytes, bytes]], body: bytes
) -> Iterable[Event]:
    """The application sent the whole response at once."""
    return (*response_started(of, at_ns, status, headers), *body_sent(of, at_ns, body))


def finished(of: str, at_ns: int) -> Iterable[Event]:
    """The application returned."""
    return (events.RequestFinished(exchange_id=of, at_ns=at_ns),)


def entered(of: str, at_ns: int, name: str, depth: int) -> Iterable[Event]:
    """A middleware is about to be called."""
    return (events.MiddlewareEntered(exchange_id=of, at_ns=at_ns, name=name, depth=depth),)


def left(of: str, at_ns: int, name: str, depth: int) -> Iterable[Event]:
    """A middleware returned or raised."""
    return (events.MiddlewareLeft(exchange_id=of, at_ns=at_ns, name=name, depth=depth),)


def matched(
    of: str,
    at_ns: int,
    asked_ns: int,
    table: RouteTable,
    path: str,
    index: int,
    entry: Entry,
) -> Iterable[Event]:
    """A table found who takes the request; its pattern says what the parameters are."""
    return (
        events.RouteMatched(
            exchange_id=of,
            at_ns=at_ns,
            table=table,
            index=index,
            entry=entry,
            path=path,
            raw_params=raw_params_of(entry, path),
            took_ns=at_ns - asked_ns,
        ),
    )


def raw_params_of(entry: Entry, path: str) -> dict[str, str]:
    """Give the parameters as they stand in a path that the entry takes."""
    pattern = entry.pattern
    return (pattern.match(path) or {}) if pattern.parameters else {}


def missed(
    of: str, at_ns: int, asked_ns: int, table: RouteTable, path: str, miss: Match, location: str | None
) -> Iterable[Event]:
    """A table let the request go."""
    return (
        events.RouteMissed(
            exchange_id=of,
            at_ns=at_ns,
            table=table,
            outcome=outcome_of(miss),
            path=path,
            allow=miss.allow if isinstance(miss, MethodNotAllowed) else (),
            location=location,
            took_ns=at_ns - asked_ns,
        ),
    )


def bound(of: str, at_ns: int, describe: Describe, *taken: object) -> Iterable[Event]:
    """Every parameter has its value; `describe(*taken)` gives the values of a `BoundParameter` of each."""
    parameters = tuple(make_bound(*values) for values in describe(*taken))
    return (events.ParametersBound(exchange_id=of, at_ns=at_ns, parameters=parameters),)


def make_bound(
    name: str,
    alias: str,
    source: ParameterSource,
    raw: str | bytes | list[str] | None,
    declared_type: str,
    converter: str,
    value: Any,
    default_used: bool,
    asked_by: str,
) -> BoundParameter:
    """Give a parameter that has its value."""
    return BoundParameter(
        name=name,
        alias=alias,
        source=source,
        raw=raw,
        declared_type=declared_type,
        converter=converter,
        value=value,
        default_used=default_used,
        asked_by=asked_by,
    )


def resolved(
    of: str, at_ns: int, name: str, depth: int, began_ns: int, *, cached: bool = False
) -> Iterable[Event]:
    """A dependency gave its value."""
    took_ns = at_ns - began_ns
    return (
        events.DependencyResolved(
            exchange_id=of, at_ns=at_ns, name=name, depth=depth, took_ns=took_ns, cached=cached
        ),
    )


def shared(of: str, at_ns: int, name: str, depth: int) -> Iterable[Event]:
    """A dependency was asked for whose value the request had already."""
    return resolved(of, at_ns, name, depth, at_ns, cached=True)


def called(of: str, at_ns: int, name: str, in_thread: bool) -> Iterable[Event]:
    """The user's function is about to be called."""
    return (events.EndpointStarted(exchange_id=of, at_ns=at_ns, name=name, in_thread=in_thread),)


def bound_and_called(
    of: str,
    at_ns: int,
    name: str,
    in_thread: bool,
    describe: Describe,
    *taken: object,
) -> Iterable[Event]:
    """Every parameter has its value, and the user's function is about to be called."""
    return (*bound(of, at_ns, describe, *taken), *called(of, at_ns, name, in_thread))


def returned(of: str, at_ns: int) -> Iterable[Event]:
    """The user's function returned."""
    return (events.EndpointFinished(exchange_id=of, at_ns=at_ns),)


def serialised(of: str, at_ns: int, response_class: str, size: int, began_ns: int) -> Iterable[Event]:
    """The value became a response."""
    return (
        events.ResponseSerialised(
            exchange_id=of,
            at_ns=at_ns,
            response_class=response_class,
            size=size,
            took_ns=at_ns - began_ns,
        ),
    )


def answered(of: str, at_ns: int, returned_ns: int, response_class: str, size: int) -> Iterable[Event]:
    """The user's function returned, and its value became a response."""
    return (
        *returned(of, returned_ns),
        *serialised(of, at_ns, response_class, size, returned_ns),
    )


def answered_and_sent(
    of: str,
    at_ns: int,
    made_ns: int,
    returned_ns: int,
    status: int,
    headers: Iterable[tuple[bytes, bytes]],
    size: int,
    body: bytes,
) -> Iterable[Event]:
    """The user's function returned, its value became JSON of `size` bytes, and that was sent at once."""
    return (
        *answered(of, made_ns, returned_ns, "JSONResponse", size),
        *sent(of, at_ns, status, headers, body),
    )
