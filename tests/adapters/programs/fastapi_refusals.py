"""What is said of paths whose text the endpoint refuses, and what FastAPI really answers to them."""

import asyncio
import json
from datetime import date
from enum import Enum
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Depends, FastAPI, Path
from pydantic import BeforeValidator

import inspector


class Colour(Enum):
    RED = "red"


def find_shop(shop_id: Annotated[int, Path(alias="shop", ge=1)]) -> int:
    return shop_id


included = APIRouter(prefix="/shops/{shop}")


@included.get("/items/{item}")
def read_item(item: str, shop: Annotated[int, Depends(find_shop)]) -> None: ...


app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
app.include_router(included)


def add(path: str, kind: Any) -> None:
    def show(value: Any) -> None: ...

    show.__annotations__["value"] = kind
    app.get(f"/{path}/{{value}}")(show)


add("int", int)
add("float", float)
add("bool", bool)
add("uuid", UUID)
add("date", date)
add("word", Literal["new", "old"])
add("colour", Colour)
add("read", Annotated[int, BeforeValidator(len)])
add("either", int | str)


async def status_of(path: str) -> int:
    statuses: list[int] = []

    async def receive() -> Any:
        return {"type": "http.request", "body": b""}

    async def send(message: Any) -> None:
        statuses.extend([message["status"]] if "status" in message else [])

    await app(
        {"type": "http", "method": "GET", "path": path, "raw_path": path.encode(), "query_string": b"",
         "root_path": "", "headers": [], "scheme": "http", "server": ("x", 80), "client": None,
         "http_version": "1.1", "asgi": {"version": "3.0"}},
        receive, send,
    )  # fmt: skip
    return statuses[0]


def told(path: str) -> Any:
    refusal = attached.explain("GET", path).refusal
    return None if refusal is None else [refusal.parameter, refusal.type, refusal.status]


attached = inspector.attach(app)
KINDS = ("int", "float", "bool", "uuid", "date", "word", "colour", "read", "either")
paths = [f"/{kind}/{text}" for kind in KINDS for text in ("seven", "7", "true", "nan", "new")]
paths += ["/shops/x/items/1", "/shops/7/items/x"]
print(json.dumps({path: [told(path), asyncio.run(status_of(path))] for path in paths}))
