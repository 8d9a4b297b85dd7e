"""URLs in their parts, and where a request's path stands under its root path."""

from typing import NamedTuple
from urllib.parse import quote, unquote, urlencode, urlsplit

from miniframework.datastructures import PATH_SAFE, Headers, QueryParams
from miniframework.types import Scope

_DEFAULT_PORTS = {"http": 80, "https": 443, "ws": 80, "wss": 443}


class URL(NamedTuple):
    """A URL in its parts, percent-encoded; `str(url)` is the whole.

    A path that begins with `//` and has no host before it is written `/.//...`: else it would name a host.
    Source: RFC 3986 section 4.2, WHATWG URL section 4.5.
    """

    scheme: str = ""
    netloc: str = ""
    path: str = ""
    query: str = ""
    fragment: str = ""

    @classmethod
    def parse(cls, text: str) -> "URL":
        """Take a URL apart; raises ValueError for a broken one."""
        return cls(*urlsplit(text))

    @classmethod
    def from_scope(cls, scope: Scope) -> "URL":
        """Give the URL the client asked for."""
        query = scope.get("query_string", b"").decode("latin-1")
        return cls(scope.get("scheme", "http"), _read_netloc(scope), find_raw_path(scope), query)

    @property
    def hostname(self) -> str | None:
        """The host without port, in lower case."""
        return urlsplit(f"//{self.netloc}").hostname

    @property
    def port(self) -> int | None:
        """The port if one is written."""
        return urlsplit(f"//{self.netloc}").port

    def replace(self, **parts: str) -> "URL":
        """Give the same URL with some parts exchanged."""
        return self._replace(**parts)

    def include_query(self, **params: object) -> "URL":
        """Give the same URL with these query parameters set."""
        kept = [(k, v) for k, v in QueryParams(self.query).multi_items() if k not in params]
        return self._replace(query=urlencode([*kept, *((k, str(v)) for k, v in params.items())]))

    def __str__(self) -> str:
        if self.netloc:
            text = f"{self.scheme}://{self.netloc}{self.path}"
        else:
            text = f"/.{self.path}" if self.path.startswith("//") else self.path
        text += f"?{self.query}" if self.query else ""
        return text + (f"#{self.fragment}" if self.fragment else "")


def quote_path(path: str) -> str:
    """Percent-encode a decoded path; slashes stay."""
    return quote(path, safe=PATH_SAFE)


def find_raw_path(scope: Scope) -> str:
    """Give the path as the client wrote it, percent-encoded; where `raw_path` does not tell, `path` encoded
    again.

    What browsers would read as something else (a backslash as a slash) is encoded. Servers differ in
    whether `raw_path` holds the root path, and a middleware may have changed `path` alone: `path` has the
    last word.
    """
    path: str = scope["path"]
    raw: bytes = scope.get("raw_path") or b""
    text = quote(raw.partition(b"?")[0], safe=PATH_SAFE + "%")
    decoded = unquote(text)
    if decoded == path:
        return text
    root_path: str = scope.get("root_path", "")
    return quote_path(root_path) + text if root_path + decoded == path else quote_path(path)


def strip_root_path(scope: Scope) -> str:
    """Give the path that routing matches: without the root path, if it begins with that and a slash.

    Source: ASGI HTTP specification, `root_path`; Starlette's `get_route_path`.
    """
    path: str = scope["path"]
    root_path: str = scope.get("root_path", "")
    if not root_path:
        return path
    if path == root_path:
        return ""
    return path[len(root_path) :] if path.startswith(root_path + "/") else path


def toggled_location(scope: Scope, toggled: str) -> str:
    """Give the path-absolute Location for `toggled`, the routed path with or without its slash at the end.

    The client's own percent-encoding, the root path and the query are kept. It never begins with `//`.
    """
    raw = find_raw_path(scope)
    root_path: str = scope.get("root_path", "")
    inside = bool(root_path) and (scope["path"] + "/").startswith(root_path + "/")
    decoded = root_path + toggled if inside else toggled
    changed = raw.rstrip("/") if raw.endswith("/") else raw + "/"
    path = changed if unquote(changed) == decoded else quote_path(decoded)
    query = scope.get("query_string", b"").decode("latin-1")
    return str(
        URL(
            path=path if inside else quote_path(root_path) + path, query=quote(query, safe=PATH_SAFE + "%?[]")
        )
    )


def _read_netloc(scope: Scope) -> str:
    host = Headers(scope.get("headers") or ()).get("host")
    server = scope.get("server")
    if host is not None or server is None:
        return host or ""
    name, port = server
    return str(name) if port in (None, _DEFAULT_PORTS.get(scope.get("scheme", "http"))) else f"{name}:{port}"
