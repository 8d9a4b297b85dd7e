"""The way of a request through the picture of a foreign application, as the model has it."""

from collections.abc import Iterator, Sequence
from typing import Any

from inspector.adapters.adapter import WEBSOCKET
from inspector.adapters.picture.pattern import ANY_END
from inspector.model import Parameter, RouteStep
from inspector.recording.render import render_value, type_name
from miniframework.routing.endpoints import endpoint_name
from miniframework.routing.explanation import Protocol_
from miniframework.routing.foreign import ForeignTable
from miniframework.routing.match import Found
from miniframework.routing.parts import Parameter as PathParameter
from miniframework.routing.route import Entry, Mount
from miniframework.routing.table import RouteTable

_VALUE_CHARACTERS = 4096


def walk(table: RouteTable, address: Sequence[int], path: str) -> tuple[RouteStep, ...]:
    """One step for each table on the way to the entry at this address.

    Raises IndexError for an address of another table.
    """
    return tuple(_steps(table, address, path))


def walk_to_miss(table: RouteTable, method: str, path: str) -> tuple[RouteStep, ...]:
    """The mounts on the way, as the picture has it, and a step that leads nowhere."""
    protocol: Protocol_ = "websocket" if method == WEBSOCKET else "http"
    address: list[int] = []
    inner, below = table, path
    while isinstance(match := inner.match(protocol, method, below), Found):
        behind = match.entry.inner_table() if isinstance(match.entry, Mount) else None
        if behind is None:  # the picture knows a taker, the router none: where it went astray is not known
            return (_step(table, None, path, ()),)
        address.append(match.index)
        inner, below = behind, below[match.prefix_length :]
    return (*_steps(table, address, path), _step(inner, None, below, ()))


def _steps(table: RouteTable | None, address: Sequence[int], path: str) -> Iterator[RouteStep]:
    for index in address:
        if table is None:
            return
        compared = table.as_compared(path) if isinstance(table, ForeignTable) else path
        entry = table.entries[index]
        found = entry.pattern.regex.fullmatch(compared)
        names = [one.name for one in entry.pattern.parameters if one.name != ANY_END]
        params = () if found is None else tuple((name, found[name], *found.span(name)) for name in names)
        yield _step(table, index, compared, params)
        path = path[found.end(1) :] if found is not None and isinstance(entry, Mount) else path
        table = entry.inner_table() if isinstance(entry, Mount) else None


def _step(
    table: RouteTable, index: int | None, path: str, params: Sequence[tuple[str, str, int, int]]
) -> RouteStep:
    entry: Entry | None = None if index is None else table.entries[index]
    return RouteStep(
        table=table.fingerprint,
        index=index,
        template=None if entry is None else entry.pattern.template,
        name=None if entry is None else entry.name,
        endpoint=None if entry is None or isinstance(entry, Mount) else endpoint_name(entry.endpoint),
        path=path,
        raw_params=tuple((name, text) for name, text, _, _ in params),
        took_ns=0,  # routing is not measured here: it was read after the answer
        spans=tuple((start, end) for _, _, start, end in params),
    )


def path_parameters(
    steps: Sequence[RouteStep], converters: dict[str, str], values: object
) -> tuple[Parameter, ...]:
    """The parameters of the path as they came and, where the application put them into its scope, as its
    router made them."""
    made: dict[str, Any] = dict(values) if isinstance(values, dict) else {}
    raw = {name: text for step in steps for name, text in step.raw_params}
    return tuple(
        Parameter(
            name=name,
            alias=name,
            source="path",
            raw=text,
            declared_type="",
            converter=converters.get(name, "str"),
            value=render_value(made[name], _VALUE_CHARACTERS) if name in made else None,
            value_type=type_name(made[name]) if name in made else None,
            default_used=False,
            problem=None,
        )
        for name, text in raw.items()
    )


def converters_on(table: RouteTable, address: Sequence[int]) -> dict[str, str]:
    """The name of the converter of each parameter on the way."""
    found: dict[str, str] = {}
    inner: RouteTable | None = table
    for index in address:
        if inner is None:
            break
        entry = inner.entries[index]
        parameters: Sequence[PathParameter] = entry.pattern.parameters
        found.update((one.name, one.converter_name) for one in parameters)
        inner = entry.inner_table() if isinstance(entry, Mount) else None
    return found
