"""From declarations on routers to the entries of one table, each made once, at registration."""

from collections.abc import Callable, Iterator
from typing import Any, assert_never

from miniframework.answering.answer import Answer, start_stream
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
from miniframework.declarations.documentation import Documentation
from miniframework.declaring.api_route import APIRoute
from miniframework.declaring.checks import Repetitions
from miniframework.declaring.declared import Declared
from miniframework.dependencies.overrides import Overrides, OverrideSlot
from miniframework.errors import ParameterError
from miniframework.exception_handlers import ExceptionHandlers
from miniframework.http.connection import Connection
from miniframework.http.limits import Limits
from miniframework.http.request import Request
from miniframework.http.response import Response
from miniframework.middleware.limited import LimitedApp
from miniframework.middleware.stack import build_stack
from miniframework.params.field import ParameterPlan
from miniframework.params.plan import plan_parameters
from miniframework.params.plans import Plans
from miniframework.records import dataclass
from miniframework.routing.converters import Converter
from miniframework.routing.pattern import PathPattern, parse_pattern
from miniframework.routing.route import Entry, Include, Mount, Route, SocketRoute
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
            entry = self._make(inner_chain, leaf)
            if entry.condition is None:
                self._repetitions.refuse(entry)
                self._repetitions.note(entry)
            self._made[(*inner_chain, leaf)] = entry

    def entries(self) -> list[Entry]:
        """Give every entry in the order in which they are tried."""
        leaves = (pair for one in self._root.declarations for pair in _leaves((), one))
        return [self._made[(*chain, leaf)] for chain, leaf in leaves]

    def _make(self, chain: Chain, leaf: Leaf) -> Entry:
        prefix = "".join([include.prefix for include in chain])
        includes = tuple(Include(prefix=one.prefix, source=one.source) for one in chain)
        needed = tuple(marker for include in chain for marker in include.dependencies)
        converters = self._converters(chain)
        match leaf:
            case HttpDeclaration():
                pattern = leaf.pattern  # the same converters: the innermost router's overrule all others
                if pattern is None or pattern.template != (prefix + leaf.path or "/"):
                    pattern = parse_pattern(prefix + leaf.path or "/", converters, leaf.source)
                return self._make_route(chain, leaf, pattern, includes, needed + leaf.dependencies)
            case SocketDeclaration():
                pattern = parse_pattern(prefix + leaf.path or "/", converters, leaf.source)
                return self._make_socket_route(chain, leaf, pattern, includes, needed + leaf.dependencies)
            case MountDeclaration():
                limits = _limits(chain, leaf)
                pattern = parse_pattern(prefix + leaf.path, converters, leaf.source, open_ended=True)
                inner = self._serve_router(leaf.app) if isinstance(leaf.app, Declared) else leaf.app
                app = build_stack(inner, leaf.middleware)
                return Mount(
                    pattern=pattern,
                    app=app,
                    name=leaf.name,
                    source=leaf.source,
                    includes=includes,
                    handle=LimitedApp(app, limits=limits) if limits else app,
                    table=_table_finder(inner),
                )
            case _:
                assert_never(leaf)

    def _make_route(
        self,
        chain: Chain,
        leaf: HttpDeclaration,
        pattern: PathPattern,
        includes: tuple[Include, ...],
        needed: Dependencies,
    ) -> Route:
        special = (Request, Connection, Response, BackgroundTasks)
        plans = self._make_plans(chain, leaf, pattern, special, needed)
        answer = _make_answer(chain, leaf)
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
            includes=includes,
            handle=handle,
            documented=Documented(leaf, _documentation(chain, leaf), plans, answer),
            condition=leaf.condition,
        )
        if leaf.route_class is not None:
            wrapped = RouteClassEndpoint(route.get_route_handler(), self._handlers)
            object.__setattr__(route, "handle", wrapped)  # made from the route, so only now
        if limits := _limits(chain, leaf):
            assert route.handle is not None
            object.__setattr__(route, "handle", LimitedEndpoint(route.handle, limits, self._handlers))
        return route

    def _make_socket_route(
        self,
        chain: Chain,
        leaf: SocketDeclaration,
        pattern: PathPattern,
        includes: tuple[Include, ...],
        needed: Dependencies,
    ) -> SocketRoute:
        special = (WebSocket, Connection, Response, BackgroundTasks)
        plans = self._make_plans(chain, leaf, pattern, special, needed)
        if plans.current.needs_body:
            raise ParameterError(
                where=str(leaf.source),
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
            includes=includes,
            handle=handle,
        )

    def _make_plans(
        self,
        chain: Chain,
        leaf: HttpDeclaration | SocketDeclaration,
        pattern: PathPattern,
        special: tuple[type, ...],
        needed: Dependencies,
    ) -> Plans:
        planning = _Planning(
            _planned(leaf),
            pattern,
            scalars_from_body=self._scalars_from_body and isinstance(leaf, HttpDeclaration),
            untyped_is_json=self._reads_untyped(chain, leaf),
            source=leaf.source,
            special=special,
            dependencies=needed,
        )
        return Plans(planning, self._overrides)

    def _reads_untyped(self, chain: Chain, leaf: HttpDeclaration | SocketDeclaration) -> bool:
        """Tell whether a body without a content type is JSON: the innermost router that says so counts."""
        said = [one.strict_content_type for one in chain]
        if isinstance(leaf, HttpDeclaration):
            said.append(leaf.strict_content_type)
        strict = next((one for one in reversed(said) if one is not None), None)
        return self._untyped_is_json if strict is None else not strict

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

    def _converters(self, chain: Chain) -> dict[str, Converter]:
        """The words for converters that hold along the chain; inner routers overrule outer ones."""
        known = dict(self._root.converters)
        for include in chain:
            known.update(include.router.converters)
        return known


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


def _make_answer(chain: Chain, leaf: HttpDeclaration) -> Answer:
    options = leaf.answers
    for include in reversed(chain):
        options = options.below(include.default_response_class)
    return build_answer(_planned(leaf), options, leaf.source)


def _planned(leaf: HttpDeclaration | SocketDeclaration) -> Callable[..., Any]:
    """Give the function whose signature says what a route asks for."""
    if not leaf.is_asgi:
        return leaf.endpoint
    return pass_request_on if isinstance(leaf, HttpDeclaration) else pass_socket_on


def _limits(chain: Chain, leaf: HttpDeclaration | MountDeclaration) -> Limits:
    limits = leaf.limits
    for include in reversed(chain):
        limits = include.limits.around(limits)
    return limits


def _documentation(chain: Chain, leaf: HttpDeclaration) -> Documentation:
    documentation = leaf.documentation
    for include in reversed(chain):
        documentation = include.documentation.around(documentation)
    return documentation


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
