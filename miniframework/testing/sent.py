"""A request as a test client sends it, and the one that a redirect makes of it."""

from collections.abc import Callable, Iterable
from dataclasses import replace

from miniframework.http.url import DEFAULT_PORTS
from miniframework.records import dataclass
from miniframework.testing.headers import ClientHeaders, read_raw
from miniframework.testing.request import follow_url
from miniframework.testing.url import RequestURL


@dataclass(frozen=True, slots=True, kw_only=True)
class SentRequest:
    """A request: its headers, which may be changed before it is sent, and its body in pieces."""

    method: str
    url: RequestURL
    headers: ClientHeaders
    chunks: Iterable[bytes] = ()

    @property
    def content(self) -> bytes:
        """The body; empty when it was given in pieces that are there only once."""
        return b"".join(self.chunks) if isinstance(self.chunks, tuple) else b""

    def read(self) -> bytes:
        """Give the body."""
        return self.content

    def __repr__(self) -> str:
        return f"<SentRequest {self.method} {self.url}>"


def redirect(
    request: SentRequest, status_code: int, location: str, find_cookie: Callable[[str], str]
) -> SentRequest:
    """Give the request that a redirect asks for; `find_cookie` gives the Cookie header for its URL, or "".

    Another origin is not told the Authorization, and has a Host of its own. Source: RFC 9110 section 15.4,
    WHATWG Fetch section 4.4.
    """
    url = RequestURL(follow_url(request.url, location))
    drops = {b"cookie"}
    if _origin(request.url) != _origin(url):
        drops.add(b"host")
        if not _is_upgrade(request.url, url):
            drops.add(b"authorization")
    method, chunks = request.method, request.chunks
    if _becomes_get(method, status_code):
        method, chunks = "GET", ()
        drops |= {b"content-length", b"transfer-encoding"}
    kept = [line for line in request.headers.raw if line[0] not in drops]
    host = [(b"host", url.netloc.rpartition(b"@")[2])] if b"host" in drops else []
    lines = [*host, *kept]
    if cookie := find_cookie(url):
        lines.append((b"cookie", cookie.encode()))
    return replace(request, method=method, url=url, headers=read_raw(lines), chunks=chunks)


def _is_upgrade(before: RequestURL, after: RequestURL) -> bool:
    """Tell whether it is the same host over TLS."""
    return (_origin(before), _origin(after)) == (("http", before.host, 80), ("https", before.host, 443))


def _origin(url: RequestURL) -> tuple[str, str, int | None]:
    return url.scheme, url.host, url.port or DEFAULT_PORTS.get(url.scheme)


def _becomes_get(method: str, status_code: int) -> bool:
    """Tell whether a redirect makes a GET of another request, as browsers and httpx do.

    Source: RFC 9110 sections 15.4.2 to 15.4.4, which allow it for 302; RFC 10008 section 2.5, not for QUERY.
    """
    match status_code:
        case 301:
            return method == "POST"
        case 302:
            return method not in ("GET", "HEAD", "QUERY")
    return status_code == 303 and method not in ("GET", "HEAD")
