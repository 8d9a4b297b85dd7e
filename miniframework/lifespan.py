"""Startup and shutdown: an async context manager driven by the ASGI lifespan protocol."""

import traceback
from collections.abc import Callable, Mapping
from contextlib import AbstractAsyncContextManager
from typing import Any

from miniframework.types import Receive, Scope, Send

# Made from the application; what it yields (a mapping, or None) becomes the state of every request.
Lifespan = Callable[[Any], AbstractAsyncContextManager[Mapping[str, Any] | None]]


async def run_lifespan(
    lifespan: Lifespan | None, app: object, scope: Scope, receive: Receive, send: Send
) -> None:
    """Enter the context manager at startup and leave it at shutdown.

    A failure is reported to the server as `lifespan.startup.failed` or `lifespan.shutdown.failed` with its
    traceback as text; it is not raised as well, for the server would log it twice. Source: ASGI lifespan
    specification 2.0.
    """
    await receive()
    started = False
    try:
        if lifespan is None:
            await _serve(receive, send)
        else:
            async with lifespan(app) as state:
                if state is not None:
                    _share_state(scope, state)
                started = True
                await _serve(receive, send)
    except Exception:  # noqa: BLE001  # named boundary: the whole of it is told to the server, which logs it
        step = "shutdown" if started else "startup"
        await send({"type": f"lifespan.{step}.failed", "message": traceback.format_exc()})
    else:
        await send({"type": "lifespan.shutdown.complete"})


async def _serve(receive: Receive, send: Send) -> None:
    await send({"type": "lifespan.startup.complete"})
    await receive()


def _share_state(scope: Scope, state: Mapping[str, Any]) -> None:
    if "state" not in scope:
        raise RuntimeError(
            "the lifespan yields state, but the server does not support it (ASGI lifespan 2.0); "
            "yield nothing and keep it on app.state"
        )
    scope["state"].update(state)
