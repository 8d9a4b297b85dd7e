"""Applications whose requests have limits of their own."""

from miniframework.http.limits import FORM_LIMITS, Limits, start_counting
from miniframework.types import ASGIApp, Receive, Scope, Send


class LimitedApp:
    """Everything inside an application, its middleware too, within the application's limits.

    The bytes are counted where they are received: a route may take more than its application does.
    """

    __slots__ = ("_app", "_limits")

    def __init__(self, app: ASGIApp, *, limits: Limits) -> None:
        self._app = app
        self._limits = limits

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve; raises BodyTooLarge when middleware reads too much and does not mind."""
        if scope["type"] == "http":
            receive = set_limits(self._limits, scope, receive)
        await self._app(scope, receive, send)


def set_limits(limits: Limits, scope: Scope, receive: Receive, *, check: bool = False) -> Receive:
    """Let `limits` hold from here inwards; give the `receive` that goes by them. With `check`, raises
    BodyTooLarge at once for a Content-Length beyond them.
    """
    if limits.form:
        scope[FORM_LIMITS] = {**scope.get(FORM_LIMITS, {}), **limits.form}
    if limits.max_body_size is not None:
        count, receive = start_counting(scope, receive, limits.max_body_size)
        if check:
            count.check()
    return receive
