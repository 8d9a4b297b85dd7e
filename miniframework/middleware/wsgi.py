"""WSGI applications (Flask, classic Django) inside an ASGI one, by a2wsgi."""

from typing import Any
from urllib.parse import quote

from a2wsgi import WSGIMiddleware as _Bridge

from miniframework.types import Receive, Scope, Send

_ASCII = bytes(range(128))


class WSGIMiddleware:
    """Runs a WSGI application in threads, at most `workers` requests at once.

    Mount it: `app.mount("/old", WSGIMiddleware(flask_app))`. WSGI knows no WebSocket: a handshake is refused.
    """

    def __init__(self, app: Any, workers: int = 10) -> None:
        self.app = app
        self._bridge = _Bridge(app, workers=workers)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await send({"type": "websocket.close", "code": 1000, "reason": ""})  # refuses the handshake
            return
        query = scope.get("query_string", b"")
        if not query.isascii():  # the bridge reads nothing else, and some clients encode nothing
            scope = {**scope, "query_string": quote(query, safe=_ASCII).encode()}
        await self._bridge(scope, receive, send)  # type: ignore[arg-type]  # its scope is a TypedDict
