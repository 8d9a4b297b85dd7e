"""FastAPI's tree of included routers (since 0.137), read as Starlette's flat list of routes.

Before, `include_router` copied routes into the list of the router above. Since, an included router stays one
entry of that list, and its effective routes are made when somebody first asks for them. Nothing is imported
from FastAPI: what has no tree is a list of leaves.
"""

import os
import stat
from collections.abc import Iterator
from typing import Any

from miniframework.records import dataclass

_SCOPE_KEY = "fastapi"
_FRONTEND_KEY = "frontend_path"
_LOCK = "_effective_routes_lock"

# In these modules a route that has a `path_regex` and does not match it takes nothing.
_REGEX_FIRST = ("starlette.routing", "fastapi.routing")


@dataclass(frozen=True, slots=True)
class Leaf:
    """One effective route. `shape` has its path, regex and methods as they are with all prefixes.

    `origin` is what a live scope names: the route itself, or the context that FastAPI made for it.
    """

    origin: Any
    shape: Any

    @property
    def key(self) -> tuple[int, str]:
        """What stands for it as long as the origin is kept."""
        return id(self.origin), getattr(self.shape, "path", "")


@dataclass(frozen=True, slots=True)
class Frontend:
    """A folder of static files that FastAPI serves where no route takes the path; `path` is its effective
    prefix.
    """

    route: Any
    path: str

    @property
    def specificity(self) -> int:
        """How early it is tried: the longest prefix first."""
        return 0 if self.path == "/" else len(self.path)

    def below(self, path: str) -> str | None:
        """What is left of a path below the prefix, None where it is not below it."""
        if self.path == "/":
            return path.lstrip("/")
        is_below = path == self.path or path.startswith(self.path + "/")
        return path[len(self.path) + 1 :] if is_below else None

    def finds_file(self, path: str) -> bool:
        """Whether there is a file for a path below the prefix, or a folder with an index page."""
        try:
            place, found = self.route.app.lookup_path(os.path.normpath(os.path.join(*path.split("/"))))
            if found is not None and stat.S_ISDIR(found.st_mode):
                found = os.stat(os.path.join(place, "index.html"))
        except (OSError, ValueError):
            return False
        return found is not None and stat.S_ISREG(found.st_mode)


@dataclass(frozen=True, slots=True)
class Late:
    """What FastAPI asks when no route took the request. `below` is the path below the prefix of the files."""

    leaf: Leaf
    is_full: bool
    child_scope: dict[str, Any]
    below: str


def has_unguarded_tree(router: Any) -> bool:
    """Whether two threads that ask for its effective routes for the first time could disturb each other."""
    return any(_is_included(route) and not hasattr(route, _LOCK) for route in router.routes)


def leaves_of(route: Any) -> Iterator[Leaf]:
    """The effective routes of one entry in the order in which they are tried."""
    if not _is_included(route):
        yield Leaf(route, route)
        return
    for context in route.effective_route_contexts():
        yield _leaf_of(context)


def late_leaves_of(router: Any) -> Iterator[Leaf]:
    """What is asked behind all routes, in the order in which it is tried."""
    candidates = getattr(router, "_iter_low_priority_routes", None)
    found = [leaf for candidate in candidates() for leaf in _late(candidate)] if candidates else []
    yield from sorted(found, key=lambda leaf: -_specificity(leaf))


def may_take(route: Any, path: str) -> bool:
    """Whether an entry must be asked about a path: its regexes take it, or it decides in a way of its own.

    To ask every route takes ten times as long.
    """
    if _is_included(route):
        return not is_by_regex(route) or any(may_take(below, path) for below in route.effective_candidates())
    regex = regex_of(route)
    return regex is None or regex.match(path) is not None or not is_by_regex(route)


def regex_of(route: Any) -> Any:
    """What the path of a request is matched with, None where there is no such thing."""
    return getattr(getattr(route, "starlette_route", None) or route, "path_regex", None)


def included_routers(route: Any) -> Iterator[Any]:
    """The router that an entry includes, and those that are included in it; none for any other entry."""
    if _is_included(route):
        yield route.original_router
        for below in route.original_router.routes:
            yield from included_routers(below)


def is_by_regex(route: Any) -> bool:
    """Whether what its regexes do not match is not taken: nobody wrote a `matches` of their own for it."""
    if _is_included(route):
        return _has_usual_matches(route) and _has_usual_matches(route.original_router)
    shape = getattr(route, "starlette_route", None) or route
    return _has_usual_matches(shape) and _has_usual_matches(getattr(route, "original_route", shape))


def choose_leaf(route: Any, child_scope: dict[str, Any], scope: dict[str, Any]) -> Leaf | None:
    """The effective route that an entry which took the request gives it to; None when it changed its mind.

    Changes the scope as FastAPI does on the way.
    """
    update_scope(scope, child_scope)
    while _is_included(route):
        _, child_scope, route, context = route._match(scope)
        if route is None:
            return None
        update_scope(scope, child_scope)
        if context is not None:
            return _leaf_of(context)
    return Leaf(route, route)


def find_late(router: Any, scope: dict[str, Any]) -> Late | None:
    """What FastAPI asks when no route took the request, and what that says."""
    ask = getattr(router, "_match_low_priority", None)
    if ask is None:
        return None
    match, child_scope, route, context = ask(scope)
    if route is None:
        return None
    source = route if context is None else context
    group = getattr(source, "original_route", source)
    if not _is_frontends(group):
        leaf = Leaf(route, route) if context is None else _leaf_of(context)
        return Late(leaf, match.name == "FULL", child_scope, "")
    prefix = getattr(source, "frontend_prefix", "")
    _, child_scope, files = group._match(scope, prefix=prefix)
    leaf = Leaf(files, Frontend(files, _join(prefix, files.path)))
    return Late(leaf, match.name == "FULL", child_scope, child_scope[_SCOPE_KEY][_FRONTEND_KEY])


def live_context(scope: Any) -> Any:
    """The context under which a live request was served; None for a route that needs none."""
    context = (scope.get(_SCOPE_KEY) or {}).get("effective_route_context")
    return context if getattr(context, "original_route", None) is scope.get("route") else None


def live_frontend_path(scope: Any) -> str | None:
    """The path below the prefix of the files that a live request came to; None where it came to none."""
    path: str | None = (scope.get(_SCOPE_KEY) or {}).get(_FRONTEND_KEY)
    return path


def update_scope(scope: dict[str, Any], child_scope: dict[str, Any]) -> None:
    """As FastAPI: what it keeps under its own key is joined, all else replaced."""
    own = child_scope.get(_SCOPE_KEY)
    if isinstance(own, dict):
        child_scope = {**child_scope, _SCOPE_KEY: {**scope.get(_SCOPE_KEY, {}), **own}}
    scope.update(child_scope)


def _is_included(route: Any) -> bool:
    return hasattr(route, "effective_route_contexts") and hasattr(route, "_match")


def _has_usual_matches(route: Any) -> bool:
    return getattr(type(route).matches, "__module__", None) in _REGEX_FIRST


def _leaf_of(context: Any) -> Leaf:
    return Leaf(context, context.starlette_route or context)


def _late(candidate: Any) -> Iterator[Leaf]:
    group = getattr(candidate, "original_route", candidate)
    if not _is_frontends(group):
        yield _leaf_of(candidate) if group is not candidate else Leaf(candidate, candidate)
        return
    prefix = getattr(candidate, "frontend_prefix", "")
    for route in group.routes:
        yield Leaf(route, Frontend(route, _join(prefix, route.path)))


def _is_frontends(group: Any) -> bool:
    return type(group).__name__ == "_FrontendRouteGroup"


def _join(prefix: str, path: str) -> str:
    return prefix if prefix and path == "/" else prefix + path


def _specificity(leaf: Leaf) -> int:
    return leaf.shape.specificity if isinstance(leaf.shape, Frontend) else -1
