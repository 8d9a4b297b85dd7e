"""Applications of ASGI 2, `app(scope)(receive, send)`, which a test client calls as those of today."""

import inspect
from typing import Any

from miniframework.signatures import signature_of
from miniframework.types import ASGIApp, Receive, Scope, Send


def as_asgi3(app: Any) -> ASGIApp:
    """Give an application of three arguments: the same, or one around that of ASGI 2."""
    return _Asgi2(app) if _takes_scope_alone(app) else app


class _Asgi2:
    def __init__(self, app: Any) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self.app(scope)(receive, send)


def _takes_scope_alone(app: Any) -> bool:
    try:
        parameters = signature_of(app).parameters.values()
    except (TypeError, ValueError):  # it does not tell
        return False
    positional = (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)
    needed = [one for one in parameters if one.kind in positional and one.default is inspect.Parameter.empty]
    has_more = any(one.kind is inspect.Parameter.VAR_POSITIONAL for one in parameters)
    return len(needed) == 1 and not has_more
