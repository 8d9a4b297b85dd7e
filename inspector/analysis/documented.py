"""For each operation of an OpenAPI document: does the route answer that the document describes?"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from inspector.analysis import wording
from inspector.analysis.confirm import find_taker, is_taken_by_path
from inspector.analysis.finding import Finding, Kind, RouteName, name_route
from inspector.analysis.openapi_reading import Operation, read_operations, shape_of
from inspector.analysis.regions import Region, UrlSpace, map_in_bounds
from inspector.analysis.spots import Spot, documented_path, lay_flat
from inspector.analysis.standings import Standings
from miniframework.routing.match import MethodNotAllowed, Redirected
from miniframework.routing.route import Route
from miniframework.routing.table import RouteTable


def compare_document(
    table: RouteTable, document: Mapping[str, Any], space: UrlSpace | None = None
) -> list[Finding]:
    """Where document and table differ, in the order of the document; `space` is the table's if it is mapped.

    Raises DocumentError.

    A document has one place for a path and a method, however many routes share them. A route that it leaves
    out is no difference, and neither is one that is dead and has its place alone: `check_table` tells those.
    """
    spots = lay_flat(table)
    comparison = _Comparison(table, Standings(spots, space or map_in_bounds(spots)))
    return [
        finding
        for operation in read_operations(document)
        if (finding := comparison.judge(operation)) is not None
    ]


class _Comparison:
    def __init__(self, table: RouteTable, standings: Standings) -> None:
        self._table = table
        self._standings = standings
        self._spots = standings.spots
        self._routes = {spot.address: spot for spot in self._spots if isinstance(spot.entry, Route)}
        self._having: dict[tuple[str, str], list[Spot]] = {}
        for spot in self._spots:
            shape = shape_of(documented_path(spot))
            for method in standings.declared[spot.number] if isinstance(spot.entry, Route) else ():
                self._having.setdefault((shape, method), []).append(spot)

    def judge(self, operation: Operation) -> Finding | None:
        """What is different; None when the described route answers."""
        for prefix in operation.prefixes:
            having = self._having.get((shape_of(prefix + operation.path), operation.method))
            if having:
                return self._compare(operation, having)
        return self._missing(operation)

    def _compare(self, operation: Operation, having: Sequence[Spot]) -> Finding | None:
        spelled = [spot for spot in having if documented_path(spot).endswith(operation.path)]
        having = spelled or having  # the same path with other names of parameters is another place
        named = [spot for spot in having if operation.is_named(spot.entry.name)]
        # FastAPI writes operations in the order of the table: the last of those with one place stays in it.
        described = (named or having)[-1]
        for region in self._regions(described, having, operation.method):
            taker = find_taker(self._table, operation.method, region.witness)
            answering = self._routes.get(taker)
            if answering is not None and answering is not described:
                return self._differs(operation, described, answering, region, is_sure=bool(named))
        return None

    def _regions(self, described: Spot, having: Sequence[Spot], method: str) -> Iterator[Region]:
        """Where another route of the same place may answer."""
        standing = self._standings.of[described.number, method]
        for other in having:
            if other is not described:
                if other.number in standing.losses:
                    yield standing.losses[other.number]
                wins = self._standings.of[other.number, method].wins
                if wins is not None:
                    yield wins

    def _differs(
        self, operation: Operation, described: Spot, answering: Spot, region: Region, *, is_sure: bool
    ) -> Finding | None:
        chain = self._standings.chains
        fits = is_taken_by_path(self._spots, chain[described.number], region.witness)
        shares = shape_of(documented_path(answering)) == shape_of(documented_path(described))
        if not (fits or shares):
            return None
        route, by = name_route(described), name_route(answering)
        place = operation.method, operation.path
        return Finding(
            kind=Kind.DOCS_DIFFER,
            methods=(operation.method,),
            route=route,
            by=(by,),
            witness=region.witness,
            message=wording.say_docs_differ(place, region.witness, route, by, is_sure=is_sure),
            fix=wording.fix_docs_differ(shares=shares),
        )

    def _missing(self, operation: Operation) -> Finding | None:
        """An operation that no route is declared for; None when a mount takes it, whose routes may differ."""
        paths = [prefix + operation.sample for prefix in operation.prefixes]
        takers = [find_taker(self._table, operation.method, path) for path in paths]
        taken = [(path, taker) for path, taker in zip(paths, takers, strict=True) if taker]
        if any(taker not in self._routes for _, taker in taken):
            return None
        path, by = paths[0], tuple(name_route(self._routes[taker]) for _, taker in taken[:1])
        if taken:
            path = taken[0][0]
        return Finding(
            kind=Kind.DOCS_DIFFER,
            methods=(operation.method,),
            route=_name_operation(operation),
            by=by,
            witness=path,
            message=wording.say_undeclared(
                operation.method, operation.path, path, by[0].place if by else self._answer(operation, path)
            ),
            fix="declare it, or take it out of the document",
        )

    def _answer(self, operation: Operation, path: str) -> str:
        """What a path that no route takes is answered with."""
        match self._table.match("http", operation.method, path):
            case MethodNotAllowed(allow=allow):
                return f"405 (Allow: {', '.join(allow)})"
            case Redirected(path=other):
                return f"a redirect to {other}"
            case _:
                return "404"


def _name_operation(operation: Operation) -> RouteName:
    """An operation where a route should be; it has no number."""
    return RouteName(
        number="",
        kind="http",
        path=operation.path,
        methods=(operation.method,),
        name=operation.operation_id,
        source=None,
    )
