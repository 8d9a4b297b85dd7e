"""Starlette, from 0.40 to the newest; FastAPI builds on it."""

from collections.abc import Mapping, Sequence
from importlib.metadata import PackageNotFoundError
from importlib.metadata import version as installed_version
from typing import Any

from inspector.adapters.adapter import AdaptedRoute, Asked, Handed, Rules
from inspector.adapters.endpoints import name_endpoint
from inspector.adapters.scopes import HOST, make_scope
from inspector.adapters.starlette.apps import (
    find_own_search,
    mounted_app,
    own_app,
    root_path_of,
    served_router,
)
from inspector.adapters.starlette.fastapi_tree import has_unguarded_tree
from inspector.adapters.starlette.guards import Guards
from inspector.adapters.starlette.search import Decision, search
from inspector.adapters.starlette.table import Reading, make_way, read_routes, stamp_of

SENTENCE = (
    "Routes are tried in the order of the program. The first that takes the path and the method wins, and a "
    "mount that takes the path keeps it. If none does, the first that takes the path answers 405 with its "
    "own methods, and else the path is tried with its slash at the end toggled."
)


def adapt(app: object) -> "StarletteAdapter":
    """Return the adapter of a Starlette application or router, or of a mount that is served by itself."""
    return StarletteAdapter(app, framework="Starlette")


class StarletteAdapter:
    """One application made of Starlette's routers: Starlette's own, or FastAPI's."""

    def __init__(self, app: Any, *, framework: str, sentence: str = SENTENCE) -> None:
        self._app = app
        self._framework = framework
        self._sentence = sentence
        self._guards = Guards()
        own = find_own_search(app)
        self._own_search = None if own is None else name_endpoint(own)
        # FastAPI makes its effective routes when they are first asked for, and its first versions that do so
        # have no lock around that: with them it is done now, before the application serves.
        self._reading = read_routes(app) if has_unguarded_tree(served_router(app)) else None

    @property
    def framework(self) -> str:
        """`Starlette` or `FastAPI`."""
        return self._framework

    @property
    def version(self) -> str | None:
        """The version that is installed."""
        try:
            return installed_version(self._framework.lower())
        except PackageNotFoundError:  # on the path without its metadata
            return None

    @property
    def rules(self) -> Rules:
        """How its router decides."""
        return Rules(
            own_search=self._own_search,
            allow="first",
            declares_endpoints=self.framework != "Starlette",
            adds_options=False,
            newline_at_end=True,
            redirect_slashes=bool(served_router(self._app).redirect_slashes),
            root_path=root_path_of(self._app),
            sentence=self._sentence,
        )

    def routes(self) -> Sequence[AdaptedRoute]:
        """Every entry in the order in which it is tried; the same objects while nothing has changed."""
        return self._read().routes

    def ask(self, method: str, raw_path: str, *, host: str | None = None) -> Asked:
        """Ask the router; a location is the one for the host."""
        return self.ask_scope(make_scope(method, raw_path, host=host or HOST))

    def ask_scope(self, scope: dict[str, Any]) -> Asked:
        """Ask the router about a request that is called with this scope."""
        over_http = _over_http(scope)
        decision = search(self._app, scope, self._guards)
        if over_http is not None and decision.outcome == "not_found" and self._takes_http(over_http):
            decision.outcome = "websocket_mismatch"
        is_taken = decision.outcome == "match"
        return Asked(
            outcome=decision.outcome,
            way=self._way_of(decision) if is_taken else (),
            params=decision.params if is_taken else {},
            allow=decision.allow,
            location=decision.location,
            status=decision.status,
            handed=_handed(decision, scope) if is_taken and decision.status is None else None,
            before=decision.before,
        )

    def find_taken(self, scope: Mapping[str, Any]) -> Sequence[AdaptedRoute]:
        """The way by what Starlette and FastAPI leave in the scope: the route, or its endpoint."""
        return (self._reading or self._read()).find_taken(scope)

    def _read(self) -> Reading:
        reading = self._reading
        if reading is None or reading.stamp != stamp_of(self._app):
            reading = self._reading = read_routes(self._app)
        return reading

    def _way_of(self, decision: Decision) -> tuple[AdaptedRoute, ...]:
        keys = tuple(leaf.key for leaf in decision.taken)
        reading = self._reading
        way = None if reading is None else reading.find_way(keys, decision.taken[-1])
        if way is None:  # declared since, or changed
            reading = self._reading = read_routes(self._app)
            way = reading.find_way(keys, decision.taken[-1])
        return make_way(decision.taken) if way is None else way

    def _takes_http(self, scope: dict[str, Any]) -> bool:
        return search(self._app, scope, self._guards).outcome in ("match", "method_not_allowed")


def _over_http(scope: dict[str, Any]) -> dict[str, Any] | None:
    """The scope of a GET for the path of a handshake; None for what is no handshake."""
    if scope["type"] != "websocket":
        return None
    return {**scope, "type": "http", "scheme": "http", "method": "GET"}


def _handed(decision: Decision, scope: dict[str, Any]) -> Handed | None:
    """What the mount at the end of the way calls: the search changed the scope as the routers do."""
    app = mounted_app(decision.taken[-1])
    return None if app is None or own_app(app) is not None else Handed(app, scope)
