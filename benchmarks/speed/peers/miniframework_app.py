import time
from collections.abc import AsyncIterator
from typing import Annotated, Any

from pydantic import BaseModel

from miniframework import App, Depends, Header, PlainTextResponse, Request


class Item(BaseModel):
    name: str
    price: float


def make(routes: int) -> Any:
    app = App()

    async def read(item_id: int, q: str | None = None) -> Any:
        return {"item_id": item_id, "q": q}

    for n in range(routes):
        app.get(f"/r{n}/{{item_id}}")(read)
    if routes:
        return app

    @app.get("/")
    async def hello() -> Any:
        return PlainTextResponse("Hello, World!")

    app.get("/items/{item_id}")(read)

    @app.post("/items")
    async def create(item: Item):  # type: ignore[no-untyped-def]
        return item

    return app


def make_with(feature: str) -> Any:
    """The typed GET with one feature more."""
    app = App()

    async def found() -> int:
        return 1

    async def opened() -> AsyncIterator[int]:
        yield 1

    if feature == "dependency":

        @app.get("/items/{item_id}")
        async def with_dependency(
            item_id: int, one: Annotated[int, Depends(found)], q: str | None = None
        ) -> Any:
            return {"item_id": item_id, "q": q}
    elif feature == "yield dependency":

        @app.get("/items/{item_id}")
        async def with_yield(item_id: int, one: Annotated[int, Depends(opened)], q: str | None = None) -> Any:
            return {"item_id": item_id, "q": q}
    elif feature == "header":

        @app.get("/items/{item_id}")
        async def with_header(
            item_id: int, accept: Annotated[str | None, Header()] = None, q: str | None = None
        ) -> Any:
            return {"item_id": item_id, "q": q}
    elif feature == "tutorial Request":

        @app.get("/items/{item_id}")
        async def with_request(request: Request, item_id: int, q: str | None = None) -> Any:
            return {"item_id": item_id, "q": q}
    else:

        @app.get("/items/{item_id}")
        async def plain(item_id: int, q: str | None = None) -> Any:
            return {"item_id": item_id, "q": q}

    if feature == "http middleware":

        @app.middleware("http")
        async def pass_on(request: Any, call_next: Any) -> Any:
            response = await call_next(request)
            response.headers["x-seen"] = "yes"
            return response

    return record(app) if feature == "recorded" else app


def record(app: Any) -> Any:
    """An application with the inspector around it.

    `settle` waits until all of it is stored: a full queue would refuse requests, which costs them nothing.
    """
    from inspector import Inspector  # who measures the others does not load it

    class Recorded(Inspector):
        def settle(self) -> None:
            while self.stats()["pending"]:
                time.sleep(0.001)
            if self.stats()["dropped"]:
                raise SystemExit("requests were not recorded")

    return Recorded(app)
