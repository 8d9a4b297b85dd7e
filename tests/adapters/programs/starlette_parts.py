"""What random Starlette and FastAPI programs are made of: templates, endpoints that say who they are."""

import json
import random
from datetime import date, datetime
from typing import Any

from starlette.convertors import Convertor, register_url_convertor
from starlette.endpoints import HTTPEndpoint
from starlette.responses import Response
from starlette.routing import Match, Route


class DateConvertor(Convertor):
    """Takes more than it can convert: 2024-13-01 ends with 500, whatever stands behind."""

    regex = "[0-9]{4}-[0-9]{2}-[0-9]{2}"

    def convert(self, value: str) -> date:
        return datetime.strptime(value, "%Y-%m-%d").date()  # noqa: DTZ007

    def to_string(self, value: date) -> str:
        return value.isoformat()


class WordConvertor(Convertor):
    regex = "(?i:abc|a|ab)"

    def convert(self, value: str) -> str:
        return value

    def to_string(self, value: str) -> str:
        return value


register_url_convertor("date", DateConvertor())
register_url_convertor("word", WordConvertor())

SEGMENTS = (
    "items", "items", "users", "v1", "a.b", "caf\u00e9", "a b", "A", "abc", "{}", "{}", "{}", "{:int}",
    "{:int}", "{:float}", "{:uuid}", "{:date}", "{:word}", "{:path}", "x{:int}y", "{}-{}", "{}.js", "",
)  # fmt: skip
METHODS = (
    None,
    ["GET"],
    ["GET"],
    ["POST"],
    ["put", "PATCH"],
    ["DELETE", "GET"],
    ["OPTIONS"],
    ["HEAD"],
    ["QUERY", "POST"],
)


class Chance:
    """Choices that the same seed makes again, and names that come once."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.number = 0

    def name(self) -> str:
        self.number += 1
        return f"n{self.number}"

    def one_in(self, number: int) -> bool:
        return self.random.randrange(number) == 0

    def template(self, *, most: int = 3) -> str:
        segments = [self.random.choice(SEGMENTS) for _ in range(self.random.randint(1, most))]
        text, holes = "/" + "/".join(segments), 0
        while "{}" in text or "{:" in text:
            text = text.replace("{}", "{:str}").replace("{:", f"{{p{self.number}_{holes}:", 1)
            holes += 1
        return text.replace(":str}", "}") if self.one_in(2) else text

    def prefix(self) -> str:
        while True:
            prefix = self.template(most=2).rstrip("/")
            if prefix and ":path}" not in prefix and "//" not in prefix:
                return prefix

    def methods(self) -> list[str] | None:
        return self.random.choice(METHODS)


def identity(name: str, scope: Any) -> dict[str, str]:
    """Headers that say who answers, and with what."""
    params = {key: str(value) for key, value in scope.get("path_params", {}).items()}
    context = scope.get("fastapi", {}).get("effective_route_context")
    route = scope.get("route")
    is_own = context is not None and context.original_route is route
    path = (context.starlette_route or context).path if is_own else getattr(route, "path", None)
    return {"x-name": name, "x-params": json.dumps(params), "x-path": json.dumps(path)}


def function_endpoint(name: str) -> Any:
    async def endpoint(request: Any) -> Response:
        return Response(headers=identity(name, request.scope))

    return endpoint


def class_endpoint(name: str) -> Any:
    """A class that is called for every method there is."""

    class Endpoint(HTTPEndpoint):
        async def dispatch(self) -> None:
            await Response(headers=identity(name, self.scope))(self.scope, self.receive, self.send)

    return Endpoint


def socket_endpoint(name: str) -> Any:
    async def endpoint(websocket: Any) -> None:
        await websocket.accept()
        await websocket.send_text(json.dumps(identity(name, websocket.scope)))
        await websocket.close()

    return endpoint


class Opaque:
    """An ASGI application that no adapter knows; answers both protocols."""

    def __init__(self, name: str) -> None:
        self.name = name

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        said = identity(self.name, scope)
        if scope["type"] == "websocket":
            await send({"type": "websocket.accept"})
            await send({"type": "websocket.send", "text": json.dumps(said)})
            await send({"type": "websocket.close", "code": 1000})
            return
        await Response(headers=said)(scope, receive, send)


class Wrapper:
    """A middleware of the user's."""

    def __init__(self, app: Any, *, note: str = "") -> None:
        self.app = app
        self.note = note

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        await self.app(scope, receive, send)


class ByHeader(Route):
    """A route that asks for more than path and method."""

    def matches(self, scope: Any) -> Any:
        if dict(scope["headers"]).get(b"version") == b"2":
            return super().matches(scope)
        return Match.NONE, {}
