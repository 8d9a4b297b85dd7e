"""FastAPI below Starlette: live requests, findings behind mounts, routers with a search of their own."""

import asyncio
import json
from typing import Any

import differences
from fastapi import APIRouter, FastAPI
from starlette.applications import Starlette
from starlette.routing import Mount, Route

from inspector.adapters.detection import find_adapter
from inspector.inspection import attach


async def page() -> None:
    raise AssertionError("no handler runs")


class Versioned(APIRouter):
    """Looks somewhere else than in its routes."""

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        await self.default(scope, receive, send)


class Counting(APIRouter):
    """Counts, and leaves the rest to FastAPI."""

    count = 0

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        self.count += 1
        await super().__call__(scope, receive, send)


def with_page(app: Any, path: str) -> Any:
    app.add_api_route(path, page, methods=["POST"])
    return app


strict = with_page(FastAPI(openapi_url=None, redirect_slashes=False), "/a/")
app = Starlette(
    routes=[
        Mount("/api/late", with_page(FastAPI(openapi_url=None), "/first")),
        Mount("/api", FastAPI(routes=[Mount("/strict", strict)])),
        Mount("/api/late", Starlette(routes=[Mount("/deep", with_page(FastAPI(openapi_url=None), "/p"))])),
        Mount("/versions", with_page(Versioned(), "/p")),
        Mount("/counting", with_page(Counting(), "/p")),
        Route("/", page),
    ]
)


async def receive() -> dict[str, Any]:
    return {"type": "http.request", "body": b""}


async def send(message: dict[str, Any]) -> None:
    """Nobody reads the answer."""


def live_way(path: str) -> list[str]:
    """The way of a request once it has been answered."""
    scope: dict[str, Any] = {
        "type": "http", "method": "GET", "path": path, "raw_path": path.encode(), "root_path": "",
        "query_string": b"", "headers": [], "server": ("localhost", 80), "scheme": "http",
    }  # fmt: skip
    asyncio.run(app(scope, receive, send))
    adapter = find_adapter(app)
    assert adapter is not None
    return [route.path for route in adapter.find_taken(differences.what_is_kept(scope))]


attached = attach(app)
asked = {}
for path in ("/api/strict/a", "/api/docs/", "/versions/p", "/versions/q", "/counting/p"):
    seen = attached.explain("POST", path)
    asked[path] = [seen.outcome, None if seen.route is None else seen.route.path, seen.agrees]
dead = [[one.method, one.route.path, one.exactness] for one in attached.check() if one.kind == "unreachable"]
live = {path: live_way(path) for path in ("/api/docs", "/api/openapi.json", "/api/nobody")}
print(json.dumps({"asked": asked, "dead": dead, "live": live}))
