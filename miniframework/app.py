"""The application: an ASGI callable around one route table."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar, Unpack

from miniframework.asgi import AsgiCallable
from miniframework.bus import EventBus
from miniframework.call_fit import find_misfit
from miniframework.declarations.declaration import Declaration, IncludeDeclaration
from miniframework.declaring.api_description import ApiDescription, ApiOptions, shared_docs
from miniframework.declaring.assembly import Assembly
from miniframework.declaring.circles import refuse_circle
from miniframework.declaring.decorators import Declaring
from miniframework.declaring.hosts import Host, host_entry, make_host
from miniframework.declaring.part import Part
from miniframework.declaring.router import Router, served_by_router
from miniframework.dependencies.overrides import OverrideSlot
from miniframework.errors import RegistrationError
from miniframework.exception_handlers import (
    ErrorPage,
    ExceptionHandler,
    ExceptionHandlers,
    HandlerKey,
)
from miniframework.http.limits import FormLimitWords
from miniframework.http.response import Response
from miniframework.http.reverse import find_path
from miniframework.http.state import State
from miniframework.http.url import URLPath
from miniframework.lifespan import LifeEvents, LifeFunction, Lifespan
from miniframework.middleware.base import FunctionMiddleware, MiddlewareFunction
from miniframework.middleware.limited import LimitedApp
from miniframework.middleware.stack import Middleware, build_stack, check_middleware
from miniframework.openapi.pages import Pages, place_pages
from miniframework.routing import written
from miniframework.routing.converters import Converter
from miniframework.routing.duplicates import put_heads_first
from miniframework.routing.listed import RouteList
from miniframework.routing.route import Entry
from miniframework.routing.source import Source, find_caller
from miniframework.routing.table import Match, Protocol_, RouteTable
from miniframework.serving.dispatch import Dispatcher
from miniframework.serving.frontends import Frontends, split_frontends
from miniframework.tap import Tap
from miniframework.types import ASGIApp

Function = TypeVar("Function", bound=MiddlewareFunction)
LifespanFunction = TypeVar("LifespanFunction", bound=Lifespan)


class App(ApiDescription, AsgiCallable, Declaring):
    """An ASGI application: routes, middleware, exception handlers, lifespan.

    `routes` are declared first. `converters` are known to the paths of `app.router`. `redirect_slashes`
    answers 307 where a slash at the end is missing or too many. `dependencies` are called for every route,
    before all others; `dependency_overrides` has what a test calls in the place of a dependency.
    `default_response_class` makes the responses of routes that name none. `strict_content_type`: a body
    without a content type is not read as JSON. `max_body_size` (bytes) and `form_limits` are what a route
    takes that says nothing else, and what middleware and mounted applications may read. `scalars_from_body`
    is the tutorial's rule for undeclared parameters (see `miniframework.params`). `debug` puts the traceback
    into the 500 response. Who listens on `bus` hears every request; nobody listening costs one look a
    request. `error_page` may replace what the default handlers answer, here and in what is mounted: a tool
    for developers shows browsers a page with it.
    """

    _table: RouteTable | None

    def __init__(
        self,
        *,
        routes: Sequence[written.Written] | None = None,
        redirect_slashes: bool = True,
        lifespan: Lifespan | None = None,
        on_startup: Sequence[LifeFunction] | None = None,
        on_shutdown: Sequence[LifeFunction] | None = None,
        exception_handlers: Mapping[HandlerKey, ExceptionHandler] | None = None,
        middleware: Sequence[Middleware] | None = None,
        converters: Mapping[str, Converter] | None = None,
        dependencies: Sequence[Any] | None = None,
        default_response_class: type[Response] | None = None,
        scalars_from_body: bool = False,
        strict_content_type: bool = True,
        max_body_size: int | None = None,
        form_limits: FormLimitWords | None = None,
        debug: bool = False,
        **api: Unpack[ApiOptions],
    ) -> None:
        super().__init__(**api)
        self.debug = debug
        self.error_page: ErrorPage | None = None
        self.state = State()
        self.bus = EventBus()
        self.router = Router(
            converters=converters,
            dependencies=dependencies,
            default_response_class=default_response_class,
            lifespan=lifespan,
            on_startup=on_startup,
            on_shutdown=on_shutdown,
            redirect_slashes=redirect_slashes,
            max_body_size=max_body_size,
            form_limits=form_limits,
            **shared_docs(api),
        )
        self._overrides = OverrideSlot()
        self._handlers = ExceptionHandlers(exception_handlers)
        limits = self.router.limits
        self._outermost = [Middleware(LimitedApp, limits=limits)] if limits else []
        self._middleware = [*self._outermost, *check_middleware(middleware or ())]
        self._assembly = Assembly(
            self.router,
            self._handlers,
            scalars_from_body=scalars_from_body,
            untyped_is_json=not strict_content_type,
            overrides=self._overrides,
            serve_router=self._serve_router,
        )
        self._dispatch = Dispatcher(self, self._handlers)
        self._pages = Pages(self).routes()
        self._hosts: list[Host] = []
        self._is_started = False
        self._table = self._stack = self._function = None
        self._tap = Tap(self._serve, self.bus)
        self.router.watch(self._note_declaration)
        self.router.find_path = self.url_for
        self.router.find_entries = lambda: self.routes
        for one in routes or ():
            self._take(one)

    def _take(self, one: written.Written) -> None:
        if isinstance(one, written.Host):
            self._add_host(one.path, one.app, one.name, one.source)
        else:
            self.router.take(one)

    def _add_host(self, host: str, app: ASGIApp | Router, name: str | None, source: Source) -> None:
        served = self._serve_router(app) if isinstance(app, Router) else app
        self._hosts.append(make_host(host, served, name, source))

    @property
    def _router(self) -> Router:
        return self.router

    @property
    def user_middleware(self) -> tuple[Middleware, ...]:
        """What `add_middleware` added, the outermost first."""
        return tuple(self._middleware[len(self._outermost) :])

    @property
    def redirect_slashes(self) -> bool:
        """Whether a slash at the end that is missing or too many is answered with 307; as the router says."""
        return self.router.redirect_slashes

    @redirect_slashes.setter
    def redirect_slashes(self, redirects: bool) -> None:
        self.router.redirect_slashes = redirects

    @property
    def max_body_size(self) -> int | None:
        """The most bytes that the body of a request may have, if that was said."""
        return self.router.limits.max_body_size

    @property
    def dependency_overrides(self) -> dict[Callable[..., Any], Callable[..., Any]]:
        """What is called in the place of a dependency from now on; `{get_db: fake_db}`, and empty again."""
        return self._overrides.current

    @dependency_overrides.setter
    def dependency_overrides(self, overrides: dict[Callable[..., Any], Callable[..., Any]]) -> None:
        self._overrides.current = overrides

    @property
    def lives(self) -> list[LifeEvents]:
        """What is to be done at the start and the end, in order, as the router says."""
        return self.router.lives

    @property
    def table(self) -> RouteTable:
        """The routes in the order in which they are tried; a new table after each change."""
        if self._table is None:
            routes, frontends = split_frontends(self._assembly.entries())
            hosts = [host_entry(host) for host in self._hosts]
            entries = [*hosts, *place_pages(put_heads_first(routes), self._pages)]
            self._dispatch.frontends = Frontends(frontends, len(entries)) if frontends else None
            self._table = RouteTable([*entries, *frontends], redirect_slashes=self.redirect_slashes)
        return self._table

    def begin(self) -> RouteTable:
        """Give the table to serve by, for the first request or after a change; from now on the middleware
        stays as it is.
        """
        self._is_started = True
        self._dispatch.table = self.table
        return self.table

    def _change_table(self) -> None:
        self._table = self._dispatch.table = None

    @property
    def hosts(self) -> tuple[Host, ...]:
        """What is served for a host; they are the first entries of the table, in the same order."""
        return tuple(self._hosts)

    def match(self, protocol: Protocol_, method: str, path: str) -> Match:
        """Who takes the request: what the table says, and the front ends that are asked where nobody does."""
        match = self.table.match(protocol, method, path)
        frontends = self._dispatch.frontends
        return match if frontends is None else frontends.take(match, protocol, path)

    @property
    def routes(self) -> list[Entry]:
        """The entries of the table."""
        return RouteList(self.table.entries)

    def add_middleware(
        self, middleware_class: Callable[..., ASGIApp], *arguments: Any, **options: Any
    ) -> None:
        """Wrap everything so far in `middleware_class(app, *arguments, **options)`: the last one is the
        outermost. Raises RuntimeError once the application has started, as Starlette does.
        """
        self._refuse_once_started()
        self._middleware.insert(len(self._outermost), Middleware(middleware_class, *arguments, **options))
        self._stack = self._function = None

    def middleware(self, middleware_type: str) -> Callable[[Function], Function]:
        """Wrap every HTTP request in the decorated `async def f(request, call_next)`; the type is "http"."""
        where = str(find_caller())
        if middleware_type != "http":
            raise RegistrationError(
                where=where,
                problem=f"middleware({middleware_type!r}): only 'http' is known",
                way_out="for WebSockets write an ASGI class and add it with add_middleware",
            )

        def register(function: Function) -> Function:
            self._refuse_once_started()
            if misfit := find_misfit(function, ("request", "call_next")):
                raise RegistrationError(
                    where=where,
                    problem=f"the middleware {misfit}",
                    way_out="write async def name(request, call_next), which returns what call_next gives",
                )
            self.add_middleware(FunctionMiddleware, function=function)
            return function

        return register

    def _refuse_once_started(self) -> None:
        if self._is_started:
            raise RuntimeError("Cannot add middleware after an application has started")

    def mount(self, path: str, app: ASGIApp | Router | written.Written, name: str | None = None) -> None:
        """Give everything below `path` to another ASGI application, HTTP and WebSocket, every method; a
        router or an entry of a list is served as it is, without documentation.
        """
        below = served_by_router(app)
        refuse_circle(self, below, f"mount({path!r})")
        self.router.mount(path, below, name)

    def _serve_router(self, router: Router) -> ASGIApp:
        part = Part(router, self, self._assembly.beside(router))
        return build_stack(part, router.middleware)

    def host(self, host: str, app: ASGIApp | Router, name: str | None = None) -> None:
        """Give every request for a host, as `api.example.com` or `{customer}.example.com`, to `app`.

        Hosts are asked in the order in which they were declared, before any route. Raises PatternError and
        RouteError.
        """
        refuse_circle(self, app, f"host({host!r})")
        self._add_host(host, app, name, find_caller())
        self._stack = self._function = None
        self._change_table()

    def lifespan(self, function: LifespanFunction) -> LifespanFunction:
        """Run the decorated async context manager `f(app)` around the application's life."""
        self.router.life.lifespan = function
        return function

    def url_for(self, name: str, /, **params: Any) -> URLPath:
        """Give the path of the route `name`, percent-encoded; `mount:route` looks below a mount. Raises
        UrlError.
        """
        return find_path(self.table, name, params)

    # FastAPI's name for it.
    url_path_for = url_for

    def _note_declaration(self, chain: tuple[IncludeDeclaration, ...], declaration: Declaration) -> None:
        self._assembly.add(chain, declaration)
        self._change_table()
