"""URLs in their parts, and where a request's path stands under its root path."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import SplitResult, quote, unquote, urlencode, urlsplit

from miniframework.errors import OptionError
from miniframework.http.headers import view_headers
from miniframework.http.host_header import is_ipv6, names_a_host
from miniframework.http.query_params import QueryParams
from miniframework.routing.root_path import strip_root_path as strip_root_path
from miniframework.types import Scope

# RFC 3986 section 3.3: what may stand in a path unencoded, pchar without "%", and "/".
PATH_SAFE = "/!$&'()*+,;=:@-._~"
_ASCII = bytes(range(128))
_NETLOC_PARTS = ("username", "password", "hostname", "port")
# What a decoded path cannot hold without ending there, or being read as a slash.
_PATH_ENDS = str.maketrans({"?": "%3F", "#": "%23", "\\": "%5C"})
DEFAULT_PORTS = {"http": 80, "https": 443, "ws": 80, "wss": 443}


class URL:
    """A URL in its parts; `str(url)` is the whole, and equals it.

    Made from text, from an ASGI scope, or from the parts. Of a scope it has the path decoded, but for the
    characters that would end it, or name a host; `from_scope` gives it as the client wrote it. Else a path
    that begins with `//` and has no host before it is written `/.//...`: it would name one. Source: RFC 3986
    section 4.2, WHATWG URL section 4.5.
    """

    # The text it was made from, in which an empty query or fragment is kept; "" for one made otherwise.
    __slots__ = ("_text", "components")

    def __init__(self, url: str = "", scope: Scope | None = None, **components: Any) -> None:
        """Take `url` apart, or put the URL together. Raises ValueError for a broken one, OptionError for more
        than one way to say it.
        """
        if (url or components) and (scope is not None or (url and components)):
            raise OptionError("a URL is made of a text, of a scope, or of its parts: give one of them")
        self._text = url if url.isprintable() else ""  # line ends are not kept
        if scope is not None:
            path: str = scope["path"]
            if "?" in path or "#" in path or "\\" in path:
                path = path.translate(_PATH_ENDS)
            self.components = parts = _split_scope(scope, path)
            if not parts.netloc and path.startswith("//"):
                self.components = parts._replace(path="/%2F" + path[2:])
        else:
            self.components = urlsplit(url)
        if components:
            self.components = _exchange(self.components, components)

    @classmethod
    def parse(cls, text: str) -> "URL":
        """Take a URL apart; raises ValueError for a broken one."""
        return cls(text)

    @classmethod
    def from_scope(cls, scope: Scope) -> "URL":
        """Give the URL the client asked for as it is sent, percent-encoded: what a redirect is made of."""
        url = cls()
        url.components = _split_scope(scope, find_raw_path(scope))
        return url

    @property
    def scheme(self) -> str:
        """`https`; "" when none is written."""
        return self.components.scheme

    @property
    def netloc(self) -> str:
        """User, host and port as they are written."""
        return self.components.netloc

    @property
    def path(self) -> str:
        """The path."""
        return self.components.path

    @property
    def query(self) -> str:
        """What follows the `?`."""
        return self.components.query

    @property
    def fragment(self) -> str:
        """What follows the `#`."""
        return self.components.fragment

    @property
    def username(self) -> str | None:
        """The user before the host."""
        return self.components.username

    @property
    def password(self) -> str | None:
        """The password before the host."""
        return self.components.password

    @property
    def hostname(self) -> str | None:
        """The host without port, in lower case."""
        return self.components.hostname

    @property
    def port(self) -> int | None:
        """The port if one is written."""
        return self.components.port

    @property
    def is_secure(self) -> bool:
        """Whether the scheme is one over TLS."""
        return self.scheme in ("https", "wss")

    def replace(self, **parts: Any) -> "URL":
        """Give the same URL with some parts exchanged: those of `netloc` (`hostname`, `port`, `username`,
        `password`) too.
        """
        changed = URL()
        changed.components = _exchange(self.components, parts)
        return changed

    def include_query_params(self, **params: Any) -> "URL":
        """Give the same URL with these query parameters set, after those that it had."""
        kept = [pair for pair in QueryParams(self.query).multi_items() if pair[0] not in params]
        return self.replace(query=urlencode([*kept, *params.items()]))

    include_query = include_query_params

    def replace_query_params(self, **params: Any) -> "URL":
        """Give the same URL with these query parameters and no others."""
        return self.replace(query=urlencode(params))

    def remove_query_params(self, keys: str | Sequence[str]) -> "URL":
        """Give the same URL without the query parameters of these names."""
        names = (keys,) if isinstance(keys, str) else keys
        kept = [pair for pair in QueryParams(self.query).multi_items() if pair[0] not in names]
        return self.replace(query=urlencode(kept))

    def __str__(self) -> str:
        components = self.components
        if not components.netloc and components.path.startswith("//"):
            components = components._replace(scheme="", path="/." + components.path)
        elif self._text:
            return self._text
        return components.geturl()

    def __eq__(self, other: object) -> bool:
        return str(self) == str(other)

    def __hash__(self) -> int:
        return hash(str(self))

    def __repr__(self) -> str:
        shown = self.replace(password="********") if self.password else self
        return f"URL({str(shown)!r})"


class URLPath(str):
    """The path of a route, as `url_path_for` gives it; `protocol` is "http", "websocket" or unsaid.

    It never begins with `//`, which would name a host: the second slash is encoded then.
    """

    __slots__ = ("host", "protocol")
    protocol: str
    host: str

    def __new__(cls, path: str, protocol: str = "", host: str = "") -> "URLPath":
        """Take an encoded path; with `host` it is a path of another host than the base's."""
        made = super().__new__(cls, "/%2F" + path[2:] if path.startswith("//") else path)
        made.protocol = protocol
        made.host = host
        return made

    def make_absolute_url(self, base_url: str | URL) -> URL:
        """Give the URL of the route below `base_url`, under `ws` or `wss` for a WebSocket route."""
        base = URL(base_url) if isinstance(base_url, str) else base_url
        plain = {"http": "http", "websocket": "ws"}.get(self.protocol)
        scheme = base.scheme if plain is None else plain + "s" * base.is_secure
        return URL(scheme=scheme, netloc=self.host or base.netloc, path=base.path.rstrip("/") + self)


def _exchange(components: SplitResult, parts: dict[str, Any]) -> SplitResult:
    """Exchange parts, those inside the netloc too."""
    outer = {name: value for name, value in parts.items() if name not in _NETLOC_PARTS}
    if len(outer) < len(parts):
        inner = {name: parts.get(name, getattr(components, name)) for name in _NETLOC_PARTS}
        if "hostname" not in parts:
            inner["hostname"] = _find_host(components.netloc)
        outer["netloc"] = _join_netloc(**inner)
    return components._replace(**outer)


def _find_host(netloc: str) -> str:
    """Give the host as it is written; `hostname` has it in lower case."""
    host = netloc.rpartition("@")[2]
    return host[1:].partition("]")[0] if host.startswith("[") else host.partition(":")[0]


def _join_netloc(username: str | None, password: str | None, hostname: str | None, port: int | None) -> str:
    host = hostname or ""
    if is_ipv6(host):
        host = f"[{host}]"
    if port is not None:
        host += f":{port}"
    if username is None:
        return host
    return f"{username}:{password}@{host}" if password is not None else f"{username}@{host}"


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
    query = quote(scope.get("query_string", b""), safe=PATH_SAFE + "%?[]")
    return str(URL(path=path if inside else quote_path(root_path) + path, query=query))


def _split_scope(scope: Scope, path: str) -> SplitResult:
    query = _read_query(scope.get("query_string", b""))
    host = _read_netloc(scope)
    if host and path and not path.startswith("/"):
        path = "/" + path  # `@evil.example` would join the host
    return SplitResult(scope.get("scheme", "http") if host else "", host, path, query, "")


def _read_query(query: bytes) -> str:
    """Give the query as text: some clients send UTF-8 as it is. What is none is percent-encoded."""
    try:
        return query.decode()
    except UnicodeDecodeError:
        return quote(query, safe=_ASCII)


def _read_netloc(scope: Scope) -> str:
    host = view_headers(scope).get("host")
    server = scope.get("server")
    if host is not None and names_a_host(host):
        return host
    if server is None:
        return ""
    name, port = server
    if ":" in name and not name.startswith("["):
        name = f"[{name}]"
    return str(name) if port in (None, DEFAULT_PORTS.get(scope.get("scheme", "http"))) else f"{name}:{port}"
