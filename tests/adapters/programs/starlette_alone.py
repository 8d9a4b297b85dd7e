"""Asks mounts that are served by themselves, hosts in any case and a route that only refuses; prints JSON."""

import json
from typing import Any

from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import BaseRoute, Host, Match, Mount, Route, Router

from inspector.inspection import attach


class Refusing(BaseRoute):
    """Knows every path and takes no method, of which it has no list."""

    def matches(self, scope: Any) -> Any:
        return Match.PARTIAL, {}


async def page(request: Any) -> PlainTextResponse:
    raise AssertionError("no handler runs")


def told(app: Any, method: str, path: str, host: str | None = None) -> list[Any]:
    seen = attach(app).explain(method, path, host=host)
    route = None if seen.route is None else seen.route.path
    return [seen.outcome, route, dict(seen.params), seen.status, seen.agrees]


router = Router([Route("/users/{user}", page)])
mount = Mount("/api", router)
of_host = Host("{city}.Example.org", router)
outer = Mount("/outer", mount)
print(
    json.dumps(
        {
            "below the mount": told(mount, "GET", "/api/users/7"),
            "beside the mount": told(mount, "GET", "/users/7"),
            "its slash": told(mount, "GET", "/api/users/7/"),
            "wrong method": told(mount, "POST", "/api/users/7"),
            "a mount in a mount": told(outer, "GET", "/outer/api/users/7"),
            "routes": [route.path for route in attach(outer).routes],
            "a host": told(of_host, "GET", "/users/7", "Oslo.EXAMPLE.org:8000"),
            "another host": told(of_host, "GET", "/users/7", "example.net"),
            "only refuses": told(Starlette(routes=[Refusing()]), "GET", "/any")[:4],
        }
    )
)
