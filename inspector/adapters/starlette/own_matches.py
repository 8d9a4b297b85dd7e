"""Classes of routes with a `matches` of their own: what they want of a request beside path and method."""

from typing import Any

from inspector.adapters.adapter import HostRule
from inspector.adapters.endpoints import name_endpoint
from inspector.adapters.host_rules import make_host_rule
from inspector.adapters.starlette.narrowing import only_refuses
from inspector.adapters.starlette.templates import parts_of_template
from miniframework.records import dataclass

_OWN_MODULES = ("starlette.", "fastapi.")

# These decide as what they inherit from, and note in the scope that they were there.
_AS_USUAL = frozenset({"ludic.web.routing.Mount"})

# These take what they inherit from, but for requests with a header of theirs.
_BUT_FOR_A_HEADER = {"tuspyserver.router.TusAPIRoute": "an X-HTTP-Method-Override header may say otherwise"}

_OF_FASTHTML = "fasthtml.core.HostRoute"  # as usual, for requests to its host where it has one


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a route wants, as `AdaptedRoute` has it; None for nothing."""

    condition: str | None = None
    host: HostRule | None = None
    doubt: str | None = None
    only_refuses: bool = False


def what_is_wanted(origin: Any) -> Wanted:
    """What the `matches` of a route that the user or a library wrote may ask for."""
    route = getattr(origin, "original_route", origin)
    matches = getattr(type(route), "matches", None)
    if getattr(matches, "__module__", "").startswith(_OWN_MODULES):
        return Wanted()
    decides = _class_with_matches(type(route))
    if decides in _AS_USUAL:
        return Wanted()
    if decides in _BUT_FOR_A_HEADER:
        return Wanted(doubt=_BUT_FOR_A_HEADER[decides])
    if decides == _OF_FASTHTML:
        return _of_host(route)
    return Wanted(f"{name_endpoint(matches)} says so", only_refuses=only_refuses(type(route)))


def _class_with_matches(route_class: type) -> str:
    found = next((base for base in route_class.__mro__ if "matches" in vars(base)), route_class)
    return f"{found.__module__}.{found.__qualname__}"


def _of_host(route: Any) -> Wanted:
    if not route.host:
        return Wanted()
    parts = parts_of_template(route.host, route.host_convertors)
    return Wanted(f"host {route.host}", make_host_rule(parts, route.host_regex))
