"""Looks at an application that is told where it is served; JSON on standard output."""

import json

from fastapi import APIRouter, FastAPI

from inspector.inspection import attach


def page() -> None:
    raise AssertionError("no handler runs")


below = FastAPI(openapi_url=None)
below.get("/things/{thing}")(page)
users = APIRouter(prefix="/users")
users.get("/{user}")(page)
users.get("/me")(page)
app = FastAPI(openapi_url=None, root_path="/svc")
app.include_router(users)
app.mount("/sub", below)

attached = attach(app)
said = []
for path in ("/svc/users/1", "/users/1", "/svc/sub/things/2", "/svcs/users/1"):
    seen = attached.explain("GET", path)
    said.append([seen.outcome, None if seen.route is None else seen.route.path, seen.agrees])
found = [[finding.kind, finding.route.path, finding.witness] for finding in attached.check()]
print(json.dumps({"said": said, "found": found, "doctor": attached.doctor().sentence}))
