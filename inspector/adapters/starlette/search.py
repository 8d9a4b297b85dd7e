"""What Starlette's router does with one request, by its own `matches`, down to where a handler would run.

The steps are those of `starlette.routing.Router.app`, and of `fastapi.routing.APIRouter.app` where that goes
on: routes in order, the first that takes path and method; else the first that takes the path; else the same
with the slash at the end toggled; else what FastAPI asks last; else the default.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import field
from typing import Any

from starlette.datastructures import URL
from starlette.responses import RedirectResponse
from starlette.routing import Host, Match, Mount, Router

from inspector.adapters.adapter import AskedOutcome
from inspector.adapters.starlette.apps import (
    Searched,
    enter,
    get_route_path,
    inner_app,
    mounted_app,
    say_before_mounted,
)
from inspector.adapters.starlette.fastapi_tree import (
    Frontend,
    Late,
    Leaf,
    choose_leaf,
    find_late,
    leaves_of,
    update_scope,
)
from inspector.adapters.starlette.guards import Guards
from miniframework.records import dataclass

_MOST_MOUNTS = 200  # more than any way has; what is mounted in itself at "/" would be entered for ever


@dataclass(slots=True)
class Decision:
    """What was decided. `taken` are the routes that were entered, outermost first, also where the last of
    them refused the method. `entered` are the applications on the way. `before` says what wraps one of them
    and may answer by itself.
    """

    outcome: AskedOutcome = "not_found"
    taken: list[Leaf] = field(default_factory=list)
    params: dict[str, str] = field(default_factory=dict)
    allow: tuple[str, ...] = ()
    location: str | None = None
    status: int | None = None
    entered: list[Any] = field(default_factory=list)
    before: str | None = None


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
    decision = Decision(entered=[app])
    searched: Searched | None = enter(app, scope)
    try:
        while searched is not None:
            searched = _step(searched, scope, decision, guards)
    except _Failed as failed:
        leaf = _failing_leaf(failed.route, failed.path)
        decision.taken.append(leaf)
        decision.outcome, decision.status = "match", 500
    return decision


def _step(searched: Searched, scope: dict[str, Any], decision: Decision, guards: Guards) -> Searched | None:
    """Ask one router. Gives what is asked next: the router of what is mounted there."""
    router = searched.router
    scope.setdefault("router", router)
    hit = _first(searched, scope, guards)
    if hit is None:
        _decide_miss(searched, scope, decision, guards)
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
        decision.allow = _methods_of(leaf.shape)
        return None
    decision.outcome = "match"
    inside = inner_app(leaf)
    if inside is None or _only_refers_to(inside, leaf, decision):
        return None
    decision.entered.append(inside)
    decision.before = decision.before or say_before_mounted(leaf, get_route_path(scope))
    return enter(inside, scope)


def _only_refers_to(inside: Any, leaf: Leaf, decision: Decision) -> bool:
    """Whether what is mounted only keeps an application around it, or has no end."""
    is_around = any(inside is app for app in decision.entered)
    return is_around and (inside is not mounted_app(leaf) or len(decision.taken) > _MOST_MOUNTS)


def _first(searched: Searched, scope: dict[str, Any], guards: Guards) -> _Hit | None:
    partial = None
    for route in _fitting(searched, scope, guards):
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


def _decide_miss(searched: Searched, scope: dict[str, Any], decision: Decision, guards: Guards) -> None:
    router = searched.router
    redirect_scope = _toggled(router, scope)
    if redirect_scope is not None and _anyone(searched, redirect_scope, guards):
        response = RedirectResponse(url=str(URL(scope=redirect_scope)))
        decision.outcome, decision.status = "redirect", response.status_code
        decision.location = response.headers["location"]
        decision.taken.clear()
    elif searched.has_late and (late := find_late(router, scope)) is not None:
        _decide_late(late, scope, decision)
    else:
        _refuse(router, scope, decision)


def _anyone(searched: Searched, scope: dict[str, Any], guards: Guards) -> bool:
    """Whether a route takes the path, with whatever method; those behind it are not asked."""
    return any(_matches(route, scope)[0] is not Match.NONE for route in _fitting(searched, scope, guards))


def _fitting(searched: Searched, scope: dict[str, Any], guards: Guards) -> Iterator[Any]:
    path = get_route_path(scope)
    for routes in searched.lists:
        yield from guards.fitting(routes, path)


def _toggled(router: Any, scope: dict[str, Any]) -> dict[str, Any] | None:
    path = get_route_path(scope)
    if scope["type"] != "http" or not router.redirect_slashes or path == "/":
        return None
    whole = scope["path"]
    return {**scope, "path": whole.rstrip("/") if path.endswith("/") else whole + "/"}


def _decide_late(late: Late, scope: dict[str, Any], decision: Decision) -> None:
    shape = late.leaf.shape
    is_files = isinstance(shape, Frontend)
    if late.is_full:
        update_scope(scope, late.child_scope)
        decision.outcome = "match"
        decision.taken.append(late.leaf)
        path = get_route_path(scope)
        decision.params |= {"path": late.below} if is_files else _raw_params(shape, path, scope)
    elif is_files and not shape.finds_file(late.below):
        _refuse_with(decision, 404)
    else:  # files refuse a method only where there is a file, and without an Allow header
        _refuse_with(decision, 405)
        decision.allow = () if is_files else _methods_of(shape)


def _refuse_with(decision: Decision, status: int) -> None:
    decision.outcome = "method_not_allowed" if status == 405 else "not_found"
    decision.status = status
    decision.taken.clear()


def _methods_of(shape: Any) -> tuple[str, ...]:
    """What a 405 names; a class with a `matches` of its own may refuse without a list of methods."""
    return tuple(getattr(shape, "methods", None) or ())


def _refuse(router: Any, scope: dict[str, Any], decision: Decision) -> None:
    decision.outcome = "not_found"
    decision.taken.clear()
    if getattr(router.default, "__func__", None) is Router.not_found:
        decision.status = 403 if scope["type"] == "websocket" else 404


def _raw_params(shape: Any, path: str, scope: Mapping[str, Any]) -> dict[str, str]:
    if isinstance(shape, Host):
        found = shape.host_regex.match(_host_of(shape, scope))
    else:
        regex = getattr(shape, "path_regex", None)
        found = None if regex is None else regex.match(path)
    params: dict[str, str] = found.groupdict() if found else _converted(shape, scope)
    if isinstance(shape, Mount):
        params.pop("path", None)
    return params


def _host_of(shape: Host, scope: Mapping[str, Any]) -> str:
    """The name that is compared: where case does not count, the router lowers it first."""
    host: str = dict(scope["headers"])[b"host"].decode("latin-1").split(":")[0]
    return host.lower() if shape.host_regex.flags & re.IGNORECASE else host


def _converted(shape: Any, scope: Mapping[str, Any]) -> dict[str, str]:
    """What a `matches` that somebody wrote made of a path that the regex refuses, as text."""
    made: Mapping[str, Any] = scope.get("path_params") or {}
    return {name: str(made[name]) for name in getattr(shape, "param_convertors", ()) if name in made}


def _failing_leaf(route: Any, path: str) -> Leaf:
    leaves = list(leaves_of(route))
    fitting = (
        leaf for leaf in leaves if (regex := getattr(leaf.shape, "path_regex", None)) and regex.match(path)
    )
    return next(fitting, leaves[0] if leaves else Leaf(route, route))
