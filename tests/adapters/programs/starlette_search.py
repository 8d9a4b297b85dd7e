"""Asks routers about mounts, and about a route that takes more than its regex; JSON on standard output."""

import json
import sys
from typing import Any

from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Match, Mount, Route

from inspector.inspection import attach


class Anywhere(Route):
    """Takes `/anywhere` below any path."""

    def matches(self, scope: Any) -> Any:
        if scope["type"] == "http" and scope["path"].endswith("/anywhere"):
            return Match.FULL, {"endpoint": self.endpoint, "path_params": {}}
        return super().matches(scope)


async def page(request: Any) -> PlainTextResponse:
    raise AssertionError("no handler runs")


app = Starlette(
    routes=[
        Route("/users/{user}", page),
        Anywhere("/somewhere", page),
        Mount("/admin/{tenant}", routes=[Route("/users/{user:int}", page, methods=["POST"])]),
    ]
)
attached = attach(app)
said = []
for method, path in json.load(sys.stdin):
    seen = attached.explain(method, path)
    route = None if seen.route is None else seen.route.path
    said.append([seen.outcome, route, dict(seen.params), list(seen.allow), seen.location])
print(json.dumps(said))
