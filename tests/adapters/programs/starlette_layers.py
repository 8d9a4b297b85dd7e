"""Says what stands before the routes of Starlette applications; JSON on standard output."""

import json
from typing import Any

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.base import BaseHTTPMiddleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.routing import Mount, Route

import inspector


class Keeping:
    """Answers a path by itself, or so it seems."""

    def __init__(self, app: Any, path: str) -> None:
        self.app = app
        self.path = path

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None: ...


class Naming(BaseHTTPMiddleware):
    async def dispatch(self, request: Any, call_next: Any) -> Any:
        return None if request.url.path in ("/page", "/by/function") else await call_next(request)


async def page(request: Any) -> None: ...


def name_in(said: str | None) -> str | None:
    """The class that a sentence begins with."""
    return said and said.replace(",", "").partition(" ")[0].rpartition(".")[2]


def say(name: str, app: Any, *requests: str) -> dict[str, list[str | None]]:
    """Of each request what the router says, and what may answer it by itself."""
    attached = inspector.attach(app)
    told = {one: attached.explain(*one.split()) for one in requests}
    for one in told.values():
        assert (one.asked.middleware or one.unseen or "") in one.sentence
    return {
        f"{name} {request}": [one.outcome, name_in(one.unseen), name_in(one.asked.middleware)]
        for request, one in told.items()
    }


inner = Starlette(routes=[Route("/page", page)])
mounted = Starlette(routes=[Mount("/in", Keeping(inner, "/kept"))])
own = Starlette(
    routes=[Route("/page", page)],
    middleware=[
        Middleware(Keeping, path="/kept"),
        Middleware(Naming),
        Middleware(GZipMiddleware, minimum_size=1, compresslevel=9),
    ],
)
of_own = ("GET /kept", "GET /kept/x", "GET /page", "PUT /page", "GET /by/function", "GET /cookies")
of_mounted = ("GET /in/kept", "GET /in/page", "GET /kept")
print(json.dumps({**say("mounted", mounted, *of_mounted), **say("own", own, *of_own)}))
