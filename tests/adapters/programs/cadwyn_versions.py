"""Asks applications whose router searches by version, and calls them beside it; JSON on standard output."""

import asyncio
import json
from typing import Any

from cadwyn import Cadwyn, Version, VersionBundle, VersionedAPIRouter
from fastapi import FastAPI

from inspector.adapters.detection import find_adapter
from inspector.adapters.scopes import make_scope
from inspector.inspection import attach

OLD, NEW = "2023-01-01", "2024-01-01"
ASKED = (
    ("GET", "/users/7"),
    ("GET", "/users/me"),
    ("PUT", "/users/7"),
    ("GET", "/users/7/"),
    ("GET", "/plain/7"),
    ("GET", "/nobody"),
)


def make_app(default: Any) -> Cadwyn:
    router = VersionedAPIRouter()

    @router.get("/users/{user}")
    async def get_user(user: str) -> str:
        return "/users/{user}"

    @router.get("/users/me")
    async def get_me() -> str:
        return "/users/me"

    app = Cadwyn(versions=VersionBundle(Version(NEW), Version(OLD)), api_version_default_value=default)
    app.generate_and_include_versioned_routers(router)

    @app.get("/plain/{x}")
    async def plain(x: str) -> str:
        return "/plain/{x}"

    return app


async def call(app: Any, scope: dict[str, Any]) -> Any:
    """What is answered: the path of the route that took it, else the status."""
    sent: list[Any] = []

    async def receive() -> Any:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Any) -> None:
        sent.append(message)

    await app(scope, receive, send)
    status = sent[0]["status"]
    body = b"".join(message.get("body", b"") for message in sent[1:])
    return json.loads(body) if status == 200 else status


def with_version(method: str, path: str, version: str | None) -> dict[str, Any]:
    scope = make_scope(method, path)
    if version is not None:
        scope["headers"].append((b"x-api-version", version.encode()))
    return scope


def ask(app: Any, scope: dict[str, Any]) -> Any:
    adapter = find_adapter(app)
    assert adapter is not None
    asked = adapter.ask_scope(scope)
    return asked.way[-1].path if asked.outcome == "match" else asked.status


async def compare(app: Any, prefix: str) -> list[Any]:
    """Where the real application answers otherwise than we say."""
    first = make_scope("GET", f"{prefix}/users/1")
    await asyncio.create_task(call(app, first))  # makes the routes of its versions
    differ = []
    for method, path in ASKED:
        for version in (None, OLD, NEW, "2023-07-07", "2020-01-01"):
            # A task of its own, as a server gives it: what is found is kept in a context variable.
            real = await asyncio.create_task(call(app, with_version(method, prefix + path, version)))
            said = ask(app, with_version(method, prefix + path, version))
            if said != real:
                differ.append([method, path, version, real, said])
    return differ


async def pick(request: Any) -> str:
    return OLD


async def main() -> None:
    with_default, without, unknown = make_app(NEW), make_app(None), make_app(pick)
    around = FastAPI(openapi_url=None)
    around.mount("/api", with_default)
    differ = {
        "with a default": await compare(with_default, ""),
        "without": await compare(without, ""),
        "mounted": await compare(around, "/api"),
    }
    attached = attach(around)
    found = [[one.kind, one.route.path, one.exactness] for one in attached.check()]
    asked = attach(unknown).explain("GET", "/plain/7")
    told = {"differ": differ, "found": found, "doctor": attached.doctor().to_dict()["disagreements"]}
    print(json.dumps({**told, "unseen": asked.unseen}))


asyncio.run(main())
