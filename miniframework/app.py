"""The application: an ASGI callable around one route table."""

import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar, assert_never

from miniframework import events
from miniframework.assembly import Assembly
from miniframework.bus import EventBus
from miniframework.datastructures import State
from miniframework.declarations import Declaration, IncludeDeclaration, find_caller
from miniframework.endpoint import RESPONSE_STARTED
from miniframework.errors import RegistrationError
from miniframework.exception_handlers import ErrorPage, ExceptionHandler, ExceptionHandlers, HandlerKey
from miniframework.http.exceptions import HTTPException
from miniframework.http.mounting import SendWatch, make_child_scope
from miniframework.http.request import Request
from miniframework.http.response import RedirectResponse
from miniframework.http.reverse import find_path
from miniframework.http.url import strip_root_path, toggled_location
from miniframework.lifespan import Lifespan, run_lifespan
from miniframework.middleware import FunctionMiddleware, Middleware, MiddlewareFunction, build_stack
from miniframework.router import Router
from miniframework.routing.converters import Converter
from miniframework.routing.match import Found, Match, MethodNotAllowed, NotFound, Redirected, outcome_of
from miniframework.routing.route import Mount
from miniframework.routing.table import RouteTable
from miniframework.tap import Tap, Trace, find_trace
from miniframework.types import ASGIApp, Receive, Scope, Send
from miniframework.websocket import NORMAL_CLOSURE

Handler = TypeVar("Handler", bound=ExceptionHandler)
Function = TypeVar("Function", bound=MiddlewareFunction)
LifespanFunction = TypeVar("LifespanFunction", bound=Lifespan)


class App:
    """An ASGI application: routes, middleware, exception handlers, lifespan.

    `converters` are known to the paths of `app.router`. `redirect_slashes` answers 307 where a slash at the
    end is missing or too many. `scalars_from_body` is the tutorial's rule for undeclared parameters (see
    `miniframework.params`). `debug` puts the traceback into the 500 response. Who listens on `bus` hears
    every request; nobody listening costs one look a request. `error_page` may replace what the default
    handlers answer, here and in what is mounted: a tool for developers shows browsers a page with it.
    """

    def __init__(
        self,
        *,
        redirect_slashes: bool = True,
        lifespan: Lifespan | None = None,
        exception_handlers: Mapping[HandlerKey, ExceptionHandler] | None = None,
        middleware: Sequence[Middleware] = (),
        converters: Mapping[str, Converter] | None = None,
        scalars_from_body: bool = False,
        debug: bool = False,
    ) -> None:
        self.debug = debug
        self.error_page: ErrorPage | None = None
        self.state = State()
        self.bus = EventBus()
        self.router = Router(converters=converters)
        self.redirect_slashes = redirect_slashes
        self._lifespan = lifespan
        self._handlers = ExceptionHandlers(exception_handlers)
        self._middleware = list(middleware)
        self._assembly = Assembly(self.router, self._handlers, scalars_from_body=scalars_from_body)
        self._table: RouteTable | None = None
        self._stack: ASGIApp | None = None
        self._tap = Tap(self._serve, self.bus)
        self.router.watch(self._note_declaration)
        self._borrow_declarers()

    def _borrow_declarers(self) -> None:
        """Offer the router's declaring methods as the application's own."""
        router = self.router
        self.route, self.api_route, self.add_route = router.route, router.api_route, router.add_route
        self.get, self.head, self.post, self.put = router.get, router.head, router.post, router.put
        self.patch, self.delete, self.options = router.patch, router.delete, router.options
        self.trace, self.websocket = router.trace, router.websocket
        self.include_router, self.mount = router.include_router, router.mount
        self.add_converter = router.add_converter

    @property
    def table(self) -> RouteTable:
        """The routes in the order in which they are tried; a new table after each change."""
        if self._table is None:
            self._table = RouteTable(self._assembly.entries(), redirect_slashes=self.redirect_slashes)
        return self._table

    def add_middleware(self, factory: Callable[..., ASGIApp], **options: Any) -> None:
        """Wrap everything so far in `factory(app, **options)`: the last one added is the outermost."""
        self._middleware.insert(0, Middleware(factory, options))
        self._stack = None

    def middleware(self, kind: str) -> Callable[[Function], Function]:
        """Wrap every HTTP request in the decorated `async def f(request, call_next)`; `kind` is "http"."""
        if kind != "http":
            raise RegistrationError(
                where=str(find_caller()),
                problem=f"middleware({kind!r}): only 'http' is known",
                way_out="for WebSockets write an ASGI class and add it with add_middleware",
            )

        def register(function: Function) -> Function:
            self.add_middleware(FunctionMiddleware, function=function)
            return function

        return register

    def exception_handler(self, key: HandlerKey) -> Callable[[Handler], Handler]:
        """Answer an exception class (and its subclasses) or a status with the decorated function."""

        def register(handler: Handler) -> Handler:
            self._handlers.add(key, handler)
            return handler

        return register

    def lifespan(self, function: LifespanFunction) -> LifespanFunction:
        """Run the decorated async context manager `f(app)` around the application's life."""
        self._lifespan = function
        return function

    def url_for(self, name: str, /, **params: Any) -> str:
        """Give the path of the route `name`, percent-encoded; `mount:route` looks below a mount. Raises
        UrlError.
        """
        return find_path(self.table, name, params)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one ASGI call. Raises ValueError for a scope type it does not know, as ASGI asks for."""
        if scope["type"] not in ("http", "websocket"):
            if scope["type"] != "lifespan":
                raise ValueError(
                    f"ASGI scope type {scope['type']!r} is not known (http, websocket, lifespan)"
                )
            await run_lifespan(self._lifespan, self, scope, receive, send)
        elif self.bus.listening:
            await self._tap(scope, receive, send)
        else:
            await self._serve(scope, receive, send)

    async def _serve(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, and turn what nobody expected into a 500 before it goes on to the server."""
        watch: SendWatch | None = None
        try:
            if self._middleware:
                watch = SendWatch(send)
                await self._wrapped()(scope, receive, watch)
            else:
                await self._dispatch(scope, receive, send)
        except Exception as error:
            started = RESPONSE_STARTED in scope if watch is None else watch.started
            if not started and scope["type"] == "http":
                scope.setdefault("app", self)
                request = Request(scope, receive)
                response = await self._handlers.answer_failure(request, error, debug=self.debug)
                await response(scope, receive, send)
            raise

    def _wrapped(self) -> ASGIApp:
        if self._stack is None:
            self._stack = build_stack(self._dispatch, self._middleware)
        return self._stack

    async def _dispatch(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Ask the table and run what it says."""
        table = self._table or self.table
        path = strip_root_path(scope) if scope.get("root_path") else scope["path"]
        trace = find_trace()
        asked_ns = 0 if trace is None else time.monotonic_ns()
        match = table.match(scope["type"], scope.get("method", "GET"), path)
        if trace is not None:
            _report_match(match, table, path, asked_ns, scope, trace)
        scope["app"] = self
        if not isinstance(match, Found):
            await self._answer_miss(match, scope, receive, send)
            return
        entry = match.entry
        outer = scope.get("path_params")
        scope["path_params"] = {**outer, **match.params} if outer else dict(match.params)
        if isinstance(entry, Mount):
            await self._run_mount(entry, match, path, scope, receive, send)
            return
        scope["route"] = entry
        scope["endpoint"] = entry.endpoint
        assert entry.handle is not None
        await entry.handle(scope, receive, send)

    async def _run_mount(
        self, entry: Mount, match: Found, path: str, scope: Scope, receive: Receive, send: Send
    ) -> None:
        child = make_child_scope(scope, self, path, match.prefix_length)
        watch = SendWatch(send)
        try:
            await entry.app(child, receive, watch)
        except Exception as error:
            if watch.started:
                scope[RESPONSE_STARTED] = True
                raise
            await self._answer_error(error, scope, receive, send)

    async def _answer_miss(
        self, miss: MethodNotAllowed | Redirected | NotFound, scope: Scope, receive: Receive, send: Send
    ) -> None:
        if scope["type"] == "websocket":
            # Before an accept this refuses the handshake: the server answers 403.
            await send({"type": "websocket.close", "code": NORMAL_CLOSURE, "reason": ""})
            return
        match miss:
            case Redirected(path=toggled):
                await RedirectResponse(toggled_location(scope, toggled))(scope, receive, send)
            case MethodNotAllowed(allow=allow):
                error = HTTPException(405, headers={"Allow": ", ".join(allow)})
                await self._answer_error(error, scope, receive, send)
            case NotFound():
                await self._answer_error(HTTPException(404), scope, receive, send)
            case _:
                assert_never(miss)

    async def _answer_error(self, error: Exception, scope: Scope, receive: Receive, send: Send) -> None:
        """Send the response of the handler that is meant for `error`; raise it when there is none."""
        if scope["type"] != "http":
            raise error
        response = await self._handlers.answer(Request(scope, receive), error)
        if response is None:
            raise error
        scope[RESPONSE_STARTED] = True
        await response(scope, receive, send)

    def _note_declaration(self, chain: tuple[IncludeDeclaration, ...], declaration: Declaration) -> None:
        self._assembly.add(chain, declaration)
        self._table = None


def _report_match(
    match: Match, table: RouteTable, path: str, asked_ns: int, scope: Scope, trace: Trace
) -> None:
    now = time.monotonic_ns()
    took_ns = now - asked_ns
    if isinstance(match, Found):
        event: events.Event = events.RouteMatched(
            exchange_id=trace.exchange_id,
            at_ns=now,
            table=table,
            index=match.index,
            entry=match.entry,
            path=path,
            raw_params=match.params,
            took_ns=took_ns,
        )
    else:
        event = events.RouteMissed(
            exchange_id=trace.exchange_id,
            at_ns=now,
            table=table,
            outcome=outcome_of(match),
            path=path,
            allow=match.allow if isinstance(match, MethodNotAllowed) else (),
            location=toggled_location(scope, match.path) if isinstance(match, Redirected) else None,
            took_ns=took_ns,
        )
    trace.emit(event)
