"""A framework of some lines, and its adapter: its router is asked, and it may differ from what it lists."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import unquote

from inspector.adapters.adapter import WEBSOCKET, AdaptedRoute, Asked, Rules
from inspector.adapters.scopes import host_of, method_of, raw_path_of
from miniframework.http.url import strip_root_path
from miniframework.routing.pattern import parse_pattern
from miniframework.types import Receive, Scope, Send

GET = frozenset({"GET"})


def listed(path: str, methods: frozenset[str] | None = GET, **more: Any) -> AdaptedRoute:
    """A route whose template is in our own syntax."""
    name = path.strip("/").replace("/", "_") or "root"
    fields: dict[str, Any] = {
        "kind": "http",
        "path": path,
        "parts": parse_pattern(path).parts,
        "methods": methods,
        "name": name,
        "endpoint": f"tiny:{name}",
        "origin": object(),
    }
    return AdaptedRoute(**{**fields, **more})


def mounted(path: str, *inner: AdaptedRoute, **more: Any) -> AdaptedRoute:
    """A mount with a table behind it."""
    return listed(path, None, kind="mount", inner=inner, endpoint="tiny:Mounted", **more)


def scan(routes: Sequence[AdaptedRoute], method: str, path: str) -> Asked:
    """What a router says that takes the first route which fits; a mount commits."""
    allow: set[str] = set()
    for route in routes:
        if route.condition is not None:
            continue
        pattern = "".join(
            re.escape(part.text) if hasattr(part, "text") else f"(?P<{part.name}>{part.regex})"
            for part in route.parts
        )
        if route.kind == "mount":
            found = re.fullmatch(f"({pattern})(/.*)", path, re.DOTALL)
            if found is not None:
                return _inside(route, method, found[2])
            continue
        found = re.fullmatch(pattern, path)
        if found is None or (route.kind == "websocket") != (method == WEBSOCKET):
            continue
        if method == WEBSOCKET or route.methods is None or method in route.methods:
            return Asked(outcome="match", way=(route,), params=found.groupdict())
        allow |= route.methods
    if allow:
        return Asked(outcome="method_not_allowed", allow=tuple(sorted(allow)), status=405)
    return Asked(outcome="not_found", status=404)


def _inside(mount: AdaptedRoute, method: str, path: str) -> Asked:
    if mount.inner is None:
        return Asked(outcome="match", way=(mount,))
    asked = scan(mount.inner, method, path)
    way = (mount, *asked.way) if asked.way else ()
    return Asked(outcome=asked.outcome, way=way, params=asked.params, allow=asked.allow, status=asked.status)


Router = Callable[[Sequence[AdaptedRoute], str, str], Asked]


@dataclass(kw_only=True)
class TinyAdapter:
    """Meets `Adapter`. `router` is the real one; `routes_listed` may be replaced while it is in use."""

    routes_listed: tuple[AdaptedRoute, ...]
    rules: Rules = field(default_factory=lambda: Rules(redirect_slashes=False, sentence="As listed."))
    router: Router = scan
    framework: str = "Tiny"
    version: str | None = "1.0"

    def routes(self) -> Sequence[AdaptedRoute]:
        return self.routes_listed

    def ask(self, method: str, raw_path: str, *, host: str | None = None) -> Asked:
        path = raw_path if self.rules.path == "raw" else unquote(raw_path)
        asked_for = host or self.rules.usual_host
        routes = [
            replace(route, condition=None) if route.host and route.host.takes(asked_for) else route
            for route in self.routes_listed
        ]
        below = strip_root_path({"path": path, "root_path": self.rules.root_path})
        return self.router(routes, method, below)

    def ask_scope(self, scope: dict[str, Any]) -> Asked:
        return self.ask(method_of(scope), raw_path_of(scope), host=host_of(scope))

    def find_taken(self, scope: Mapping[str, Any]) -> Sequence[AdaptedRoute]:
        way: Sequence[AdaptedRoute] = scope.get("route", ())
        return way


class TinyApp:
    """Answers with what its router says, and leaves the route in the scope."""

    def __init__(self, adapter: TinyAdapter) -> None:
        self.adapter = adapter

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        asked = self.adapter.ask(scope["method"], scope["raw_path"].decode("ascii"))
        if asked.way:
            scope["route"] = asked.way
            scope["path_params"] = {name: text.upper() for name, text in asked.params.items()}
        status = asked.status or 200
        await send({"type": "http.response.start", "status": status, "headers": []})
        await send({"type": "http.response.body", "body": b""})
