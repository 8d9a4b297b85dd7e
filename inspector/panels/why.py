"""Why a request landed where it did: the sentence, the path as routes read it, the way, the parameters."""

from typing import Any

from inspector.model import Exchange, RouteStep
from inspector.panels.answer import answer_exchange
from inspector.panels.answer_host import Around
from inspector.panels.known_route import KnownRoute, Snapshot
from inspector.panels.parameters import parameter_views
from inspector.panels.way import Stop, follow_way
from miniframework.routing.explanation import Explanation


def why_panel(
    exchange: Exchange,
    explanation: Explanation | None,
    table: Snapshot | None,
    around: Around | None = None,
) -> dict[str, Any]:
    """Return the view; without an explanation it holds what was recorded."""
    stops = follow_way(explanation, table) if explanation else ()
    return {
        "answer": answer_exchange(exchange, explanation, table, around),
        "host": None if around is None else around.host,
        "path": {
            "raw": exchange.scope.raw_path,
            "decoded": exchange.scope.path,
            "root_path": exchange.scope.root_path,
            "spans": path_spans(exchange, stops),
        },
        "steps": [
            _step_view(step, stops[number].route if number < len(stops) else None)
            for number, step in enumerate(exchange.steps)
        ],
        "parameters": parameter_views(exchange, stops),
    }


def path_spans(exchange: Exchange, stops: tuple[Stop, ...]) -> list[dict[str, Any]]:
    """Return the path parameters with their places in the decoded path, where these are known."""
    spans: list[dict[str, Any]] = []
    for number, step in enumerate(exchange.steps):
        route = stops[number].route if number < len(stops) else None
        if not exchange.scope.path.endswith(step.path) or len(step.spans) != len(step.raw_params):
            continue
        offset = len(exchange.scope.path) - len(step.path)
        for (name, text), (start, end) in zip(step.raw_params, step.spans, strict=True):
            part = route.find_parameter(name) if route else None
            converter = part.converter if part else None
            place = {"start": start + offset, "end": end + offset}
            spans.append({"name": name, **place, "text": text, "converter": converter})
    return spans


def _step_view(step: RouteStep, route: KnownRoute | None) -> dict[str, Any]:
    known = route if route is not None and step.index == route.number - 1 else None
    return {
        "table": step.table,
        "index": step.index,
        "path": step.path,
        "template": step.template,
        "kind": known.kind if known else None,
        "name": step.name,
        "endpoint": step.endpoint,
        "file": known.file if known else None,
        "line": known.line if known else None,
        "params": [list(pair) for pair in step.raw_params],
        "took_us": step.took_ns / 1e3,
    }
