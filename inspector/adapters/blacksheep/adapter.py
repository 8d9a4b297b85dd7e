"""BlackSheep: the routes of its router, and what its own matching says to a request."""

import importlib.metadata
import inspect
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from blacksheep import InvalidURL, WebSocket
from blacksheep.server.application import default_fallback
from blacksheep.server.routing import RouteMethod

from inspector.adapters.adapter import WEBSOCKET, AdaptedRoute, Adapter, Asked, Handed, Rules
from inspector.adapters.blacksheep.routes import (
    condition_of,
    host_rule_of,
    read_parts,
    routes_in_order,
    started_copy,
)
from inspector.adapters.endpoints import find_source, name_endpoint
from inspector.adapters.scopes import HOST, make_scope, method_of

_SENTENCE = (
    "BlackSheep keeps a sorted list of routes for each method: fewer parameters and more slashes first, a"
    " star last; the first that fits wins. A method without such a route is 404, never 405. Letter case and a"
    " slash at the end do not count; the path is compared as it was sent, not decoded."
)
_NOT_FOUND = Asked(outcome="not_found", status=404)


def adapt(app: Any) -> Adapter:
    """Return the adapter of a `blacksheep.Application`."""
    return BlackSheepAdapter(app)


class BlackSheepAdapter:
    """One BlackSheep application; applications that it mounts are asked first."""

    framework = "BlackSheep"

    def __init__(self, app: Any) -> None:
        self._app = app
        self._made: tuple[tuple[Any, ...], Any] | None = None
        # By the route, which `origin` keeps alive, its method, and the handler, which the start wraps.
        self._adapted: dict[tuple[int, str, int], AdaptedRoute] = {}

    @property
    def version(self) -> str:
        """The version of BlackSheep that is installed."""
        return importlib.metadata.version("blacksheep")

    @property
    def rules(self) -> Rules:
        """A sorted list over the path as it was sent; methods are a part of the search, so nothing is 405."""
        return Rules(
            order="specific",
            path="raw",
            allow="never",
            redirect_slashes=False,
            redirects_in_turn=True,
            ignores_case=True,
            sentence=_SENTENCE,
        )

    def routes(self) -> Sequence[AdaptedRoute]:
        """Mounts, then every route method by method, then the fallback, for handshakes too."""
        return [*self._mounts(), *self._listed()]

    def ask(self, method: str, raw_path: str, *, host: str | None = None) -> Asked:
        """Ask the mounts, then the router that serves, or a copy of it before the application has started."""
        return self.ask_scope(make_scope(method, raw_path, host=host or HOST))

    def ask_scope(self, scope: dict[str, Any]) -> Asked:
        """Ask about a request that is called with this scope."""
        method = method_of(scope)
        for mount in self._mounts():
            found = mount.origin.match_by_path(scope["raw_path"])
            if found:
                self._app.handle_mount_path(scope, found)
                handed = Handed(mount.origin.handler, scope)
                return Asked(outcome="match", way=(mount,), params=_params_of_mount(found), handed=handed)
        try:
            match = self._match(scope)
        except InvalidURL:  # raised by the application too, before it looks for a route
            return Asked(outcome="not_found", status=500)
        if match is None or _written(match.handler) is default_fallback:
            return _NOT_FOUND
        word = RouteMethod.GET_WS if method == WEBSOCKET else method
        way = [r for r in self._listed() if self._is_of(r, match, word)]
        return Asked(outcome="match", way=tuple(way[:1]), params=match.values or {})

    def find_taken(self, scope: Mapping[str, Any]) -> Sequence[AdaptedRoute]:
        """Nothing: BlackSheep keeps its match on the request, not in the scope."""
        return ()

    def _match(self, scope: dict[str, Any]) -> Any:
        router = self._ready_router()
        if scope["type"] == "websocket":
            WebSocket(scope, None, None)
            return router.get_match_by_method_and_path(RouteMethod.GET_WS, _path_of_handshake(scope))
        return router.get_match(self._app.instantiate_request(scope, None))

    def _is_of(self, route: AdaptedRoute, match: Any, method: str) -> bool:
        if route.methods is None:  # a socket's, or the fallback, which has an entry for each
            takes = (route.kind == "websocket") == (method == RouteMethod.GET_WS)
        else:
            takes = method in route.methods
        return takes and route.origin.pattern == match.pattern and route.origin.handler is match.handler

    def _mounts(self) -> Iterator[AdaptedRoute]:
        for mount in self._app.mount_registry.mounted_apps:
            yield self._adapt("mount", mount)

    def _listed(self) -> Iterator[AdaptedRoute]:
        router = self._ready_router()
        for method, route in routes_in_order(router):
            yield self._adapt(method, route)
        if router.fallback is not None and _written(router.fallback.handler) is not default_fallback:
            yield self._adapt("*", router.fallback)
            yield self._adapt(RouteMethod.GET_WS, router.fallback)

    def _ready_router(self) -> Any:
        router = self._app.router
        if self._app.started:
            return router
        known = (*router.iter_all(), *router.controllers_routes)
        made = self._made
        if (
            made is None
            or len(made[0]) != len(known)
            or any(a is not b for a, b in zip(made[0], known, strict=True))
        ):
            self._made = made = (known, started_copy(router))
        return made[1]

    def _adapt(self, method: str, route: Any) -> AdaptedRoute:
        key = (id(route), method, id(route.handler))
        found = self._adapted.get(key)
        if found is None:
            found = self._adapted[key] = _read(method, route)
        return found


def _read(method: str, route: Any) -> AdaptedRoute:
    kind = {"mount": "mount", RouteMethod.GET_WS: "websocket"}.get(method, "http")
    pattern = route.pattern.decode("utf-8")
    path = pattern.removesuffix("/*") if kind == "mount" else pattern
    written = _written(route.handler)
    return AdaptedRoute(
        kind="mount" if kind == "mount" else "websocket" if kind == "websocket" else "http",
        path=path,
        parts=read_parts(path),
        methods=frozenset({method}) if kind == "http" and method != "*" else None,
        name=None,
        endpoint=name_endpoint(written),
        source=find_source(written) if kind != "mount" or inspect.isroutine(written) else None,
        origin=route,
        condition=condition_of(route),
        host=host_rule_of(route),
        mounted=route.handler if kind == "mount" else None,
        slashes="end_ignored",
    )


def _path_of_handshake(scope: Mapping[str, Any]) -> str:
    """The path that is routed: what stands in front of an application is told by `root_path`."""
    path = str(scope["path"])
    root_path = scope.get("root_path", "")
    return path.removeprefix(root_path) or "/"


def _params_of_mount(found: Any) -> dict[str, str]:
    """Without what its star took: that is the path below the mount, and no parameter of any handler."""
    return {name: value for name, value in (found.values or {}).items() if name != "tail"}


def _written(handler: Any) -> object:
    """What the user wrote: BlackSheep keeps it on the handler that it makes at its start."""
    return getattr(handler, "root_fn", handler)
