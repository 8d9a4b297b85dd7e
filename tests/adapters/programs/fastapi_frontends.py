"""Folders of files that FastAPI serves behind its routes, alone and below mounts; JSON on standard output."""

import asyncio
import json
import tempfile
from pathlib import Path
from typing import Any

import differences
from fastapi import APIRouter, FastAPI

from inspector.adapters.detection import find_adapter
from inspector.inspection import attach

FILES = tempfile.TemporaryDirectory()
Path(FILES.name, "index.html").write_text("<p>hello</p>")


async def read_settings() -> str:
    return "here"


def with_files() -> FastAPI:
    app = FastAPI(openapi_url=None)
    app.get("/settings")(read_settings)
    pages = APIRouter(prefix="/pages")
    pages.frontend("/web", directory=FILES.name)
    app.include_router(pages)
    app.frontend("/", directory=FILES.name)
    app.frontend("/web", directory=FILES.name)
    return app


def mounted(path: str) -> FastAPI:
    app = FastAPI(openapi_url=None)
    app.mount(path, with_files())
    return app


async def look(app: FastAPI, prefix: str) -> dict[str, Any]:
    adapter = find_adapter(app)
    assert adapter is not None
    adapter.routes()  # as the self-test reads them before a request comes
    live = {}
    for path in ("/settings", "/", "/index.html", "/none", "/web/x", "/web", "/pages/web/x", "/webs"):
        asked = adapter.ask("GET", prefix + path)
        answered = await differences.converse(app, "GET", prefix + path)
        taken = adapter.find_taken(differences.what_is_kept(answered.scope))
        live[path] = [taken[-1].path if taken else None, asked.way[-1].path, list(taken) == list(asked.way)]
    refused = await differences.converse(app, "POST", prefix + "/index.html")
    attached = attach(app)
    found = attached.doctor()
    posted = [
        attached.explain("POST", prefix + path) for path in ("/index.html", "/none", "/web/x", "/settings")
    ]
    return {
        "live": live,
        "refused": list(adapter.find_taken(differences.what_is_kept(refused.scope))),
        "asked": found.asked,
        "wrong": [one.raw_path for one in found.disagreements],
        "unasked": len(found.unasked),
        "posted": [[one.outcome, one.agrees] for one in posted],
    }


async def main() -> None:
    places = {"alone": (with_files(), ""), "at /": (mounted("/"), ""), "at /ui": (mounted("/ui"), "/ui")}
    print(json.dumps({name: await look(app, prefix) for name, (app, prefix) in places.items()}))


asyncio.run(main())
