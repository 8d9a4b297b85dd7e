"""An exchange as one piece of bytes, for a journal that holds thousands of them in the application's process.

As objects they are some forty each, which the garbage collector looks through again and again while the
application stands still: it took a quarter of all that recording takes (measured). Only the process that made
the bytes reads them.
"""

import marshal
from collections.abc import Callable
from dataclasses import fields
from operator import attrgetter
from typing import Any, cast

from inspector.model import (
    Body,
    Exchange,
    Failure,
    Frame,
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

# The last version that does not look for values that come twice, which takes longer than writing them twice.
_MARSHAL_VERSION = 2

# What takes a field apart into what marshal knows, and what puts it together again.
_Part = tuple[Callable[[Any], Any], Callable[[Any], Any]]


def pack(exchange: Exchange) -> bytes:
    """Give all of it as bytes. Raises ValueError when it holds what the model does not name."""
    layout = _HTTP if isinstance(exchange, HttpExchange) else _SOCKET
    return _to_bytes((layout is _HTTP, layout.apart(exchange)))


def unpack(packed: bytes) -> Exchange:
    """Give what was packed."""
    is_http, values = marshal.loads(packed)
    return (_HTTP if is_http else _SOCKET).together(values)


def pack_row(row: dict[str, Any]) -> bytes:
    """Give a row of plain values as bytes."""
    return _to_bytes(row)


def unpack_row(packed: bytes) -> dict[str, Any]:
    """Give a row that was packed, anew each time."""
    return cast(dict[str, Any], marshal.loads(packed))


def _to_bytes(value: Any) -> bytes:
    try:
        return marshal.dumps(value, _MARSHAL_VERSION)
    except ValueError:  # a class of the application's that is a text or a number as well, as HTTPStatus is
        return marshal.dumps(_bare(value), _MARSHAL_VERSION)


def _bare(value: Any) -> Any:
    """Give the value with nothing in it but what JSON and bytes are made of."""
    if value is None or isinstance(value, bool):
        return value
    for kind in (int, float):
        if isinstance(value, kind):
            return kind(value)
    if isinstance(value, str):
        return str.__str__(value)
    if isinstance(value, bytes):
        return bytes(value)
    if isinstance(value, list | tuple):
        return [_bare(item) for item in value] if isinstance(value, list) else tuple(map(_bare, value))
    if isinstance(value, dict):
        return {_bare(key): _bare(item) for key, item in value.items()}
    raise ValueError(f"{value!r} of type {type(value).__name__} cannot be held")


def _names(kind: type) -> list[str]:
    return [one.name for one in fields(kind)]


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
    return lambda values: tuple(map(take, values)), lambda values: tuple(map(together, values))


_PARTS: dict[str, _Part] = {
    "failure": _one(Failure),
    "frames": _many(Frame),
    "messages": _many(Moment),
    "parameters": _many(Parameter),
    "redactions": _many(Redaction),
    "replay": _one(Replayed),
    "request_body": _one(Body),
    "response_body": _one(Body),
    "routing": (str, Routing),
    "scope": _one(RequestScope),
    "state": (str, State),
    "steps": _many(RouteStep),
    "timeline": _many(Moment),
    "worker": _one(Worker),
}


class _Layout:
    """The fields of one kind of exchange."""

    def __init__(self, kind: type[HttpExchange] | type[SocketExchange]) -> None:
        self._kind = kind
        self._names = _names(kind)
        self._take = attrgetter(*self._names)
        self._parts = [(place, *_PARTS[name]) for place, name in enumerate(self._names) if name in _PARTS]

    def apart(self, exchange: Exchange) -> list[Any]:
        """Give the values of the fields, taken apart."""
        values = list(self._take(exchange))
        for place, apart, _ in self._parts:
            values[place] = apart(values[place])
        return values

    def together(self, values: list[Any]) -> Exchange:
        """Give the exchange that was taken apart."""
        for place, _, together in self._parts:
            values[place] = together(values[place])
        return self._kind(**dict(zip(self._names, values, strict=True)))


_HTTP, _SOCKET = _Layout(HttpExchange), _Layout(SocketExchange)
