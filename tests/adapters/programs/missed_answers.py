"""Applications that answer with something else than 404 or 405 where no route takes a request: an error
handler behind the router, or something before it. Prints what is recorded of each answer, and the sentence.
"""

import asyncio
import sys
from collections.abc import Iterable
from typing import Any

import differences

from inspector.adapters.adapter import READ_OF_SCOPE
from inspector.adapters.detection import find_adapter
from inspector.adapters.picture.table import Picture
from inspector.journal.memory import MemoryJournal
from inspector.journal.protocol import AppStatus, StatusSaved, TableSaved
from inspector.model import Worker
from inspector.panels.answer import answer_exchange
from inspector.recording.foreign import LendingTap
from inspector.recording.recorder import Recorder
from inspector.web.tables import Tables
from inspector.wiring.foreign_routing import ForeignRouting
from inspector.wiring.routing_reader import LiveReader
from miniframework.bus import EventBus

MADE = {"page": 200, "away": 302, "refused": 400, "gone": 410, "fails": 500}


def made_for(path: str) -> int:
    """The status that an error handler makes of a miss."""
    return MADE.get(path.strip("/").rpartition("/")[2], 404)


def before(app: Any) -> Any:
    """The application below what answers some paths by itself."""

    async def early(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] != "http" or not scope["path"].startswith("/early"):
            await app(scope, receive, send)
            return
        status = 401 if scope["path"].endswith("refused") else 200
        await send({"type": "http.response.start", "status": status, "headers": []})
        await send({"type": "http.response.body", "body": b"early"})

    return early


def starlette() -> Any:
    from starlette.applications import Starlette
    from starlette.middleware import Middleware
    from starlette.responses import PlainTextResponse, RedirectResponse
    from starlette.routing import Mount, Route

    async def endpoint(request: Any) -> Any:
        return PlainTextResponse("ok")

    async def instead(request: Any, error: Any) -> Any:
        status = made_for(request.url.path)
        if status == 500:
            raise ValueError("a page that cannot be made")
        return RedirectResponse("/things", 302) if status == 302 else PlainTextResponse("page", status)

    things = [Route(f"/{path}", endpoint, methods=["POST"]) for path in ("page", "gone")]
    handlers: Any = {404: instead, 405: instead}
    inner = Starlette(routes=things, middleware=[Middleware(_Early)], exception_handlers=handlers)  # type: ignore[arg-type]
    return Starlette(
        routes=[Route("/things", endpoint), *things, Mount("/plain", routes=things), Mount("/inner", inner)],
        middleware=[Middleware(_Early)],  # type: ignore[arg-type]
        exception_handlers=handlers,
    )


class _Early:
    """Answers before the router, as a middleware."""

    def __init__(self, app: Any) -> None:
        self.app = before(app)

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["path"].startswith("/inner/early"):
            scope = {**scope, "path": "/early"}
        await self.app(scope, receive, send)


def fastapi() -> Any:
    from fastapi import FastAPI, Request
    from fastapi.responses import JSONResponse
    from starlette.exceptions import HTTPException

    app = FastAPI(openapi_url=None)
    app.add_middleware(_Early)

    @app.get("/things")
    async def things() -> str:
        return "ok"

    @app.post("/page")
    @app.post("/gone")
    async def page() -> str:
        return "ok"

    @app.exception_handler(HTTPException)
    async def instead(request: Request, error: HTTPException) -> JSONResponse:
        status = made_for(request.url.path)
        if status == 500:
            raise ValueError("a page that cannot be made")
        return JSONResponse({"code": "none"}, status)

    return app


def litestar() -> Any:
    from litestar import Litestar, Response, get, post
    from litestar.config.cors import CORSConfig
    from litestar.exceptions import HTTPException

    @get("/things")
    async def things() -> str:
        return "ok"

    @post(["/page", "/gone"])
    async def page() -> str:
        return "ok"

    def instead(request: Any, error: Exception) -> Any:
        return Response("page", status_code=made_for(request.url.path))

    return Litestar(
        [things, page],
        openapi_config=None,
        cors_config=CORSConfig(allow_origins=["https://shop.example"]),
        exception_handlers={HTTPException: instead},
    )


def quart() -> Any:
    from quart import Quart, request

    app = Quart(__name__, static_folder=None)
    app.add_url_rule("/things", "things", lambda: "ok")

    @app.before_request
    async def early() -> Any:
        return "early" if request.path.startswith("/early") else None

    @app.errorhandler(404)
    async def instead(error: Any) -> Any:
        return "page", made_for(request.path)

    return app


def sanic() -> Any:
    from sanic import Sanic
    from sanic.exceptions import NotFound
    from sanic.response import text

    app = Sanic("missed")

    @app.get("/things")
    async def things(request: Any) -> Any:
        return text("ok")

    @app.exception(NotFound)
    async def instead(request: Any, error: Any) -> Any:
        return text("page", status=made_for(request.path))

    return app


def blacksheep() -> Any:
    from blacksheep import Application, Router, text

    app = Application(router=Router())

    @app.router.get("/things")
    def things() -> str:
        return "ok"

    @app.exception_handler(404)
    async def instead(self: Any, request: Any, error: Any) -> Any:
        return text("page", status=made_for(request.url.path.decode()))

    return app


def falcon() -> Any:
    from falcon import HTTPNotFound
    from falcon.asgi import App

    class Things:
        async def on_get(self, request: Any, response: Any) -> None:
            response.text = "ok"

    async def instead(request: Any, response: Any, error: Any, params: Any, **more: Any) -> None:
        response.status, response.text = made_for(request.path), "page"

    app = App()
    app.add_route("/things", Things())
    app.add_error_handler(HTTPNotFound, instead)
    return app


def django() -> Any:
    import types

    from django import setup
    from django.conf import settings
    from django.http import HttpResponse
    from django.urls import path

    def things(request: Any) -> Any:
        return HttpResponse("ok")

    def instead(request: Any, exception: Any) -> Any:
        return HttpResponse("page", status=made_for(request.path))

    urls = types.ModuleType("missed_urls")
    sys.modules["missed_urls"] = urls
    urls.urlpatterns, urls.handler404 = [path("things", things)], instead  # type: ignore[attr-defined]
    settings.configure(ROOT_URLCONF="missed_urls", SECRET_KEY="-", ALLOWED_HOSTS=["*"], MIDDLEWARE=[])
    setup()
    from django.core.asgi import get_asgi_application

    return get_asgi_application()


MAKERS = {
    made.__name__: made for made in (blacksheep, django, falcon, fastapi, litestar, quart, sanic, starlette)
}


async def record(app: Any, requests: Iterable[tuple[str, str]]) -> dict[str, Any]:
    """Each answer, what its routing is recorded as, and the sentence that the dashboard has for it."""
    adapter = find_adapter(app)
    assert adapter is not None
    journal = MemoryJournal()
    recorder = Recorder(journal, routing=LiveReader(ForeignRouting(adapter)))
    bus = EventBus()
    bus.keep(recorder)
    tap = LendingTap(before(app) if sys.argv[1] not in ("starlette", "fastapi") else app, bus, READ_OF_SCOPE)
    table = Picture(adapter).table
    status = AppStatus(
        worker=Worker(host="here", pid=1), state="running", target="a:b", table=table.fingerprint
    )
    journal.append([TableSaved(table.snapshot()), StatusSaved(status)])
    if sys.argv[1] == "sanic":  # as its server does at startup
        app.asgi = True
        await app._startup()
    said: dict[str, Any] = {}
    for method, path in requests:
        await differences.converse(tap, method, path)
        recorder.flush()
        [*_, row] = journal.rows(1000)[1]
        exchange = journal.exchange(row["id"])
        assert exchange is not None
        explained = Tables(journal).explain(exchange)
        assert explained is not None
        sentence = answer_exchange(exchange, explained.explanation, explained.snapshot)
        said[f"{method} {path}"] = [exchange.status, exchange.routing, sentence]
    return said


if __name__ == "__main__":
    asked = [part.split(" ") for part in sys.argv[2:]]
    differences.say(asyncio.run(record(MAKERS[sys.argv[1]](), [(method, path) for method, path in asked])))
