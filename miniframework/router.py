"""Routers: routes declared together, to be included in an application or in each other."""

import warnings
from collections.abc import Callable, Iterable, Mapping
from contextlib import AbstractAsyncContextManager
from dataclasses import replace
from typing import Any, Unpack

from miniframework.checks import (
    Repetitions,
    bare_entry,
    check_dependencies,
    check_endpoint,
    check_methods,
    check_options,
    check_prefix,
    check_responses,
)
from miniframework.declarations import (
    Declaration,
    HttpDeclaration,
    IncludeDeclaration,
    MountDeclaration,
    RouteOptions,
    SocketDeclaration,
    find_caller,
    name_of,
)
from miniframework.declaring import Declaring, Endpoint, Life, Methods
from miniframework.documentation import SharedDocsOptions, read_documentation, read_shared
from miniframework.endpoints import as_function, choose_methods
from miniframework.errors import RouteError, UrlError
from miniframework.frontends import FrontendOptions
from miniframework.http.answer_options import read_answer_options
from miniframework.http.limits import FormLimitWords, read_limits
from miniframework.http.response import Response
from miniframework.lifespan import LifeEvents, LifeFunction, Lifespan, nest
from miniframework.params.signature import find_source
from miniframework.routing.converters import BUILT_IN, Converter, check_converter
from miniframework.routing.pattern import PathPattern, parse_pattern
from miniframework.routing.route import Route
from miniframework.routing.source import Source

# Told of each declaration, together with the includes on the way to it, outermost first.
Watcher = Callable[[tuple[IncludeDeclaration, ...], Declaration], None]
# What a callback's path is made of: `{$request.body.url}`. Source: OpenAPI 3.1, Runtime Expressions.
_RUNTIME_EXPRESSION = "{$"


class Router(Declaring):
    """Collects declarations in order; first declared wins.

    What cannot work raises a RegistrationError at the line that declares it (what depends on a prefix: at
    the line that includes it). Routes added after `include_router` count too. `converters` are known to the
    paths written on this router, beside the built-in ones and those of the routers that include it.
    `dependencies` are called for every route, those of outer routers first. `default_response_class` makes
    the responses of routes that name none; an inner router's comes before an outer one's. `documents_only`:
    what is declared is described, not served (webhooks), and its paths may be any text. `lifespan`,
    `on_startup` and `on_shutdown` run with those of the application. `route_class` is a Route with its own
    `get_route_handler`, for the routes declared here. `strict_content_type`, if given, comes before what the
    routers around say, and so do `max_body_size` (bytes) and each of `form_limits`. All else is for the
    documentation.
    """

    def __init__(
        self,
        *,
        prefix: str = "",
        converters: Mapping[str, Converter] | None = None,
        dependencies: Iterable[Any] | None = None,
        default_response_class: type[Response] | None = None,
        documents_only: bool = False,
        lifespan: Lifespan | None = None,
        on_startup: Iterable[LifeFunction] | None = None,
        on_shutdown: Iterable[LifeFunction] | None = None,
        strict_content_type: bool | None = None,
        route_class: type[Route] | None = None,
        redirect_slashes: bool = True,
        max_body_size: int | None = None,
        form_limits: FormLimitWords | None = None,
        **docs: Unpack[SharedDocsOptions],
    ) -> None:
        self.declarations: list[Declaration] = []
        self.described: list[HttpDeclaration] = []
        self.converters: dict[str, Converter] = dict(BUILT_IN)
        self.prefix = check_prefix(prefix, find_caller())
        self.dependencies = check_dependencies(dependencies, find_caller())
        self.default_response_class = default_response_class
        self.documentation = read_shared("Router", docs)
        self.life = LifeEvents(lifespan, on_startup, on_shutdown)
        self.strict_content_type = strict_content_type
        self.route_class = route_class
        self.redirect_slashes = redirect_slashes
        said = {"max_body_size": max_body_size, "form_limits": form_limits}
        self.limits = read_limits(said, str(find_caller()))
        self.find_path: Callable[..., str] | None = None  # an application gives its own router one
        self._documents_only = documents_only
        self._watchers: list[Watcher] = []
        self._repetitions = Repetitions()
        for name, converter in (converters or {}).items():
            self.add_converter(name, converter)

    @property
    def tags(self) -> list[Any]:
        """The tags that were given to this router, in a new list."""
        return list(self.documentation.tags)

    @property
    def deprecated(self) -> bool | None:
        """Whether all its routes were said to be deprecated."""
        return self.documentation.deprecated

    @property
    def include_in_schema(self) -> bool:
        """Whether the documentation describes its routes."""
        return self.documentation.include_in_schema

    @property
    def responses(self) -> Mapping[int | str, Mapping[str, Any]]:
        """The additional responses of all its routes, by status."""
        return self.documentation.responses

    @property
    def _router(self) -> "Router":
        return self

    def add_converter(self, name: str, converter: Converter) -> None:
        """Make `{x:name}` known to the paths declared from now on. Raises ConverterError."""
        check_converter(name, converter, where=str(find_caller()))
        self.converters[name] = converter

    def api_route(
        self, path: str, *, methods: Methods | None = None, **options: Unpack[RouteOptions]
    ) -> Callable[[Endpoint], Endpoint]:
        """Declare the decorated function as the endpoint of `path` for these methods, GET if none is said."""

        def declare(endpoint: Endpoint) -> Endpoint:
            self.add_api_route(path, endpoint, methods=methods, **options)
            return endpoint

        return declare

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
        needed = self.dependencies + check_dependencies(options.get("dependencies"), source)
        documentation = self.documentation.around(read_documentation(options))
        check_responses(documentation.responses, endpoint, path, source)
        is_described = self._documents_only or _RUNTIME_EXPRESSION in path
        declaration = HttpDeclaration(
            path=self.prefix + path,
            methods=check_methods(path, choose_methods(methods, endpoint), source),
            endpoint=as_function(endpoint),
            name=options.get("name") or name_of(endpoint),
            source=source,
            route_class=options.get("route_class_override") or self.route_class,
            strict_content_type=self.strict_content_type,
            dependencies=needed,
            answers=read_answer_options(options).below(self.default_response_class),
            documentation=documentation,
            limits=self.limits.around(read_limits(options, str(source))),
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

    def on_event(self, event_type: str) -> Callable[[Life], Life]:
        """Call the decorated function at "startup" or "shutdown". Raises RegistrationError.

        Deprecated as in FastAPI, with a DeprecationWarning: a `lifespan` does more.
        """
        source = find_caller()
        said = "on_event is deprecated, use lifespan instead"
        warnings.warn_explicit(said, DeprecationWarning, source.file, source.line)

        def register(function: Life) -> Life:
            self.life.add(event_type, function, str(source))
            return function

        return register

    def add_event_handler(self, event_type: str, func: LifeFunction) -> None:
        """Call `func` at "startup" or "shutdown". Raises RegistrationError."""
        self.life.add(event_type, func, str(find_caller()))

    @property
    def lives(self) -> list[LifeEvents]:
        """What is to be done at the start, in order: here, then in each included router, once each."""
        lives = [self.life]
        for one in self.declarations:
            if isinstance(one, IncludeDeclaration):
                lives += [life for life in one.router.lives if life not in lives]
        return lives

    def lifespan_context(self, app: Any) -> AbstractAsyncContextManager[Mapping[str, Any] | None]:
        """Run startup and shutdown of this router and of those included around a block, as a test does."""
        return (nest(self.lives) or LifeEvents().around)(app)

    def websocket(
        self, path: str, name: str | None = None, *, dependencies: Iterable[Any] | None = None
    ) -> Callable[[Endpoint], Endpoint]:
        """Declare the decorated function as the endpoint of a WebSocket route."""

        def declare(endpoint: Endpoint) -> Endpoint:
            self.add_api_websocket_route(path, endpoint, name, dependencies=dependencies)
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
        **options: Unpack[RouteOptions],
    ) -> None:
        """Declare a route without a decorator: `add_route(path, methods, handler)`.

        Starlette's order, `add_route(path, endpoint, methods=[...])`, is understood too. Raises RouteError
        when there is nothing to call.
        """
        function = handler or endpoint
        for one in (first, second):
            if callable(one):
                function = one
            elif one is not None:
                methods = one
        if function is None:
            raise RouteError(
                where=str(find_caller()),
                problem=f"add_route({path!r}) has no handler",
                way_out="as in add_route('/items', ['GET'], list_items)",
            )
        self.add_api_route(path, function, methods=methods, **options)

    def include_router(
        self,
        router: "Router",
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
            raise RouteError(
                where=str(source),
                problem=f"include_router({router!r:.100}) takes a Router",
                way_out="an application is mounted: app.mount(path, other_app)",
            )
        if router is self or router.includes(self):
            raise RouteError(
                where=str(source),
                problem="the router would include itself",
                way_out="include it in one direction only",
            )
        needed = self.dependencies + check_dependencies(dependencies, source)
        limits = read_limits({"max_body_size": max_body_size, "form_limits": form_limits}, str(source))
        include = IncludeDeclaration(
            prefix=full,
            router=router,
            source=source,
            dependencies=needed,
            documentation=self.documentation.around(read_shared("include_router", docs)),
            default_response_class=default_response_class or self.default_response_class,
            strict_content_type=self.strict_content_type,
            limits=self.limits.around(limits),
        )
        self._declare(include)
        router.watch(lambda chain, declared: self._announce((include, *chain), declared))

    def mount(self, path: str, app: Any, name: str | None = None) -> None:
        """Give everything below `path` to another ASGI application, HTTP and WebSocket, every method."""
        source = find_caller()
        full = self.prefix + path.rstrip("/")
        if not callable(app):
            raise RouteError(
                where=str(source),
                problem=f"mount({path!r}) got {app!r:.100}, which is no ASGI application",
                way_out="give something that is called with (scope, receive, send)",
            )
        self.declare(MountDeclaration(path=full, app=app, name=name or "", source=source, limits=self.limits))

    def frontend(self, path: str, **build: Unpack[FrontendOptions]) -> None:
        """Serve the build of a front end below `path`, where no route takes a path: see `Frontend`."""
        from miniframework.frontend import declare_frontend  # few applications have one

        declare_frontend(self, path, build, find_caller())

    def url_path_for(self, name: str, /, **params: Any) -> str:
        """Give the path of the route `name` in the application whose router this is. Raises UrlError."""
        if self.find_path is None:
            raise UrlError(f"url_path_for({name!r}): this router is included; ask the application")
        return self.find_path(name, **params)

    @property
    def routes(self) -> list[Declaration]:
        """What was declared here, in order, and after it what is only described: for `callbacks=`."""
        return [*self.declarations, *self.described]

    def includes(self, other: "Router") -> bool:
        """Tell whether `other` is included here, directly or further in."""
        inner = [one.router for one in self.declarations if isinstance(one, IncludeDeclaration)]
        return any(router is other or router.includes(other) for router in inner)

    def watch(self, watcher: Watcher) -> None:
        """Tell `watcher` of every declaration made here or in an included router from now on."""
        self._watchers.append(watcher)

    def declare(self, declaration: HttpDeclaration | SocketDeclaration | MountDeclaration) -> None:
        """Take a declaration that is complete; the methods above make them. Raises RegistrationError."""
        pattern = self._read_path(declaration)
        if isinstance(declaration, HttpDeclaration) and declaration.pattern is None:
            declaration = replace(declaration, pattern=pattern)
        if isinstance(declaration, HttpDeclaration) and declaration.condition is not None:
            self._declare(declaration)
            return
        entry = bare_entry(declaration, pattern)
        self._repetitions.refuse(entry)
        self._declare(declaration)
        self._repetitions.note(entry)  # only now: what was refused may be declared again, in the right way

    def _read_path(self, declaration: HttpDeclaration | SocketDeclaration | MountDeclaration) -> PathPattern:
        if isinstance(declaration, HttpDeclaration) and declaration.pattern is not None:
            return declaration.pattern
        open_ended = isinstance(declaration, MountDeclaration)
        return parse_pattern(declaration.path, self.converters, declaration.source, open_ended=open_ended)

    def _declare(self, declaration: Declaration) -> None:
        self.declarations.append(declaration)
        try:
            self._announce((), declaration)
        except Exception:
            self.declarations.remove(declaration)
            raise

    def _announce(self, chain: tuple[IncludeDeclaration, ...], declaration: Declaration) -> None:
        for watcher in self._watchers:
            watcher(chain, declaration)
