"""Routes whose class wraps the way from request to response: FastAPI's `route_class`."""

from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from typing import Any, Final

from miniframework.exception_handlers import ExceptionHandlers, forget_frames
from miniframework.http.mounting import SendWatch
from miniframework.http.request import Request
from miniframework.http.started import RESPONSE_STARTED
from miniframework.types import Receive, Scope, Send

# Where the dependencies of the request find what cleans them up after the response.
EXIT_STACK: Final = "miniframework.exit_stack"


class RouteClassEndpoint:
    """Answers a route by what its class's `get_route_handler` gave, always by the loop over the plan."""

    __slots__ = ("_handler", "_handlers")

    def __init__(self, handler: Callable[[Any], Awaitable[Any]], handlers: ExceptionHandlers) -> None:
        self._handler = handler
        self._handlers = handlers

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, then clean up. What no handler answers passes on, marked when a response has begun."""
        request, watch = Request(scope, receive), SendWatch(send)
        try:
            async with AsyncExitStack() as stack:
                scope[EXIT_STACK] = stack
                response = await self._handler(request)
                await response(scope, receive, watch)
        except Exception as error:
            if watch.started:
                scope[RESPONSE_STARTED] = True
                raise
            answered = await self._handlers.answer(request, error)
            if answered is None:
                raise
            scope[RESPONSE_STARTED] = True
            await answered(scope, receive, send)
            forget_frames(error)
        finally:
            if request.has_form:
                await request.close()
