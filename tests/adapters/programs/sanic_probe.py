"""A Sanic application with every feature of its routing, asked and called."""

import asyncio
import json
import logging
from typing import Any

import differences
from sanic import Blueprint, Request, Sanic, Websocket
from sanic.response import HTTPResponse, text
from sanic.views import HTTPMethodView

from inspector.adapters.detection import find_adapter

TYPES = ("str", "strorempty", "int", "float", "alpha", "slug", "ymd", "uuid", "ext", "path", "[a-c]{2,3}")


def who(request: Request) -> str:
    params = {name: repr(value) for name, value in request.match_info.items()}
    return json.dumps({"path": request.route.uri, "name": request.route.name, "params": params})


async def answer(request: Request, **params: Any) -> HTTPResponse:
    return text(who(request))


class Shown(HTTPMethodView):
    async def get(self, request: Request, **params: Any) -> HTTPResponse:
        return text(who(request))

    async def put(self, request: Request, **params: Any) -> HTTPResponse:
        return text(who(request))


async def talk(request: Request, socket: Websocket, **params: Any) -> None:
    await socket.send(who(request))


ROUTES: tuple[tuple[str, list[str], dict[str, Any]], ...] = (
    ("/", ["GET"], {}),
    ("/users", ["GET", "POST"], {}),
    ("/users/me", ["GET"], {}),
    ("/users/<number:int>", ["GET"], {}),
    ("/users/<number:int>", ["DELETE"], {}),
    ("/users/<name:str>", ["GET", "PUT"], {}),
    ("/users/<name:str>/posts", ["GET"], {}),
    ("/users/<number:int>/posts/<slug:slug>", ["GET"], {}),
    ("/users/me/posts/<slug:slug>", ["POST"], {}),
    ("/strict", ["GET"], {"strict_slashes": True}),
    ("/strict-slash/", ["GET"], {"strict_slashes": True}),
    ("/strict/<name:str>/", ["GET"], {"strict_slashes": True}),
    ("/unquoted/<name:str>", ["GET"], {"unquote": True}),
    ("/files/<path:path>", ["GET"], {}),
    ("/files/<path:path>/edit", ["GET"], {}),
    ("/files/<path:path>/edit", ["POST"], {}),
    ("/files/fixed", ["GET"], {}),
    ("/mixed/<a:int>/<b:[a-z]+>", ["GET"], {}),
    ("/mixed/<a:int>/<b:str>", ["GET"], {}),
    (r"/group/<rest:file\.(txt|md)>", ["GET"], {}),
    (r"/named/<rest:file\.(?P<rest>txt|md)>", ["GET"], {}),
    ("/versioned", ["GET"], {"version": 1}),
    ("/caf\xe9/<name:str>", ["GET"], {}),
    ("/head", ["HEAD", "OPTIONS"], {}),
    ("/hosted", ["GET"], {"host": "localhost"}),
    ("/hosted", ["POST"], {"host": "other.example"}),
    ("/elsewhere", ["GET"], {"host": "other.example"}),
)


def make_app() -> Sanic:
    app = Sanic("probe", configure_logging=False)
    for number, (path, methods, more) in enumerate(ROUTES):
        app.add_route(answer, path, methods=methods, name=f"view_{number}", **more)
    for number, word in enumerate(TYPES):
        app.add_route(answer, f"/typed/{number}/<value:{word}>", name=f"typed_{number}")
    app.add_route(Shown.as_view(), "/shown/<name:str>")
    app.add_websocket_route(talk, "/talk/<room:int>")
    blueprint = Blueprint("inner", url_prefix="/<tenant:str>/inner")
    blueprint.add_route(answer, "/<number:int>", methods=["GET", "PATCH"], name="numbered")
    app.blueprint(Blueprint.group(blueprint, url_prefix="/outer", version=2))
    return app


def differ(method: str, path: str, asked: Any, answered: Any) -> str | None:
    if asked.outcome == "match":
        return _differ_match(method, asked, answered)
    if answered.accepted or answered.text.startswith('{"path"'):
        return "a handler ran"
    if "Bad URL" in answered.text and asked.status == 400:
        return None
    if asked.status != answered.status and method != "WEBSOCKET":
        return "status"
    allow = answered.headers.get("allow", "")
    if asked.outcome == "method_not_allowed" and method != "WEBSOCKET":
        return None if sorted(filter(None, allow.split(", "))) == list(asked.allow) else "allow"
    return None


def _differ_match(method: str, asked: Any, answered: Any) -> str | None:
    [route] = asked.way
    if method == "HEAD":
        return None if answered.status == 200 else "no handler ran"
    said = json.loads(answered.text)
    if (said["path"], said["name"]) != (route.path, route.name):
        return "another route"
    texts = {name: repr(text) for name, text in asked.params.items()}
    is_same = texts == said["params"] if "file" in route.path else set(texts) == set(said["params"])
    return None if is_same else f"params {said['params']}"


def main() -> None:
    logging.disable()
    app = make_app()
    adapter = find_adapter(app)
    assert adapter is not None
    requests = list(
        differences.requests_for(
            adapter.routes(), ["/hosted", "/elsewhere", "/typed/8/a.b.c", "/group/file.txt", "/named/file.md"]
        )
    )
    before = {(method, path): adapter.ask(method, path) for method, path in requests}
    listed = [differences.shown(route) for route in adapter.routes()]
    untouched = not app.router.finalized
    app.add_route(answer, "/late", name="late")
    late = adapter.ask("GET", "/late").outcome
    asyncio.run(start(app))
    answer_ = differences.compare(app, adapter, requests, differ)
    answer_ |= {
        "law": law(adapter, requests),
        "routes": listed,
        "untouched": untouched,
        "late": late,
        "changed": [key for key, asked in before.items() if adapter.ask(*key) != asked][:5],
    }
    differences.say(answer_)


def law(adapter: Any, requests: list[tuple[str, str]]) -> list[str]:
    """Where a match is not the first route that fits."""
    broken = []
    routes = [route for route in adapter.routes() if route.condition is None]
    for method, path in requests:
        asked = adapter.ask(method, path)
        if asked.outcome != "match" or asked.way[0].condition or asked.way[0].slashes == "exact":
            continue
        word = "GET" if method == "WEBSOCKET" and asked.way[0].kind == "http" else method
        first = differences.first_that_fits(routes, adapter.rules, word, path, doubted=True)
        if first is not asked.way[0]:
            broken.append(f"{method} {path}: {first} before {asked.way[0]}")
    return broken


async def start(app: Sanic) -> None:
    """As the server does at startup, without its listeners."""
    app.asgi = True
    await app._startup()


main()
