"""Asks routers that search by themselves, and what only refers to the application around it; JSON on standard
output.
"""

import json
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Match, Route, Router

from inspector.inspection import attach


class Versions(Router):
    """Chooses among routes of its own by what stands in a header."""

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        raise AssertionError("nothing is served")


class Refers:
    """An application that keeps the one around it, and hands nothing on to it."""

    def __init__(self, app: Any) -> None:
        self.app = app

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        raise AssertionError("nothing is served")


class AnyCase(Route):
    """Takes its path in upper case too."""

    def matches(self, scope: Any) -> tuple[Match, Any]:
        return super().matches({**scope, "path": scope["path"].lower()})


async def page(request: Request) -> PlainTextResponse:
    raise AssertionError("no handler runs")


def told(app: Any, path: str) -> list[Any]:
    seen = attach(app).explain("GET", path)
    return [seen.outcome, None if seen.route is None else seen.route.path, dict(seen.params), seen.unseen]


versions = Versions(routes=[Route("/{page}", page), Route("/home", page)])
around = Starlette(routes=[Route("/users/{user}", page), AnyCase("/shop/{thing}", page)])
around.mount("/refers", Refers(around))
endless = Starlette()
endless.mount("/", endless)
print(
    json.dumps(
        {
            "own search": told(versions, "/home"),
            "its findings": [[one.kind, one.exactness] for one in attach(versions).check()],
            "refers": told(around, "/refers/users/1"),
            "endless": told(endless, "/users/1")[:1],
            "any case": told(around, "/SHOP/Cup"),
        }
    )
)
