"""Applications that fail in a way of one's choice."""

from typing import Any

from miniframework import App, Request, Response
from miniframework.middleware.base import CallNext

QUIET = {"raise_server_exceptions": False}


class TeapotError(Exception):
    pass


def failing(error: BaseException, **options: Any) -> App:
    app = App(**options)

    @app.get("/")
    async def fail() -> None:
        raise error

    return app


async def pass_on(request: Request, call_next: CallNext) -> Response:
    return await call_next(request)
