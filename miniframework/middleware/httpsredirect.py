"""Plain HTTP is sent to HTTPS."""

from miniframework.http.response import PlainTextResponse, RedirectResponse, Response
from miniframework.http.url import URL
from miniframework.types import ASGIApp, Receive, Scope, Send

_SECURE = {"http": "https", "ws": "wss"}
_DEFAULT_PORTS = (80, 443)


class HTTPSRedirectMiddleware:
    """Answers 307 with the same URL under `https` (or `wss`)."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Redirect what is not secure."""
        if scope["type"] not in ("http", "websocket") or scope.get("scheme", "http") not in _SECURE:
            await self.app(scope, receive, send)
            return
        await _redirect(URL.from_scope(scope))(scope, receive, send)


def _redirect(url: URL) -> Response:
    if not url.netloc:  # a Host header that names none, and a server without a name
        return PlainTextResponse("Invalid host header", 400)
    netloc = url.netloc
    if url.port in _DEFAULT_PORTS:
        netloc = netloc.rpartition(":")[0]
    return RedirectResponse(url.replace(scheme=_SECURE[url.scheme], netloc=netloc))
