"""How much of a body everything inside takes, as a middleware of its own: Starlette's name for it."""

from miniframework.http.limits import BodyTooLarge, read_limits
from miniframework.http.mounting import SendWatch
from miniframework.http.response import PlainTextResponse
from miniframework.middleware.limited import LimitedApp
from miniframework.routing.source import find_caller
from miniframework.types import ASGIApp, Receive, Scope, Send


class RequestBodyLimitMiddleware:
    """Answers 413 to a body of more than `max_body_size` bytes, by its Content-Length or by what came.

    A route, a mount or another of these further in may say otherwise. What an application inside answers to
    the exception comes first. Raises LimitError for what is no number of bytes.
    """

    def __init__(self, app: ASGIApp, max_body_size: int) -> None:
        self.app = app
        self.max_body_size = max_body_size
        limits = read_limits({"max_body_size": max_body_size}, find_caller())
        self._limited = LimitedApp(app, limits=limits)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one call. Raises BodyTooLarge once a response has begun."""
        watch = SendWatch(send)
        try:
            await self._limited(scope, receive, watch)
        except BodyTooLarge:
            if watch.started:
                raise
            await PlainTextResponse("Content Too Large", 413)(scope, receive, send)
