"""The ways to declare something, which a router and an application have alike."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable
from typing import Any, TypeVar, Unpack

from miniframework.declarations.declaration import Included, RouteOptions
from miniframework.declarations.documentation import SharedDocsOptions
from miniframework.http.limits import FormLimitWords
from miniframework.http.response import Response
from miniframework.lifespan import LifeFunction
from miniframework.routing.converters import Converter
from miniframework.serving.frontends import FrontendOptions

Endpoint = TypeVar("Endpoint", bound=Callable[..., Any])
Life = TypeVar("Life", bound=LifeFunction)
Methods = Iterable[str]


class Declaring(ABC):
    """Declares on its own router, `_router`; a Router is its own, and says there what each of these does.

    Every way to declare a route leads there through `api_route` and `add_api_route`, so that a subclass of
    Router that overrides one of these sees them all, as in FastAPI.
    """

    @property
    @abstractmethod
    def _router(self) -> "Declaring":
        """Where the declarations go."""

    def api_route(
        self, path: str, *, methods: Methods | None = None, **options: Unpack[RouteOptions]
    ) -> Callable[[Endpoint], Endpoint]:
        """Declare the decorated function as the endpoint of `path` for these methods, GET if none is said."""
        return self._router.api_route(path, methods=methods, **options)

    def add_api_route(
        self,
        path: str,
        endpoint: Callable[..., Any],
        *,
        methods: Methods | None = None,
        **options: Unpack[RouteOptions],
    ) -> None:
        """Declare a route without a decorator, for GET if nothing is said; FastAPI's name and order."""
        self._router.add_api_route(path, endpoint, methods=methods, **options)

    def route(
        self, path: str, methods: Methods | None = None, **options: Unpack[RouteOptions]
    ) -> Callable[[Endpoint], Endpoint]:
        """Declare a route; Starlette's name for `api_route`."""
        return self._router.api_route(path, methods=methods, **options)

    def get(self, path: str, **options: Unpack[RouteOptions]) -> Callable[[Endpoint], Endpoint]:
        """Declare a GET route; HEAD comes with it."""
        return self._router.api_route(path, methods=("GET",), **options)

    def head(self, path: str, **options: Unpack[RouteOptions]) -> Callable[[Endpoint], Endpoint]:
        """Declare a HEAD route, for when it should differ from GET."""
        return self._router.api_route(path, methods=("HEAD",), **options)

    def post(self, path: str, **options: Unpack[RouteOptions]) -> Callable[[Endpoint], Endpoint]:
        """Declare a POST route."""
        return self._router.api_route(path, methods=("POST",), **options)

    def put(self, path: str, **options: Unpack[RouteOptions]) -> Callable[[Endpoint], Endpoint]:
        """Declare a PUT route."""
        return self._router.api_route(path, methods=("PUT",), **options)

    def patch(self, path: str, **options: Unpack[RouteOptions]) -> Callable[[Endpoint], Endpoint]:
        """Declare a PATCH route."""
        return self._router.api_route(path, methods=("PATCH",), **options)

    def delete(self, path: str, **options: Unpack[RouteOptions]) -> Callable[[Endpoint], Endpoint]:
        """Declare a DELETE route."""
        return self._router.api_route(path, methods=("DELETE",), **options)

    def options(self, path: str, **options: Unpack[RouteOptions]) -> Callable[[Endpoint], Endpoint]:
        """Declare an OPTIONS route."""
        return self._router.api_route(path, methods=("OPTIONS",), **options)

    def trace(self, path: str, **options: Unpack[RouteOptions]) -> Callable[[Endpoint], Endpoint]:
        """Declare a TRACE route."""
        return self._router.api_route(path, methods=("TRACE",), **options)

    def add_route(
        self,
        path: str,
        first: Methods | Callable[..., Any] | None = None,
        second: Methods | Callable[..., Any] | None = None,
        *,
        methods: Methods | None = None,
        handler: Callable[..., Any] | None = None,
        endpoint: Callable[..., Any] | None = None,
        route: Callable[..., Any] | None = None,
        **options: Unpack[RouteOptions],
    ) -> None:
        """Declare a route without a decorator: `add_route(path, methods, handler)`.

        Starlette's order, `add_route(path, endpoint, methods=[...])`, is understood too, and `route` for the
        endpoint. Raises RouteError when there is nothing to call.
        """
        given = endpoint or route
        self._router.add_route(
            path, first, second, methods=methods, handler=handler, endpoint=given, **options
        )

    def websocket(
        self, path: str, name: str | None = None, *, dependencies: Iterable[Any] | None = None
    ) -> Callable[[Endpoint], Endpoint]:
        """Declare the decorated function as the endpoint of a WebSocket route."""
        return self._router.websocket(path, name, dependencies=dependencies)

    def websocket_route(self, path: str, name: str | None = None) -> Callable[[Endpoint], Endpoint]:
        """Declare the decorated function or class as `add_websocket_route` does: Starlette's way."""

        def declare(endpoint: Endpoint) -> Endpoint:
            self._router.add_websocket_route(path, endpoint, name)
            return endpoint

        return declare

    def add_api_websocket_route(
        self,
        path: str,
        endpoint: Callable[..., Any],
        name: str | None = None,
        *,
        dependencies: Iterable[Any] | None = None,
    ) -> None:
        """Declare a WebSocket route without a decorator; FastAPI's name."""
        self._router.add_api_websocket_route(path, endpoint, name, dependencies=dependencies)

    def add_websocket_route(
        self,
        path: str,
        endpoint: Callable[..., Any] | None = None,
        name: str | None = None,
        *,
        route: Callable[..., Any] | None = None,
        dependencies: Iterable[Any] | None = None,
    ) -> None:
        """Declare a WebSocket route without a decorator; an ASGI application will do, as for Starlette, whose
        application has `route` for the endpoint.
        """
        given = route if endpoint is None else endpoint
        self._router.add_websocket_route(path, given, name, dependencies=dependencies)

    def include_router(
        self,
        router: Included,
        prefix: str = "",
        *,
        dependencies: Iterable[Any] | None = None,
        default_response_class: type[Response] | None = None,
        max_body_size: int | None = None,
        form_limits: FormLimitWords | None = None,
        **docs: Unpack[SharedDocsOptions],
    ) -> None:
        """Serve the routes of `router`, those of now and those to come, below `prefix`; `dependencies` are
        called before its own. What the rest says holds for all of them. Raises RouteError.
        """
        self._router.include_router(
            router,
            prefix,
            dependencies=dependencies,
            default_response_class=default_response_class,
            max_body_size=max_body_size,
            form_limits=form_limits,
            **docs,
        )

    def frontend(self, path: str, **build: Unpack[FrontendOptions]) -> None:
        """Serve the build of a front end below `path`, where no route takes a path: see `Frontend`."""
        self._router.frontend(path, **build)

    def add_converter(self, name: str, converter: Converter) -> None:
        """Make `{x:name}` known to the paths declared from now on. Raises ConverterError."""
        self._router.add_converter(name, converter)

    def on_event(self, event_type: str) -> Callable[[Life], Life]:
        """Call the decorated function at "startup" or "shutdown". Raises RegistrationError.

        Deprecated as in FastAPI, with a DeprecationWarning: a `lifespan` does more.
        """
        return self._router.on_event(event_type)

    def add_event_handler(self, event_type: str, func: LifeFunction) -> None:
        """Call `func` at "startup" or "shutdown". Raises RegistrationError."""
        self._router.add_event_handler(event_type, func)
