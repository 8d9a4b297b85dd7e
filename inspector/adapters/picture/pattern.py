"""The template of a foreign route as a pattern of ours, whatever syntax it was written in."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from inspector.adapters.adapter import AdaptedRoute
from miniframework.routing.foreign.framework import Framework
from miniframework.routing.parts import Literal, Parameter, Part
from miniframework.routing.pattern import PathPattern
from miniframework.routing.snapshot import StoredConverter

_ANYTHING = r"[\s\S]*"  # stands for a regex that cannot stand inside another one

# The end of a route that does not mind a slash there, in a table with others that do.
ANY_END = "_slash"
_ANY_END = Parameter(
    name=ANY_END, converter_name="slash", converter=StoredConverter("slash", "/?"), start=0, end=0
)


def draw_pattern(route: AdaptedRoute, framework: Framework) -> PathPattern:
    """The pattern whose parts are the route's; its template is the route's too where the parts cover it.

    Else the template is written anew from the parts, for a refusal is shown at its place in there. Names that
    a group of a regex cannot have are replaced, and regexes that cannot be a part of another one take
    anything. It is compared with paths as the framework's table gives them: see `ForeignTable.as_compared`.
    """
    is_mount = route.kind == "mount"
    parts: tuple[Part, ...] = tuple(_usable(route.parts, ignores_case=framework.ignores_case))
    template = route.path
    if is_mount or (framework.slashes != "exact" and template != "/"):
        parts, template = _without_last_slash(parts), template.rstrip("/")
    if not _covers(parts, template):
        parts = tuple(_lined_up(parts))
        template = "".join(map(_written, parts))
    if not is_mount and route.slashes != framework.slashes and route.path != "/":
        bare = _without_last_slash(parts)
        end = bare[-1].end if bare else 0
        parts = (*bare, replace(_ANY_END, start=end, end=len(template)))
    return PathPattern(template=template, parts=parts, open_ended=is_mount)


def _without_last_slash(parts: Sequence[Part]) -> tuple[Part, ...]:
    if not parts or not isinstance(last := parts[-1], Literal) or not last.text.endswith("/"):
        return tuple(parts)
    text = last.text.rstrip("/")
    if not text:
        return tuple(parts[:-1])
    return (*parts[:-1], replace(last, text=text, end=last.end - (len(last.text) - len(text))))


def _usable(parts: Sequence[Part], *, ignores_case: bool) -> Iterator[Part]:
    """The parts with names and regexes that fit into one regex."""
    names: set[str] = set()
    for part in parts:
        if isinstance(part, Literal):
            if part.text:
                yield replace(part, text=part.text.lower()) if ignores_case else part
            continue
        name = part.name if part.name.isidentifier() else "_" + re.sub(r"\W", "_", part.name)
        while name in names:
            name += "_"
        names.add(name)
        regex = part.regex if _can_stand_inside(part.regex) else _ANYTHING
        if ignores_case:
            regex = f"(?i:{regex})"
        converter = StoredConverter(part.converter_name, regex)
        yield replace(part, name=name, converter=converter)


def _can_stand_inside(regex: str) -> bool:
    try:
        return not re.compile(f"()({regex})").groupindex
    except re.error:
        return False


def _covers(parts: Sequence[Part], template: str) -> bool:
    """Whether the parts stand side by side in the template, each literal at its text."""
    at = 0
    for part in parts:
        if part.start != at or part.end <= at:
            return False
        if isinstance(part, Literal) and template[part.start : part.end].lower() != part.text.lower():
            return False
        at = part.end
    return at == len(template)


def _lined_up(parts: Sequence[Part]) -> Iterator[Part]:
    at = 0
    for part in parts:
        end = at + len(_written(part))
        yield replace(part, start=at, end=end)
        at = end


def _written(part: Part) -> str:
    if isinstance(part, Parameter):
        kind = "" if part.converter_name == "str" else f":{part.converter_name}"
        return f"{{{part.name}{kind}}}"
    return part.text
