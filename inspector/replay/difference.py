"""Compares two exchanges, layer by layer: status, route, parameters, headers, body, time. Pure."""

from typing import Any, Literal

from inspector.model import Exchange, HttpExchange, SocketExchange
from inspector.replay.compare_bodies import compare_bodies
from inspector.replay.compare_headers import compare_headers
from inspector.replay.compare_sockets import compare_frames
from inspector.replay.layers import Entry, Layer, LayerName
from miniframework.records import dataclass

_WORDS: dict[LayerName, str] = {"headers": "header", "body": "place"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """What differs between two exchanges. `summary` says it in one line."""

    left: str
    right: str
    status: tuple[int | None, int | None]
    layers: tuple[Layer, ...]
    summary: str

    @property
    def same(self) -> bool:
        """Whether nothing differs but what is volatile."""
        return all(layer.same for layer in self.layers)

    def to_dict(self) -> dict[str, Any]:
        """The same as JSON-able values."""
        return {
            "left": self.left,
            "right": self.right,
            "same": self.same,
            "summary": self.summary,
            "status": list(self.status),
            "layers": [layer.to_dict() for layer in self.layers],
        }


def compare_exchanges(left: Exchange, right: Exchange) -> Difference:
    """Return what differs; the left one is the record, the right one its replay or any other exchange."""
    layers = (
        _compare_status(left, right),
        _compare_route(left, right),
        _compare_parameters(left, right),
        Layer(name="headers", entries=compare_headers(left.response_headers, right.response_headers)),
        _compare_content(left, right),
        _compare_time(left, right),
    )
    status = (left.status, right.status)
    return Difference(left=left.id, right=right.id, status=status, layers=layers, summary=summarise(layers))


def _compare_status(left: Exchange, right: Exchange) -> Layer:
    entries = [
        *_differ("status", _text(left.status), _text(right.status)),
        *_differ("outcome", str(left.state), str(right.state)),
        *_differ("exception", _error(left), _error(right)),
    ]
    return Layer(name="status", entries=tuple(entries))


def _compare_route(left: Exchange, right: Exchange) -> Layer:
    """Compare by what is declared, not by number: a route that only moved in the table is the same route."""
    entries = [
        *_differ("routing", str(left.routing), str(right.routing)),
        *_differ("route", left.route_path, right.route_path),
        *_differ("endpoint", _endpoint(left), _endpoint(right)),
    ]
    return Layer(name="route", entries=tuple(entries))


def _compare_parameters(left: Exchange, right: Exchange) -> Layer:
    before, after = _parameters(left), _parameters(right)
    entries = [
        entry
        for name in dict.fromkeys([*before, *after])
        for entry in _differ(name, before.get(name), after.get(name))
    ]
    return Layer(name="parameters", entries=tuple(entries))


def _parameters(exchange: Exchange) -> dict[str, str | None]:
    """Return the path parameters as text, then what else was bound, by its value."""
    found: dict[str, str | None] = {name: text for step in exchange.steps for name, text in step.raw_params}
    for parameter in exchange.parameters:
        if parameter.source != "path":
            found[f"{parameter.source} {parameter.alias}"] = parameter.value
    return found


def _compare_content(left: Exchange, right: Exchange) -> Layer:
    match left, right:
        case SocketExchange(), SocketExchange():
            return compare_frames(left, right)
        case HttpExchange(), HttpExchange():
            return compare_bodies(
                left.response_body, left.response_headers, right.response_body, right.response_headers
            )
        case _:
            return Layer(name="body", entries=(Entry(what="kind", left=_kind(left), right=_kind(right)),))


def _compare_time(left: Exchange, right: Exchange) -> Layer:
    entries = _differ("duration_ms", _milliseconds(left), _milliseconds(right), volatile=True)
    return Layer(name="time", entries=tuple(entries))


def summarise(layers: tuple[Layer, ...]) -> str:
    """Say in one line what differs, and how much was set aside."""
    said = [text for layer in layers if not layer.same and (text := _say(layer))]
    ignored = sum(entry.volatile for layer in layers if layer.name != "time" for entry in layer.entries)
    if ignored:
        said.append(f"{ignored} volatile {'field' if ignored == 1 else 'fields'} ignored")
    if all(layer.same for layer in layers):
        said.insert(0, "same")
    return " · ".join(said)


def _say(layer: Layer) -> str:
    counted = [entry for entry in layer.entries if not entry.volatile]
    first = counted[0]
    match layer.name:
        case "status":
            return f"{first.what} {first.left or 'none'} → {first.right or 'none'}"
        case "route":
            return "matched another route" if first.what != "routing" else f"{first.left} → {first.right}"
        case "parameters" if len(counted) == 1:
            return f"{first.what} {_absent(first.left)} → {_absent(first.right)}"
        case "parameters":
            return f"{len(counted)} parameters differ"
        case "headers":
            return f"{len(counted)} {'header differs' if len(counted) == 1 else 'headers differ'}"
        case _:
            return f"body differs in {len(counted)} {'place' if len(counted) == 1 else 'places'}"


def _differ(what: str, left: str | None, right: str | None, *, volatile: bool = False) -> list[Entry]:
    return [] if left == right else [Entry(what=what, left=left, right=right, volatile=volatile)]


def _absent(value: str | None) -> str:
    return "nothing" if value is None else value


def _text(value: int | None) -> str | None:
    return None if value is None else str(value)


def _error(exchange: Exchange) -> str | None:
    return None if exchange.failure is None else f"{exchange.failure.type}: {exchange.failure.message}"


def _endpoint(exchange: Exchange) -> str | None:
    return exchange.steps[-1].endpoint if exchange.steps else None


def _kind(exchange: Exchange) -> Literal["http", "websocket"]:
    return "websocket" if isinstance(exchange, SocketExchange) else "http"


def _milliseconds(exchange: Exchange) -> str | None:
    return None if exchange.duration_ns is None else f"{exchange.duration_ns / 1e6:.3g}"
