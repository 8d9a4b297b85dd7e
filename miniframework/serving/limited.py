"""Routes whose requests have limits of their own."""

from miniframework.exception_handlers import ExceptionHandlers
from miniframework.http.limits import BodyTooLarge, Limits
from miniframework.http.started import RESPONSE_STARTED
from miniframework.middleware.limited import set_limits
from miniframework.types import ASGIApp, Receive, Scope, Send


class LimitedEndpoint:
    """One route within its limits: too much is answered with 413 before the endpoint is called."""

    __slots__ = ("_endpoint", "_handlers", "_limits")

    def __init__(self, endpoint: ASGIApp, limits: Limits, handlers: ExceptionHandlers) -> None:
        self._endpoint = endpoint
        self._limits = limits
        self._handlers = handlers

    @property
    def endpoint(self) -> ASGIApp:
        """What serves the route within them."""
        return self._endpoint

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve the route."""
        try:
            receive = set_limits(self._limits, scope, receive, check=True)
            await self._endpoint(scope, receive, send)
        except BodyTooLarge as error:
            if RESPONSE_STARTED in scope:
                raise
            await self._handlers.send_answer(error, scope, receive, send)
