"""What the error page shows, as plain values for its template. Pure."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from inspector.panels.answer_routing import answer_routing, say_taken_despite_shadow
from inspector.panels.known_route import find_route
from inspector.panels.way import Stop, follow_way
from miniframework.http.url import quote_path
from miniframework.routing.explanation import Explanation, Refused, Verdict, verdict_message

_MOST_ROWS = 40  # of each table; a page of ten thousand routes helps nobody
_NAMES = {404: "Not Found", 405: "Method Not Allowed", 422: "Unprocessable Content"}


def view_error(
    status: int, body: bytes, explanation: Explanation, table: Mapping[str, Any], *, root_path: str
) -> dict[str, Any]:
    """Return the values for the template. `body` is the JSON answer that the page stands for."""
    stops = follow_way(explanation, table)
    is_routed = stops[-1].explanation.winner is not None
    meant = explanation.advice.did_you_mean
    detail = _read_detail(body)
    return {
        "status": status,
        "name": _NAMES[status],
        "method": explanation.method,
        "path": explanation.path,
        "answer": _say_routed(stops) if is_routed else answer_routing(explanation, table),
        "is_routed": is_routed,
        "detail": detail if isinstance(detail, str) else None,
        "problems": _problems(detail),
        "meant": meant,
        "meant_href": None if meant is None else _href(root_path + meant),
        "tables": [_table_view(stop, number) for number, stop in enumerate(stops)],
    }


def _say_routed(stops: tuple[Stop, ...]) -> str:
    return f"Routing worked: {say_taken_despite_shadow(stops)}"


def _href(path: str) -> str:
    """Return a link that stays on this origin: `//a` would be another host."""
    quoted = quote_path(path)
    return f"/.{quoted}" if quoted.startswith("//") else quoted


def _read_detail(body: bytes) -> object:
    document = json.loads(body) if body else None
    return document.get("detail") if isinstance(document, dict) else None


def _problems(detail: object) -> list[dict[str, str]]:
    if not isinstance(detail, list):
        return []
    return [
        {
            "where": ".".join(str(step) for step in problem.get("loc", ())),
            "message": str(problem.get("msg", "")),
        }
        for problem in detail
        if isinstance(problem, dict)
    ]


def _table_view(stop: Stop, number: int) -> dict[str, Any]:
    verdicts = stop.explanation.verdicts
    shown = sorted(_worth_showing(stop.explanation), key=lambda verdict: verdict.index)
    return {
        "is_mounted": number > 0,
        "path": stop.explanation.path,
        "rows": [_row_view(verdict, stop) for verdict in shown],
        "left_out": len(verdicts) - len(shown),
    }


def _worth_showing(explanation: Explanation) -> Sequence[Verdict]:
    """Return who takes it or nearly does, and of the others those that came farthest."""
    near = {nearest.index for nearest in explanation.advice.nearest}

    def worth(verdict: Verdict) -> tuple[bool, bool, int, int]:
        said = verdict.judgement
        return not isinstance(verdict, Refused), verdict.index in near, said.reached, -len(said.reasons)

    return sorted(explanation.verdicts, key=worth, reverse=True)[:_MOST_ROWS]


def _row_view(verdict: Verdict, stop: Stop) -> dict[str, Any]:
    route = find_route(stop.table, verdict.index)
    path, reached = stop.explanation.path, verdict.judgement.reached
    return {
        "number": route.ordinal if route else verdict.index + 1,
        "kind": "" if route is None else route.kind,
        "methods": " ".join(route.methods) if route else "",
        "template": (route.path or "/") if route else "",
        "place": route.place if route else None,
        "outcome": type(verdict).__name__.lower(),
        "accepted": path[:reached],
        "refused": path[reached:],
        "message": verdict_message(verdict),
    }
