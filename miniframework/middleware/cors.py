"""Cross-origin requests: which pages of other origins a browser lets read our answers.

Source: WHATWG Fetch, "CORS protocol".
"""

import re
from collections.abc import Sequence
from functools import partial
from typing import Final

from miniframework.errors import OptionError
from miniframework.http.headers import Headers, MutableHeaders, view_headers
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
    `allow_origin_regex`. `max_age` is how many seconds a browser may keep a preflight's answer. A subclass
    may decide otherwise in `is_allowed_origin`, say by a table of customers. Attributes and methods have
    Starlette's names; `simple_headers` are those of every answer to another origin, and `preflight_headers`
    those of every preflight's.
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
        names = sorted(SAFELISTED_HEADERS | set(headers))
        self.allow_origins = frozenset(read_words("allow_origins", allow_origins))
        self.allow_origin_regex = None if allow_origin_regex is None else _compile(allow_origin_regex)
        self.allow_methods = ALL_METHODS if "*" in methods else methods
        self.allow_headers = [name.lower() for name in names]
        self.allow_all_origins = "*" in self.allow_origins
        self.allow_all_headers = "*" in headers
        self.allow_credentials = allow_credentials
        self.allow_private_network = allow_private_network
        # Answers then name one origin, so that caches must keep them apart.
        self.preflight_explicit_allow_origin = not self.allow_all_origins or allow_credentials
        exposed = ", ".join(read_words("expose_headers", expose_headers))
        self.simple_headers = _said(
            {
                "Access-Control-Allow-Origin": "*" if self.allow_all_origins else "",
                "Access-Control-Allow-Credentials": "true" if allow_credentials else "",
                "Access-Control-Expose-Headers": exposed,
            }
        )
        self.preflight_headers = _said(
            {
                "Vary": _PREFLIGHT_VARY,
                "Access-Control-Allow-Origin": "" if self.preflight_explicit_allow_origin else "*",
                "Access-Control-Allow-Methods": ", ".join(self.allow_methods),
                "Access-Control-Max-Age": str(max_age),
                "Access-Control-Allow-Headers": "" if self.allow_all_headers else ", ".join(names),
                "Access-Control-Allow-Credentials": "true" if allow_credentials else "",
            }
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a preflight; mark all other answers, so that caches keep those of several origins apart."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        headers = view_headers(scope)
        is_asked = "origin" in headers and "access-control-request-method" in headers
        if is_asked and scope["method"] == "OPTIONS":
            await self.preflight_response(headers)(scope, receive, send)
        else:
            await self.simple_response(scope, receive, send, headers)

    def is_allowed_origin(self, origin: str) -> bool:
        """Tell whether pages of `origin` may read the answers."""
        if self.allow_all_origins or origin in self.allow_origins:
            return True
        return self.allow_origin_regex is not None and self.allow_origin_regex.fullmatch(origin) is not None

    def preflight_response(self, request_headers: Headers) -> Response:
        """Give the answer to a preflight: 400 with all that is refused, or what is allowed."""
        origin = request_headers["origin"]
        headers = dict(self.preflight_headers)
        refused = []
        if not self.is_allowed_origin(origin):
            refused.append("origin")
        elif self.preflight_explicit_allow_origin:
            headers["Access-Control-Allow-Origin"] = origin
        if request_headers["access-control-request-method"] not in self.allow_methods:
            refused.append("method")
        wanted = request_headers.get("access-control-request-headers")
        if wanted is not None and self.allow_all_headers:
            headers["Access-Control-Allow-Headers"] = wanted
        elif wanted is not None and not self._allows_headers(wanted):
            refused.append("headers")
        if "access-control-request-private-network" in request_headers:
            if self.allow_private_network:
                headers["Access-Control-Allow-Private-Network"] = "true"
            else:
                refused.append("private-network")
        if refused:
            return PlainTextResponse("Disallowed CORS " + ", ".join(refused), 400, headers)
        return PlainTextResponse("OK", headers=headers)

    def _allows_headers(self, wanted: str) -> bool:
        return all(name.strip().lower() in self.allow_headers for name in wanted.split(","))

    async def simple_response(
        self, scope: Scope, receive: Receive, send: Send, request_headers: Headers
    ) -> None:
        """Let the application answer, and mark that."""
        await self.app(scope, receive, partial(self.send, send=send, request_headers=request_headers))

    async def send(self, message: Message, send: Send, request_headers: Headers) -> None:
        """Send a message of the application; the start of a response is marked."""
        if message["type"] == "http.response.start":
            message["headers"] = list(message.get("headers") or ())
            self._mark(MutableHeaders(message["headers"]), request_headers.get("origin"))
        await send(message)

    def _mark(self, headers: MutableHeaders, origin: str | None) -> None:
        if origin is not None:
            headers.update(self.simple_headers)
            if self.preflight_explicit_allow_origin and self.is_allowed_origin(origin):
                self.allow_explicit_origin(headers, origin)
                return
        headers.add_vary("Origin")

    @staticmethod
    def allow_explicit_origin(headers: MutableHeaders, origin: str) -> None:
        """Let pages of this one origin read the answer that has `headers`."""
        headers["Access-Control-Allow-Origin"] = origin
        headers.add_vary("Origin")


def _said(headers: dict[str, str]) -> dict[str, str]:
    return {name: value for name, value in headers.items() if value}


def _compile(regex: str) -> re.Pattern[str]:
    try:
        return re.compile(regex)
    except re.error as error:
        problem = f"allow_origin_regex={regex!r} is no regular expression: {error}"
        raise OptionError(f"{problem}; write one, as in 'https://.*\\.example\\.com'") from error
