"""Random FastAPI programs, with routers in routers and routes declared late, asked and served."""

import tempfile
import warnings
from pathlib import Path
from typing import Any

from fastapi import APIRouter, FastAPI, Request, WebSocket, routing
from fastapi.routing import APIRoute
from starlette.applications import Starlette
from starlette.responses import Response
from starlette.routing import Host, Match, Mount, Route
from starlette_answers import compare_programs, seeds_of_arguments
from starlette_parts import (
    Chance,
    Opaque,
    Wrapper,
    class_endpoint,
    function_endpoint,
    identity,
    socket_endpoint,
)

# A flat list cannot include a router with a Host.
HAS_TREE = hasattr(routing, "_IncludedRouter")

FILES = tempfile.TemporaryDirectory()
Path(FILES.name, "a.js").write_text("", encoding="utf-8")


class ByHeader(APIRoute):
    """An APIRoute that asks for more than path and method."""

    def matches(self, scope: Any) -> Any:
        if dict(scope["headers"]).get(b"version") == b"2":
            return super().matches(scope)
        return Match.NONE, {}


def make_app(seed: int) -> Any:
    chance = Chance(seed)
    app: Any = make_application(chance, depth=0)
    routers = [make_router(chance, depth=0) for _ in range(2)]
    for router in (*routers, chance.random.choice(routers)):
        app.include_router(router, prefix=chance.random.choice(["", "/p", "/{tenant}"]))
    declare(app, chance, depth=0)
    declare(routers[0], chance, depth=0)  # after it was included: known to a tree, not to a flat list
    if chance.one_in(2):
        app.add_middleware(Wrapper, note="all")
    return Wrapper(app) if chance.one_in(3) else app


def make_application(chance: Chance, depth: int) -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a root path of an application's own is deprecated in the newest
        app = FastAPI(
            root_path=chance.random.choice(["", "", "/root"]), redirect_slashes=not chance.one_in(4)
        )
    declare(app, chance, depth)
    return app


def make_router(chance: Chance, depth: int) -> APIRouter:
    prefix = chance.random.choice(["", "/r", f"/{{owner{depth}}}"])
    router = APIRouter(prefix=prefix, route_class=ByHeader if chance.one_in(6) else APIRoute)
    declare(router, chance, depth)
    if depth < 2:
        router.include_router(
            make_router(chance, depth + 1), prefix=chance.random.choice(["/in", f"/{chance.name()}"])
        )
    declare(router, chance, depth)
    return router


def declare(target: Any, chance: Chance, depth: int) -> None:
    """Declare some routes on an application or a router."""
    for _ in range(chance.random.randint(2, 5)):
        declare_one(target, chance, depth)


def declare_one(target: Any, chance: Chance, depth: int) -> None:
    target = getattr(target, "router", target)
    name, kind = chance.name(), chance.random.randrange(12)
    methods = chance.methods()
    if kind < 6:
        target.add_api_route(chance.template(), api_endpoint(name), methods=methods, name=name)
    elif kind == 6:
        target.add_route(chance.template(), function_endpoint(name), methods=methods, name=name)
    elif kind == 7:
        target.routes.append(Route(chance.template(), class_endpoint(name), name=name))
    elif kind == 8:
        target.add_api_websocket_route(chance.template(), api_socket_endpoint(name), name=name)
    elif kind == 9:
        target.add_websocket_route(chance.template(), socket_endpoint(name), name=name)
    elif depth < 2:
        declare_mount(target, chance, name, depth)


def declare_mount(target: Any, chance: Chance, name: str, depth: int) -> None:
    kind = chance.random.randrange(6)
    if kind == 0:
        target.mount(chance.prefix(), Opaque(name), name=name)
    elif kind == 1 and HAS_TREE:
        target.host("localhost" if chance.one_in(3) else "example.org", Opaque(name), name=name)
    elif kind == 2:
        inside = [Route(chance.template(), function_endpoint(chance.name()), name=f"n{chance.number}")]
        target.mount(
            chance.prefix(),
            Starlette(routes=[*inside, Mount("/m", routes=inside), Host("x.org", Opaque("no"))]),
        )
    elif kind == 3 and hasattr(target, "frontend"):
        target.frontend(chance.random.choice(["/", "/web", "/web/deep"]), directory=FILES.name)
    else:
        target.mount(chance.prefix(), make_application(chance, depth + 1), name=name)


def api_endpoint(name: str) -> Any:
    async def endpoint(request: Request) -> Response:
        return Response(headers=identity(name, request.scope))

    return endpoint


def api_socket_endpoint(name: str) -> Any:
    plain = socket_endpoint(name)

    async def endpoint(websocket: WebSocket) -> None:
        await plain(websocket)

    return endpoint


compare_programs(make_app, *seeds_of_arguments())
