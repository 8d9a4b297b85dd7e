"""Looks at applications that are mounted elsewhere than they were told; JSON on standard output."""

import json
from typing import Any

from fastapi import FastAPI

from inspector.inspection import attach


def page() -> None:
    raise AssertionError("no handler runs")


def told(root_path: str) -> FastAPI:
    app = FastAPI(openapi_url=None, root_path=root_path)
    for path in ("/users", "/{section}/users", "/api/users", "/v1/users", "/apis", "/{a}-{b}/users"):
        app.get(path)(page)
    app.post("/{path:path}")(page)
    deeper = FastAPI(openapi_url=None)
    deeper.get("/users")(page)
    app.mount("/deeper", deeper)
    return app


def look(root_path: str) -> Any:
    app = FastAPI(openapi_url=None)
    app.mount("/api/v1", told(root_path))
    attached = attach(app)
    paths = ("/users", "/v1/users", "/api/v1/users", "/some/users", "/a-b/users", "/deeper/users")
    seen = [attached.explain(method, "/api/v1" + path) for path in paths for method in ("GET", "POST")]
    dead = [
        [one.kind, one.route.path.removeprefix("/api/v1")]
        for one in attached.check()
        if one.kind in ("unreachable", "undecided")
    ]
    return {"wrong": [one.raw_path for one in seen if not one.agrees], "dead": dead}


roots = ("/api/v1", "/api", "/else", "/proxy/api/v1")
print(json.dumps({root_path: look(root_path) for root_path in roots}))
