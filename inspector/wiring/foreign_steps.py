"""The way of a request through the picture of a foreign application, as the model has it."""

from collections.abc import Iterator, Sequence
from typing import Any

from inspector.adapters.adapter import WEBSOCKET
from inspector.adapters.picture.pattern import ANY_END
from inspector.apart import ParameterApart, StepApart
from inspector.recording.render import render_with_type
from inspector.recording.steps import missed_step
from miniframework.routing.endpoints import endpoint_name
from miniframework.routing.match import Found, Protocol_
from miniframework.routing.parts import Parameter as PathParameter
from miniframework.routing.route import Mount
from miniframework.routing.table import ForeignTable, RouteTable

_VALUE_CHARACTERS = 4096
_NOT_MEASURED = 0  # nanoseconds that routing took: it was read after the answer


class TakenWay:
    """The way to one entry of a picture: what is the same for every request that goes it, made once.

    Raises IndexError for an address of another table.
    """

    def __init__(self, table: RouteTable, address: Sequence[int]) -> None:
        self.table = table
        self._legs = tuple(_legs(table, address))
        self._converters = converters_on(table, address)

    def takes(self, path: str) -> bool:
        """Whether the first entry on the way takes the path."""
        return self._legs[0].takes(path)

    def walk(self, path: str) -> tuple[StepApart, ...]:
        """One step for each table on the way."""
        steps = []
        for leg in self._legs:
            step, path = leg.step(path)
            steps.append(step)
        return tuple(steps)

    def parameters(self, steps: Sequence[StepApart], values: object) -> tuple[ParameterApart, ...]:
        """The parameters of the path as they came and, where the application put them into its scope, as its
        router made them."""
        made: dict[str, Any] = values if isinstance(values, dict) else {}
        raw: dict[str, str] = {}
        for step in steps:
            raw.update(step[6])
        converters = self._converters
        return tuple(
            [_parameter(name, text, converters.get(name, "str"), made) for name, text in raw.items()]
        )


class _Leg:
    """One entry on the way, and the table it stands in."""

    def __init__(self, table: RouteTable, index: int) -> None:
        self.entry = entry = table.entries[index]
        self._compared = table.as_compared if isinstance(table, ForeignTable) else str
        self._match = entry.pattern.regex.fullmatch
        self._is_mount = isinstance(entry, Mount)
        self._names = [one.name for one in entry.pattern.parameters if one.name != ANY_END]
        endpoint = None if isinstance(entry, Mount) else endpoint_name(entry.endpoint)
        self._head = table.fingerprint, index, entry.pattern.template, entry.name, endpoint

    def takes(self, path: str) -> bool:
        """Whether the entry takes the path."""
        return self._match(self._compared(path)) is not None

    def step(self, path: str) -> tuple[StepApart, str]:
        """The step of a request with this path, and the path that is left to what is mounted there."""
        compared = self._compared(path)
        found = self._match(compared)
        if found is None:
            return (*self._head, compared, (), _NOT_MEASURED, ()), path
        names = self._names
        params, spans = tuple([(one, found[one]) for one in names]), tuple(map(found.span, names))
        below = (path[found.end(1) :] or "/") if self._is_mount else path
        return (*self._head, compared, params, _NOT_MEASURED, spans), below


def walk_to_miss(table: RouteTable, method: str, path: str) -> tuple[StepApart, ...]:
    """The mounts on the way, as the picture has it, and a step that leads nowhere."""
    protocol: Protocol_ = "websocket" if method == WEBSOCKET else "http"
    address: list[int] = []
    inner, below = table, path
    while isinstance(match := inner.match(protocol, method, below), Found):
        behind = inner.inside(match.entry)
        if behind is None:  # the picture knows a taker, the router none: where it went astray is not known
            return (missed_step(table, path, _NOT_MEASURED),)
        address.append(match.index)
        inner, below = behind, below[match.prefix_length :]
    return (*TakenWay(table, address).walk(path), missed_step(inner, below, _NOT_MEASURED))


def _legs(table: RouteTable | None, address: Sequence[int]) -> Iterator[_Leg]:
    for index in address:
        if table is None:
            return
        leg = _Leg(table, index)
        yield leg
        table = table.inside(leg.entry)


def _parameter(name: str, text: str, converter: str, made: dict[str, Any]) -> ParameterApart:
    value, kind = render_with_type(made[name], _VALUE_CHARACTERS) if name in made else (None, None)
    return name, name, "path", text, "", converter, value, kind, False, None, None


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
        inner = inner.inside(entry)
    return found
