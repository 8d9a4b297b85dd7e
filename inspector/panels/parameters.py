"""The parameters of an exchange: raw text, what converted it, the value it became, and who used it."""

from collections.abc import Iterator
from typing import Any

from inspector.model import Exchange, Parameter
from inspector.panels.answer_problems import say_message
from inspector.panels.known_route import KnownRoute
from inspector.panels.way import Stop
from inspector.redaction import MARK


def parameter_views(exchange: Exchange, stops: tuple[Stop, ...]) -> list[dict[str, Any]]:
    """Return every bound parameter, then path parameters that routing took and no endpoint asked for."""
    route = stops[-1].route if stops else None
    views = [_view(parameter, route, exchange) for parameter in exchange.parameters]
    bound = {parameter.alias for parameter in exchange.parameters if parameter.source == "path"}
    return views + [view for view in _unbound(exchange, stops) if view["name"] not in bound]


def _view(parameter: Parameter, route: KnownRoute | None, exchange: Exchange) -> dict[str, Any]:
    part = route.find_parameter(parameter.alias) if route and parameter.source == "path" else None
    return {
        "name": parameter.name,
        "alias": parameter.alias,
        "source": parameter.source,
        "raw": parameter.raw,
        "converter": part.converter if part else parameter.converter,
        "regex": part.regex if part else None,
        "declared_type": parameter.declared_type,
        "value": parameter.value,
        "value_type": parameter.value_type,
        "default_used": parameter.default_used,
        "problem": parameter.problem,
        "problems": _problems_of(parameter, exchange),
        "used_by": parameter.asked_by,
    }


def _problems_of(parameter: Parameter, exchange: Exchange) -> list[dict[str, str]]:
    """Return every problem of a parameter: where in it, "" for itself, and what is wrong there.

    A model that is a whole body, query or the like has problems by the names of its fields alone.
    """
    if parameter.problem is None:
        return []
    source = _source_in_loc(parameter)
    others = {one.alias for one in exchange.parameters if _source_in_loc(one) == source}
    found = []
    for problem in exchange.problems:
        first, *place = [str(step) for step in problem.get("loc", ())] or [""]
        if first != source:
            continue
        if place and place[0] == parameter.alias:
            place = place[1:]
        elif place and place[0] in others:
            continue
        where = "" if problem.get("type") == "json_invalid" else ".".join(place)
        found.append({"where": where, "message": _message_of(problem, parameter.problem)})
    return found or [{"where": "", "message": parameter.problem}]


def _source_in_loc(parameter: Parameter) -> str:
    """What a problem's `loc` begins with: a 422 calls every part of a body "body"."""
    return "body" if parameter.source in ("form", "file") else parameter.source


def _message_of(problem: dict[str, Any], kept: str) -> str:
    """What is wrong; the words of a validator of the user's may repeat a value that was redacted."""
    is_own = problem.get("type") in ("value_error", "assertion_error")
    return kept if kept == MARK and is_own else say_message(problem)


def _unbound(exchange: Exchange, stops: tuple[Stop, ...]) -> Iterator[dict[str, Any]]:
    for number, step in enumerate(exchange.steps):
        route = stops[number].route if number < len(stops) else None
        for name, text in step.raw_params:
            part = route.find_parameter(name) if route else None
            yield {
                "name": name,
                "alias": name,
                "source": "path",
                "raw": text,
                "converter": part.converter if part else None,
                "regex": part.regex if part else None,
                "declared_type": part.declared_type if part else None,
                "value": None,
                "value_type": None,
                "default_used": False,
                "problem": None,
                "problems": [],
                "used_by": None,
            }
