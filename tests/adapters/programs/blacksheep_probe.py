"""A BlackSheep application with every feature of its routing, asked and called."""

import asyncio
import json
import logging
import sys
from typing import Any

import differences
from blacksheep import Application, Request, Response, Router, TextContent, WebSocket
from blacksheep.server.controllers import Controller
from blacksheep.server.routing import HostFilter

from inspector.adapters.detection import find_adapter

ROUTES = (
    ("GET", "/"), ("GET", "/users"), ("POST", "/users/"), ("GET", "/users/me"), ("GET", "/users/:name"),
    ("GET", "/users/{int:number}"), ("DELETE", "/users/<int:number>"), ("GET", "/users/{name}/posts/{slug}"),
    ("GET", "/users/me/posts/{slug}"), ("GET", "/typed/float/{float:value}"),
    ("GET", "/typed/uuid/{uuid:value}"),
    ("GET", "/typed/str/{str:value}"), ("GET", "/typed/path/{path:value}"), ("GET", "/files/*"),
    ("PUT", "/Case/{name}"), ("HEAD", "/users"), ("OPTIONS", "/users"), ("GET", "/dotted/file.txt"),
    ("GET", "/caf%C3%A9/{name}"), ("PATCH", "/star*"),
)  # fmt: skip


def handler_of(name: str) -> Any:
    async def handler(request: Request) -> Response:
        return Response(200, content=TextContent(json.dumps({"name": name, "params": request.route_values})))

    handler.__qualname__ = name
    return handler


async def mounted(scope: Any, receive: Any, send: Any) -> None:
    if scope["type"] == "websocket":
        await send({"type": "websocket.accept"})
        await send({"type": "websocket.send", "text": '{"name": "mounted"}'})
        await send({"type": "websocket.close", "code": 1000})
        return
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": b'{"name": "mounted"}'})


async def talk(socket: WebSocket, room: int) -> None:
    await socket.accept()
    await socket.send_text(json.dumps({"name": "talk", "params": socket.route_values}))
    await socket.close()


def make_app(*, with_fallback: bool) -> Application:
    below = Router(prefix="/below")
    below.add_get("/{int:number}", handler_of("below"))
    # A router that has filters as well forgets those below it.
    app = Application(router=Router() if with_fallback else Router(sub_routers=[below]))
    controllers = app.controllers_router
    for method, pattern in ROUTES:
        app.router.add(method, pattern, handler_of(f"{method} {pattern}"))
    app.router.add_ws("/talk/{int:room}", talk)
    app.mount("/admin", mounted)

    class Cats(Controller):
        @classmethod
        def route(cls) -> str:
            return "/cats"

        @controllers.get("/{int:number}")
        async def one(self, number: int) -> str:
            return json.dumps({"name": "make_app.<locals>.Cats.one"})

    if with_fallback:
        app.router.fallback = handler_of("fallback")
        app.router.add("GET", "/filtered", handler_of("here"), filters=[HostFilter("localhost")])
        app.router.add(
            "GET", "/filtered/{name}", handler_of("elsewhere"), filters=[HostFilter("other.example")]
        )
    return app


def differ(method: str, path: str, asked: Any, answered: Any) -> str | None:
    if asked.outcome == "match":
        return _differ_match(method, asked, answered)
    if answered.accepted or answered.text.startswith('{"name"'):
        return "a handler ran"
    if asked.status == 500:
        return None if "InvalidURL" in answered.text else "no InvalidURL"
    if method == "WEBSOCKET":
        return None if answered.headers.get("close") else "not closed"
    return None if answered.status == asked.status else "status"


def _differ_match(method: str, asked: Any, answered: Any) -> str | None:
    if len(asked.way) != 1:
        return "no entry for the match"
    [route] = asked.way
    if method == "HEAD" or (method == "WEBSOCKET" and route.path == "*"):
        return None  # a fallback is made for requests, and fails with a handshake
    if not answered.text.startswith("{"):
        return "no handler ran"
    said = json.loads(answered.text)
    if route.kind != "mount" and said["name"] != route.endpoint.partition(":")[2]:
        return "another route"
    given = said.get("params", asked.params) or {}
    return None if dict(asked.params) == given else f"params {given}"


def law(adapter: Any, requests: list[tuple[str, str]]) -> list[str]:
    """Where the first route that fits is not the one that the router takes."""
    broken = []
    routes = adapter.routes()
    for method, path in requests:
        asked = adapter.ask(method, path)
        if (method == "WEBSOCKET" and "%" in path) or (asked.way and asked.way[0].condition):
            continue  # a handshake is compared decoded
        if asked.way and asked.way[0].kind == "mount":
            continue  # it takes /adminextra too
        first = differences.first_that_fits(routes, adapter.rules, method, path)
        if asked.way[:1] != (() if first is None else (first,)):
            broken.append(f"{method} {path}: {first} before {asked}")
    return broken


def main() -> None:
    logging.disable()
    app = make_app(with_fallback="fallback" in sys.argv)
    adapter = find_adapter(app)
    assert adapter is not None
    listed = [differences.shown(route) for route in adapter.routes()]
    requests = list(
        differences.requests_for(adapter.routes(), ["/ADMIN", "/adminx", "/filtered", "/USERS/ME"])
    )
    before = [adapter.ask(method, path).outcome for method, path in requests]
    untouched = not app.started and bool(app.router.registered_routes)
    asyncio.run(app.start())
    answer = differences.compare(app, adapter, requests, differ)
    answer |= {
        "law": law(adapter, requests),
        "routes": listed,
        "listed_again": listed == [differences.shown(route) for route in adapter.routes()],
        "untouched": untouched,
        "same_before": before == [adapter.ask(method, path).outcome for method, path in requests],
    }
    differences.say(answer)


main()
