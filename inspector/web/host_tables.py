"""A recorded table as it was for a request to one host: what stands there for that host has no condition."""

import re
from typing import Any

from inspector.journal.protocol import Document
from inspector.model import Exchange
from inspector.readable.headers import find_header
from miniframework.errors import PatternError
from miniframework.routing.converters import BUILT_IN
from miniframework.routing.pattern import parse_pattern

_RULE = "host "  # how tables write it: `host api.example.org`, or with quotes
_PORT = re.compile(r":[0-9]*\Z")


def host_of(exchange: Exchange) -> str:
    """Return the name in the Host header without its port, "" when none came."""
    return host_name(find_header(exchange.scope.headers, "host") or "")


def host_name(sent: str) -> str:
    """Return the name of a Host header without its port, as hosts are compared."""
    return _PORT.sub("", sent).lower()


def for_host(snapshot: Document, host: str) -> Document:
    """Return the snapshot without the conditions that this host meets; the same one where there are none.

    A route that had one says in its `host` what it was.
    """
    routes = [_route_for_host(route, host) for route in snapshot["routes"]]
    is_same = all(one is other for one, other in zip(routes, snapshot["routes"], strict=True))
    return snapshot if is_same else {**snapshot, "routes": routes}


def _route_for_host(route: dict[str, Any], host: str) -> dict[str, Any]:
    inner = route.get("table")
    below = for_host(inner, host) if inner else inner
    condition = route.get("condition") or ""
    is_for_it = _takes(condition, host)
    if below is inner and not is_for_it:
        return route
    if not is_for_it:
        return {**route, "table": below}
    return {**route, "table": below, "condition": None, "host": condition.removeprefix(_RULE)}


def _takes(condition: str, host: str) -> bool:
    if not condition.startswith(_RULE) or not host:
        return False
    try:
        pattern = parse_pattern("/" + condition.removeprefix(_RULE).strip("'\"").lower(), BUILT_IN)
    except PatternError:  # in the words of another framework: what it takes is not known here
        return False
    return pattern.regex.fullmatch("/" + host) is not None
