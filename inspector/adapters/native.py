"""Our own framework, for whoever treats all applications alike."""

from collections.abc import Mapping, Sequence
from typing import Any, assert_never

from inspector.adapters.adapter import WEBSOCKET, AdaptedRoute, Asked, Rules
from inspector.adapters.endpoints import name_endpoint
from inspector.adapters.scopes import make_scope
from miniframework.app import App
from miniframework.http.mounting import make_child_scope
from miniframework.http.url import strip_root_path, toggled_location
from miniframework.routing.match import Found, MethodNotAllowed, NotFound, Redirected
from miniframework.routing.route import Entry, Mount, Route
from miniframework.routing.table import RouteTable

_FORBIDDEN, _NOT_FOUND, _METHOD_NOT_ALLOWED, _TEMPORARY_REDIRECT = 403, 404, 405, 307


def adapt(app: App) -> "NativeAdapter":
    """Return the adapter of an application."""
    return NativeAdapter(app)


class NativeAdapter:
    """One `miniframework.App`. Applications that are chosen by the Host header are not asked."""

    framework = "miniframework"
    version = None  # it comes with the inspector

    def __init__(self, app: App) -> None:
        self._app = app

    @property
    def rules(self) -> Rules:
        """How its table decides."""
        return Rules(redirect_slashes=self._app.redirect_slashes)

    def routes(self) -> Sequence[AdaptedRoute]:
        """The entries of its table."""
        return _read_table(self._app.table)

    def ask(self, method: str, raw_path: str) -> Asked:
        """Ask the table, and those of the applications mounted in it."""
        scope = make_scope(method, raw_path)
        asked = self._ask(scope)
        if method == WEBSOCKET and asked.outcome == "not_found":
            over_http = self._ask(make_scope("GET", raw_path)).outcome
            if over_http in ("match", "method_not_allowed"):
                return Asked(outcome="websocket_mismatch", status=asked.status)
        return asked

    def find_taken(self, scope: Mapping[str, Any]) -> Sequence[AdaptedRoute]:
        """The way to the route that the scope names, if it belongs to this application itself."""
        taken = scope.get("route")
        return next(((_read_entry(entry),) for entry in self._app.table.entries if entry is taken), ())

    def _ask(self, scope: dict[str, Any]) -> Asked:
        way: list[AdaptedRoute] = []
        params: dict[str, str] = {}
        table: RouteTable | None = self._app.table
        while table is not None:
            path = strip_root_path(scope)
            match = table.match(scope["type"], scope.get("method", "GET"), path)
            if not isinstance(match, Found):
                return _missed(match, scope)
            way.append(_read_entry(match.entry))
            params |= match.params
            table = None
            if isinstance(match.entry, Mount):
                table = match.entry.inner_table()
                scope = make_child_scope(scope, self._app, path, match.prefix_length)
        return Asked(outcome="match", way=tuple(way), params=params)


def _missed(match: MethodNotAllowed | Redirected | NotFound, scope: dict[str, Any]) -> Asked:
    if scope["type"] == "websocket":
        return Asked(outcome="not_found", status=_FORBIDDEN)
    match match:
        case MethodNotAllowed(allow=allow):
            return Asked(outcome="method_not_allowed", allow=allow, status=_METHOD_NOT_ALLOWED)
        case Redirected(path=toggled):
            location = toggled_location(scope, toggled)
            return Asked(outcome="redirect", location=location, status=_TEMPORARY_REDIRECT)
        case NotFound():
            return Asked(outcome="not_found", status=_NOT_FOUND)
        case _:
            assert_never(match)


def _read_table(table: RouteTable) -> tuple[AdaptedRoute, ...]:
    return tuple(map(_read_entry, table.entries))


def _read_entry(entry: Entry) -> AdaptedRoute:
    shared: dict[str, Any] = {
        "path": entry.path,
        "parts": entry.pattern.parts,
        "name": entry.name,
        "source": entry.source,
        "condition": entry.condition,
        "origin": entry,
    }
    if isinstance(entry, Mount):
        table = entry.inner_table()
        inner = None if table is None else _read_table(table)
        return AdaptedRoute(
            kind="mount", methods=None, endpoint=name_endpoint(entry.app), inner=inner, **shared
        )
    endpoint = name_endpoint(entry.endpoint)
    if isinstance(entry, Route):
        return AdaptedRoute(kind="http", methods=entry.methods, endpoint=endpoint, **shared)
    return AdaptedRoute(kind="websocket", methods=None, endpoint=endpoint, **shared)
