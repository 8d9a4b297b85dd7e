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
    check_mounted,
    check_options,
    check_path,
    check_prefix,
    check_responses,
    refuse_itself,
    refuse_no_router,
    sort_arguments,
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
from miniframework.endpoints import as_function, choose_methods, given_request, is_asgi
from miniframework.frontends import FrontendOptions
from miniframework.http.answer_options import read_answer_options
from miniframework.http.limits import FormLimitWords, read_limits
from miniframework.http.response import Response
from miniframework.lifespan import LifeEvents, LifeFunction, Lifespan, nest
from miniframework.params.signature import find_source
from miniframework.routing import written
from miniframework.routing.converters import BUILT_IN, Converter, check_converter
from miniframework.routing.pattern import PathPattern, parse_pattern
from miniframework.routing.route import Route
from miniframework.routing.source import Source
from miniframework.shared_words import SharedWords

# Told of each declaration, together with the includes on the way to it, outermost first.
Watcher = Callable[[tuple[IncludeDeclaration, ...], Declaration], None]
# What a callback's path is made of: `{$request.body.url}`. Source: OpenAPI 3.1, Runtime Expressions.
_RUNTIME_EXPRESSION = "{$"


class Router(SharedWords, Declaring):
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
        self._watchers: list[Watcher] = []
        self._repetitions = Repetitions()
        self.middleware = tuple(middleware or ())
        for name, converter in (converters or {}).items():
            self.add_converter(name, converter)
        for one in routes or ():
            self.take(one)

    def take(self, one: Any) -> None:
        """Declare an entry of a list, as `Route("/", home)`, at the line where it was written."""
        from miniframework.route_list import declare_route  # it stands beside this module, and needs it

        declare_route(self, one)

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
        check_path(path)  # now: without brackets the function stands here, and nothing more is called

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
        is_described = self._is_described(path)
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

    def _is_described(self, path: str) -> bool:
        """Tell whether a path is never served: a callback's, and a webhook's as long as nobody serves it."""
        is_name = not self._watchers and not (self.prefix + path or "/").startswith("/")
        return is_name or _RUNTIME_EXPRESSION in path

    def check_served(self) -> None:
        """Raise PatternError for what was taken for a webhook's name, now that the router is to be served."""
        for one in self.described:
            if _RUNTIME_EXPRESSION not in one.path:
                parse_pattern(one.path, self.converters, one.source)

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
        check_path(path)

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

        Starlette's order, `add_route(path, endpoint, methods=[...])`, is understood too, and what is declared
        so is not described, as there. Raises RouteError when there is nothing to call.
        """
        function, methods = sort_arguments(path, (first, second), methods, handler or endpoint)
        if function is first or function is endpoint:
            options = {"include_in_schema": False, **options}
            if is_asgi(function):
                self.take(written.Route(path, function, methods=methods, name=options.get("name")))
                return
            methods = choose_methods(methods, function)
            function = given_request(function, path)
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
            refuse_no_router(router, source)
        if router is self or router.includes(self):
            refuse_itself(source)
        router.check_served()
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
        check_path(path)
        full = self.prefix + path.rstrip("/")
        if not isinstance(app, Router):
            check_mounted(app, path, source)
        elif app is self or app.includes(self):
            refuse_itself(source)
        self.declare(MountDeclaration(path=full, app=app, name=name or "", source=source, limits=self.limits))

    def frontend(self, path: str, **build: Unpack[FrontendOptions]) -> None:
        """Serve the build of a front end below `path`, where no route takes a path: see `Frontend`."""
        from miniframework.frontend import declare_frontend  # few applications have one

        declare_frontend(self, path, build, find_caller())

    def url_path_for(self, name: str, /, **params: Any) -> str:
        """Give the path of the route `name` in the application whose router this is; of another router,
        without the prefixes of those that include it. Raises UrlError.
        """
        if self.find_path is not None:
            return self.find_path(name, **params)
        from miniframework.part import find_own_path  # it stands above this module

        return find_own_path(self, name, params)

    @property
    def routes(self) -> list[Declaration]:
        """What was declared here, in order, and after it what is only described: for `callbacks=`."""
        return [*self.declarations, *self.described]

    def includes(self, other: "Router") -> bool:
        """Tell whether `other` is included or mounted here, directly or further in."""
        inner = [one.router for one in self.declarations if isinstance(one, IncludeDeclaration)]
        mounted = [one.app for one in self.declarations if isinstance(one, MountDeclaration)]
        inner += [one for one in mounted if isinstance(one, Router)]
        return any(router is other or router.includes(other) for router in inner)

    def watch(self, watcher: Watcher) -> None:
        """Tell `watcher` of every declaration made here or in an included router from now on."""
        self.check_served()
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
