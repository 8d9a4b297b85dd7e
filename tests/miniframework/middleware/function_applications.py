"""Applications to put a function of middleware around."""

import asyncio
from collections.abc import Callable
from typing import Any

import pytest

from miniframework import Request, Response
from miniframework.middleware.base import FunctionMiddleware
from miniframework.types import ASGIApp, Receive, Scope, Send

CallNext = Callable[[Request], Any]


def around(function: Any, inner: ASGIApp) -> ASGIApp:
    return FunctionMiddleware(inner, function=function)


async def pass_on(request: Request, call_next: CallNext) -> Response:
    return await call_next(request)


async def streaming(scope: Scope, receive: Receive, send: Send) -> None:
    """Sends start, two chunks and the end, from its own task."""
    await send({"type": "http.response.start", "status": 200, "headers": [(b"a", b"1")]})
    for chunk in (b"one", b"two"):
        await send({"type": "http.response.body", "body": chunk, "more_body": True})
    await send({"type": "http.response.body", "body": b""})


async def streaming_from_a_child_task(scope: Scope, receive: Receive, send: Send) -> None:
    """As Starlette's StreamingResponse does: the sending runs in a task of a group."""
    async with asyncio.TaskGroup() as group:
        group.create_task(streaming(scope, receive, send))


EITHER = pytest.mark.parametrize("inner", [streaming, streaming_from_a_child_task])
