"""What an HTTP request and a WebSocket have in common: the lazy view on a scope."""

from typing import TYPE_CHECKING, Any

from miniframework.datastructures import Address, Headers, QueryParams, State
from miniframework.http.cookies import parse_cookies
from miniframework.http.mounting import find_url_path
from miniframework.http.url import URL
from miniframework.types import Scope

if TYPE_CHECKING:  # the app floor stands above this one
    from miniframework.app import App


class Connection:
    """A view on an ASGI scope; every part is read when it is first asked for."""

    __slots__ = ("_cookies", "_headers", "_query_params", "_state", "scope")

    def __init__(self, scope: Scope) -> None:
        self.scope = scope
        self._headers: Headers | None = None
        self._query_params: QueryParams | None = None
        self._cookies: dict[str, str] | None = None
        self._state: State | None = None

    @property
    def headers(self) -> Headers:
        """The request's headers."""
        if self._headers is None:
            self._headers = Headers(self.scope.get("headers") or ())
        return self._headers

    @property
    def query_params(self) -> QueryParams:
        """The parsed query string."""
        if self._query_params is None:
            self._query_params = QueryParams(self.scope.get("query_string", b""))
        return self._query_params

    @property
    def cookies(self) -> dict[str, str]:
        """The cookies by name."""
        if self._cookies is None:
            self._cookies = parse_cookies("; ".join(self.headers.get_list("cookie")))
        return self._cookies

    @property
    def path_params(self) -> dict[str, str]:
        """The path parameters of the route (and of the mounts above it) as raw text."""
        params: dict[str, str] = self.scope.get("path_params") or {}
        return params

    @property
    def url(self) -> URL:
        """The URL the client asked for."""
        return URL.from_scope(self.scope)

    @property
    def base_url(self) -> URL:
        """The URL of the application's root, without a slash at the end."""
        root_path = self.scope.get("root_path", "")
        return self.url.replace(path=root_path, query="")

    @property
    def client(self) -> Address | None:
        """The peer as the server sees it; a proxy's address when there is one."""
        return _read_address(self.scope.get("client"))

    @property
    def state(self) -> State:
        """What the lifespan and middleware left; a request sees its own shallow copy."""
        if self._state is None:
            self._state = State(self.scope.setdefault("state", {}))
        return self._state

    @property
    def app(self) -> "App":
        """The application whose route this is (the innermost one below mounts)."""
        app: App = self.scope["app"]
        return app

    def url_for(self, name: str, /, **params: Any) -> URL:
        """Give the absolute URL of the route `name`; `mount:route` names one inside a mounted application.

        Looks in the innermost application first, then in those around it. Raises UrlError.
        """
        url = self.url
        netloc_scheme = {"ws": "http", "wss": "https"}.get(url.scheme, url.scheme)
        return URL(netloc_scheme, url.netloc, find_url_path(self.scope, name, params))


def _read_address(pair: Any) -> Address | None:
    return Address(pair[0], pair[1]) if pair else None
