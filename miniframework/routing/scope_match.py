"""Whether an entry of a table takes a request, asked as Starlette's middleware asks: `route.matches(scope)`.

Nobody is served by it: the table decides by itself, and property tests hold the two together.
"""

from collections.abc import Callable, Mapping
from enum import Enum
from typing import Any

from miniframework.routing.pattern import PathPattern
from miniframework.routing.root_path import strip_root_path
from miniframework.types import Scope


class ScopeMatch(Enum):
    """How far an entry fits a request; PARTIAL is the right path with another method.

    Each equals the one of that name of Starlette's `Match`: middleware that was written for Starlette
    compares with that.
    """

    NONE = 0
    PARTIAL = 1
    FULL = 2

    def __eq__(self, other: object) -> bool:
        if isinstance(other, ScopeMatch):
            return self is other
        return isinstance(other, Enum) and type(other).__name__ == "Match" and other.name == self.name

    def __hash__(self) -> int:
        return hash(self.name)  # as every Enum does


# Of an entry what it says, and what the scope gets from it.
Answer = tuple[ScopeMatch, dict[str, Any]]


def match_end(pattern: PathPattern, endpoint: Callable[..., Any], scope: Scope) -> Answer:
    """Say whether a request's path is one of a route's, and give what the scope of such a request has."""
    params = pattern.match(strip_root_path(scope))
    if params is None:
        return ScopeMatch.NONE, {}
    return ScopeMatch.FULL, {"endpoint": endpoint, "path_params": _join(scope, params)}


def match_prefix(pattern: PathPattern, app: Any, scope: Scope) -> Answer:
    """The same for a mount: the scope has a longer root path, too."""
    found = pattern.regex.fullmatch(strip_root_path(scope))
    if found is None:
        return ScopeMatch.NONE, {}
    root_path = scope.get("root_path", "")
    return ScopeMatch.FULL, {
        "endpoint": app,
        "path_params": _join(scope, found.groupdict()),
        "app_root_path": scope.get("app_root_path", root_path),
        "root_path": root_path + found[1],
    }


def _join(scope: Scope, params: Mapping[str, str]) -> dict[str, Any]:
    return {**(scope.get("path_params") or {}), **params}
