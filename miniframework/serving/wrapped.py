"""Routes served by an ASGI application, or within middleware of their own."""

from collections.abc import Sequence
from typing import Any

from miniframework.exception_handlers import ExceptionHandlers
from miniframework.http.mounting import SendWatch
from miniframework.http.request import Request
from miniframework.http.response import Response
from miniframework.http.started import RESPONSE_STARTED
from miniframework.middleware.stack import Middleware, build_stack
from miniframework.serving.socket_endpoint import answer_socket_error
from miniframework.types import ASGIApp, Receive, Scope, Send
from miniframework.websocket import WebSocket


class WrappedEndpoint:
    """Serves one route by `endpoint` within `middleware`; what that raises is answered by the handlers, as
    what a function raises.
    """

    __slots__ = ("_handlers", "_stack", "endpoint")

    def __init__(
        self, endpoint: ASGIApp, middleware: Sequence[Middleware], handlers: ExceptionHandlers
    ) -> None:
        self.endpoint = endpoint
        self._stack = build_stack(endpoint, middleware)
        self._handlers = handlers

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request or handshake."""
        if scope["type"] == "websocket":
            await self._serve_socket(scope, receive, send)
            return
        watch = SendWatch(send)
        try:
            await self._stack(scope, receive, watch)
        except Exception as error:
            if watch.started:
                scope[RESPONSE_STARTED] = True
                raise
            await self._handlers.send_answer(error, scope, receive, send)

    async def _serve_socket(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await self._stack(scope, receive, send)
        except Exception as error:
            if not await answer_socket_error(self._handlers, WebSocket(scope, receive, send), error):
                raise


async def pass_request_on(request: Request) -> Response:
    """Stand for an ASGI application where parameters are looked for: it has none."""
    raise NotImplementedError  # the application itself is called


async def pass_socket_on(websocket: WebSocket) -> Any:
    """Stand for an ASGI application behind a WebSocket route, as `pass_request_on`."""
    raise NotImplementedError
