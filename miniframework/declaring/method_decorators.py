"""The decorators that declare the function below them: one for each HTTP method, and for WebSockets."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable
from typing import Any, TypeVar, Unpack

from miniframework.declarations.declaration import RouteOptions
from miniframework.declaring.checks import check_path

Endpoint = TypeVar("Endpoint", bound=Callable[..., Any])
Methods = Iterable[str]


class MethodDecorators(ABC):
    """Declares decorated functions by the methods of a router that take a function as an argument.

    Every way to declare a route leads there through `api_route` and `add_api_route`, so that a subclass of
    Router that overrides one of these sees them all, as in FastAPI.
    """

    @abstractmethod
    def add_api_route(
        self,
        path: str,
        endpoint: Callable[..., Any],
        *,
        methods: Methods | None = None,
        **options: Unpack[RouteOptions],
    ) -> None:
        """Declare a route without a decorator, for GET if nothing is said; FastAPI's name and order."""

    @abstractmethod
    def add_api_websocket_route(
        self,
        path: str,
        endpoint: Callable[..., Any],
        name: str | None = None,
        *,
        dependencies: Iterable[Any] | None = None,
    ) -> None:
        """Declare a WebSocket route without a decorator; FastAPI's name."""

    @abstractmethod
    def add_websocket_route(
        self, path: str, endpoint: Callable[..., Any] | None = None, name: str | None = None
    ) -> None:
        """Declare a WebSocket route without a decorator; an ASGI application will do, as for Starlette."""

    def api_route(
        self, path: str, *, methods: Methods | None = None, **options: Unpack[RouteOptions]
    ) -> Callable[[Endpoint], Endpoint]:
        """Declare the decorated function as the endpoint of `path` for these methods, GET if none is said."""
        check_path(path)  # now: without brackets the function stands here, and nothing more is called

        def declare(endpoint: Endpoint) -> Endpoint:
            self.add_api_route(path, endpoint, methods=methods, **options)
            return endpoint

        return declare

    def route(
        self, path: str, methods: Methods | None = None, **options: Unpack[RouteOptions]
    ) -> Callable[[Endpoint], Endpoint]:
        """Declare a route; Starlette's name for `api_route`."""
        return self.api_route(path, methods=methods, **options)

    def get(self, path: str, **options: Unpack[RouteOptions]) -> Callable[[Endpoint], Endpoint]:
        """Declare a GET route; HEAD comes with it."""
        return self.api_route(path, methods=("GET",), **options)

    def head(self, path: str, **options: Unpack[RouteOptions]) -> Callable[[Endpoint], Endpoint]:
        """Declare a HEAD route, for when it should differ from GET."""
        return self.api_route(path, methods=("HEAD",), **options)

    def post(self, path: str, **options: Unpack[RouteOptions]) -> Callable[[Endpoint], Endpoint]:
        """Declare a POST route."""
        return self.api_route(path, methods=("POST",), **options)

    def put(self, path: str, **options: Unpack[RouteOptions]) -> Callable[[Endpoint], Endpoint]:
        """Declare a PUT route."""
        return self.api_route(path, methods=("PUT",), **options)

    def patch(self, path: str, **options: Unpack[RouteOptions]) -> Callable[[Endpoint], Endpoint]:
        """Declare a PATCH route."""
        return self.api_route(path, methods=("PATCH",), **options)

    def delete(self, path: str, **options: Unpack[RouteOptions]) -> Callable[[Endpoint], Endpoint]:
        """Declare a DELETE route."""
        return self.api_route(path, methods=("DELETE",), **options)

    def options(self, path: str, **options: Unpack[RouteOptions]) -> Callable[[Endpoint], Endpoint]:
        """Declare an OPTIONS route."""
        return self.api_route(path, methods=("OPTIONS",), **options)

    def trace(self, path: str, **options: Unpack[RouteOptions]) -> Callable[[Endpoint], Endpoint]:
        """Declare a TRACE route."""
        return self.api_route(path, methods=("TRACE",), **options)

    def websocket(
        self, path: str, name: str | None = None, *, dependencies: Iterable[Any] | None = None
    ) -> Callable[[Endpoint], Endpoint]:
        """Declare the decorated function as the endpoint of a WebSocket route."""
        check_path(path)

        def declare(endpoint: Endpoint) -> Endpoint:
            self.add_api_websocket_route(path, endpoint, name, dependencies=dependencies)
            return endpoint

        return declare

    def websocket_route(self, path: str, name: str | None = None) -> Callable[[Endpoint], Endpoint]:
        """Declare the decorated function or class as `add_websocket_route` does: Starlette's way."""

        def declare(endpoint: Endpoint) -> Endpoint:
            self.add_websocket_route(path, endpoint, name)
            return endpoint

        return declare
