"""The tutorial's program, with its import line changed: `python examples/tutorial/main.py`."""

import asyncio

from miniframework import ASGIServer

app = ASGIServer(host="127.0.0.1", port=8000)
router = app.router


@router.get("/")
async def root():
    return {"message": "Hello, World!"}


@router.get("/items/{item_id}")
async def read_item(item_id: int, q: str = None):  # noqa: RUF013  # as the tutorial writes it
    return {"item_id": item_id, "q": q}


@router.post("/items/")
async def create_item(name: str, price: float):
    return {"name": name, "price": price}


if __name__ == "__main__":
    asyncio.run(app.run())
