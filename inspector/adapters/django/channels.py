"""Channels before Django: HTTP goes to Django (or whatever is there), handshakes to a list of URL patterns.

Source: channels/routing.py (4.x).
"""

import importlib.metadata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, Literal

from channels.routing import ProtocolTypeRouter, URLRouter

from inspector.adapters.adapter import AdaptedRoute, Adapter, Asked, Handed, Rules
from inspector.adapters.detection import find_adapter, find_framework_app
from inspector.adapters.django.listing import Chain, raw_params, read_chain
from inspector.adapters.endpoints import find_source, name_endpoint
from inspector.adapters.forwarding import ForwardingAdapter
from inspector.adapters.regexes.parts import ANYTHING, NAMELESS, make_parameter
from inspector.adapters.scopes import HOST, make_scope

_SENTENCE = (
    "The first pattern of the router that takes the path wins; a router below one that holds no match is left"
    " again. Slashes in front count for nothing, methods do not route."
)
_EMPTY = ("", "^")  # patterns that leave all of the path to what is behind them


def adapt(app: Any) -> Adapter:
    """Return the adapter of a `ProtocolTypeRouter`, or of a `URLRouter` alone, which then is for handshakes.

    Raises InspectorError when Django is behind it and not set up.
    """
    if isinstance(app, URLRouter):
        return UrlRouterAdapter(app, "websocket")
    over_http = _adapter_for(app.application_mapping.get("http"), "http")
    sockets = _adapter_for(app.application_mapping.get("websocket"), "websocket")
    if over_http is None or sockets is None:
        # An adapter that stands for the other protocol says what is true of a router without patterns.
        nothing = URLRouter([])
        over_http = over_http or UrlRouterAdapter(nothing, "http")
        sockets = sockets or UrlRouterAdapter(nothing, "websocket")
    return ProtocolsAdapter(over_http, sockets)


def _adapter_for(app: Any, kind: Literal["http", "websocket"]) -> Adapter | None:
    """The adapter of what is there for a protocol; None when nothing is."""
    found = None if app is None else find_framework_app(app)
    if isinstance(found, ProtocolTypeRouter):
        return None  # it may lead here again
    if isinstance(found, URLRouter):
        return UrlRouterAdapter(found, kind)
    if found is not None and kind == "http":
        return find_adapter(found)
    return None if app is None else OpaqueAdapter(app, kind)


class ProtocolsAdapter(ForwardingAdapter):
    """A `ProtocolTypeRouter`: framework and rules are those of what answers HTTP.

    Patterns for handshakes are tried in order too.
    """

    def __init__(self, over_http: Adapter, sockets: Adapter) -> None:
        super().__init__(over_http)
        self._sockets = sockets

    def routes(self) -> Sequence[AdaptedRoute]:
        """The routes for HTTP, then those for handshakes; before a mount, which would take handshakes too."""
        over_http, sockets = self._own.routes(), self._sockets.routes()
        if any(route.kind == "mount" for route in over_http):
            return [*sockets, *over_http]
        return [*over_http, *sockets]

    def ask(self, method: str, raw_path: str, *, host: str | None = None) -> Asked:
        """Ask whoever has the protocol."""
        return self.ask_scope(make_scope(method, raw_path, host=host or self.rules.usual_host))

    def ask_scope(self, scope: dict[str, Any]) -> Asked:
        """Ask about a request that is called with this scope."""
        if scope["type"] != "websocket":
            return self._own.ask_scope(scope)
        asked = self._sockets.ask_scope({**scope})
        if asked.outcome == "match":
            return asked
        over_http = self._own.ask_scope(scope)
        # Whether HTTP has the path is said there; what is answered is the routers' ValueError.
        return over_http if over_http.outcome == "match" else replace(over_http, status=500)

    def find_taken(self, scope: Mapping[str, Any]) -> Sequence[AdaptedRoute]:
        """What the framework for HTTP left there; Channels leaves nothing."""
        return self._own.find_taken(scope) if scope["type"] != "websocket" else ()


class UrlRouterAdapter:
    """A `URLRouter` for one protocol; routers below it are followed."""

    framework = "Channels"

    def __init__(self, router: Any, kind: Literal["http", "websocket"]) -> None:
        self._router = router
        self._kind = kind
        # By the ids of the chain's patterns, which the value keeps alive.
        self._read: dict[tuple[int, ...], tuple[Chain, AdaptedRoute]] = {}

    @property
    def version(self) -> str:
        """The version of Channels that is installed."""
        return importlib.metadata.version("channels")

    @property
    def rules(self) -> Rules:
        """The first pattern wins."""
        return Rules(
            allow="never",
            declares_endpoints=False,
            redirect_slashes=False,
            one_slash_in_front=True,
            sentence=_SENTENCE,
        )

    def routes(self) -> Sequence[AdaptedRoute]:
        """Every pattern behind the routers above it, in the order in which they are tried."""
        return [self._route_of(chain) for chain in _chains(self._router.routes)]

    def ask(self, method: str, raw_path: str, *, host: str | None = None) -> Asked:
        """Ask the patterns as the router does."""
        return self.ask_scope(make_scope(method, raw_path, host=host or HOST))

    def ask_scope(self, scope: dict[str, Any]) -> Asked:
        """Ask about a request that is called with this scope."""
        root_path = scope.get("root_path", "")
        path = scope["path"].removeprefix(root_path)
        found = _find(self._router.routes, path) if scope["path"].startswith(root_path) else None
        if found is None or scope["type"] != self._kind:
            return Asked(outcome="not_found", status=500)  # both routers raise ValueError
        chain, taken = found
        route = self._route_of(chain)
        params = raw_params(chain, taken)
        handed = None if route.mounted is None else Handed(route.mounted, scope)
        return Asked(outcome="match", way=(route,), params=params, handed=handed)

    def find_taken(self, scope: Mapping[str, Any]) -> Sequence[AdaptedRoute]:
        """Nothing: the router calls what is behind it with a copy of the scope."""
        return ()

    def _route_of(self, chain: Chain) -> AdaptedRoute:
        key = tuple(map(id, chain))
        if key not in self._read:
            self._read[key] = (chain, self._adapt(chain))
        return self._read[key][1]

    def _adapt(self, chain: Chain) -> AdaptedRoute:
        callback = chain[-1].callback
        consumer = getattr(callback, "consumer_class", callback)
        is_mount = (
            all(str(one.pattern) in _EMPTY for one in chain) and find_framework_app(callback) is not None
        )
        route = replace(
            read_chain(chain),
            kind=self._kind,
            endpoint=name_endpoint(consumer),
            source=find_source(consumer),
        )
        return replace(route, kind="mount", path="", parts=(), mounted=callback) if is_mount else route


class OpaqueAdapter:
    """An application of no known framework that has a protocol for itself: every path goes there."""

    framework = "Channels"
    version = None

    def __init__(self, app: Any, kind: Literal["http", "websocket"]) -> None:
        whole = make_parameter(NAMELESS, ANYTHING, (0, 2), word="path")
        self._route = AdaptedRoute(
            kind=kind,
            path="/*",
            parts=(whole,),
            methods=None,
            name=None,
            endpoint=name_endpoint(app),
            source=find_source(app),
            origin=app,
        )

    @property
    def rules(self) -> Rules:
        """No rule is known."""
        return Rules(allow="never", redirect_slashes=False, sentence=_SENTENCE)

    def routes(self) -> Sequence[AdaptedRoute]:
        """The one entry that stands for all that it does."""
        return [self._route]

    def ask(self, method: str, raw_path: str, *, host: str | None = None) -> Asked:
        """All that is known is who decides."""
        return self.ask_scope(make_scope(method, raw_path, host=host or HOST))

    def ask_scope(self, scope: dict[str, Any]) -> Asked:
        """All that is known is who decides."""
        takes = scope["type"] == self._route.kind
        return Asked(outcome="match", way=(self._route,)) if takes else Asked(outcome="not_found")

    def find_taken(self, scope: Mapping[str, Any]) -> Sequence[AdaptedRoute]:
        """The one entry."""
        return (self._route,) if scope["type"] == self._route.kind else ()


def _router_behind(callback: Any) -> Any | None:
    """The router that a pattern hands on to, also behind middleware; None when it is something else."""
    found = find_framework_app(callback, closures=False)
    return found if isinstance(found, URLRouter) else None


def _chains(routes: Sequence[Any], above: tuple[Any, ...] = ()) -> Iterator[Chain]:
    for route in routes:
        below = _router_behind(route.callback)
        if below is None:
            yield (*above, route)
        else:
            yield from _chains(below.routes, (*above, route))


def _find(routes: Sequence[Any], path: str) -> tuple[Chain, str] | None:
    """The patterns that take a path, and the path without the slashes that count for nothing.

    Source: channels/routing.py, URLRouter.__call__.
    """
    path = path.lstrip("/")
    for route in routes:
        match = route.pattern.match(path)
        if not match:
            continue
        below = _router_behind(route.callback)
        if below is None:
            return (route,), path
        found = _find(below.routes, match[0])
        if found is not None:
            chain, rest = found
            return (route, *chain), path[: len(path) - len(match[0])] + rest
    return None
