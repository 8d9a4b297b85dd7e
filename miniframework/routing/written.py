"""Routes in a list, as Starlette's users write them: `App(routes=[Route("/", home), Mount("/in", inner)])`.

Each knows the line where it was written. `isinstance(entry, Route)` holds for the entries of a table, too.
"""

from abc import ABC
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from miniframework.routing import route as entries
from miniframework.routing.source import Source, find_caller


class Written(ABC):  # noqa: B024  # an ABC only so that the entries of tables count as instances
    """What one entry of the list says; `source` is its line."""

    def __init__(self, path: str, name: str | None) -> None:
        self.path = path
        self.name = name
        self.source: Source = find_caller()

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.path!r})"


class Route(Written):
    """An HTTP route, for GET (or what an endpoint class has) if nothing is said; it is not described unless
    asked for.
    """

    def __init__(
        self,
        path: str,
        endpoint: Callable[..., Any],
        *,
        methods: Iterable[str] | None = None,
        name: str | None = None,
        include_in_schema: bool = False,
    ) -> None:
        super().__init__(path, name)
        self.endpoint = endpoint
        self.methods = methods
        self.include_in_schema = include_in_schema


class WebSocketRoute(Written):
    """A WebSocket route."""

    def __init__(self, path: str, endpoint: Callable[..., Any], *, name: str | None = None) -> None:
        super().__init__(path, name)
        self.endpoint = endpoint


class Mount(Written):
    """Everything below a path: for another ASGI application, or for the routes of a list; `middleware` is
    around it alone.
    """

    def __init__(
        self,
        path: str,
        app: Any = None,
        routes: "Sequence[Written] | None" = None,
        name: str | None = None,
        *,
        middleware: Sequence[Any] | None = None,
    ) -> None:
        super().__init__(path, name)
        self.app = app
        self.routes = routes
        self.middleware = middleware or ()


class Host(Written):
    """An application for the hosts that fit `host`, as in `{customer}.example.com`."""

    def __init__(self, host: str, app: Any, name: str | None = None) -> None:
        super().__init__(host, name)
        self.app = app


Route.register(entries.Route)
WebSocketRoute.register(entries.SocketRoute)
Mount.register(entries.Mount)
