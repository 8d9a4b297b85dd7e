"""A Starlette program with one of each, described."""

import functools
import tempfile
import warnings
from pathlib import Path
from typing import Any

from starlette.applications import Starlette
from starlette.endpoints import HTTPEndpoint
from starlette.middleware import Middleware
from starlette.responses import PlainTextResponse
from starlette.routing import Host, Mount, Route, Router, WebSocketRoute
from starlette.staticfiles import StaticFiles
from starlette_answers import describe
from starlette_parts import ByHeader, Wrapper

warnings.simplefilter("error")
# The oldest calls what Python 3.14 deprecates; it is Starlette that does, and not what looks at it.
warnings.filterwarnings("ignore", "'asyncio.iscoroutinefunction'", DeprecationWarning, r"starlette\.")
FILES = Path(tempfile.gettempdir())


async def item(request: Any) -> PlainTextResponse:
    raise AssertionError("a handler ran")


async def feed(websocket: Any) -> None:
    raise AssertionError("a handler ran")


async def someone_else(scope: Any, receive: Any, send: Any) -> None:
    raise AssertionError("a mounted application ran")


def closes_over_it() -> Any:
    """An application that knows the one around it and hands nothing on to it."""

    async def mounted(scope: Any, receive: Any, send: Any) -> None:
        raise AssertionError(f"a mounted application ran beside {admin}")

    admin = Starlette(routes=[Route("/secret", item)])
    return mounted


class Page(HTTPEndpoint):
    async def get(self, request: Any) -> PlainTextResponse:
        raise AssertionError("a handler ran")


class Failing:
    """A middleware that must not be called."""

    def __init__(self, app: Any) -> None:
        self.app = app

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        raise AssertionError("a middleware ran")


admin = Starlette(
    routes=[Route("/", item, name="start"), Route("/users/{user}", item)], middleware=[Middleware(Failing)]
)
app = Starlette(
    middleware=[Middleware(Failing)],
    routes=[
        Route("/items", item),
        Route("/items/{number:int}", functools.partial(item), methods=["post"], name="item"),
        Route("/items/{number:int}/", item, methods=["DELETE"], name="item-again"),
        Route("/page", Page),
        ByHeader("/by-header", item),
        Route("/days/{day:date}", item),
        WebSocketRoute("/feed/{topic}", feed),
        Mount("/admin/{tenant}", Wrapper(admin), name="admin"),
        Mount("/files", StaticFiles(directory=FILES), name="files"),
        Mount("/other", someone_else),
        Host("api.example.org", Router([Route("/", item)]), name="api"),
        Mount("/strict", Router([Route("/a/", item)], redirect_slashes=False)),
        Mount("/loop", app=(loop := Router([Route("/", item)]))),
        Mount("/own", app=Router([Route("/a", item)], default=someone_else)),
        Mount("/closed", closes_over_it()),
        Route("/calendar/{day}/", item, methods=["POST"], name="calendar"),
        Route("/calendar/{day:date}/", item, name="calendar-day"),
    ],
)
loop.routes.append(Mount("/again", loop))

describe(Wrapper(Wrapper(app)))
