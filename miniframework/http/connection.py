"""What an HTTP request and a WebSocket have in common: the lazy view on a scope."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from miniframework.http.address import Address
from miniframework.http.cookies import parse_cookies
from miniframework.http.headers import Headers, view_headers
from miniframework.http.mounting import MOUNT_VALUES, OUTER_APPS, find_url_path
from miniframework.http.query_params import QueryParams
from miniframework.http.state import State
from miniframework.http.url import URL
from miniframework.routing.route import Route, SocketRoute
from miniframework.types import Receive, Scope

# What converters made of the path parameters, with the text and the route that it was made of.
_CONVERTED: Final = "miniframework.converted_params"


class Connection(Mapping[str, Any]):
    """A view on an ASGI scope; every part is read when it is first asked for."""

    # With a dict: users set attributes of their own. What is not a slot has its first value in the class, so
    # that it costs nothing before it is asked for.
    __slots__ = ("__dict__", "scope")

    _cookies: dict[str, str] | None = None
    _headers: Headers | None = None
    _query_params: QueryParams | None = None
    _state: State | None = None

    def __init__(self, scope: Scope, receive: Receive | None = None) -> None:
        """View a scope. `receive` is Starlette's, not used."""
        self.scope = scope

    @property
    def headers(self) -> Headers:
        """The request's headers."""
        if self._headers is None:
            self._headers = view_headers(self.scope)
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
    def path_params(self) -> dict[str, Any]:
        """The path parameters of the route and of the mounts above it: what their converters make of the
        text, as a number of `{item_id:int}`. The scope has the text as it came. What is set in it stays for
        everything else that sees this request.
        """
        params: dict[str, Any] = self.scope.get("path_params", {})
        values: dict[str, Any] = self.scope.get(MOUNT_VALUES) or {}
        route: Any = self.scope.get("route")
        converts = isinstance(route, Route | SocketRoute) and (bool(values) or route.pattern.converts)
        if not values and not converts:
            return params
        kept: tuple[Any, Any, dict[str, Any]] | None = self.scope.get(_CONVERTED)
        if kept is not None and kept[0] is params and kept[1] is route:
            return kept[2]
        own = route.pattern.convert(params)[0] if converts else {}
        converted = {**params, **values, **own}
        self.scope[_CONVERTED] = (params, route, converted)
        return converted

    @property
    def url(self) -> URL:
        """The URL the client asked for, its path decoded; `URL.from_scope` gives it as it was written."""
        return URL(scope=self.scope)

    @property
    def base_url(self) -> URL:
        """The URL of the root of the application, of the outermost below mounts, with a slash at the end."""
        outer = self.scope.get(OUTER_APPS)
        root_path: str = outer[0][1] if outer else self.scope.get("root_path", "")
        return URL(scope={**self.scope, "path": root_path.rstrip("/") + "/", "query_string": b""})

    @property
    def client(self) -> Address | None:
        """The peer as the server sees it; a proxy's address when there is one."""
        pair = self.scope.get("client")
        return Address(pair[0], pair[1]) if pair else None

    @property
    def state(self) -> State:
        """What the lifespan and middleware left; a request sees its own shallow copy."""
        if self._state is None:
            self._state = State(self.scope.setdefault("state", {}))
        return self._state

    @property
    def user(self) -> Any:
        """Whom a middleware found the client to be; it puts the object into the scope as `user`."""
        assert "user" in self.scope, "AuthenticationMiddleware must be installed to access request.user"
        return self.scope["user"]

    @property
    def auth(self) -> Any:
        """What a middleware found the client to be allowed; it puts it into the scope as `auth`."""
        assert "auth" in self.scope, "AuthenticationMiddleware must be installed to access request.auth"
        return self.scope["auth"]

    def __getitem__(self, key: str) -> Any:
        """Give a value of the scope, as `get`, `keys`, `in` and iteration do."""
        return self.scope[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self.scope)

    def __len__(self) -> int:
        return len(self.scope)

    # Two views are the same only when they are one object, though a mapping would compare its values.
    __eq__ = object.__eq__
    __hash__ = object.__hash__

    @property
    def session(self) -> dict[str, Any]:
        """What SessionMiddleware keeps for this client; changes go back to it with the response."""
        assert "session" in self.scope, "SessionMiddleware must be installed to access request.session"
        session: dict[str, Any] = self.scope["session"]
        mark = getattr(session, "mark_accessed", None)  # a middleware of one's own may give a plain dict
        if mark is not None:
            mark()
        return session

    @property
    def app(self) -> Any:
        """The application whose route this is (the innermost one below mounts)."""
        return self.scope["app"]

    def url_for(self, name: str, /, **params: Any) -> URL:
        """Give the absolute URL of the route `name`; `mount:route` names one inside a mounted application.

        That of a WebSocket route begins with `ws:` or `wss:`. Looks in the innermost application first, then
        in those around it. Raises UrlError, RuntimeError outside of an application.
        """
        if "app" not in self.scope:
            raise RuntimeError(
                "url_for() needs an application to ask: it works in an App's routes and middleware"
            )
        url = self.url
        path, is_socket = find_url_path(self.scope, name, params)
        schemes = {"http": "ws", "https": "wss"} if is_socket else {"ws": "http", "wss": "https"}
        return URL(scheme=schemes.get(url.scheme, url.scheme), netloc=url.netloc, path=path)
