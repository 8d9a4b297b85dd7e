"""The parts of one request that parameters are taken from, each read at most once and only when asked for."""

from collections.abc import Mapping

from miniframework.http.cookies import parse_cookies
from miniframework.http.query_params import split_query
from miniframework.params.body import BodyContent, BrokenBody, ReadAlready, ReadBody, read_body
from miniframework.params.form_content import FormContent
from miniframework.types import RawHeaders, Scope

# The whole body, the form, or what the class of the request read; None when nothing was read.
SentBody = bytes | ReadAlready | FormContent | None


class RequestReader:
    """Looks at the path parameters, query, headers, cookies and body of one request."""

    __slots__ = (
        "_any_type_is_json",
        "_body",
        "_content",
        "_cookies",
        "_headers",
        "_query",
        "_untyped_is_json",
        "path",
        "scope",
    )

    def __init__(
        self,
        scope: Scope,
        path: Mapping[str, str],
        body: SentBody,
        *,
        any_type_is_json: bool,
        untyped_is_json: bool = True,
    ) -> None:
        self.scope = scope
        self.path = path
        self._body: bytes | None = None
        self._content: BodyContent | FormContent | None = None
        if isinstance(body, FormContent):
            self._content = body
        elif isinstance(body, ReadAlready):
            self._body, self._content = body.raw, body.content
        else:
            self._body = body
        self._any_type_is_json = any_type_is_json
        self._untyped_is_json = untyped_is_json
        self._query: dict[str, list[str]] | None = None
        self._headers: dict[str, list[str]] | None = None
        self._cookies: dict[str, str] | None = None

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
    def content(self) -> BodyContent | FormContent:
        """The body, read. Raises HTTPException 400 for one that is not even text."""
        if self._content is None:
            types = self.headers.get("content-type") if self._body else None
            self._content = read_body(
                self._body,
                types[0] if types else None,
                any_type_is_json=self._any_type_is_json,
                untyped_is_json=self._untyped_is_json,
            )
        return self._content

    @property
    def content_if_asked(self) -> BodyContent | FormContent | None:
        """The body, if anybody wanted it: the tutorial's rule reads it only for what the query has not."""
        return self._content

    @property
    def sent_value(self) -> object:
        """What the client sent as far as it was read: the value of the JSON, the text that is none, or the
        values of the form by name; None for nothing.
        """
        match self._content:
            case ReadBody(value):
                return value
            case BrokenBody():
                return (self._body or b"").decode("utf-8", "replace")
            case FormContent(fields=fields):
                return {name: values[0] if len(values) == 1 else values for name, values in fields.items()}
            case _:
                return None

    @property
    def raw_body(self) -> bytes | None:
        """The body's bytes."""
        return self._body


def read_query(query: bytes) -> dict[str, list[str]]:
    """Parse a query string. Source: WHATWG URL section 5.1; invalid UTF-8 becomes U+FFFD."""
    values: dict[str, list[str]] = {}
    if query:
        text = query.decode("latin-1")
        for name, value in split_query(text):
            values.setdefault(name, []).append(value)
    return values


def read_headers(headers: RawHeaders) -> dict[str, list[str]]:
    """Group headers by name in lower case; their text is Latin-1. Source: RFC 9110 section 5.5."""
    values: dict[str, list[str]] = {}
    for name, value in headers:
        values.setdefault(name.decode("latin-1").lower(), []).append(value.decode("latin-1"))
    return values
