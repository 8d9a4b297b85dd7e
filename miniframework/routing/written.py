"""Routes in a list, as Starlette's users write them: `App(routes=[Route("/", home), Mount("/in", inner)])`.

Each knows the line where it was written. `isinstance(entry, Route)` holds for the entries of a table, too.
"""

import inspect
from abc import ABC
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from miniframework.callables import name_of, without_partial
from miniframework.routing import route as entries
from miniframework.routing.source import Source, find_caller


class Written(ABC):  # noqa: B024  # an ABC only so that the entries of tables count as instances
    """What one entry of the list says; `source` is its line."""

    def __init__(self, path: str) -> None:
        self.path = path
        self.source: Source = find_caller()

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.path!r})"


class Route(Written):
    """An HTTP route, for GET (or what an endpoint class has) if nothing is said; it is not described unless
    asked for. `endpoint` is a function of the request, a class with a method for each HTTP method, or an ASGI
    application, which takes every method; `middleware` is around it alone.
    """

    def __init__(
        self,
        path: str,
        endpoint: Callable[..., Any],
        *,
        methods: Iterable[str] | None = None,
        name: str | None = None,
        include_in_schema: bool = False,
        middleware: Sequence[Any] | None = None,
        max_body_size: int | None = None,
    ) -> None:
        super().__init__(path)
        self.endpoint = endpoint
        self.name = name_of(endpoint) if name is None else name
        # A text is refused where it is declared.
        self.said_methods = methods if methods is None or isinstance(methods, str) else tuple(methods)
        self.include_in_schema = include_in_schema
        self.middleware = middleware or ()
        self.max_body_size = max_body_size

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Route) and self._said == other._said

    __hash__ = None  # type: ignore[assignment]  # as in Starlette

    @property
    def methods(self) -> set[str] | None:
        """The methods it takes, HEAD with GET; None for what an endpoint class or an application takes."""
        said = self.said_methods
        if said is None:
            if not inspect.isroutine(without_partial(self.endpoint)):
                return None
            said = ("GET",)
        methods = {method.upper() for method in said}
        return methods | {"HEAD"} if "GET" in methods else methods

    @property
    def _said(self) -> tuple[object, ...]:
        return self.path, self.endpoint, self.said_methods

    def __repr__(self) -> str:
        return f"Route(path={self.path!r}, name={self.name!r}, methods={sorted(self.methods or ())!r})"


class WebSocketRoute(Written):
    """A WebSocket route; `middleware` is around it alone."""

    def __init__(
        self,
        path: str,
        endpoint: Callable[..., Any],
        *,
        name: str | None = None,
        middleware: Sequence[Any] | None = None,
    ) -> None:
        super().__init__(path)
        self.endpoint = endpoint
        self.name = name_of(endpoint) if name is None else name
        self.middleware = middleware or ()

    def __repr__(self) -> str:
        return f"WebSocketRoute(path={self.path!r}, name={self.name!r})"


class APIWebSocketRoute(WebSocketRoute):
    """The same by FastAPI's name; `dependencies` are called before those of its endpoint."""

    def __init__(
        self,
        path: str,
        endpoint: Callable[..., Any],
        *,
        name: str | None = None,
        dependencies: Iterable[Any] | None = None,
    ) -> None:
        super().__init__(path, endpoint, name=name)
        self.dependencies = dependencies


class WrittenAPIRoute(Written):
    """What `APIRoute("/", home, ...)` of FastAPI says; `words` are those of `add_api_route`."""

    def __init__(self, path: str, endpoint: Callable[..., Any], **words: Any) -> None:
        super().__init__(path)
        self.endpoint = endpoint
        self.words = words
        self.name = words.get("name") or name_of(endpoint)
        self.methods = {method.upper() for method in words.get("methods") or ("GET",)}


class Mount(Written):
    """Everything below a path: for another ASGI application or a router, or for the routes of a list;
    `middleware` is around it alone, and a request has at most `max_body_size` bytes.
    """

    def __init__(
        self,
        path: str,
        app: Any = None,
        routes: "Sequence[Written] | None" = None,
        name: str | None = None,
        *,
        middleware: Sequence[Any] | None = None,
        max_body_size: int | None = None,
    ) -> None:
        super().__init__(path)
        self.max_body_size = max_body_size
        self.name = name
        self.app = app
        self.routes = routes
        self.middleware = middleware or ()

    def __repr__(self) -> str:
        return f"Mount(path={self.path!r}, name={self.name or ''!r}, app={self.app!r})"


class Host(Written):
    """An application for the hosts that fit `host`, as in `{customer}.example.com`."""

    def __init__(self, host: str, app: Any, name: str | None = None) -> None:
        super().__init__(host)
        self.host = host
        self.name = name
        self.app = app

    def __repr__(self) -> str:
        return f"Host(host={self.host!r}, name={self.name or ''!r}, app={self.app!r})"


Route.register(entries.Route)
APIWebSocketRoute.register(entries.SocketRoute)
Mount.register(entries.Mount)
