"""A session: a dict that the client keeps in a signed cookie.

It is signed, not secret: the client can read it, but not change it.
"""

import json
from base64 import b64decode, b64encode
from typing import Any, Literal

from itsdangerous import BadSignature, TimestampSigner

from miniframework.datastructures import MutableHeaders
from miniframework.http.connection import Connection
from miniframework.types import ASGIApp, Message, Receive, Scope, Send

_TWO_WEEKS_S = 14 * 24 * 60 * 60


class SessionMiddleware:
    """Gives each request `request.session`, a dict of JSON values that comes back with the next one.

    `secret_key` signs it; keep it out of the source. A cookie that is forged, broken or older than `max_age`
    seconds (None: until the browser closes) is an empty session.
    """

    def __init__(
        self,
        app: ASGIApp,
        secret_key: str,
        session_cookie: str = "session",
        max_age: int | None = _TWO_WEEKS_S,
        path: str = "/",
        same_site: Literal["lax", "strict", "none"] = "lax",
        https_only: bool = False,
        domain: str | None = None,
    ) -> None:
        self.app = app
        self._signer = TimestampSigner(str(secret_key))
        self._cookie = session_cookie
        self._max_age_s = max_age
        self._path = path
        attributes = ["httponly", f"samesite={same_site}"]
        if https_only:
            attributes.append("secure")
        if domain is not None:
            attributes.append(f"domain={domain}")
        self._attributes = "; ".join(attributes)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Read the cookie, run the application, and send the cookie when there is something to say."""
        if scope["type"] not in ("http", "websocket"):
            await self.app(scope, receive, send)
            return
        session = self._read(Connection(scope).cookies.get(self._cookie))
        came_empty = not session
        scope["session"] = session

        async def send_cookie(message: Message) -> None:
            if message["type"] == "http.response.start" and not (came_empty and not scope["session"]):
                message["headers"] = list(message.get("headers") or ())
                headers = MutableHeaders(message["headers"])
                headers.append("set-cookie", self._format(scope["session"]))
                headers.add_vary("Cookie")
            await send(message)

        await self.app(scope, receive, send_cookie)

    def _read(self, cookie: str | None) -> dict[str, Any]:
        if cookie is None:
            return {}
        try:
            session = json.loads(b64decode(self._signer.unsign(cookie, max_age=self._max_age_s)))
        except (BadSignature, ValueError):
            return {}
        return session if isinstance(session, dict) else {}

    def _format(self, session: dict[str, Any]) -> str:
        if not session:
            expired = "expires=Thu, 01 Jan 1970 00:00:00 GMT"
            return f"{self._cookie}=null; path={self._path}; {expired}; {self._attributes}"
        value = self._signer.sign(b64encode(json.dumps(session).encode())).decode()
        lifetime = "" if self._max_age_s is None else f"max-age={self._max_age_s}; "
        return f"{self._cookie}={value}; path={self._path}; {lifetime}{self._attributes}"
