"""Our own framework, for whoever treats all applications alike."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, assert_never, cast

from inspector.adapters.adapter import AdaptedRoute, Asked, Handed, HostRule, Rules
from inspector.adapters.endpoints import name_endpoint
from inspector.adapters.host_rules import make_host_rule
from inspector.adapters.native.table import chain_of
from inspector.adapters.scopes import HOST, make_scope
from miniframework.app import App
from miniframework.declaring.hosts import find_host
from miniframework.declaring.part import Part
from miniframework.http.mounting import make_child_scope
from miniframework.http.url import strip_root_path, toggled_location
from miniframework.records import dataclass
from miniframework.routing.match import Found, MethodNotAllowed, NotFound, Redirected
from miniframework.routing.parts import Literal
from miniframework.routing.pattern import parse_pattern
from miniframework.routing.route import Entry, Mount, Route
from miniframework.routing.table import RouteTable

_FORBIDDEN, _NOT_FOUND, _METHOD_NOT_ALLOWED, _TEMPORARY_REDIRECT = 403, 404, 405, 307


def adapt(app: App) -> "NativeAdapter":
    """Return the adapter of an application."""
    return NativeAdapter(app)


class NativeAdapter:
    """One `miniframework.App`, and those of its kind that are mounted in it or served for a host."""

    framework = "miniframework"
    version = None  # it comes with the inspector

    def __init__(self, app: App) -> None:
        self._app = app

    @property
    def rules(self) -> Rules:
        """How its table decides."""
        return Rules(redirect_slashes=self._app.redirect_slashes, root_path=self._app.root_path)

    def routes(self) -> Sequence[AdaptedRoute]:
        """The entries of its table."""
        return _read_table(self._app.table)

    def ask(self, method: str, raw_path: str, *, host: str | None = None) -> Asked:
        """Ask the table, and those of the applications mounted in it."""
        return self.ask_scope(make_scope(method, raw_path, host=host or HOST))

    def ask_scope(self, scope: dict[str, Any]) -> Asked:
        """Ask about a request that is called with this scope."""
        asked = self._ask(scope)
        if scope["type"] == "websocket" and asked.outcome == "not_found":
            over_http = self._ask({**scope, "type": "http", "scheme": "http", "method": "GET"}).outcome
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
        app: App | Part | None = self._app
        mounted: Any = None
        while app is not None:
            if isinstance(app, App) and app.root_path:
                scope = {**scope, "root_path": app.root_path}
            found = _find(app, scope)
            if not isinstance(found, _Found):
                return _missed(found, scope)
            way.append(_read_entry(found.entry, is_whole=False))
            params |= found.params
            scope = found.scope
            mounted = found.entry.app if isinstance(found.entry, Mount) else None
            app = next((one for one in chain_of(mounted) if isinstance(one, App | Part)), None)
        handed = None if mounted is None else Handed(mounted, scope)
        return Asked(outcome="match", way=tuple(way), params=params, handed=handed)


@dataclass(frozen=True, slots=True)
class _Found:
    """Who takes a request in one application, and the scope for what is mounted there."""

    entry: Entry
    params: Mapping[str, str]
    scope: dict[str, Any]


def _find(app: App | Part, scope: dict[str, Any]) -> _Found | MethodNotAllowed | Redirected | NotFound:
    """Ask one application, its hosts and then its table, or a router that is mounted by itself."""
    host = find_host(app.hosts, scope) if isinstance(app, App) else None
    if host is not None:
        index, params = host
        return _Found(app.table.entries[index], params, scope)
    path = strip_root_path(scope)
    match = app.match(scope["type"], scope.get("method", "GET"), path)
    if not isinstance(match, Found):
        return match
    if isinstance(match.entry, Mount):
        scope = make_child_scope(scope, cast("App", app), path, match.prefix_length)
    return _Found(match.entry, match.params, scope)


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


def _read_entry(entry: Entry, *, is_whole: bool = True) -> AdaptedRoute:
    """The entry, and what is mounted there too unless it is not asked for whole."""
    shared: dict[str, Any] = {
        "path": entry.path,
        "parts": entry.pattern.parts,
        "name": entry.name,
        "source": entry.source,
        "condition": entry.condition,
        "origin": entry,
    }
    if isinstance(entry, Mount):
        table = RouteTable.inside(entry) if is_whole else None
        return AdaptedRoute(
            kind="mount",
            methods=None,
            endpoint=name_endpoint(entry.app),
            inner=None if table is None else _read_table(table),
            host=_host_rule(entry),
            mounted=entry.app,
            **shared,
        )
    endpoint = name_endpoint(entry.endpoint)
    if isinstance(entry, Route):
        return AdaptedRoute(kind="http", methods=entry.methods, endpoint=endpoint, **shared)
    return AdaptedRoute(kind="websocket", methods=None, endpoint=endpoint, **shared)


def _host_rule(mount: Mount) -> HostRule | None:
    """The rule of what is served for a host; None for what stands below a path."""
    if mount.condition is None:
        return None
    first, *others = parse_pattern("/" + mount.condition.removeprefix("host ")).parts
    assert isinstance(first, Literal), "it begins with the slash"
    return make_host_rule([replace(first, text=first.text[1:]), *others])
