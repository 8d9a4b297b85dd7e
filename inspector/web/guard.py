"""The guard around the dashboard: asks the judge first, and puts the security headers on every answer."""

import logging
import time
from collections.abc import Callable

from inspector.streaming.messages import to_json
from inspector.web.answers import error_json
from inspector.web.security import Denied, Policy, judge_request
from miniframework.http.url import strip_root_path
from miniframework.types import ASGIApp, Message, RawHeaders, Receive, Scope, Send

_LOG = logging.getLogger("inspector")
_LOG_AT_MOST_EVERY_S = 60.0  # a page that hammers the port must not fill the developer's terminal

CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:;"
    " font-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none';"
    " require-trusted-types-for 'script'; trusted-types lit-html"
)
SECURITY_HEADERS: tuple[tuple[bytes, bytes], ...] = (
    (b"content-security-policy", CONTENT_SECURITY_POLICY.encode()),
    (b"x-frame-options", b"DENY"),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"permissions-policy", b"camera=(), geolocation=(), microphone=(), payment=(), usb=()"),
    (b"cache-control", b"no-store"),
)
_OURS = frozenset(name for name, _ in SECURITY_HEADERS)
_STARTS = frozenset({"http.response.start", "websocket.http.response.start"})


class Guard:
    """An ASGI app that lets through to another only what `judge_request` allows.

    `refused` counts the requests it turned away. It logs that it refuses at most once a minute.
    """

    def __init__(self, app: ASGIApp, policy: Policy, *, clock: Callable[[], float] = time.monotonic) -> None:
        self.app = app
        self.policy = policy
        self.refused = 0
        self._clock = clock
        self._logged_at: float | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a refused request here, hand an allowed one on; every answer gets the security headers."""
        if scope["type"] not in ("http", "websocket"):
            await self.app(scope, receive, send)
            return

        async def send_guarded(message: Message) -> None:
            if message["type"] in _STARTS:
                message = {**message, "headers": guarded_headers(message.get("headers", ()))}
            await send(message)

        verdict = judge_request(scope, self.policy)
        if isinstance(verdict, Denied):
            self._count(verdict)
            await _refuse(verdict, scope, receive, send_guarded)
        else:
            await self.app(scope, receive, send_guarded)

    def _count(self, denied: Denied) -> None:
        self.refused += 1
        now = self._clock()
        if self._logged_at is None or now - self._logged_at >= _LOG_AT_MOST_EVERY_S:
            self._logged_at = now
            _LOG.warning("the dashboard refused a request: %s (%d so far)", denied.message, self.refused)


def guarded_headers(headers: RawHeaders) -> RawHeaders:
    """Return the headers with the security headers in them; only a Cache-Control already there is kept."""
    given = [(name.lower(), value) for name, value in headers]
    keeps_cache = any(name == b"cache-control" for name, _ in given)
    kept = [(name, value) for name, value in given if name not in _OURS or name == b"cache-control"]
    added = [item for item in SECURITY_HEADERS if not (keeps_cache and item[0] == b"cache-control")]
    return kept + added


async def _refuse(denied: Denied, scope: Scope, receive: Receive, send: Send) -> None:
    if scope["type"] == "http":
        await _answer(denied, scope, send, "http.response")
        return
    await receive()  # websocket.connect
    if "websocket.http.response" in scope.get("extensions", {}):
        await _answer(denied, scope, send, "websocket.http.response")
    else:
        await send({"type": "websocket.close", "code": 1008})  # before an accept the server answers 403


async def _answer(denied: Denied, scope: Scope, send: Send, kind: str) -> None:
    is_api = strip_root_path(scope).startswith("/api/")
    body = _as_json(denied) if is_api else _as_text(denied)
    headers = [
        (b"content-type", b"application/json" if is_api else b"text/plain; charset=utf-8"),
        (b"content-length", str(len(body)).encode()),
    ]
    if denied.status == 401:
        headers.append((b"www-authenticate", b"Bearer"))  # RFC 9110 section 11.6.1
    await send({"type": f"{kind}.start", "status": denied.status, "headers": headers})
    await send({"type": f"{kind}.body", "body": b"" if scope.get("method") == "HEAD" else body})


def _as_text(denied: Denied) -> bytes:
    return f"{denied.status}: {denied.message}\n{denied.hint}\n".encode()


def _as_json(denied: Denied) -> bytes:
    return to_json(error_json(denied.code, denied.message, denied.hint)).encode()
