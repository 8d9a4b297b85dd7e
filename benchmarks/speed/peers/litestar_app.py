from dataclasses import dataclass
from typing import Any

from litestar import Litestar, MediaType, get, post


@dataclass
class Item:
    name: str
    price: float


@get("/", media_type=MediaType.TEXT)
async def hello() -> str:
    return "Hello, World!"


@post("/items", status_code=200)
async def create(data: Item) -> Item:
    return data


def make(routes: int) -> Any:
    paths = [f"/r{n}/{{item_id:int}}" for n in range(routes)] or ["/items/{item_id:int}"]
    handlers = []
    for path in paths:

        @get(path)
        async def read(item_id: int, q: str | None = None) -> dict[str, Any]:
            return {"item_id": item_id, "q": q}

        handlers.append(read)
    return Litestar(route_handlers=handlers if routes else [hello, create, *handlers], openapi_config=None)
