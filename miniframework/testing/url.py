"""The URL a test client asked for."""

from urllib.parse import unquote, urlsplit

from miniframework.http.query_params import QueryParams


class RequestURL(str):
    """A URL as text that also gives its parts, under the names httpx has for them."""

    __slots__ = ()

    @property
    def scheme(self) -> str:
        """`http`, `https`, `ws` or `wss`."""
        return urlsplit(self).scheme

    @property
    def netloc(self) -> bytes:
        """Host and port as they stand in it."""
        return urlsplit(self).netloc.encode("idna" if not self.isascii() else "ascii")

    @property
    def host(self) -> str:
        """The host in lower case."""
        return urlsplit(self).hostname or ""

    @property
    def port(self) -> int | None:
        """The port, None when it is not said."""
        return urlsplit(self).port

    @property
    def path(self) -> str:
        """The path, decoded."""
        return unquote(urlsplit(self).path)

    @property
    def raw_path(self) -> bytes:
        """Path and query as they are sent."""
        parts = urlsplit(self)
        return (f"{parts.path}?{parts.query}" if parts.query else parts.path).encode("ascii")

    @property
    def query(self) -> bytes:
        """The query as it is sent, without its question mark."""
        return urlsplit(self).query.encode("ascii")

    @property
    def params(self) -> QueryParams:
        """The query, parsed."""
        return QueryParams(urlsplit(self).query)

    @property
    def fragment(self) -> str:
        """What follows `#`; a request has none."""
        return urlsplit(self).fragment
