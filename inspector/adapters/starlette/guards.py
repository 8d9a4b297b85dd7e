"""Which routes of a router need not be asked about a path: those that take other beginnings only."""

import os
import re
from collections.abc import Iterator
from typing import Any

from inspector.adapters.starlette.fastapi_tree import included_routers, is_by_regex, leaves_of, may_take
from miniframework.records import dataclass

_PLAIN_FLAGS = re.UNICODE  # of text that `re` compiles without flags


@dataclass(frozen=True, slots=True)
class _Guard:
    """One entry of a router: no path that does not begin with `prefix` is taken by it.

    That holds as long as its `shape` has this regex, and these routers have these routes.
    """

    route: Any
    prefix: str
    shape: Any = None
    regex: Any = None
    routers: tuple[tuple[Any, list[Any]], ...] = ()

    def is_stale(self) -> bool:
        """Whether something was changed."""
        if self.shape is not None:
            return self.shape.path_regex is not self.regex
        return any(router.routes != routes for router, routes in self.routers)


class Guards:
    """The guards of the routers of one application, made when a router is first asked. Thread-safe."""

    def __init__(self) -> None:
        # By the id of the list of routes, which the value keeps alive.
        self._known: dict[int, tuple[Any, list[Any], list[_Guard]]] = {}

    def fitting(self, routes: Any, path: str) -> Iterator[Any]:
        """The entries that may take a path, in their order."""
        for guard in self._guards(routes):
            if path.startswith(guard.prefix) and may_take(guard.route, path):
                yield guard.route

    def _guards(self, routes: Any) -> list[_Guard]:
        known = self._known.get(id(routes))
        if known is None or known[1] != routes or any(guard.is_stale() for guard in known[2]):
            known = self._known[id(routes)] = routes, list(routes), list(map(_guard, routes))
        return known[2]


def _guard(route: Any) -> _Guard:
    if not is_by_regex(route):
        return _Guard(route, "")
    leaves = list(leaves_of(route))
    routers = tuple((router, list(router.routes)) for router in included_routers(route))
    if not routers:
        [leaf] = leaves
        head = _head(leaf)
        return _Guard(route, head, leaf.shape, leaf.shape.path_regex) if head else _Guard(route, "")
    # Of the text, not of its segments.
    prefix = os.path.commonprefix([_head(leaf) for leaf in leaves])  # noqa: RUF071
    return _Guard(route, prefix, routers=routers)


def _head(leaf: Any) -> str:
    """What every path that a route takes begins with; "" when that is not known."""
    regex = getattr(leaf.shape, "path_regex", None)
    if regex is None or not is_by_regex(leaf.origin):
        return ""
    head: str = leaf.shape.path.partition("{")[0]
    is_known = regex.flags == _PLAIN_FLAGS and regex.pattern.startswith("^" + re.escape(head))
    return head if is_known else ""
