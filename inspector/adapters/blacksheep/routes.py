"""BlackSheep's routes in the order in which its router goes through them, read into parts.

Source: blacksheep.server.routing, blacksheep.server.controllers (2.x).
"""

import copy
import re
from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from blacksheep.server.controllers import ControllersManager
from blacksheep.server.routing import HostFilter, Route

from inspector.adapters.adapter import HostRule
from inspector.adapters.converting import ForeignConverter
from miniframework.routing.parts import Literal, Parameter, Part

_HOLE = re.compile(r"/:(?P<plain>[^/]+)|/\{(?P<braces>[^}]+)\}|/<(?P<angles>[^>]+)>|(?P<star>/?\*)")
_SEGMENT = r"[^\/]+"


def started_copy(router: Any) -> Any:
    """A copy of a router that still collects routes, with what the start of the application does to it.

    Doing it to the application itself would use up what it collected. The routes and handlers are shared.
    """
    copied = _copied(router)
    copied.apply_routes()
    manager = ControllersManager()
    manager._unify_controllers(copied.controllers_routes)
    for collected in copied.controllers_routes:
        controller = collected.handler.controller_type
        pattern = manager.get_controller_handler_pattern(controller, collected)
        route = copied.create_route(pattern, collected.handler, controller._filters_)
        copied.add_route(collected.method, route)
    copied.sort_routes()
    return copied


def _copied(router: Any) -> Any:
    copied = copy.copy(router)
    copied.routes = defaultdict(list, {method: list(routes) for method, routes in router.routes.items()})
    copied._map = {method: dict(routes) for method, routes in router._map.items()}
    copied._registered_routes = list(router._registered_routes)
    copied.controllers_routes = copy.copy(router.controllers_routes)
    copied.controllers_routes.routes = list(router.controllers_routes.routes)
    if router._sub_routers:
        copied._sub_routers = [_copied(below) for below in router._sub_routers]
    return copied


def routes_in_order(router: Any) -> Iterator[tuple[str, Any]]:
    """Each route with its method: those of routers below first, then the sorted list of each method."""
    for below in router._sub_routers or ():
        yield from routes_in_order(below)
    for method, routes in router.routes.items():
        for route in routes:
            yield method.decode(), route


def read_parts(pattern: str) -> tuple[Part, ...]:
    """A pattern in any of BlackSheep's ways to write parameters, as literals and parameters."""
    parts: list[Part] = []
    at = 0
    for found in _HOLE.finditer(pattern):
        star = found["star"] is not None
        # The slash before a parameter is literal text; the one before a star may be missing in the path.
        start = found.start() if star else found.start() + 1
        if start > at:
            parts.append(Literal(text=pattern[at:start], start=at, end=start))
        parts.append(_tail(found) if star else _parameter(found, start))
        at = found.end()
    if at < len(pattern):
        parts.append(Literal(text=pattern[at:], start=at, end=len(pattern)))
    return tuple(parts)


def _tail(found: re.Match[str]) -> Parameter:
    regex = "/.*" if found[0] == found.string else ".*"  # a path begins with a slash
    converter = ForeignConverter("path", regex)
    return Parameter(
        name="tail", converter_name="path", converter=converter, start=found.start(), end=found.end()
    )


def _parameter(found: re.Match[str], start: int) -> Parameter:
    written = found["plain"] or found["braces"] or found["angles"]
    kind, colon, name = written.rpartition(":") if found["plain"] is None else ("", "", written)
    word = kind if colon else "str"
    converter = ForeignConverter(word, Route.value_patterns.get(word, _SEGMENT))
    return Parameter(name=name, converter_name=word, converter=converter, start=start, end=found.end())


def condition_of(route: Any) -> str | None:
    """What a request must have beside path and method, in words: BlackSheep calls it filters."""
    filters = getattr(route, "filters", None) or ()
    words = [f"host {f.host!r}" if hasattr(f, "host") else type(f).__name__ for f in filters]
    return " and ".join(words) or None


def host_rule_of(route: Any) -> HostRule | None:
    """The rule of a route whose only filter is one for a host.

    Source: blacksheep.server.routing.HostFilter.
    """
    match tuple(getattr(route, "filters", None) or ()):
        case (HostFilter() as only,) if type(only) is HostFilter:
            host = only.host
            port = "" if ":" in host else "(?::.*)?"
            return HostRule(regex=re.escape(host) + port, sample=host, keeps_port=True)
    return None
