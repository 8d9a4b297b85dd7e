"""Starlette's and FastAPI's applications: those behind mounts, and what they do first."""

from dataclasses import dataclass
from typing import Any

from starlette.routing import Host, Mount, Router

from inspector.adapters.detection import adapter_name, find_framework_app, find_way
from inspector.adapters.layers import read_layers, say_before
from inspector.adapters.starlette.cadwyn import is_by_version, lists_for, lists_of_default
from inspector.adapters.starlette.fastapi_tree import Leaf, leaves_of

try:
    from starlette.routing import get_route_path as get_route_path
except ImportError:  # before 0.33 a mount leaves only what is below it in the path

    def get_route_path(scope: Any) -> str:
        """The path as the routes of the router in turn see it."""
        return str(scope["path"])


_OWN_MODULES = ("starlette.", "fastapi.")
_MOST_MIDDLEWARE = 200  # more than any stack has; a stack that leads into itself ends here


@dataclass(frozen=True, slots=True)
class Searched:
    """A router, and the lists of routes that it searches; without `has_late` nothing behind them."""

    router: Any
    lists: tuple[Any, ...]
    has_late: bool = True


def inner_app(leaf: Leaf) -> Any:
    """The Starlette or FastAPI application that is mounted there; None when something else decides."""
    app = own_app(mounted_app(leaf))
    return None if app is None or find_own_search(app) is not None else app


def own_app(mounted: Any) -> Any:
    """The Starlette or FastAPI application behind what is mounted; None when there is none."""
    app = find_framework_app(mounted, closures=False)
    return app if adapter_name(app) in ("starlette.adapter", "starlette.fastapi") else None


def say_before_mounted(leaf: Leaf, path: str) -> str | None:
    """What wraps the application that is mounted there and may answer a path by itself, in words."""
    *wrappers, app = find_way(mounted_app(leaf), closures=False)
    if not wrappers:
        return None
    inner = (one for routes in listed_of(app).lists for route in routes for one in leaves_of(route))
    return say_before(read_layers(wrappers), path, lambda: (getattr(one.shape, "path", "") for one in inner))


def mounted_app(leaf: Leaf) -> Any:
    """What is mounted there, with what wraps it; None for what is no mount."""
    return leaf.shape.app if isinstance(leaf.shape, Mount | Host) else None


def find_own_search(app: Any) -> Any:
    """The search that a router has of its own; None for one that calls `super`, or is known here."""
    if is_by_version(app, served_router(app)):
        return None
    router = type(served_router(app))
    searches: list[Any] = [router.__call__, getattr(router, "app", None)]  # before 0.34 there is no `app`
    own = (
        one
        for one in searches
        if hasattr(one, "__code__")
        and not one.__module__.startswith(_OWN_MODULES)
        and "__class__" not in one.__code__.co_freevars
    )
    return next(own, None)


def served_router(app: Any) -> Any:
    """The router that answers: of a stack of middleware that is built already the one at its end.

    A mount that is served by itself answers as a router that holds nothing else and redirects nothing.
    """
    if isinstance(app, Router):
        return app
    if isinstance(app, Mount | Host):
        return Router([app], redirect_slashes=False)
    layer = getattr(app, "middleware_stack", None)
    for _ in range(_MOST_MIDDLEWARE):
        if layer is None or isinstance(layer, Router):
            break
        layer = getattr(layer, "app", None)
    return layer if isinstance(layer, Router) else app.router


def enter(app: Any, scope: dict[str, Any]) -> Searched:
    """Give what an application searches, with the scope changed as the application does when it is called."""
    if not isinstance(app, Router | Mount | Host):
        scope["app"] = app
        if getattr(app, "root_path", ""):
            scope["root_path"] = app.root_path
    router = served_router(app)
    if is_by_version(app, router):
        return Searched(router, lists_for(app, router, scope), has_late=False)
    return Searched(router, (router.routes,))


def listed_of(app: Any) -> Searched:
    """What an application searches for a request of which nothing is known."""
    router = served_router(app)
    if is_by_version(app, router):
        return Searched(router, lists_of_default(app, router), has_late=False)
    return Searched(router, (router.routes,))


def root_path_of(app: Any) -> str:
    """What an application takes off the front of a path: its root path; nothing before Starlette 0.33."""
    root_path: str = getattr(app, "root_path", "")
    scope = {"path": f"{root_path}/", "root_path": root_path}
    return root_path if get_route_path(scope) == "/" else ""
