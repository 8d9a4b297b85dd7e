"""Random Starlette programs with all that its router knows, asked and served."""

from typing import Any

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.routing import Host, Mount, Route, Router, WebSocketRoute
from starlette_answers import compare_programs, seeds_of_arguments
from starlette_parts import (
    ByHeader,
    Chance,
    Opaque,
    Wrapper,
    class_endpoint,
    function_endpoint,
    socket_endpoint,
)


class OwnRouter(Router):
    """A router of the user's."""


def make_app(seed: int) -> Any:
    chance = Chance(seed)
    app: Any = Starlette(
        routes=make_routes(chance, depth=0),
        middleware=[Middleware(Wrapper, note="all")] if chance.one_in(2) else None,
    )
    app.router.redirect_slashes = not chance.one_in(4)
    if chance.one_in(4):
        app.router = OwnRouter(app.router.routes)
    for _ in range(chance.random.randrange(3)):
        app = Wrapper(app)
    return app


def make_routes(chance: Chance, depth: int) -> list[Any]:
    return [make_route(chance, depth) for _ in range(chance.random.randint(3, 9))]


def make_route(chance: Chance, depth: int) -> Any:
    name = chance.name()
    kind = chance.random.randrange(14 if depth < 2 else 9)
    if kind < 5:
        return Route(chance.template(), function_endpoint(name), methods=chance.methods(), name=name)
    if kind == 5:
        return Route(chance.template(), class_endpoint(name), methods=chance.methods(), name=name)
    if kind == 6:
        return ByHeader(chance.template(), function_endpoint(name), name=name)
    if kind < 9:
        return WebSocketRoute(chance.template(), socket_endpoint(name), name=name)
    if kind == 9 and chance.one_in(2):
        return Host(
            chance.random.choice(["localhost", "example.org", "{host}"]), make_inside(chance, depth), name
        )
    return make_mount(chance, name, depth)


def make_mount(chance: Chance, name: str, depth: int) -> Mount:
    prefix = chance.random.choice(["", "/"]) if chance.one_in(8) else chance.prefix()
    if chance.one_in(4):
        return Mount(prefix, Opaque(name), name=name)
    if chance.one_in(3):
        return Mount(
            prefix, routes=make_routes(chance, depth + 1), name=name, middleware=[Middleware(Wrapper)]
        )
    return Mount(prefix, make_inside(chance, depth), name=name)


def make_inside(chance: Chance, depth: int) -> Any:
    routes = make_routes(chance, depth + 1)
    inside: Any = (
        Starlette(routes=routes) if chance.one_in(2) else Router(routes, redirect_slashes=chance.one_in(2))
    )
    return Wrapper(inside) if chance.one_in(3) else inside


compare_programs(make_app, *seeds_of_arguments())
