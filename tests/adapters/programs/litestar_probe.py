"""A Litestar application with every feature of its routing, asked and called."""

import logging
from functools import partial
from http import HTTPStatus
from pathlib import PurePath
from typing import Any

import differences
from litestar import Controller, Litestar, Router, WebSocket, asgi, delete, get, head, post, put, route
from litestar.handlers import websocket, websocket_listener
from litestar.static_files import create_static_files_router
from litestar.types import Receive, Scope, Send

from inspector.adapters.detection import find_adapter
from miniframework.routing.parts import Parameter

TYPES = ("str", "int", "float", "uuid", "decimal", "date", "datetime", "time", "timedelta", "path")


def typed(word: str) -> Any:
    @get(f"/typed/{word}/{{value:{word}}}", name=f"typed_{word}")
    async def handler() -> str:
        return "ok"

    return handler


def plain(path: str | list[str], method: Any = get, **more: Any) -> Any:
    @method(path, **more)
    async def handler() -> str:
        return "ok"

    return handler


@get("/in-a-thread/{a:str}", sync_to_thread=True)
def in_a_thread() -> str:
    return "ok"


@head("/users/{name:str}")
async def only_head() -> None:
    return None


@websocket("/talk/{room:int}")
async def talk(socket: WebSocket[Any, Any, Any]) -> None:
    await socket.accept()
    await socket.send_text("ok")
    await socket.close()


@websocket("/both")
async def both(socket: WebSocket[Any, Any, Any]) -> None:
    await talk.fn(socket)


@websocket("/both")
async def both_again(socket: WebSocket[Any, Any, Any]) -> None:
    await talk.fn(socket)


@websocket_listener("/listen")
async def listen(data: str) -> str:
    return data


@asgi("/bare")
async def bare(scope: Scope, receive: Receive, send: Send) -> None:
    await _answer(scope, send)


@asgi("/mounted", is_mount=True, copy_scope=True)
async def mounted(scope: Scope, receive: Receive, send: Send) -> None:
    await _answer(scope, send)


@asgi("/mounted/deeper", is_mount=True, copy_scope=True)
async def mounted_deeper(scope: Scope, receive: Receive, send: Send) -> None:
    await _answer(scope, send)


async def _answer(scope: Any, send: Any) -> None:
    if scope["type"] == "websocket":
        await send({"type": "websocket.accept"})
        await send({"type": "websocket.send", "text": "ok"})
        await send({"type": "websocket.close", "code": 1000})
        return
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": b"ok"})


class Books(Controller):
    path = "/books"

    @get()
    async def every(self) -> str:
        return "ok"

    @get("/{book_id:int}", name="book")
    async def one(self) -> str:
        return "ok"

    @delete("/{book_id:int}", status_code=200)
    async def remove(self) -> str:
        return "ok"

    @get(["/{book_id:int}/pages", "/{book_id:int}/pages/{page:int}"])
    async def pages(self) -> str:
        return "ok"


def make_app() -> Litestar:
    inner = Router("/inner/{tenant:str}", route_handlers=[plain("/x"), plain("/{deep:int}"), Books])
    handlers = [
        plain("/"),
        plain(["/twice", "/twice-over/"]),
        plain("/users/{name:str}"),
        plain("/users/me/{number:int}"),
        plain("/users/{name:str}/posts"),
        plain("/users/me"),
        plain("/overwritten/{a:str}"),
        plain("/overwritten/{b:int}"),
        plain("/shared/{a:int}"),
        plain("/shared/{b:str}", post),
        plain("/rest/{path:path}"),
        plain("/rest/{a:str}/edit"),
        plain("/rest/{a:str}/edit", post),
        plain("/files/{a:str}/{path:path}"),
        plain("/mixed/{a:str}", put),
        plain("/mixed/{b:int}", delete, status_code=200),
        plain("/mixed/{path:path}"),
        plain("/caf\xe9/{a:str}"),
        plain("/with space"),
        plain("/many", route, http_method=["GET", "POST", "PATCH"]),
        plain("/own-options/{a:int}", route, http_method=["OPTIONS"]),
        plain("/both"),
        plain("/mountedextra"),
        plain("/mounted/inside"),
        *map(typed, TYPES),
        in_a_thread, only_head, talk, both, both_again, listen, bare, mounted, mounted_deeper, Books,
        Router("/outer", route_handlers=[inner, plain("/{a:int}/{b:int}")]),
        create_static_files_router(path="/static", directories=[PurePath(__file__).parent]),
    ]  # fmt: skip
    return Litestar(handlers, debug=False, logging_config=None)


def differ(method: str, path: str, asked: Any, answered: Any, adapter: Any) -> str | None:
    handler = answered.scope.get("route_handler")
    if asked.outcome == "match":
        return _differ_match(asked, answered.scope, adapter)
    if handler is not None:
        return "a handler ran"
    if method == "WEBSOCKET":
        # Litestar closes with 4500 whatever it was; the reason tells.
        return None if answered.headers.get("reason") == HTTPStatus(asked.status).phrase else "reason"
    if asked.status != answered.status:
        return "status"
    allow = answered.headers.get("allow", "")
    if asked.outcome == "method_not_allowed" and sorted(filter(None, allow.split(", "))) != list(asked.allow):
        return "allow"
    return None


def _differ_match(asked: Any, scope: Any, adapter: Any) -> str | None:
    if len(asked.way) != 1:
        return "no entry for the handler"
    [route] = asked.way
    if asked.status == 204:  # Litestar's own answer to OPTIONS
        is_its = "options_handler" in str(scope.get("route_handler"))
        return None if is_its and adapter.find_taken(scope) == (route,) else "another handler"
    if route.origin is not scope.get("route_handler"):
        return "another handler"
    if route.kind == "mount":
        return None  # it may have changed the scope
    if adapter.find_taken(scope) != (route,):
        return f"taken {adapter.find_taken(scope)}"
    if adapter.find_taken(differences.what_is_kept(scope)) != (route,):
        return "find_taken reads what is not kept of a scope"
    converters = {part.name: part.converter for part in route.parts if isinstance(part, Parameter)}
    params = {name: repr(converters[name].convert(text)) for name, text in asked.params.items()}
    given = {name: repr(value) for name, value in scope["path_params"].items()}
    return None if params == given else f"params {params} {given}"


def first_fits(adapter: Any, requests: list[tuple[str, str]]) -> list[str]:
    """Where a match is not the first route that fits."""
    broken = []
    routes = adapter.routes()
    for method, path in requests:
        asked = adapter.ask(method, path)
        if asked.outcome != "match" or asked.way[0].kind == "mount":
            continue
        if asked.way[0].kind == "http" and asked.way[0].methods is None:  # a bare ASGI application
            continue
        seen = differences.make_scope(method, path)["path"]
        first = differences.first_that_fits(
            [r for r in routes if r.kind != "mount"], adapter.rules, method, seen, doubted=True
        )
        if first is not asked.way[0]:
            broken.append(f"{method} {path}: {first} before {asked.way[0]}")
    return broken


def shown(route: Any) -> dict[str, Any]:
    return {
        **differences.shown(route),
        "file": None if route.source is None else PurePath(route.source.file).name,
        "covered": "".join(route.path[part.start : part.end] for part in route.parts) == route.path,
    }


def main() -> None:
    logging.disable()
    app = make_app()
    adapter = find_adapter(app)
    assert adapter is not None
    extra = [
        "/users/me/posts",
        "/users/me/1/x",
        "/mounted/deeper/x",
        "/mountedx",
        "/rest/a/edit",
        "/mixed/1",
        "/outer/1/2",
    ]
    requests = list(differences.requests_for(adapter.routes(), extra))
    answer = differences.compare(app, adapter, requests, partial(differ, adapter=adapter))
    answer["law"] = first_fits(adapter, requests)
    below = differences.answer_of(app, "GET", "/api/twice-over", root_path="/api")
    answer["below"] = [route.path for route in adapter.find_taken(below.scope)]
    answer["routes"] = [shown(route) for route in adapter.routes()]
    differences.say(answer)


main()
