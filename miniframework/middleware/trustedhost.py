"""Only the hosts one means to serve: against forged Host headers and DNS rebinding."""

from collections.abc import Sequence

from miniframework.errors import OptionError
from miniframework.http.headers import view_headers
from miniframework.http.host_header import parse_host_header
from miniframework.http.response import PlainTextResponse, RedirectResponse, Response
from miniframework.http.url import URL
from miniframework.middleware.listed import read_words
from miniframework.types import ASGIApp, Receive, Scope, Send


class TrustedHostMiddleware:
    """Answers 400 to a Host header that is not in `allowed_hosts`.

    `*.example.com` stands for every subdomain, `*` for any host. With `www_redirect` a request for
    `example.com` is sent to `www.example.com` where only that is allowed.
    """

    def __init__(
        self, app: ASGIApp, allowed_hosts: Sequence[str] | None = None, www_redirect: bool = True
    ) -> None:
        hosts = ["*"] if allowed_hosts is None else list(read_words("allowed_hosts", allowed_hosts))
        for pattern in hosts:
            if pattern != "*" and "*" in pattern.removeprefix("*."):
                raise OptionError(f"allowed host {pattern!r}: write '*' alone or as in '*.example.com'")
        self.app = app
        self.allowed_hosts = hosts
        self._www_redirect = www_redirect

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let known hosts through."""
        if scope["type"] not in ("http", "websocket") or "*" in self.allowed_hosts:
            await self.app(scope, receive, send)
            return
        host = parse_host_header(view_headers(scope).get("host", ""))
        name = "" if host is None else host.name.lower()
        if any(_fits(name, pattern.lower()) for pattern in self.allowed_hosts):
            await self.app(scope, receive, send)
            return
        await self._refuse(scope, name)(scope, receive, send)

    def _refuse(self, scope: Scope, name: str) -> Response:
        if self._www_redirect and f"www.{name}" in self.allowed_hosts:
            url = URL.from_scope(scope)
            return RedirectResponse(url.replace(netloc=f"www.{url.netloc}"))
        return PlainTextResponse("Invalid host header", 400)


def _fits(name: str, pattern: str) -> bool:
    return name == pattern or (pattern.startswith("*") and name.endswith(pattern[1:]))
