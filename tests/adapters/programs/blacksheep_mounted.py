"""A BlackSheep application mounted in another: what is said of a request beside what it really gets."""

import asyncio
import json
import logging
from typing import Any

import differences
from blacksheep import Application, Request, Response, Router, TextContent, WebSocket

import inspector

REQUESTS = (
    ("GET", "/sub/5"), ("GET", "/sub/5/"), ("GET", "/sub"), ("GET", "/sub/other/x"), ("POST", "/sub/5"),
    ("WEBSOCKET", "/sub/5"), ("WEBSOCKET", "/sub/other"), ("WEBSOCKET", "/sub"), ("WEBSOCKET", "/5"),
    ("WEBSOCKET", "/sub/five/5"), ("WEBSOCKET", "/other"), ("GET", "/other"),
)  # fmt: skip


def handler_of(name: str) -> Any:
    async def handler(request: Request) -> Response:
        return Response(200, content=TextContent(json.dumps([name, request.route_values or {}])))

    handler.__qualname__ = name
    return handler


def socket_of(name: str) -> Any:
    async def talk(socket: WebSocket) -> None:
        await socket.accept()
        await socket.send_text(json.dumps([name, socket.route_values or {}]))
        await socket.close()

    talk.__qualname__ = name
    return talk


def make_app() -> Application:
    sub = Application(router=Router())
    sub.router.add_get("/", handler_of("root"))
    sub.router.add_get("/{int:number}", handler_of("number"))
    sub.router.add_ws("/*", socket_of("any_socket"))
    sub.router.add_ws("/{int:number}", socket_of("number_socket"))
    app = Application(router=Router())
    app.mount("/sub", sub)
    return app


async def real(app: Any, method: str, path: str) -> Any:
    """The handler that ran and its parameters, None when none did."""
    text = (await differences.converse(app, method, path)).text
    return json.loads(text) if text.startswith("[") else None


async def main() -> None:
    logging.disable()
    app = make_app()
    attached = inspector.attach(app)
    explained = [attached.explain(method, path) for method, path in REQUESTS]
    dead = [finding.route.path for finding in attached.check() if finding.kind == "unreachable"]
    await app.start()
    said = [
        None if x.route is None else [str(x.route.endpoint).partition(":")[2], dict(x.params)]
        for x in explained
    ]
    got = [await real(app, method, path) for method, path in REQUESTS]
    asked = [f"{method} {path}" for method, path in REQUESTS]
    rows = zip(asked, said, got, strict=True)
    differences.say({"rows": list(rows), "dead": dead})


asyncio.run(main())
