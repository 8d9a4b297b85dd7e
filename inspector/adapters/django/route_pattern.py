"""The route of `path()` as parts: text, and `<converter:name>`."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from inspector.adapters.refusals import may_refuse
from inspector.adapters.regexes.parts import ANYTHING, RegexParts, commit, make_parameter
from inspector.adapters.regexes.source import BeyondReading, read_source
from inspector.adapters.regexes.writing import Position, write
from miniframework.routing.parts import Literal, Part

# Source: django/urls/resolvers.py, _PATH_PARAMETER_COMPONENT_RE (the same from Django 3.2 to 6.1).
_PARAMETER = re.compile(r"<(?:(?P<converter>[^>:]+):)?(?P<parameter>[^>]+)>")

# Django's own converters refuse nothing that their regexes take, but for numbers beyond Python's limit of
# digits (sys.set_int_max_str_digits).
_OWN = "django.urls.converters"


def read_route(route: str, converters: Mapping[str, Any], *, is_prefix: bool) -> RegexParts:
    """The parts of a route, whose spans are those of its text; `converters` by the names of parameters."""
    try:
        parts = tuple(_cut(route, converters))
    except BeyondReading as beyond:
        parts = (make_parameter("_", ANYTHING, (0, len(route))),)
        return RegexParts(parts=parts, larger=f"{beyond} in a converter of {route!r}")
    refusing = dict.fromkeys(
        f"{type(converter).__qualname__}.to_python may refuse what its regex takes"
        for converter in converters.values()
        if type(converter).to_python.__module__ != _OWN and may_refuse(converter)
    )
    if not is_prefix:
        return RegexParts(parts=parts, doubt=", ".join(refusing) or None)
    # Made one, the parts say no more which converters they are of.
    return RegexParts(parts=commit(parts), doubt=", ".join(f"{one} in {route!r}" for one in refusing) or None)


def _cut(route: str, converters: Mapping[str, Any]) -> Iterator[Part]:
    at = 0
    position: Position = "at_start"
    for found in _PARAMETER.finditer(route):
        if found.start() > at:
            yield Literal(text=route[at : found.start()], start=at, end=found.start())
            position = "past"
        name = found["parameter"]
        regex = write(read_source(converters[name].regex), position)
        yield make_parameter(name, regex, found.span(), word=found["converter"] or "str")
        position = position if position == "past" else "unsure"
        at = found.end()
    if at < len(route):
        yield Literal(text=route[at:], start=at, end=len(route))
