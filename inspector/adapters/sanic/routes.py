"""Sanic's routes in the order in which its compiled search decides, read into parts.

Source: sanic_routing.router, sanic_routing.tree, sanic_routing.patterns.
"""

import copy
import re
from collections.abc import Iterator, Sequence
from typing import Any

from inspector.adapters.converting import ForeignConverter
from inspector.adapters.python_texts import FLOAT, INT, UUID
from miniframework.routing.parts import Literal, Parameter, Part

# Without a regex route at its place a segment goes to the type's function; these say what they take.
_CAST_REGEXES = {
    "str": "[^/]+",
    "strorempty": "[^/]*",
    "ext": r"[^/.]+(?:\.[^/.]+)+",
    "alpha": r"[^\W\d_]+",
    "int": INT,
    "float": FLOAT,
    "ymd": r"\d{4}-(?:0?[1-9]|1[0-2])-(?:0?[1-9]|[12]\d|3[01])",
    "uuid": UUID,
}

# Whose types refuse no text that their regexes take, but for a date that does not exist.
_OF_SANIC = ("builtins", "uuid", "sanic_routing.patterns")

# A group in the regex of a parameter has no other name than the parameter, which the whole of it has here.
_NAME_OF_GROUP = re.compile(r"(?<!\\)\(\?P<\w+>")


def finalized_copy(router: Any, app: Any) -> tuple[Any, dict[int, Any]]:
    """A copy of a router that is not ready to search, made ready; and its routes -> those of the router.

    Sanic does that when it starts; doing it to the application itself would forbid it to add routes. What the
    routes refer to (the application, the handlers) is shared, not copied.
    """
    shared = [app, *(group.methods_index for group in router.groups.values())]
    for route in router.routes:
        shared += (route.handler, route.extra, route.ctx, route.requirements)
    copied = copy.deepcopy(router, {id(thing): thing for thing in shared})
    originals = {id(mine): theirs for mine, theirs in zip(copied.routes, router.routes, strict=True)}
    if copied.routes:
        copied.finalize()
    return copied, originals


def routes_in_order(router: Any) -> Iterator[Any]:
    """The routes of a ready router: whole paths, then its tree depth first, then those that take slashes."""
    for group in router.static_routes.values():
        yield from _in_order(group.routes)
    yield from _walk(router.tree.root)
    for group in router._get_non_static_non_path_groups(True):
        yield from _in_order(group.routes)


def _walk(node: Any) -> Iterator[Any]:
    for child in node.children.values():
        yield from _walk(child)
    for group in sorted(node.groups, key=node._group_sorting):
        yield from _in_order(group.routes)


def _in_order(routes: Sequence[Any]) -> Sequence[Any]:
    """The routes of one path; by their methods where each method has one, for Sanic has them in another order
    at each start then. Where hosts decide between them, they stand as they are asked.
    """
    named = [method for route in routes for method in route.methods]
    is_apart = len(set(named)) == len(named)
    return sorted(routes, key=lambda route: sorted(map(str, route.methods))) if is_apart else routes


def read_parts(route: Any) -> tuple[Part, ...]:
    """The route's path as literals and parameters; literal text is percent-encoded, as Sanic compares it."""
    parts: list[Part] = []
    at = 0
    for number, segment in enumerate(route.parts):
        info = route.defined_params.get(number)
        text = "/" if info else "/" + segment
        if parts and isinstance(before := parts[-1], Literal):
            parts[-1] = Literal(text=before.text + text, start=before.start, end=at + len(text))
        else:
            parts.append(Literal(text=text, start=at, end=at + len(text)))
        at += len(text)
        if info:
            parts.append(_parameter(route, info, at, at + len(segment)))
            at += len(segment)
    return tuple(parts) or (Literal(text="/", start=0, end=1),)


def doubt_of(route: Any) -> str | None:
    """Why a route may refuse a path that its regexes take, in words: Sanic's types look at values too."""
    refusing = [
        f"the type of {info.raw_path} may refuse what its regex takes"
        for info in route.defined_params.values()
        if _may_refuse(info)
    ]
    return ", ".join(refusing) or None


def _may_refuse(info: Any) -> bool:
    if info.label == "ext":
        return bool(info.ctx.allowed or info.ctx.cast)
    return info.label == "ymd" or getattr(info.cast, "__module__", "") not in _OF_SANIC


def _parameter(route: Any, info: Any, start: int, end: int) -> Parameter:
    pattern = info.pattern if isinstance(info.pattern, str) else info.pattern.pattern
    regex = _NAME_OF_GROUP.sub("(", pattern.removeprefix("^").removesuffix("$"))
    if not route.regex:
        regex = _CAST_REGEXES.get(info.label, regex)
    return Parameter(
        name=info.name,
        converter_name=info.label,
        converter=ForeignConverter(info.label, regex, info.cast),
        start=start,
        end=end,
    )
