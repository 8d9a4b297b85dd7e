"""A FastAPI program with one of each, described."""

import tempfile
import warnings
from pathlib import Path
from typing import Any

from fastapi import APIRouter, FastAPI, WebSocket
from starlette.staticfiles import StaticFiles
from starlette_answers import describe
from starlette_parts import Wrapper

FILES = Path(tempfile.gettempdir())

items = APIRouter(prefix="/items", tags=["items"])
deep = APIRouter()


@items.get("/{number}")
def read_item(number: int) -> Any:
    raise AssertionError("a handler ran")


@items.api_route("/{number}", methods=["PUT", "PATCH"], name="change")
def change_item(number: int) -> Any:
    raise AssertionError("a handler ran")


@deep.get("/at/{level}")
def read_deep() -> Any:
    raise AssertionError("a handler ran")


@deep.websocket("/{level}/feed")
async def feed(websocket: WebSocket) -> None:
    raise AssertionError("a handler ran")


items.include_router(deep, prefix="/deep")
app = FastAPI(docs_url=None, redoc_url=None)
with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # deprecated in the newest
    inside = FastAPI(openapi_url=None, root_path="/outside")
inside.include_router(items)
app.mount("/inside", inside, name="inside")
app.include_router(items, prefix="/{tenant}")
app.include_router(items)
app.mount("/files", StaticFiles(directory=FILES), name="files")
if hasattr(app, "frontend"):
    app.frontend("/", directory=FILES)
    app.frontend("/web", directory=FILES)


@items.get("/{number}/late")
def read_late(number: int) -> Any:
    raise AssertionError("a handler ran")


describe(Wrapper(app))
