"""From declarations on routers to the entries of one table, each made once, at registration."""

from collections.abc import Callable, Iterator
from typing import Any, assert_never

from miniframework.answering.answer import start_stream
from miniframework.answering.decision import build_answer
from miniframework.background import BackgroundTasks
from miniframework.declarations.declaration import (
    Chain,
    Declaration,
    Dependencies,
    Documented,
    HttpDeclaration,
    IncludeDeclaration,
    Leaf,
    MountDeclaration,
    SocketDeclaration,
)
from miniframework.declaring.api_route import APIRoute
from miniframework.declaring.declared import Declared
from miniframework.declaring.repetitions import Repetitions
from miniframework.declaring.way import Way
from miniframework.dependencies.overrides import Overrides, OverrideSlot
from miniframework.errors import ParameterError
from miniframework.exception_handlers import ExceptionHandlers
from miniframework.http.connection import Connection
from miniframework.http.request import Request
from miniframework.http.response import Response
from miniframework.middleware.limited import LimitedApp
from miniframework.middleware.stack import build_stack
from miniframework.params.field import ParameterPlan
from miniframework.params.plan import plan_parameters
from miniframework.params.plans import Plans
from miniframework.records import dataclass
from miniframework.routing.pattern import PathPattern, parse_pattern
from miniframework.routing.route import Entry, Mount, Route, SocketRoute
from miniframework.routing.source import Source
from miniframework.routing.table import RouteTable
from miniframework.serving.call import Call
from miniframework.serving.endpoint import HttpEndpoint
from miniframework.serving.limited import LimitedEndpoint
from miniframework.serving.route_class import RouteClassEndpoint
from miniframework.serving.socket_endpoint import SocketEndpoint
from miniframework.serving.wrapped import WrappedEndpoint, pass_request_on, pass_socket_on
from miniframework.types import ASGIApp
from miniframework.websocket import WebSocket


class Assembly:
    """The entries of the application whose router is `root`, kept up to date as routers get declarations.

    A declaration is planned when it reaches the root, so that its mistakes are raised at the line that makes
    them; `entries` only puts the finished ones in order.
    """

    def __init__(
        self,
        root: Declared,
        handlers: ExceptionHandlers,
        *,
        scalars_from_body: bool = False,
        untyped_is_json: bool = True,
        overrides: OverrideSlot,
        serve_router: Callable[[Any], ASGIApp],
    ) -> None:
        self._root = root
        self._serve_router = serve_router
        self._handlers = handlers
        self._scalars_from_body = scalars_from_body
        self._untyped_is_json = untyped_is_json
        self._overrides = overrides
        self._made: dict[tuple[Declaration, ...], Entry] = {}
        self._repetitions = Repetitions()

    def add(self, chain: Chain, declaration: Declaration) -> None:
        """Make the entries of a new declaration. Raises RegistrationError."""
        for inner_chain, leaf in _leaves(chain, declaration):
            entry = self._make(Way(self._root, inner_chain), leaf)
            if entry.condition is None:
                self._repetitions.refuse(entry)
                self._repetitions.note(entry)
            self._made[(*inner_chain, leaf)] = entry

    def entries(self) -> list[Entry]:
        """Give every entry in the order in which they are tried."""
        leaves = (pair for one in self._root.declarations for pair in _leaves((), one))
        return [self._made[(*chain, leaf)] for chain, leaf in leaves]

    def _make(self, way: Way, leaf: Leaf) -> Entry:
        match leaf:
            case HttpDeclaration():
                return self._make_route(way, leaf)
            case SocketDeclaration():
                return self._make_socket_route(way, leaf)
            case MountDeclaration():
                return self._make_mount(way, leaf)
            case _:
                assert_never(leaf)

    def _make_mount(self, way: Way, leaf: MountDeclaration) -> Mount:
        inner = self._serve_router(leaf.app) if isinstance(leaf.app, Declared) else leaf.app
        app, limits = build_stack(inner, leaf.middleware), way.limits(leaf)
        return Mount(
            pattern=parse_pattern(way.prefix + leaf.path, way.converters, leaf.source, open_ended=True),
            app=app,
            name=leaf.name,
            source=leaf.source,
            includes=way.includes,
            handle=LimitedApp(app, limits=limits) if limits else app,
            table=_table_finder(inner),
        )

    def _make_route(self, way: Way, leaf: HttpDeclaration) -> Route:
        template = way.prefix + leaf.path or "/"
        pattern = leaf.pattern  # the same converters: the innermost router's overrule all others
        if pattern is None or pattern.template != template:
            pattern = parse_pattern(template, way.converters, leaf.source)
        plans = self._make_plans(way, leaf, pattern, (Request, Connection, Response, BackgroundTasks))
        answer = build_answer(_planned(leaf), way.answers(leaf), leaf.source)
        handle: ASGIApp = leaf.endpoint
        if not leaf.is_asgi:
            function = start_stream(leaf.endpoint) if answer.is_stream else leaf.endpoint
            handle = HttpEndpoint(Call(function, plans), self._handlers, answer)
        if leaf.is_asgi or leaf.middleware:
            handle = WrappedEndpoint(handle, leaf.middleware, self._handlers)
        route = (leaf.route_class or APIRoute)(
            pattern=pattern,
            methods=leaf.methods,
            endpoint=leaf.endpoint,
            name=leaf.name,
            source=leaf.source,
            includes=way.includes,
            handle=handle,
            documented=Documented(leaf, way.documentation(leaf), plans, answer),
            condition=leaf.condition,
        )
        if leaf.route_class is not None:
            wrapped = RouteClassEndpoint(route.get_route_handler(), self._handlers)
            object.__setattr__(route, "handle", wrapped)  # made from the route, so only now
        if limits := way.limits(leaf):
            assert route.handle is not None
            object.__setattr__(route, "handle", LimitedEndpoint(route.handle, limits, self._handlers))
        return route

    def _make_socket_route(self, way: Way, leaf: SocketDeclaration) -> SocketRoute:
        pattern = parse_pattern(way.prefix + leaf.path or "/", way.converters, leaf.source)
        plans = self._make_plans(way, leaf, pattern, (WebSocket, Connection, Response, BackgroundTasks))
        if plans.current.needs_body:
            raise ParameterError(
                where=leaf.source,
                problem=f"{leaf.name}() asks for a request body, which a WebSocket handshake has not",
                way_out="receive it as a message, or take it from the query with Query()",
            )
        handle: ASGIApp = leaf.endpoint
        if not leaf.is_asgi:
            handle = SocketEndpoint(Call(leaf.endpoint, plans), self._handlers)
        if leaf.is_asgi or leaf.middleware:
            handle = WrappedEndpoint(handle, leaf.middleware, self._handlers)
        return SocketRoute(
            pattern=pattern,
            endpoint=leaf.endpoint,
            name=leaf.name,
            source=leaf.source,
            includes=way.includes,
            handle=handle,
        )

    def _make_plans(
        self,
        way: Way,
        leaf: HttpDeclaration | SocketDeclaration,
        pattern: PathPattern,
        special: tuple[type, ...],
    ) -> Plans:
        planning = _Planning(
            _planned(leaf),
            pattern,
            scalars_from_body=self._scalars_from_body and isinstance(leaf, HttpDeclaration),
            untyped_is_json=way.reads_untyped(leaf, usually=self._untyped_is_json),
            source=leaf.source,
            special=special,
            dependencies=way.dependencies(leaf),
        )
        return Plans(planning, self._overrides)

    def beside(self, router: Declared) -> "Assembly":
        """Give one for a router that is mounted in the same application."""
        return Assembly(
            router,
            self._handlers,
            scalars_from_body=self._scalars_from_body,
            untyped_is_json=self._untyped_is_json,
            overrides=self._overrides,
            serve_router=self._serve_router,
        )


@dataclass(frozen=True, slots=True, eq=False)
class _Planning:
    """Works out an endpoint's plan; of a class, because a closure takes four times the memory."""

    endpoint: Callable[..., Any]
    pattern: PathPattern
    scalars_from_body: bool
    untyped_is_json: bool
    source: Source
    special: tuple[type, ...]
    dependencies: Dependencies

    def __call__(self, overrides: Overrides) -> ParameterPlan:
        return plan_parameters(
            self.endpoint,
            self.pattern,
            scalars_from_body=self.scalars_from_body,
            untyped_is_json=self.untyped_is_json,
            source=self.source,
            special=self.special,
            dependencies=self.dependencies,
            overrides=overrides,
        )


def _planned(leaf: HttpDeclaration | SocketDeclaration) -> Callable[..., Any]:
    """Give the function whose signature says what a route asks for."""
    if not leaf.is_asgi:
        return leaf.endpoint
    return pass_request_on if isinstance(leaf, HttpDeclaration) else pass_socket_on


def find_table(app: Any) -> RouteTable | None:
    """Give the table of an application of this framework, looking through wrappers that keep it as `.app`."""
    seen: list[object] = []
    while app is not None and not any(app is one for one in seen):
        table = getattr(app, "table", None)
        if isinstance(table, RouteTable):
            return table
        seen.append(app)
        app = getattr(app, "app", None)
    return None


def _table_finder(app: Any) -> Callable[[], RouteTable | None]:
    return lambda: find_table(app)


def _leaves(chain: Chain, declaration: Declaration) -> Iterator[tuple[Chain, Leaf]]:
    """Every route and mount a declaration stands for, with the includes on the way to it."""
    if isinstance(declaration, IncludeDeclaration):
        inner_chain = (*chain, declaration)
        for inner in declaration.router.declarations:
            yield from _leaves(inner_chain, inner)
    else:
        yield chain, declaration
