"""Asks an included router whose route takes more than its regex; JSON on standard output."""

import json
import sys
from typing import Any

from fastapi import APIRouter, FastAPI
from fastapi.routing import APIRoute
from starlette.routing import Match

from inspector.inspection import attach


class Anywhere(APIRoute):
    """Takes `/anywhere` below any path."""

    def matches(self, scope: Any) -> Any:
        if scope["type"] == "http" and scope["path"].endswith("/anywhere"):
            return Match.FULL, {"endpoint": self.endpoint, "path_params": {}, "route": self}
        return super().matches(scope)


def page() -> None:
    raise AssertionError("no handler runs")


inner = APIRouter(prefix="/inner", route_class=Anywhere)
inner.get("/page")(page)
outer = APIRouter(prefix="/outer")
outer.get("/{name}")(page)
outer.include_router(inner)
app = FastAPI()
app.include_router(outer)
attached = attach(app)
said = []
for method, path in json.load(sys.stdin):
    seen = attached.explain(method, path)
    said.append([seen.outcome, None if seen.route is None else seen.route.path])
print(json.dumps(said))
