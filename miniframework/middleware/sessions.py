"""A session: a dict that the client keeps in a signed cookie.

It is signed, not secret: the client can read it, but not change it.
"""

import json
from base64 import b64decode, b64encode
from typing import Any, Literal

from itsdangerous import BadSignature, TimestampSigner

from miniframework.config_values import Secret
from miniframework.http.connection import Connection
from miniframework.http.headers import MutableHeaders
from miniframework.types import ASGIApp, Message, Receive, Scope, Send

_TWO_WEEKS_S = 14 * 24 * 60 * 60


class Session(dict[str, Any]):
    """What `request.session` is: a dict that knows whether it was changed.

    A change inside a value of it is not noticed: set the value again, or call `mark_modified`.
    """

    accessed = False
    modified = False

    def mark_accessed(self) -> None:
        """Say in the answer that it depends on the cookie (Vary)."""
        self.accessed = True

    def mark_modified(self) -> None:
        """Send the cookie with the answer, in which only changes are sent else."""
        self.accessed = self.modified = True

    def __setitem__(self, key: str, value: Any) -> None:
        self.mark_modified()
        super().__setitem__(key, value)

    def __delitem__(self, key: str) -> None:
        self.mark_modified()
        super().__delitem__(key)

    def clear(self) -> None:
        """Remove everything."""
        self.mark_modified()
        super().clear()

    def pop(self, key: str, *default: Any) -> Any:
        """Remove a key and give its value."""
        if key in self:
            self.mark_modified()
        return super().pop(key, *default)

    def popitem(self) -> tuple[str, Any]:
        """Remove the last pair and give it."""
        self.mark_modified()
        return super().popitem()

    def setdefault(self, key: str, default: Any = None) -> Any:
        """Give the value of a key, set to `default` if there is none."""
        if key not in self:
            self.mark_modified()
        return super().setdefault(key, default)

    def update(self, *pairs: Any, **values: Any) -> None:
        """Set several keys."""
        self.mark_modified()
        super().update(*pairs, **values)

    def __ior__(self, other: Any, /) -> "Session":  # type: ignore[override,misc]  # dict has two overloads
        self.mark_modified()
        return super().__ior__(other)


class SessionMiddleware:
    """Gives each request `request.session`, a dict of JSON values that comes back with the next one.

    `secret_key` signs it; keep it out of the source. A cookie that is forged, broken or older than `max_age`
    seconds (None: until the browser closes) is an empty session. The cookie is sent again when the session
    was changed. `partitioned` keeps one for each site that embeds this one.
    """

    def __init__(
        self,
        app: ASGIApp,
        secret_key: str | Secret,
        session_cookie: str = "session",
        max_age: int | None = _TWO_WEEKS_S,
        path: str = "/",
        same_site: Literal["lax", "strict", "none"] = "lax",
        https_only: bool = False,
        domain: str | None = None,
        partitioned: bool = False,
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
        if partitioned:
            attributes.append("partitioned")
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
            session: Session = scope["session"]
            if message["type"] == "http.response.start" and session.accessed:
                message["headers"] = list(message.get("headers") or ())
                headers = MutableHeaders(message["headers"])
                headers.add_vary("Cookie")
                if session.modified and (session or not came_empty):
                    headers.append("set-cookie", self._format(session))
            await send(message)

        await self.app(scope, receive, send_cookie)

    def _read(self, cookie: str | None) -> Session:
        if cookie is None:
            return Session()
        try:
            session = json.loads(b64decode(self._signer.unsign(cookie, max_age=self._max_age_s)))
        except (BadSignature, ValueError):
            return Session()
        return Session(session if isinstance(session, dict) else {})

    def _format(self, session: Session) -> str:
        if not session:
            expired = "expires=Thu, 01 Jan 1970 00:00:00 GMT"
            return f"{self._cookie}=null; path={self._path}; {expired}; {self._attributes}"
        value = self._signer.sign(b64encode(json.dumps(session).encode())).decode()
        lifetime = "" if self._max_age_s is None else f"Max-Age={self._max_age_s}; "
        return f"{self._cookie}={value}; path={self._path}; {lifetime}{self._attributes}"
