"""An exchange taken apart: the model's values as tuples, in the order of their fields.

A frozen dataclass takes ten times as long to make as a tuple (measured), and an exchange is made of some
thirty. So the recorder writes an exchange down like this, and it is put together when somebody looks at it.
"""

from collections.abc import Callable, Iterable
from dataclasses import fields
from operator import attrgetter
from typing import Any, NotRequired, TypedDict, cast

from inspector.model import (
    Body,
    Exchange,
    Failure,
    Frame,
    Header,
    HttpExchange,
    Moment,
    Parameter,
    Redaction,
    Replayed,
    RequestScope,
    RouteStep,
    Routing,
    SocketExchange,
    State,
    Worker,
)

Address = tuple[str, int | None]
Names = tuple[str, ...]

WorkerApart = tuple[str, int, int]
# type, http_version, method, scheme, path, raw_path, query_string, root_path, headers, client, server,
# subprotocols, extensions, state_keys
ScopeApart = tuple[
    str, str, str, str, str, str | None, str, str, tuple[Header, ...], Address | None, Address | None,
    Names, Names, Names,
]  # fmt: skip
# size, data, complete, why_incomplete, chunks
BodyApart = tuple[int, bytes, bool, str | None, tuple[tuple[int, int], ...]]
# table, index, template, name, endpoint, path, raw_params, took_ns, spans
StepApart = tuple[
    str, int | None, str | None, str | None, str | None, str, tuple[tuple[str, str], ...], int,
    tuple[tuple[int, int], ...],
]  # fmt: skip
# name, alias, source, raw, declared_type, converter, value, value_type, default_used, problem, asked_by
ParameterApart = tuple[
    str, str, str, str | list[str] | None, str, str, str | None, str | None, bool, str | None, str | None
]
# type, message, traceback
FailureApart = tuple[str, str, str]
# at_ns, kind, label, direction, size, took_ns, depth
MomentApart = tuple[int, str, str, str | None, int | None, int | None, int]
# at_ns, direction, opcode, size, data, complete
FrameApart = tuple[int, str, int, int, bytes, bool]


class Apart(TypedDict):
    """All fields of an exchange by name: `request_body` for HTTP alone, what follows it for sockets."""

    id: str
    worker: WorkerApart
    started_unix_ns: int
    scope: ScopeApart
    state: str
    routing: str
    steps: tuple[StepApart, ...]
    allow: Names
    location: str | None
    parameters: tuple[ParameterApart, ...]
    problems: tuple[dict[str, Any], ...]
    status: int | None
    response_headers: tuple[Header, ...]
    response_body: BodyApart
    duration_ns: int | None
    failure: FailureApart | None
    timeline: tuple[MomentApart, ...]
    messages: tuple[MomentApart, ...]
    messages_left_out: int
    replay: tuple[str, Names] | None
    redactions: tuple[tuple[str, str], ...]
    recorder_ns: int
    may_differ: Names
    request_body: NotRequired[BodyApart]
    accepted: NotRequired[bool]
    subprotocol: NotRequired[str | None]
    frames: NotRequired[tuple[FrameApart, ...]]
    frames_left_out: NotRequired[int]
    frame_count: NotRequired[int]
    closed_by: NotRequired[str | None]
    close_code: NotRequired[int | None]
    close_reason: NotRequired[str | None]


def moment(
    at_ns: int,
    kind: str,
    label: str,
    direction: str | None = None,
    size: int | None = None,
    took_ns: int | None = None,
    depth: int = 0,
) -> MomentApart:
    """Give a `Moment`, taken apart."""
    return at_ns, kind, label, direction, size, took_ns, depth


def take_apart(exchange: Exchange) -> Apart:
    """Give the values of all fields, taken apart."""
    values = {name: getattr(exchange, name) for name in names_of(isinstance(exchange, HttpExchange))}
    for name, (apart, _) in _PARTS.items():
        if name in values:
            values[name] = apart(values[name])
    return cast(Apart, values)


def put_together(apart: Apart) -> Exchange:
    """Give the exchange that was taken apart."""
    values = dict(cast(dict[str, Any], apart))
    for name, (_, together) in _PARTS.items():
        if name in values:
            values[name] = together(values[name])
    return HttpExchange(**values) if is_http(apart) else SocketExchange(**values)


def name_values(apart: Apart) -> dict[str, Any]:
    """Give all fields by name, and what they are made of by name as well."""
    values = dict(cast(dict[str, Any], apart))
    for name, named in _NAMED.items():
        if values.get(name):
            values[name] = named(values[name])
    return values


def put_together_scope(apart: ScopeApart) -> RequestScope:
    """Give the scope that was taken apart."""
    return cast(RequestScope, _PARTS["scope"][1](apart))


def put_together_body(apart: BodyApart) -> Body:
    """Give the body that was taken apart."""
    return cast(Body, _PARTS["request_body"][1](apart))


def is_http(apart: Apart) -> bool:
    """Say whether it is an HTTP exchange, no connection."""
    return "request_body" in apart


def names_of(of_http: bool) -> tuple[str, ...]:
    """Give the names of all fields, in the model's order."""
    return _HTTP_NAMES if of_http else _SOCKET_NAMES


# What takes a field apart, and what puts it together again.
_Part = tuple[Callable[[Any], Any], Callable[[Any], Any]]


def _names(kind: type) -> tuple[str, ...]:
    return tuple(one.name for one in fields(kind))


def _one(kind: type) -> _Part:
    names = _names(kind)
    take = attrgetter(*names)

    def apart(value: Any) -> Any:
        return None if value is None else take(value)

    def together(values: Any) -> Any:
        return None if values is None else kind(**dict(zip(names, values, strict=True)))

    return apart, together


def _many(kind: type) -> _Part:
    take, together = attrgetter(*_names(kind)), _one(kind)[1]

    def all_apart(values: Iterable[Any]) -> Any:
        return tuple(map(take, values))

    def all_together(values: Iterable[Any]) -> Any:
        return tuple(map(together, values))

    return all_apart, all_together


_HTTP_NAMES, _SOCKET_NAMES = _names(HttpExchange), _names(SocketExchange)

_KINDS: dict[str, type] = {
    "failure": Failure,
    "replay": Replayed,
    "request_body": Body,
    "response_body": Body,
    "scope": RequestScope,
    "worker": Worker,
}
_KINDS_OF_MANY: dict[str, type] = {
    "frames": Frame,
    "messages": Moment,
    "parameters": Parameter,
    "redactions": Redaction,
    "steps": RouteStep,
    "timeline": Moment,
}
_PARTS: dict[str, _Part] = {
    **{name: _one(kind) for name, kind in _KINDS.items()},
    **{name: _many(kind) for name, kind in _KINDS_OF_MANY.items()},
    "routing": (str, Routing),
    "state": (str, State),
}


def _name_one(kind: type) -> Callable[[Any], Any]:
    names = _names(kind)
    return lambda values: dict(zip(names, values, strict=True))


def _name_moments(moments: Iterable[MomentApart]) -> list[dict[str, Any]]:
    """Most of what an exchange is made of: written out, it takes a third of the time (measured)."""
    return [
        {
            "at_ns": at_ns,
            "kind": kind,
            "label": label,
            "direction": direction,
            "size": size,
            "took_ns": took_ns,
            "depth": depth,
        }
        for at_ns, kind, label, direction, size, took_ns, depth in moments
    ]


def _name_many(kind: type) -> Callable[[Any], Any]:
    names = _names(kind)
    return lambda all_values: [dict(zip(names, values, strict=True)) for values in all_values]


_NAMED: dict[str, Callable[[Any], Any]] = {
    **{name: _name_one(kind) for name, kind in _KINDS.items()},
    **{name: _name_many(kind) for name, kind in _KINDS_OF_MANY.items()},
    "messages": _name_moments,
    "timeline": _name_moments,
}
