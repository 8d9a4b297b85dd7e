"""The parameters of an exchange: raw text, what converted it, the value it became, and who used it."""

from collections.abc import Iterator
from typing import Any

from inspector.model import Exchange, Parameter
from inspector.panels.known_route import KnownRoute
from inspector.panels.way import Stop


def parameter_views(exchange: Exchange, stops: tuple[Stop, ...]) -> list[dict[str, Any]]:
    """Return every bound parameter, then path parameters that routing took and no endpoint asked for."""
    route = stops[-1].route if stops else None
    views = [_view(parameter, route) for parameter in exchange.parameters]
    bound = {parameter.alias for parameter in exchange.parameters if parameter.source == "path"}
    return views + [view for view in _unbound(exchange, stops) if view["name"] not in bound]


def _view(parameter: Parameter, route: KnownRoute | None) -> dict[str, Any]:
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
        "used_by": parameter.asked_by,
    }


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
                "used_by": None,
            }
