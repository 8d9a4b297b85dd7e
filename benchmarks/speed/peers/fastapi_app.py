from typing import Any

from fastapi import FastAPI
from fastapi.responses import PlainTextResponse
from pydantic import BaseModel


class Item(BaseModel):
    name: str
    price: float


def make(routes: int) -> Any:
    app = FastAPI()

    async def read(item_id: int, q: str | None = None) -> Any:
        return {"item_id": item_id, "q": q}

    for n in range(routes):
        app.get(f"/r{n}/{{item_id}}")(read)
    if routes:
        return app

    @app.get("/", response_class=PlainTextResponse)
    async def hello() -> Any:
        return "Hello, World!"

    app.get("/items/{item_id}")(read)

    # Without `-> Item`: the answer is not validated a second time, which is FastAPI's faster way.
    @app.post("/items")
    async def create(item: Item):  # type: ignore[no-untyped-def]
        return item

    return app
