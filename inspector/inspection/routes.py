"""Routes as an application serves them: flat, with the prefixes of the mounts around them."""

from collections.abc import Sequence
from typing import Any

from inspector.adapters.adapter import WEBSOCKET, AdaptedRoute
from miniframework.records import dataclass
from miniframework.routing.route import EVERY_METHOD
from miniframework.routing.source import Source


@dataclass(frozen=True, slots=True, kw_only=True)
class EffectiveRoute:
    """One route. `path` is its whole template as the framework writes it, the prefixes of mounts included.

    `number` is its place in the order of trial as people read it: "3.1" is the first route of what entry 3
    mounts; "" for one that is not in the table. `methods` are those the router takes, `("*",)` for every one,
    `("WEBSOCKET",)` for a WebSocket route, () for a mount. `endpoint` is `module:qualname`. `condition` is
    what a request must have beside path and method, or why the route may refuse it all the same, in words.
    `answers` are the methods for which an endpoint has a function that is a class and gets every method: to
    others it answers 405 itself; None where that is not so.
    """

    number: str
    kind: str
    path: str
    methods: tuple[str, ...]
    name: str | None
    endpoint: str
    source: Source | None = None
    condition: str | None = None
    answers: tuple[str, ...] | None = None

    def to_dict(self) -> dict[str, Any]:
        """JSON-able values."""
        return {
            "number": self.number,
            "kind": self.kind,
            "path": self.path,
            "methods": list(self.methods),
            "name": self.name,
            "endpoint": self.endpoint,
            "file": None if self.source is None else self.source.file,
            "line": None if self.source is None else self.source.line,
            "condition": self.condition,
            "answers": None if self.answers is None else list(self.answers),
        }


def effective_route(way: Sequence[AdaptedRoute], address: Sequence[int]) -> EffectiveRoute:
    """The last entry of a way, which stands at this address; () when that is not known."""
    *mounts, route = way
    conditions = [words for one in way for words in (one.condition, one.doubt) if words is not None]
    return EffectiveRoute(
        number=".".join(str(index + 1) for index in address),
        kind=route.kind,
        path="".join(mount.path.rstrip("/") for mount in mounts) + route.path or "/",
        methods=_methods_of(route),
        name=route.name,
        endpoint=route.endpoint,
        source=route.source,
        condition=" and ".join(conditions) or None,
        answers=None if route.answers is None else tuple(sorted(route.answers)),
    )


def _methods_of(route: AdaptedRoute) -> tuple[str, ...]:
    if route.kind == "websocket":
        return (WEBSOCKET,)
    if route.kind == "mount":
        return ()
    return (EVERY_METHOD,) if route.methods is None else tuple(sorted(route.methods))
