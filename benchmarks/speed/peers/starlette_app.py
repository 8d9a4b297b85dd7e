from typing import Any

from starlette.applications import Starlette
from starlette.responses import JSONResponse, PlainTextResponse
from starlette.routing import Route


async def hello(request: Any) -> Any:
    return PlainTextResponse("Hello, World!")


async def read(request: Any) -> Any:
    return JSONResponse({"item_id": request.path_params["item_id"], "q": request.query_params.get("q")})


async def create(request: Any) -> Any:
    data = await request.json()
    return JSONResponse({"name": str(data["name"]), "price": float(data["price"])})


def make(routes: int) -> Any:
    if routes:
        return Starlette(routes=[Route(f"/r{n}/{{item_id:int}}", read) for n in range(routes)])
    return Starlette(
        routes=[
            Route("/", hello),
            Route("/items/{item_id:int}", read),
            Route("/items", create, methods=["POST"]),
        ]
    )
