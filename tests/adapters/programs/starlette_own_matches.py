"""Asks and checks an application with routes of a kind that a library made; JSON on standard output."""

import json
from typing import Any

from starlette.applications import Starlette
from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Match, Mount, Route, compile_path

from inspector.inspection import attach


class HostRoute(Route):
    """As FastHTML has it: for one host where it has one."""

    __module__ = "fasthtml.core"

    def __init__(self, path: str, endpoint: Any, *, host: str | None = None) -> None:
        super().__init__(path, endpoint)
        self.host = host
        if host:
            self.host_regex, self.host_format, self.host_convertors = compile_path(host)

    def matches(self, scope: Any) -> Any:
        if self.host and not self.host_regex.match(Headers(scope=scope).get("host", "").split(":")[0]):
            return Match.NONE, {}
        return super().matches(scope)


class Noting(Mount):
    """As Ludic has it: it notes that it was there."""

    __module__ = "ludic.web.routing"
    __qualname__ = "Mount"

    def matches(self, scope: Any) -> Any:
        match, child_scope = super().matches(scope)
        if match is Match.FULL:
            child_scope["partial_mount"] = self.name
        return match, child_scope


class Overriding(Route):
    """As tuspyserver has it: a header may name another method."""

    __module__ = "tuspyserver.router"
    __qualname__ = "TusAPIRoute"

    def matches(self, scope: Any) -> Any:
        method = Headers(scope=scope).get("x-http-method-override", scope["method"])
        return super().matches({**scope, "method": method})


async def page(request: Request) -> PlainTextResponse:
    raise AssertionError("no handler runs")


app = Starlette(
    routes=[
        HostRoute("/shops/{shop}", page, host="api.example.org"),
        HostRoute("/shops/{shop}", page, host="{city}.example.org"),
        HostRoute("/shops/all", page, host="api.example.org"),
        HostRoute("/items/{item}", page),
        HostRoute("/items/me", page),
        Noting("/pages", routes=[Route("/{name}", page), Route("/home", page)]),
        HostRoute("/pages/late", page),
        Overriding("/uploads/{upload}", page),
        Overriding("/uploads/{other}", page),
        Route("/uploads/all", page),
    ]
)
attached = attach(app)
asked = [
    ("/items/me", None),
    ("/pages/home", None),
    ("/uploads/all", None),
    ("/shops/all", None),
    ("/shops/all", "api.example.org"),
    ("/shops/all", "rome.example.org"),
]
seen = [attached.explain("GET", path, host=host) for path, host in asked]
print(
    json.dumps(
        {
            "conditions": [route.condition for route in attached.routes],
            "seen": [[one.outcome, one.route and one.route.number, one.agrees] for one in seen],
            "dead": [
                [one.kind, one.route.number, one.exactness]
                for one in attached.check()
                if one.kind in ("unreachable", "duplicate") and one.method == "GET"
            ],
        }
    )
)
