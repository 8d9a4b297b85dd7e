"""Sanic in ASGI mode: the routes of its router, and what its compiled search says to a request."""

import importlib.metadata
import re
from collections.abc import Mapping, Sequence
from typing import Any

from sanic.compat import Header
from sanic.exceptions import BadURL, MethodNotAllowed, NotFound
from sanic.request import Request

from inspector.adapters.adapter import WEBSOCKET, AdaptedRoute, Adapter, Asked, Rules
from inspector.adapters.endpoints import find_source, name_endpoint
from inspector.adapters.host_rules import one_host
from inspector.adapters.sanic.routes import doubt_of, finalized_copy, read_parts, routes_in_order
from inspector.adapters.scopes import HOST, host_of, make_scope, method_of, raw_path_of
from miniframework.routing.parts import Literal, Parameter
from miniframework.routing.pattern import PathPattern

_SENTENCE = (
    "Sanic looks the whole path up first, then goes through a tree in which literal text comes before"
    " parameters and narrower types before wider ones. The first path that fits decides, also when it refuses"
    " the method. The path is compared as it was sent, not decoded; a handshake is routed like a GET."
)


def adapt(app: Any) -> Adapter:
    """Return the adapter of a `sanic.Sanic`."""
    return SanicAdapter(app)


class SanicAdapter:
    """One Sanic application. Blueprints are routes like any other: their prefixes stand in the paths."""

    framework = "Sanic"

    def __init__(self, app: Any) -> None:
        self._app = app
        self._made: tuple[tuple[Any, ...], Any, dict[int, Any]] | None = None
        self._adapted: dict[int, AdaptedRoute] = {}  # by the id of the route, which `origin` keeps alive

    @property
    def version(self) -> str:
        """The version of Sanic that is installed."""
        return importlib.metadata.version("sanic")

    @property
    def rules(self) -> Rules:
        """A sorted tree over the path as it was sent; slashes at the end are a setting of each route."""
        return Rules(
            order="specific",
            path="raw",
            allow="first",
            path_decides=True,
            socket_methods="GET",
            redirect_slashes=False,
            sentence=_SENTENCE,
        )

    def routes(self) -> Sequence[AdaptedRoute]:
        """Every route in the order of the compiled search."""
        router, originals = self._ready_router()
        return [self._adapt(originals.get(id(route), route)) for route in routes_in_order(router)]

    def ask(self, method: str, raw_path: str, *, host: str | None = None) -> Asked:
        """Ask the router that serves, or a copy of it while the application has not started."""
        return self.ask_scope(make_scope(method, raw_path, host=host or HOST))

    def ask_scope(self, scope: dict[str, Any]) -> Asked:
        """Ask about a request that is called with this scope; Sanic's cache of answers is left alone."""
        method = method_of(scope)
        router, originals = self._ready_router()
        if not router.finalized:
            return Asked(outcome="not_found", status=404)  # no route at all
        word = "GET" if method == WEBSOCKET else method
        try:
            path = self._path_of(word, raw_path_of(scope))
            route, _, given = type(router).get.__wrapped__(router, path, word, host_of(scope) or "")
        except MethodNotAllowed as refusal:
            allow = refusal.headers.get("Allow", "")
            methods = tuple(sorted(filter(None, allow.split(", "))))
            return Asked(outcome="method_not_allowed", allow=methods, status=405)
        except (NotFound, BadURL) as refusal:
            return Asked(outcome="not_found", status=refusal.status_code)
        except Exception:  # noqa: BLE001  # what the type of a parameter raises, and Sanic's own slips, are 500
            return Asked(outcome="not_found", status=500)
        adapted = self._adapt(originals.get(id(route), route))
        if adapted.kind == "websocket" and method != WEBSOCKET:
            return Asked(
                outcome="websocket_mismatch", status=400
            )  # by Sanic's transport, without the handler
        return Asked(outcome="match", way=(adapted,), params=_raw_params(adapted, path, given))

    def find_taken(self, scope: Mapping[str, Any]) -> Sequence[AdaptedRoute]:
        """Nothing: Sanic keeps the route on its request, not in the scope."""
        return ()

    def _path_of(self, method: str, raw_path: str) -> str:
        made = self._app.request_class or Request
        request = made(raw_path.encode(), Header(), "1.1", method, None, self._app)
        return str(request.path)

    def _ready_router(self) -> tuple[Any, dict[int, Any]]:
        """The router, or a copy that can search, and the originals of the copy's routes."""
        router = self._app.router
        if router.finalized:
            return router, {}
        known = tuple(router.routes)
        made = self._made
        if (
            made is None
            or len(made[0]) != len(known)
            or any(a is not b for a, b in zip(made[0], known, strict=True))
        ):
            self._made = made = (known, *finalized_copy(router, self._app))
        return made[1], made[2]

    def _adapt(self, route: Any) -> AdaptedRoute:
        found = self._adapted.get(id(route))
        if found is None:
            found = self._adapted[id(route)] = _read(route)
        return found


def _read(route: Any) -> AdaptedRoute:
    is_socket = bool(getattr(route.extra, "websocket", False))
    written = _written(route.handler, is_socket=is_socket)
    host = route.requirements.get("host")
    return AdaptedRoute(
        kind="websocket" if is_socket else "http",
        path=route.uri,
        parts=read_parts(route),
        methods=None if is_socket else frozenset(map(str, route.methods)),
        name=route.name or None,
        endpoint=name_endpoint(written),
        source=find_source(written),
        origin=route,
        condition=f"host {host!r}" if host else None,
        host=one_host(host) if isinstance(host, str) else None,
        doubt=doubt_of(route),
        slashes="exact" if route.strict and route.uri != "/" else "end_dropped",
    )


def _written(handler: Any, *, is_socket: bool) -> object:
    """What the user wrote: behind Sanic's own handler of sockets, and the class of a view."""
    if is_socket and getattr(handler, "args", None):
        return handler.args[0]
    return getattr(handler, "view_class", handler)


def _raw_params(route: AdaptedRoute, path: str, given: Mapping[str, Any]) -> dict[str, str]:
    """The text of each parameter. `given` is what the handler gets: of an `ext` also the extension, apart; of
    a regex with a group the group.
    """
    if all(isinstance(part, Literal) for part in route.parts):
        return {}
    pattern = PathPattern(template=route.path, parts=route.parts)
    while (found := pattern.match(path)) is None and path.endswith("/"):
        path = path[:-1]  # as Sanic tries again
    texts = {**(found or {})}
    end = f".{given.get('ext')}"
    for part in route.parts:
        if isinstance(part, Parameter) and part.converter_name == "ext" and texts[part.name].endswith(end):
            texts |= {part.name: texts[part.name].removesuffix(end), "ext": end[1:]}
        elif isinstance(part, Parameter) and re.compile(part.regex).groups:
            value = given.get(part.name)
            texts |= {part.name: value} if isinstance(value, str) else {}
    return texts
