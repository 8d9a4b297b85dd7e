"""A Starlette application with hosts, mounts and routes that nobody reaches."""

from inspection_report import report
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Host, Mount, Route, Router, WebSocketRoute
from starlette.staticfiles import StaticFiles


async def endpoint(request: object) -> PlainTextResponse:
    return PlainTextResponse("ok")


async def socket(websocket: object) -> None: ...


app = Starlette(
    routes=[
        Host("api.example.org", Router([Route("/all", endpoint)]), name="api"),
        Route("/all", endpoint, name="alive_behind_a_host"),
        Route("/{name}", endpoint, methods=["POST"]),
        Route("/{name:int}", endpoint),
        Route("/1", endpoint, name="dead_behind_a_number"),
        Route("/p/{rest:path}", endpoint),
        Route("/p/dead", endpoint),
        WebSocketRoute("/p/alive", socket),
        Mount("/static", StaticFiles(directory=".")),
        Route("/static/dead", endpoint),
        Mount("/m", routes=[Route("/", endpoint), Route("/{x}", endpoint), Route("/dead", endpoint)]),
    ]
)

report(
    app,
    ("GET", "/all"),
    ("HEAD", "/7"),
    ("GET", "/static/logo.png"),
    ("GET", "/m"),
    ("WEBSOCKET", "/p/alive"),
)
