"""Cross-origin requests: which pages of other origins a browser lets read our answers.

Source: WHATWG Fetch, "CORS protocol".
"""

import re
from collections.abc import Sequence
from typing import Final

from miniframework.datastructures import Headers, MutableHeaders
from miniframework.http.response import PlainTextResponse, Response
from miniframework.middleware.listed import read_words
from miniframework.types import ASGIApp, Message, Receive, Scope, Send

ALL_METHODS = ("DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT", "QUERY")
# Fetch, "CORS-safelisted request-header": a browser sends these without asking.
SAFELISTED_HEADERS: Final = {"Accept", "Accept-Language", "Content-Language", "Content-Type"}

# All that a preflight's answer depends on.
_PREFLIGHT_VARY = ", ".join(
    ("Origin", *(f"Access-Control-Request-{name}" for name in ("Method", "Headers", "Private-Network")))
)


class CORSMiddleware:
    """Answers preflight requests, and marks the other answers for the origins that may read them.

    An origin is allowed when it is in `allow_origins` (or that holds `*`) or the whole of it matches
    `allow_origin_regex`. `max_age` is how many seconds a browser may keep a preflight's answer.
    """

    def __init__(
        self,
        app: ASGIApp,
        allow_origins: Sequence[str] = (),
        allow_methods: Sequence[str] = ("GET",),
        allow_headers: Sequence[str] = (),
        allow_credentials: bool = False,
        allow_origin_regex: str | None = None,
        allow_private_network: bool = False,
        expose_headers: Sequence[str] = (),
        max_age: int = 600,
    ) -> None:
        self.app = app
        methods = read_words("allow_methods", allow_methods)
        headers = read_words("allow_headers", allow_headers)
        self._origins = frozenset(read_words("allow_origins", allow_origins))
        self._origin_regex = None if allow_origin_regex is None else re.compile(allow_origin_regex)
        self._methods = ALL_METHODS if "*" in methods else methods
        self._any_header = "*" in headers
        self._header_names = sorted(SAFELISTED_HEADERS | set(headers))
        self._credentials = allow_credentials
        self._private_network = allow_private_network
        self._expose_headers = ", ".join(read_words("expose_headers", expose_headers))
        self._max_age = max_age

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a preflight; mark all other answers, so that caches keep those of several origins apart."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        headers = Headers(scope.get("headers") or ())
        origin = headers.get("origin")
        if origin is not None and scope["method"] == "OPTIONS" and "access-control-request-method" in headers:
            await self._answer_preflight(origin, headers)(scope, receive, send)
        else:
            await self.app(scope, receive, self._marking(send, origin))

    def _is_allowed(self, origin: str) -> bool:
        if "*" in self._origins or origin in self._origins:
            return True
        return self._origin_regex is not None and self._origin_regex.fullmatch(origin) is not None

    @property
    def _names_origin(self) -> bool:
        """Whether answers name one origin, so that caches must keep them apart."""
        return "*" not in self._origins or self._credentials

    def _answer_preflight(self, origin: str, asked: Headers) -> Response:
        refused = []
        response = PlainTextResponse("OK")
        headers = response.headers
        headers["vary"] = _PREFLIGHT_VARY
        headers["access-control-allow-methods"] = ", ".join(self._methods)
        headers["access-control-max-age"] = str(self._max_age)
        if self._credentials:
            headers["access-control-allow-credentials"] = "true"
        if self._is_allowed(origin):
            headers["access-control-allow-origin"] = origin if self._names_origin else "*"
        else:
            refused.append("origin")
        if asked["access-control-request-method"] not in self._methods:
            refused.append("method")
        wanted = asked.get("access-control-request-headers")
        if self._any_header:
            if wanted is not None:
                headers["access-control-allow-headers"] = wanted
        else:
            headers["access-control-allow-headers"] = ", ".join(self._header_names)
            if not self._allows_headers(wanted):
                refused.append("headers")
        if "access-control-request-private-network" in asked:
            if self._private_network:
                headers["access-control-allow-private-network"] = "true"
            else:
                refused.append("private-network")
        if not refused:
            return response
        text = "Disallowed CORS " + ", ".join(refused)
        response.status_code, response.body = 400, text.encode()
        headers["content-length"] = str(len(response.body))
        return response

    def _allows_headers(self, wanted: str | None) -> bool:
        known = {name.lower() for name in self._header_names}
        return wanted is None or all(name.strip().lower() in known for name in wanted.split(","))

    def _marking(self, send: Send, origin: str | None) -> Send:
        async def mark(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = list(message.get("headers") or ())
                self._mark(MutableHeaders(message["headers"]), origin)
            await send(message)

        return mark

    def _mark(self, headers: MutableHeaders, origin: str | None) -> None:
        headers.add_vary("Origin")
        if origin is None:
            return
        if self._credentials:
            headers["access-control-allow-credentials"] = "true"
        if self._expose_headers:
            headers["access-control-expose-headers"] = self._expose_headers
        if "*" in self._origins and not self._credentials:
            headers["access-control-allow-origin"] = "*"
        elif self._is_allowed(origin):
            headers["access-control-allow-origin"] = origin
