"""Each router behind the same small face: build it from a table, then ask it for a route's index.

What is measured is the search alone, by the function each framework runs for every request; no endpoint
runs. Litestar and BlackSheep keep a cache of answers in front of theirs; it is left out, because it says
nothing about paths that are new.
"""

import re
from collections.abc import Callable
from typing import Any

from routes import Line

Ask = Callable[[str, str], int | None]
Build = Callable[[list[Line]], Ask]


def by_template(table: list[Line]) -> dict[str, dict[str, int]]:
    found: dict[str, dict[str, int]] = {}
    for line in table:
        found.setdefault(line.template, {})[line.method] = line.index
    return found


def miniframework(table: list[Line]) -> Ask:
    from miniframework.routing.pattern import parse_pattern
    from miniframework.routing.route import Route
    from miniframework.routing.table import Found, RouteTable

    match = RouteTable(
        [
            Route(
                pattern=parse_pattern(line.template),
                methods=frozenset((line.method,)),
                endpoint=miniframework,
                name="",
            )
            for line in table
        ]
    ).match

    def ask(method: str, path: str) -> int | None:
        found = match("http", method, path)
        return found.index if type(found) is Found else None

    return ask


def _scan(routes: list[Any]) -> Ask:
    from starlette.routing import Match

    def ask(method: str, path: str) -> int | None:  # the loop of Router.app
        scope = {"type": "http", "method": method, "path": path, "root_path": ""}
        for index, route in enumerate(routes):
            verdict, _ = route.matches(scope)
            if verdict is Match.FULL:
                return index
        return None

    return ask


async def _endpoint() -> None: ...


def starlette(table: list[Line]) -> Ask:
    from starlette.routing import Route

    return _scan([Route(line.template, _starlette_endpoint, methods=[line.method]) for line in table])


async def _starlette_endpoint(request: Any) -> Any: ...


def fastapi(table: list[Line]) -> Ask:
    from fastapi.routing import APIRoute

    return _scan([APIRoute(line.template, _endpoint, methods=[line.method]) for line in table])


def falcon(table: list[Line]) -> Ask:
    from falcon.routing import CompiledRouter

    router = CompiledRouter()
    for template, indexes in by_template(table).items():
        # A falcon template has no converter for plain text.
        router.add_route(template.replace(":str", ""), _FalconResource(indexes))
    find = router.find

    def ask(method: str, path: str) -> int | None:
        found = find(path)
        return None if found is None else found[0].indexes.get(method)

    ask("GET", "/")  # it compiles when it is first asked
    return ask


class _FalconResource:
    def __init__(self, indexes: dict[str, int]) -> None:
        self.indexes = indexes
        for method in indexes:
            setattr(self, f"on_{method.lower()}", self._respond)

    def _respond(self, req: Any, resp: Any, **params: Any) -> None: ...


def litestar(table: list[Line]) -> Ask:
    from litestar import HttpMethod, Litestar
    from litestar.exceptions import HTTPException
    from litestar.handlers import HTTPRouteHandler

    def handler(line: Line) -> HTTPRouteHandler:
        async def endpoint() -> None: ...

        template = re.sub(r"\{(\w+)\}", r"{\1:str}", line.template)
        made = HTTPRouteHandler(
            template, http_method=HttpMethod(line.method), status_code=200, opt={"i": line.index}
        )
        return made(endpoint)

    app = Litestar([handler(line) for line in table], openapi_config=None)
    handle = app.asgi_router._handle_routing

    def ask(method: str, path: str) -> int | None:
        try:
            return handle(path, method)[1].opt["i"]  # type: ignore[arg-type, no-any-return]
        except HTTPException:
            return None

    return ask


def blacksheep(table: list[Line]) -> Ask:
    from blacksheep.server.routing import Router

    router = Router()
    for line in table:
        template = re.sub(r"\{(\w+):(\w+)\}", r"{\2:\1}", line.template)
        router.add(line.method, template, _handler(line.index))
    router.apply_routes()
    router.sort_routes()
    find = Router.get_match_by_method_and_path.__wrapped__

    def ask(method: str, path: str) -> int | None:
        found = find(router, method, path)
        return None if found is None else found.handler.index  # type: ignore[no-any-return]

    return ask


def _handler(index: int) -> Any:
    async def endpoint() -> None: ...

    endpoint.index = index  # type: ignore[attr-defined]
    return endpoint


def sanic(table: list[Line]) -> Ask:
    from sanic_routing import BaseRouter
    from sanic_routing.exceptions import NoMethod, NotFound

    class Router(BaseRouter):
        def get(self, path: str, method: str) -> Any:  # type: ignore[override]
            return self.resolve(path=path, method=method)

    router = Router()
    for line in table:
        template = re.sub(r"\{(\w+)(?::(\w+))?\}", lambda f: f"<{f[1]}:{f[2] or 'str'}>", line.template)
        router.add(template, _handler(line.index), methods=[line.method])
    router.finalize()
    get = router.get

    def ask(method: str, path: str) -> int | None:
        try:
            return get(path, method)[1].index  # type: ignore[no-any-return]
        except (NotFound, NoMethod):
            return None

    return ask


def werkzeug(table: list[Line]) -> Ask:
    from werkzeug.exceptions import HTTPException
    from werkzeug.routing import Map, Rule

    rules = [
        Rule(
            re.sub(
                r"\{(\w+)(?::(\w+))?\}",
                lambda f: f"<{'int' if f[2] == 'int' else 'string'}:{f[1]}>",
                line.template,
            ),
            endpoint=line.index,
            methods=[line.method],
        )
        for line in table
    ]
    adapter = Map(rules).bind("localhost")

    def ask(method: str, path: str) -> int | None:
        try:
            return adapter.match(path, method)[0]  # type: ignore[return-value]
        except HTTPException:
            return None

    return ask


def matchit(table: list[Line]) -> Ask:
    from matchit import Router

    router: Router[dict[str, int]] = Router()
    for template, indexes in by_template(table).items():
        # It knows no converters and no methods: what stands behind the path is a dict of the methods.
        router.insert(re.sub(r":\w+\}", "}", template), indexes)
    at = router.at

    def ask(method: str, path: str) -> int | None:
        try:
            return at(path).value.get(method)
        except LookupError:
            return None

    return ask


CONTENDERS: dict[str, Build] = {
    "miniframework": miniframework,
    "starlette": starlette,
    "fastapi": fastapi,
    "falcon": falcon,
    "litestar": litestar,
    "blacksheep": blacksheep,
    "sanic-routing": sanic,
    "werkzeug": werkzeug,
    "matchit (Rust)": matchit,
}
