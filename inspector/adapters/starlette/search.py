"""What Starlette's router does with one request, by its own `matches`, down to where a handler would run.

The steps are those of `starlette.routing.Router.app`, and of `fastapi.routing.APIRouter.app` where that goes
on: routes in order, the first that takes path and method; else the first that takes the path; else the same
with the slash at the end toggled; else what FastAPI asks last; else the default.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from starlette.datastructures import URL
from starlette.responses import RedirectResponse
from starlette.routing import Host, Match, Mount, Router

from inspector.adapters.adapter import AskedOutcome
from inspector.adapters.detection import adapter_name, find_framework_app
from inspector.adapters.starlette.fastapi_tree import (
    Late,
    Leaf,
    choose_leaf,
    find_late,
    leaves_of,
    update_scope,
)
from inspector.adapters.starlette.guards import Guards

try:
    from starlette.routing import get_route_path
except ImportError:  # before 0.33 a mount leaves only what is below it in the path

    def get_route_path(scope: Any) -> str:
        """The path as the routes of the router in turn see it."""
        return str(scope["path"])


_OWN_MODULES = ("starlette.", "fastapi.")
_MOST_MIDDLEWARE = 200  # more than any stack has; a stack that leads into itself ends here


@dataclass(slots=True)
class Decision:
    """What was decided. `taken` are the routes that were entered, outermost first, also where the last of
    them refused the method."""

    outcome: AskedOutcome = "not_found"
    taken: list[Leaf] = field(default_factory=list)
    params: dict[str, str] = field(default_factory=dict)
    allow: tuple[str, ...] = ()
    location: str | None = None
    status: int | None = None


@dataclass(frozen=True, slots=True)
class _Hit:
    route: Any
    child_scope: dict[str, Any]
    is_full: bool


class _Failed(Exception):
    """A route failed while it was asked, most likely its converter: the framework answers 500."""

    def __init__(self, route: Any, path: str) -> None:
        self.route = route
        self.path = path
        super().__init__(f"{route!r} failed")


def search(app: Any, scope: dict[str, Any], guards: Guards) -> Decision:
    """Decide about one request; the scope is changed on the way, as the framework changes it."""
    decision = Decision()
    router = enter(app, scope)
    try:
        while router is not None:
            router = _step(router, scope, decision, guards)
    except _Failed as failed:
        leaf = _failing_leaf(failed.route, failed.path)
        decision.taken.append(leaf)
        decision.outcome, decision.status = "match", 500
    return decision


def inner_app(leaf: Leaf) -> Any:
    """The Starlette or FastAPI application that is mounted there; None when something else decides."""
    app = own_app(mounted_app(leaf))
    return None if app is None or _decides_otherwise(app) else app


def own_app(mounted: Any) -> Any:
    """The Starlette or FastAPI application behind what is mounted; None when there is none."""
    app = find_framework_app(mounted, closures=False)
    return app if adapter_name(app) in ("starlette.adapter", "starlette.fastapi") else None


def mounted_app(leaf: Leaf) -> Any:
    """What is mounted there, with what wraps it; None for what is no mount."""
    return leaf.shape.app if isinstance(leaf.shape, Mount | Host) else None


def _decides_otherwise(app: Any) -> bool:
    """Whether its router has a search of its own, as cadwyn's by version; one that calls `super` has not."""
    router = type(served_router(app))
    searches: list[Any] = [router.__call__, getattr(router, "app", None)]  # before 0.34 there is no `app`
    return any(
        not one.__module__.startswith(_OWN_MODULES) and "__class__" not in one.__code__.co_freevars
        for one in searches
        if hasattr(one, "__code__")
    )


def served_router(app: Any) -> Any:
    """The router that answers: of a stack of middleware that is built already the one at its end."""
    if isinstance(app, Router):
        return app
    layer = getattr(app, "middleware_stack", None)
    for _ in range(_MOST_MIDDLEWARE):
        if layer is None or isinstance(layer, Router):
            break
        layer = getattr(layer, "app", None)
    return layer if isinstance(layer, Router) else app.router


def enter(app: Any, scope: dict[str, Any]) -> Any:
    """Give the router of an application, with the scope changed as the application does when it is called."""
    if not isinstance(app, Router):
        scope["app"] = app
        if getattr(app, "root_path", ""):
            scope["root_path"] = app.root_path
    return served_router(app)


def _step(router: Any, scope: dict[str, Any], decision: Decision, guards: Guards) -> Any:
    """Ask one router. Gives the router that is asked next: the one of what is mounted there."""
    scope.setdefault("router", router)
    hit = _first(router.routes, scope, guards)
    if hit is None:
        _decide_miss(router, scope, decision, guards)
        return None
    path = get_route_path(scope)
    leaf = choose_leaf(hit.route, hit.child_scope, scope)
    if leaf is None:
        _refuse(router, scope, decision)
        return None
    decision.taken.append(leaf)
    decision.params |= _raw_params(leaf.shape, path, scope)
    if not hit.is_full:
        decision.outcome, decision.status = "method_not_allowed", 405
        decision.allow = tuple(leaf.shape.methods or ())
        return None
    decision.outcome = "match"
    inside = inner_app(leaf)
    return None if inside is None else enter(inside, scope)


def _first(routes: Any, scope: dict[str, Any], guards: Guards) -> _Hit | None:
    partial = None
    for route in guards.fitting(routes, get_route_path(scope)):
        match, child_scope = _matches(route, scope)
        if match is Match.FULL:
            return _Hit(route, child_scope, is_full=True)
        if match is Match.PARTIAL and partial is None:
            partial = _Hit(route, child_scope, is_full=False)
    return partial


def _matches(route: Any, scope: dict[str, Any]) -> Any:
    try:
        return route.matches(scope)
    except Exception as error:  # named boundary: the user's converter or `matches`; it is answered 500
        raise _Failed(route, get_route_path(scope)) from error


def _decide_miss(router: Any, scope: dict[str, Any], decision: Decision, guards: Guards) -> None:
    redirect_scope = _toggled(router, scope)
    if redirect_scope is not None and _anyone(router.routes, redirect_scope, guards):
        response = RedirectResponse(url=str(URL(scope=redirect_scope)))
        decision.outcome, decision.status = "redirect", response.status_code
        decision.location = response.headers["location"]
        decision.taken.clear()
    elif (late := find_late(router, scope)) is not None:
        _decide_late(late, scope, decision)
    else:
        _refuse(router, scope, decision)


def _anyone(routes: Any, scope: dict[str, Any], guards: Guards) -> bool:
    """Whether a route takes the path, with whatever method; those behind it are not asked."""
    fitting = guards.fitting(routes, get_route_path(scope))
    return any(_matches(route, scope)[0] is not Match.NONE for route in fitting)


def _toggled(router: Any, scope: dict[str, Any]) -> dict[str, Any] | None:
    path = get_route_path(scope)
    if scope["type"] != "http" or not router.redirect_slashes or path == "/":
        return None
    whole = scope["path"]
    return {**scope, "path": whole.rstrip("/") if path.endswith("/") else whole + "/"}


def _decide_late(late: Late, scope: dict[str, Any], decision: Decision) -> None:
    if late.is_full:
        update_scope(scope, late.child_scope)
        decision.outcome = "match"
        decision.taken.append(late.leaf)
        decision.params["path"] = late.below
        return
    # Files refuse a method only where there is a file, and without an Allow header.
    has_file = late.leaf.shape.finds_file(late.below)
    decision.outcome = "method_not_allowed" if has_file else "not_found"
    decision.status = 405 if has_file else 404
    decision.taken.clear()


def _refuse(router: Any, scope: dict[str, Any], decision: Decision) -> None:
    decision.outcome = "not_found"
    decision.taken.clear()
    if getattr(router.default, "__func__", None) is Router.not_found:
        decision.status = 403 if scope["type"] == "websocket" else 404


def _raw_params(shape: Any, path: str, scope: Mapping[str, Any]) -> dict[str, str]:
    if isinstance(shape, Host):
        host = dict(scope["headers"])[b"host"].decode("latin-1").split(":")[0]
        found = shape.host_regex.match(host)
    else:
        regex = getattr(shape, "path_regex", None)
        found = None if regex is None else regex.match(path)
    params: dict[str, str] = found.groupdict() if found else {}
    if isinstance(shape, Mount):
        params.pop("path", None)
    return params


def _failing_leaf(route: Any, path: str) -> Leaf:
    leaves = list(leaves_of(route))
    fitting = (
        leaf for leaf in leaves if (regex := getattr(leaf.shape, "path_regex", None)) and regex.match(path)
    )
    return next(fitting, leaves[0] if leaves else Leaf(route, route))
