"""The parts of one request that parameters are taken from, each read at most once and only when asked for."""

from collections.abc import Iterable, Mapping
from urllib.parse import parse_qsl

from miniframework.http.cookies import parse_cookies
from miniframework.params.body import BodyContent, read_body
from miniframework.types import RawHeaders, Scope


class RequestReader:
    """Looks at the path parameters, query, headers, cookies and body of one request."""

    __slots__ = ("_any_type_is_json", "_body", "_content", "_cookies", "_headers", "_query", "path", "scope")

    def __init__(
        self, scope: Scope, path: Mapping[str, str], body: bytes | None, *, any_type_is_json: bool
    ) -> None:
        self.scope = scope
        self.path = path
        self._body = body
        self._any_type_is_json = any_type_is_json
        self._query: dict[str, list[str]] | None = None
        self._headers: dict[str, list[str]] | None = None
        self._cookies: dict[str, str] | None = None
        self._content: BodyContent | None = None

    @property
    def query(self) -> dict[str, list[str]]:
        """Every value of every name of the query string."""
        if self._query is None:
            self._query = read_query(self.scope.get("query_string", b""))
        return self._query

    @property
    def headers(self) -> dict[str, list[str]]:
        """Every value of every header, names in lower case."""
        if self._headers is None:
            self._headers = read_headers(self.scope["headers"])
        return self._headers

    @property
    def cookies(self) -> dict[str, str]:
        """The value of every cookie; HTTP/2 may send them in several lines (RFC 9113 section 8.2.3)."""
        if self._cookies is None:
            self._cookies = parse_cookies("; ".join(self.headers.get("cookie", ())))
        return self._cookies

    @property
    def content(self) -> BodyContent:
        """The body, read."""
        if self._content is None:
            types = self.headers.get("content-type") if self._body else None
            self._content = read_body(
                self._body, types[0] if types else None, any_type_is_json=self._any_type_is_json
            )
        return self._content

    @property
    def raw_body(self) -> bytes | None:
        """The body's bytes."""
        return self._body


def read_query(query: bytes) -> dict[str, list[str]]:
    """Parse a query string. Source: WHATWG URL section 5.1; invalid UTF-8 becomes U+FFFD."""
    values: dict[str, list[str]] = {}
    if query:
        text = query.decode("latin-1")
        for name, value in _pairs(text):
            values.setdefault(name, []).append(value)
    return values


def _pairs(text: str) -> Iterable[tuple[str, str]]:
    # Nothing to decode is the common case, and parse_qsl is five times slower (measured); a test holds them
    # alike.
    if "%" in text or "+" in text:
        return parse_qsl(text, keep_blank_values=True)
    return [(name, value) for name, _, value in (part.partition("=") for part in text.split("&") if part)]


def read_headers(headers: RawHeaders) -> dict[str, list[str]]:
    """Group headers by name in lower case; their text is Latin-1. Source: RFC 9110 section 5.5."""
    values: dict[str, list[str]] = {}
    for name, value in headers:
        values.setdefault(name.decode("latin-1").lower(), []).append(value.decode("latin-1"))
    return values
