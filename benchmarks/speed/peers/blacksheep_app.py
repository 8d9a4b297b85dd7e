from dataclasses import dataclass
from typing import Any

from blacksheep import Application, FromJSON, Router, json, text


@dataclass
class Item:
    name: str
    price: float


def make(routes: int) -> Any:
    app = Application(router=Router())  # the default one is shared by all applications

    async def read(item_id: int, q: str | None = None) -> Any:
        return json({"item_id": item_id, "q": q})

    for n in range(routes):
        app.router.add_get(f"/r{n}/{{item_id}}", read)
    if routes:
        return app

    async def hello() -> Any:
        return text("Hello, World!")

    async def create(data: FromJSON[Item]) -> Any:
        return json({"name": data.value.name, "price": data.value.price})

    app.router.add_get("/", hello)
    app.router.add_get("/items/{item_id}", read)
    app.router.add_post("/items", create)
    return app
