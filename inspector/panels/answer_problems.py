"""One sentence on why the parameters of an endpoint could not be made from a request (422)."""

from collections.abc import Sequence
from typing import Any

from inspector.model import Exchange, Parameter
from inspector.panels.answer_elsewhere import say_elsewhere, say_unread_json
from inspector.panels.answer_routing import say_text, say_way_out_of_shadow
from inspector.panels.known_route import find_route
from inspector.panels.validation_gap import tighten
from inspector.panels.way import Stop

# How pydantic's names end of problems that say: the text is no such value at all. Any other is about a bound.
_NO_SUCH_VALUE = ("_parsing", "_type", "enum")


def say_problems(exchange: Exchange, stops: tuple[Stop, ...], problems: Sequence[dict[str, Any]]) -> str:
    """Return the first problem in words, how many more there are, and what would close the gap."""
    first = problems[0] if problems else None
    said = _say_problem(first, exchange.parameters) if first else "a parameter was refused"
    count = len(problems) - 1
    more = f" (and {count} more {'problem' if count == 1 else 'problems'})" if count > 0 else ""
    elsewhere = (say_elsewhere(first, exchange) or say_unread_json(first, exchange)) if first else ""
    return f"{said}{more}.{elsewhere or _say_way_out(first, stops)}"


def _say_problem(problem: dict[str, Any], parameters: tuple[Parameter, ...]) -> str:
    source, *rest = [str(step) for step in problem.get("loc", ())] or ["request"]
    name = ".".join(rest)
    message = say_message(problem).removeprefix("Value error, ")
    match problem.get("type"):
        case "json_invalid":
            detail = problem.get("ctx", {}).get("error", message)
            return f"the body is no valid JSON at character {name or 0}: {detail}"
        case "missing" if source == "body":
            return f"the {_name_body(parameters)} lacks the field {name}" if name else "the body is missing"
        case "missing":
            return f"the {source} parameter {name} is missing"
    parameter = next((p for p in parameters if p.source == source and rest and p.alias == rest[0]), None)
    raw = problem.get("input") if parameter is None else parameter.raw  # without one, a field of a model
    if isinstance(raw, str) and source != "body":
        declared = parameter.declared_type if parameter is not None else None
        is_none = str(problem.get("type")).endswith(_NO_SUCH_VALUE)
        wanted = f" must be {declared}," if declared and is_none else ""
        return f"the {source} parameter {name}{wanted} got “{say_text(raw)}”: {_lower(message)}"
    place = (
        f"the {_name_body(parameters)} field {name}" if source == "body" and name else f"the {source} {name}"
    )
    return f"{place.strip()} was refused: {_lower(message)}"


def say_message(problem: dict[str, Any]) -> str:
    """Return what is wrong, as the 422 says it, without a full stop."""
    message = str(problem.get("msg", "")).rstrip(".")
    detail = problem.get("ctx", {}).get("error") if problem.get("type") == "json_invalid" else None
    return f"{message}: {detail}" if isinstance(detail, str) else message


def _name_body(parameters: tuple[Parameter, ...]) -> str:
    """Return what people call a body that is read like this: a form, or a body."""
    sources = {one.source for one in parameters}
    return "form" if sources & {"form", "file"} and "body" not in sources else "body"


def _say_way_out(problem: dict[str, Any] | None, stops: tuple[Stop, ...]) -> str:
    if not stops:
        return ""
    if shadow := say_way_out_of_shadow(stops):
        return shadow
    loc = problem.get("loc", ()) if problem else ()
    route = stops[-1].route
    if route is None or not loc or loc[0] != "path":
        return ""
    part = route.find_parameter(str(loc[1])) if len(loc) > 1 else None
    tighter = tighten(part, dict(stops[-1].params).get(part.name, "")) if part else None
    if part is None or tighter is None:
        return ""
    decides = f"{tighter} lets routing decide{_say_next(stops[-1])}"
    return f" Routing sees {part.regex}, validation wants {part.declared_type}: {decides}."


def _say_next(stop: Stop) -> str:
    """Return who would take the request then, "" for nobody."""
    route = find_route(stop.table, stop.explanation.also[0]) if stop.explanation.also else None
    return f", and {route.label}, would take it" if route else ""


def _lower(text: str) -> str:
    return text[:1].lower() + text[1:]
