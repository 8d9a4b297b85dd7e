"""A Litestar application: its tree never leaves a branch; a template without parameters is none."""

from typing import Any

from inspection_report import report
from litestar import Litestar, get, post


def plain(path: str, method: Any = get) -> Any:
    @method(path)
    async def handler() -> str:
        return "ok"

    return handler


app = Litestar(
    [
        plain("/users/{name:str}"),
        plain("/users/me"),
        plain("/items/{item:int}"),
        plain("/items/{item:int}", post),
        plain("/t/b/{y:str}/q"),
        plain("/t/{x:str}/c"),
    ],
    openapi_config=None,
)

report(
    app, ("GET", "/users/me/"), ("GET", "/t/b/c"), ("GET", "/t/k/c"), ("PUT", "/items/3"), ("GET", "/items/x")
)
