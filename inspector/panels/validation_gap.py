"""What a parameter's part of a template lets through, and its declared type does not."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from inspector.panels.known_route import KnownPart, KnownRoute
from inspector.panels.way import Stop
from miniframework.routing.converters import BUILT_IN

# A parameter type's name, and the converter that lets routing check it too.
_CONVERTER_OF_TYPE = {"int": "int", "float": "float", "UUID": "uuid"}
# What pydantic calls a text that is no such value, and the type that was declared for it.
_TYPE_OF_PROBLEM = {"int_parsing": "int", "float_parsing": "float", "uuid_parsing": "UUID"}
# Whose templates have converters by the names of ours.
_HAVE_CONVERTERS = ("FastAPI", "Starlette")


def learn_types(stops: tuple[Stop, ...], problems: Sequence[Mapping[str, Any]]) -> tuple[Stop, ...]:
    """Return the way with the types of path parameters that only the problems of the answer tell."""
    last = stops[-1]
    framework = (last.table or {}).get("framework", {})
    learnt = {
        str(name): _TYPE_OF_PROBLEM[problem["type"]]
        for problem in problems
        if problem["type"] in _TYPE_OF_PROBLEM
        for name in problem["loc"][1:2]
        if problem["loc"][0] == "path"
    }
    if last.route is None or not learnt or framework.get("name") not in _HAVE_CONVERTERS:
        return stops
    return (*stops[:-1], replace(last, route=_with_types(last.route, learnt)))


def _with_types(route: KnownRoute, types: Mapping[str, str]) -> KnownRoute:
    parts = (
        replace(part, declared_type=types.get(part.name, part.declared_type)) for part in route.parameters
    )
    return replace(route, parameters=tuple(parts))


def tighten(part: KnownPart, text: str) -> str | None:
    """Return `{user_id:int}` when routing takes any text for what validation wants as a number, and would
    have refused this one.
    """
    converter = BUILT_IN.get(_CONVERTER_OF_TYPE.get(part.declared_type or "", ""))
    if converter is None or part.converter != "str" or re.fullmatch(converter.regex, text):
        return None
    return f"{{{part.name}:{converter.name}}}"
