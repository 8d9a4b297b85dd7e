"""Mounted applications that were told a root path which is not that of their mount: they see more of a path.

Such an application takes its own root path off the front of the whole path, and compares the rest: below a
mount at `/api`, one with the root path `/v1` sees `/api/users` for what is usually `/users`.
"""

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import accumulate
from typing import Any

from inspector.adapters.adapter import AdaptedRoute
from inspector.adapters.converting import ForeignConverter
from inspector.adapters.starlette.apps import get_route_path, root_path_of
from miniframework.routing.parts import Literal, Parameter, Part

_NEVER: tuple[Part, ...] = (
    Literal(text="/", start=0, end=1),
    Parameter(
        name="_0", converter_name="nothing", converter=ForeignConverter("nothing", r"[^\s\S]"), start=1, end=2
    ),
)


def left_in_front(app: Any, at: str | None) -> str:
    """What an application sees in front of the paths of its routes, when it stands at this path.

    "" for nothing, and where it is not known: below a path with parameters, or where the root path would fit
    if the server put something in front of all paths.
    """
    root_path = root_path_of(app)
    if not root_path or at is None or root_path.startswith(at + "/") or _fits_below_another(root_path, at):
        return ""
    seen: str = get_route_path({"path": at + "/", "root_path": root_path})
    return seen.removesuffix("/")


def _fits_below_another(root_path: str, at: str) -> bool:
    """Whether a root path ends with what a path begins with: `/proxy/api`, and `/api/users`."""
    beginnings = accumulate(at.removeprefix("/").split("/"), "{}/{}".format)
    return any(root_path != f"/{one}" and root_path.endswith(f"/{one}") for one in beginnings)


def behind(route: AdaptedRoute, text: str) -> AdaptedRoute:
    """The route as it is compared with what comes behind a text that is always in front."""
    parts = _behind(route.parts, text)
    if route.kind != "mount":
        return replace(route, parts=parts)
    return _never(route) if parts is _NEVER else route  # what is in it would see yet more


def _never(route: AdaptedRoute) -> AdaptedRoute:
    """The route as one that takes no path; of a mount all that is in it."""
    inner = None if route.inner is None else tuple(map(_never, route.inner))
    return replace(route, parts=_NEVER, inner=inner)


def _behind(parts: tuple[Part, ...], text: str) -> tuple[Part, ...]:
    """The parts that are left, `_NEVER` where the text does not fit, all of them where that is not known."""
    left = text
    for number, part in enumerate(parts):
        rest = parts[number + 1 :]
        if isinstance(part, Literal):
            if part.text.startswith(left):
                return _from_slash(part.text[len(left) :], rest)
            if not left.startswith(part.text):
                return _NEVER
            left = left[len(part.text) :]
        elif part.converter_name == "path" and not rest:
            return (Literal(text="/", start=0, end=1), part)
        elif not _is_segment(part, rest):
            return parts
        else:
            segment, slash, below = left.partition("/")
            if re.fullmatch(part.regex, segment) is None:
                return _NEVER
            left = slash + below
            if not left:
                return _from_slash("", rest)
    return _NEVER


def _from_slash(text: str, rest: tuple[Part, ...]) -> tuple[Part, ...]:
    """What is left of a literal and the parts behind it: below a mount it begins with a slash."""
    first = (Literal(text=text, start=0, end=len(text)),) if text else ()
    left = (*first, *rest)
    begins = bool(left) and isinstance(left[0], Literal) and left[0].text.startswith("/")
    return left if begins else _NEVER


def _is_segment(part: Parameter, rest: Sequence[Part]) -> bool:
    """Whether a parameter takes exactly one segment of a path, and all of it."""
    ends = not rest or (isinstance(rest[0], Literal) and rest[0].text.startswith("/"))
    return ends and part.converter_name in ("str", "int", "float", "uuid")
