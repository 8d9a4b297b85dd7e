"""Asks about a route that FastAPI tries behind all others, beside its front ends; JSON on standard output."""

import json

from fastapi import APIRouter, FastAPI

from inspector.inspection import attach


async def item(item_id: str) -> str:
    raise AssertionError("no handler runs")


router = APIRouter()
router._low_priority_routes.append(router.route_class("/late/{item_id}", endpoint=item, methods=["GET"]))
router._mark_routes_changed()
app = FastAPI(openapi_url=None)
app.include_router(router, prefix="/in")
attached = attach(app)
said = []
for method, path in (("GET", "/in/late/abc"), ("POST", "/in/late/abc"), ("GET", "/in/late")):
    seen = attached.explain(method, path)
    route = None if seen.route is None else seen.route.path
    said.append([seen.outcome, route, dict(seen.params), list(seen.allow)])
print(json.dumps(said))
