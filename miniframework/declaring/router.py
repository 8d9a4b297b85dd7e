"""Routers: routes declared together, to be included in an application or in each other."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Unpack, cast

from miniframework.answering.options import read_answer_options
from miniframework.callables import name_of
from miniframework.declarations.declaration import (
    HttpDeclaration,
    Included,
    IncludeDeclaration,
    MountDeclaration,
    RouteOptions,
    SocketDeclaration,
)
from miniframework.declarations.documentation import SharedDocsOptions, read_documentation, read_shared
from miniframework.declaring.checks import (
    check_endpoint,
    check_mounted,
    check_path,
    check_prefix,
    refuse_itself,
    refuse_no_router,
    sort_arguments,
)
from miniframework.declaring.circles import leads_to
from miniframework.declaring.declared import Declared
from miniframework.declaring.living import Living
from miniframework.declaring.method_decorators import MethodDecorators, Methods
from miniframework.declaring.option_checks import (
    check_dependencies,
    check_methods,
    check_options,
    check_responses,
)
from miniframework.declaring.own_init import has_own_init, tell
from miniframework.declaring.route_list import make_declaration
from miniframework.declaring.shared_words import SharedWords
from miniframework.http.limits import FormLimitWords, read_limits
from miniframework.http.response import Response
from miniframework.lifespan import LifeEvents, LifeFunction, Lifespan
from miniframework.params.signature import find_source
from miniframework.routing import written
from miniframework.routing.converters import Converter
from miniframework.routing.listed import RouteList
from miniframework.routing.pattern import parse_pattern
from miniframework.routing.route import Route
from miniframework.routing.source import Source, find_caller
from miniframework.serving.frontends import FrontendOptions
from miniframework.starlette_endpoints import (
    as_function,
    choose_methods,
    given_request,
    given_socket,
    is_asgi,
)


class Router(Declared, SharedWords, Living, MethodDecorators):
    """Collects declarations in order; first declared wins.

    What cannot work raises a RegistrationError at the line that declares it (what depends on a prefix: at
    the line that includes it). Routes added after `include_router` count too. `converters` are known to the
    paths written on this router, beside the built-in ones and those of the routers that include it.
    `dependencies` are called for every route, those of outer routers first. `default_response_class` makes
    the responses of routes that name none; an inner router's comes before an outer one's. As long as nobody
    includes the router, a path without a slash names a webhook, which is described. `lifespan`, `on_startup`
    and `on_shutdown` run with those of the application. `route_class` is a Route with its own
    `get_route_handler`, for the routes declared here. `strict_content_type`, if given, comes before what the
    routers around say, and so do `max_body_size` (bytes) and each of `form_limits`. `routes` are declared
    first; `middleware` is around the router where it is mounted, not where it is included. All else is for
    the documentation.
    """

    def __init__(
        self,
        *,
        prefix: str = "",
        converters: Mapping[str, Converter] | None = None,
        dependencies: Iterable[Any] | None = None,
        default_response_class: type[Response] | None = None,
        lifespan: Lifespan | None = None,
        on_startup: Iterable[LifeFunction] | None = None,
        on_shutdown: Iterable[LifeFunction] | None = None,
        strict_content_type: bool | None = None,
        route_class: type[Route] | None = None,
        redirect_slashes: bool = True,
        max_body_size: int | None = None,
        form_limits: FormLimitWords | None = None,
        routes: Iterable[Any] | None = None,
        middleware: Iterable[Any] | None = None,
        **docs: Unpack[SharedDocsOptions],
    ) -> None:
        super().__init__()
        self.prefix = check_prefix(prefix, find_caller())
        self.dependencies = check_dependencies(dependencies, find_caller())
        self.default_response_class = default_response_class
        self.documentation = read_shared(Router.__init__, docs)
        self.life = LifeEvents(lifespan, on_startup, on_shutdown)
        self.strict_content_type = strict_content_type
        self.route_class = route_class
        self.redirect_slashes = redirect_slashes
        said = {"max_body_size": max_body_size, "form_limits": form_limits}
        self.limits = read_limits(said, find_caller())
        # An application gives its own router both.
        self.find_path: Callable[..., str] | None = None
        self.find_entries: Callable[[], list[Any]] | None = None
        self.middleware = tuple(middleware or ())
        for name, converter in (converters or {}).items():
            self.add_converter(name, converter)
        for one in routes or ():
            self.take(one)

    def take(self, one: Any) -> None:
        """Declare an entry of a list, as `Route("/", home)`, at the line where it was written."""
        match one:
            case written.WrittenAPIRoute():
                self.add_api_route(one.path, one.endpoint, **one.words)
            case written.APIWebSocketRoute(dependencies=dependencies):
                self.add_api_websocket_route(one.path, one.endpoint, one.name, dependencies=dependencies)
            case _:
                self.declare(make_declaration(one, self, serve_routes))

    def add_api_route(
        self,
        path: str,
        endpoint: Callable[..., Any],
        *,
        methods: Methods | None = None,
        **options: Unpack[RouteOptions],
    ) -> None:
        """Declare a route without a decorator, for GET if nothing is said; FastAPI's name and order."""
        source = self._find_line(endpoint)
        check_endpoint(endpoint, path, source)
        check_options(options, path, source)
        route_class: Callable[..., Route] | None = options.get("route_class_override") or self.route_class
        if has_own_init(route_class):
            words = {**options, "path": self.prefix + path, "endpoint": endpoint, "methods": methods}
            told = tell(route_class, words, self.converters, source)
            path, endpoint, route_class = told.path.removeprefix(self.prefix), told.endpoint, told.make
            methods, options = told.words.pop("methods", None), cast("RouteOptions", told.words)
            check_options(options, path, source)
        needed = self.dependencies + check_dependencies(options.get("dependencies"), source)
        documentation = self.documentation.around(read_documentation(options))
        check_responses(documentation.responses, endpoint, path, source)
        is_described = self.is_only_described(self.prefix + path)
        declaration = HttpDeclaration(
            path=self.prefix + path,
            methods=check_methods(path, choose_methods(methods, endpoint), source),
            endpoint=as_function(endpoint),
            name=options.get("name") or name_of(endpoint),
            source=source,
            route_class=route_class,
            strict_content_type=self.strict_content_type,
            dependencies=needed,
            answers=read_answer_options(options).below(self.default_response_class),
            documentation=documentation,
            limits=self.limits.around(read_limits(options, source)),
            pattern=None if is_described else parse_pattern(self.prefix + path, self.converters, source),
        )
        if is_described:
            self.described.append(declaration)
        else:
            self.declare(declaration)

    def _find_line(self, endpoint: Callable[..., Any]) -> Source:
        """Give the line that declares; where a subclass stands in between, that of the endpoint."""
        kind = type(self)
        if kind.api_route is Router.api_route and kind.add_api_route is Router.add_api_route:
            return find_caller()
        return find_source(endpoint) or find_caller()

    def add_api_websocket_route(
        self,
        path: str,
        endpoint: Callable[..., Any],
        name: str | None = None,
        *,
        dependencies: Iterable[Any] | None = None,
    ) -> None:
        """Declare a WebSocket route without a decorator; FastAPI's name."""
        source = find_caller()
        needed = self.dependencies + check_dependencies(dependencies, source)
        check_endpoint(endpoint, path, source)
        self.declare(
            SocketDeclaration(
                path=self.prefix + path,
                endpoint=as_function(endpoint),
                name=name or name_of(endpoint),
                source=source,
                dependencies=needed,
            )
        )

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

        Starlette's order, `add_route(path, endpoint, methods=[...])`, is understood too, and what is declared
        so is not described, as there. Raises RouteError when there is nothing to call.
        """
        endpoint = endpoint or route
        function, methods = sort_arguments(path, (first, second), methods, handler or endpoint)
        if function is first or function is endpoint:
            options = {"include_in_schema": False, **options}
            if is_asgi(function):
                self.take(written.Route(path, function, methods=methods, name=options.get("name")))
                return
            methods = choose_methods(methods, function)
            function = given_request(function, path)
        self.add_api_route(path, function, methods=methods, **options)

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
        given: Any = route if endpoint is None else endpoint
        if is_asgi(given):
            self.take(written.WebSocketRoute(path, given, name=name))
        else:
            self.add_api_websocket_route(path, given_socket(given, path), name, dependencies=dependencies)

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
        source = find_caller()
        full = self.prefix + check_prefix(prefix, source)
        if not isinstance(router, Router):
            refuse_no_router(router, source)
        if leads_to(router, self):
            refuse_itself(source)
        router.check_served()
        needed = self.dependencies + check_dependencies(dependencies, source)
        limits = read_limits({"max_body_size": max_body_size, "form_limits": form_limits}, source)
        include = IncludeDeclaration(
            prefix=full,
            router=router,
            source=source,
            dependencies=needed,
            documentation=self.documentation.around(read_shared(Router.include_router, docs)),
            default_response_class=default_response_class or self.default_response_class,
            strict_content_type=self.strict_content_type,
            limits=self.limits.around(limits),
        )
        self.include(include)

    def mount(self, path: str, app: Any, name: str | None = None) -> None:
        """Give everything below `path` to another ASGI application, HTTP and WebSocket, every method."""
        source = find_caller()
        check_path(path)
        full = self.prefix + path.rstrip("/")
        app = served_by_router(app)
        if not isinstance(app, Router):
            check_mounted(app, path, source)
        elif leads_to(app, self):
            refuse_itself(source)
        self.declare(MountDeclaration(path=full, app=app, name=name or "", source=source, limits=self.limits))

    def frontend(self, path: str, **build: Unpack[FrontendOptions]) -> None:
        """Serve the build of a front end below `path`, where no route takes a path: see `Frontend`."""
        from miniframework.declaring.frontend import make_frontend  # few applications have one

        self.declare(make_frontend(path, build, self, find_caller()))

    def url_path_for(self, name: str, /, **params: Any) -> str:
        """Give the path of the route `name` in the application whose router this is; of another router,
        without the prefixes of those that include it. Raises UrlError.
        """
        if self.find_path is not None:
            return self.find_path(name, **params)
        from miniframework.declaring.own_path import find_own_path  # what serves is loaded by the application

        return find_own_path(self, name, params)

    @property
    def routes(self) -> list[Any]:
        """What was declared here, in order, and after it what is only described: for `callbacks=`. Of the
        router of an application the entries of its table.
        """
        if self.find_entries is not None:
            return self.find_entries()
        return RouteList([*self.declarations, *self.described])


def serve_routes(routes: Iterable[Any]) -> Router:
    """Give a router that serves the entries of a list."""
    return Router(routes=routes)


def served_by_router(app: Any) -> Any:
    """Give an entry of a list as the router that serves it; anything else as it is."""
    return serve_routes([app]) if isinstance(app, written.Written) else app
