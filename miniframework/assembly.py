"""From declarations on routers to the entries of one table, each made once, at registration."""

from collections.abc import Callable, Iterator
from typing import Any, assert_never

from miniframework.checks import Leaf, Repetitions
from miniframework.declarations import (
    Declaration,
    HttpDeclaration,
    IncludeDeclaration,
    MountDeclaration,
    SocketDeclaration,
)
from miniframework.endpoint import Call, HttpEndpoint, SocketEndpoint
from miniframework.errors import ParameterError
from miniframework.exception_handlers import ExceptionHandlers
from miniframework.http.request import Request
from miniframework.http.response import Response
from miniframework.params.plan import plan_parameters
from miniframework.router import Router
from miniframework.routing.converters import Converter
from miniframework.routing.pattern import PathPattern, parse_pattern
from miniframework.routing.route import Entry, Include, Mount, Route, SocketRoute
from miniframework.routing.table import RouteTable
from miniframework.websocket import WebSocket

Chain = tuple[IncludeDeclaration, ...]


class Assembly:
    """The entries of the application whose router is `root`, kept up to date as routers get declarations.

    A declaration is planned when it reaches the root, so that its mistakes are raised at the line that makes
    them; `entries` only puts the finished ones in order.
    """

    def __init__(self, root: Router, handlers: ExceptionHandlers, *, scalars_from_body: bool) -> None:
        self._root = root
        self._handlers = handlers
        self._scalars_from_body = scalars_from_body
        self._made: dict[tuple[Declaration, ...], Entry] = {}
        self._repetitions = Repetitions()

    def add(self, chain: Chain, declaration: Declaration) -> None:
        """Make the entries of a new declaration. Raises RegistrationError."""
        for inner_chain, leaf in _leaves(chain, declaration):
            entry = self._make(inner_chain, leaf)
            self._repetitions.note(entry)
            self._made[(*inner_chain, leaf)] = entry

    def entries(self) -> list[Entry]:
        """Give every entry in the order in which they are tried."""
        leaves = (pair for one in self._root.declarations for pair in _leaves((), one))
        return [self._made[(*chain, leaf)] for chain, leaf in leaves]

    def _make(self, chain: Chain, leaf: Leaf) -> Entry:
        prefix = "".join(include.prefix for include in chain)
        includes = tuple(Include(prefix=one.prefix, source=one.source) for one in chain)
        converters = self._converters(chain)
        match leaf:
            case HttpDeclaration():
                pattern = parse_pattern(prefix + leaf.path or "/", converters, leaf.source)
                return self._make_route(leaf, pattern, includes)
            case SocketDeclaration():
                pattern = parse_pattern(prefix + leaf.path or "/", converters, leaf.source)
                return self._make_socket_route(leaf, pattern, includes)
            case MountDeclaration():
                pattern = parse_pattern(prefix + leaf.path, converters, leaf.source, open_ended=True)
                return Mount(
                    pattern=pattern,
                    app=leaf.app,
                    name=leaf.name,
                    source=leaf.source,
                    includes=includes,
                    handle=leaf.app,
                    table=_table_finder(leaf.app),
                )
            case _:
                assert_never(leaf)

    def _make_route(
        self, leaf: HttpDeclaration, pattern: PathPattern, includes: tuple[Include, ...]
    ) -> Route:
        plan = plan_parameters(
            leaf.endpoint,
            pattern,
            scalars_from_body=self._scalars_from_body,
            source=leaf.source,
            special=(Request, Response),
        )
        handle = HttpEndpoint(
            Call(leaf.endpoint, plan),
            self._handlers,
            status_code=leaf.status_code,
            response_class=leaf.response_class,
        )
        return Route(
            pattern=pattern,
            methods=leaf.methods,
            endpoint=leaf.endpoint,
            name=leaf.name,
            source=leaf.source,
            includes=includes,
            handle=handle,
        )

    def _make_socket_route(
        self, leaf: SocketDeclaration, pattern: PathPattern, includes: tuple[Include, ...]
    ) -> SocketRoute:
        plan = plan_parameters(leaf.endpoint, pattern, source=leaf.source, special=(WebSocket,))
        if plan.needs_body:
            raise ParameterError(
                where=str(leaf.source),
                problem=f"{leaf.name}() asks for a request body, which a WebSocket handshake has not",
                way_out="receive it as a message, or take it from the query with Query()",
            )
        return SocketRoute(
            pattern=pattern,
            endpoint=leaf.endpoint,
            name=leaf.name,
            source=leaf.source,
            includes=includes,
            handle=SocketEndpoint(Call(leaf.endpoint, plan)),
        )

    def _converters(self, chain: Chain) -> dict[str, Converter]:
        """The words for converters that hold along the chain; inner routers overrule outer ones."""
        known = dict(self._root.converters)
        for include in chain:
            known.update(include.router.converters)
        return known


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
