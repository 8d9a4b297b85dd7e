"""What changes for requests between two route tables: every region of URL space that goes elsewhere."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from inspector.analysis.confirm import find_taker, stand_in
from inspector.analysis.finding import RouteName, name_route
from inspector.analysis.regions import Region, map_space
from inspector.analysis.spots import ANY_METHOD, WEBSOCKET, Spot, lay_flat
from inspector.analysis.standings import Outcome, outcomes
from miniframework.routing.endpoints import endpoint_name
from miniframework.routing.match import outcome_of
from miniframework.routing.route import Mount
from miniframework.routing.table import RouteTable

Address = tuple[int, ...]
# What makes two entries of two tables the same one.
_Identity = tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """What one table says: the entry that takes the request, else the answer (`not_found`, ...)."""

    route: RouteName | None
    answer: str

    def to_dict(self) -> dict[str, Any]:
        """JSON-able values."""
        return {"route": None if self.route is None else self.route.to_dict(), "answer": self.answer}


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """Requests that one entry took and another takes now; `witness` is one of them, tried on both routers.

    `regions` counts the parts of URL space for which this holds.
    """

    methods: tuple[str, ...]
    witness: str
    old: Side
    new: Side
    regions: int

    def to_dict(self) -> dict[str, Any]:
        """JSON-able values."""
        return {
            "methods": list(self.methods),
            "witness": self.witness,
            "old": self.old.to_dict(),
            "new": self.new.to_dict(),
            "regions": self.regions,
        }


@dataclass(slots=True, kw_only=True)
class _Group:
    old: Side
    new: Side
    witness: str
    methods: dict[str, None] = field(default_factory=dict)
    regions: set[tuple[int, ...]] = field(default_factory=set)


def compare_tables(old: RouteTable, new: RouteTable) -> list[Change]:
    """Every change of who takes a request, the shortest witnesses first. Raises TooLargeError.

    An entry is the same one in both tables when its endpoint and name are; entries that share an endpoint
    must have the same path too. Redirects of the slash at the end are not compared.
    """
    return _Comparison(old, new).changes()


class _Comparison:
    """Two tables in one URL space."""

    def __init__(self, old: RouteTable, new: RouteTable) -> None:
        self._tables = (old, new)
        before, after = lay_flat(old), lay_flat(new)
        self._spots = (*before, *(_moved(spot, len(before)) for spot in after))
        self._split = len(before)
        self._space = map_space(self._spots)
        self._identities = _identities(before, after)
        self._names = {
            (side, spot.address): spot.number
            for side, spots in enumerate((self._spots[: self._split], self._spots[self._split :]))
            for spot in spots
        }
        self._methods = frozenset(method for spot in self._spots for method in spot.methods)

    def changes(self) -> list[Change]:
        groups: dict[tuple[object, ...], _Group] = {}
        for region in self._space.regions:
            for method in self._differing(region):
                self._note(groups, region, method)
        changes = [
            Change(
                methods=_without_implied_head(tuple(sorted(group.methods))),
                witness=group.witness,
                old=group.old,
                new=group.new,
                regions=len(group.regions),
            )
            for group in groups.values()
        ]
        return sorted(changes, key=lambda change: (change.witness.count("/"), change.witness, change.methods))

    def _differing(self, region: Region) -> list[str]:
        sides = [
            outcomes(
                self._spots, [n for n in region.spots if (n >= self._split) == after], self._space.beyond
            )
            for after in (False, True)
        ]
        methods = sorted({*sides[0], *sides[1]})
        if WEBSOCKET not in methods and any(not self._spots[number].closed for number in region.spots):
            methods.append(WEBSOCKET)
        return [
            method
            for method in methods
            if self._takers(sides[0].get(method, sides[0][ANY_METHOD]))
            != self._takers(sides[1].get(method, sides[1][ANY_METHOD]))
        ]

    def _takers(self, outcome: Outcome) -> tuple[object, ...]:
        return (*(self._identities[number] for number in outcome.takers), outcome.settled)

    def _note(self, groups: dict[tuple[object, ...], _Group], region: Region, method: str) -> None:
        """Take down a difference that both routers confirm."""
        tried = stand_in(method, self._methods)
        numbers = [
            self._names.get((side, find_taker(table, tried, region.witness)))
            for side, table in enumerate(self._tables)
        ]
        identities = [None if number is None else self._identities[number] for number in numbers]
        if identities[0] == identities[1]:
            return
        old, new = (
            self._side(table, number, tried, region.witness)
            for table, number in zip(self._tables, numbers, strict=True)
        )
        group = groups.setdefault(
            (*numbers, old.answer, new.answer), _Group(old=old, new=new, witness=region.witness)
        )
        group.methods[method] = None
        group.regions.add(region.spots)

    def _side(self, table: RouteTable, number: int | None, method: str, path: str) -> Side:
        if number is not None:
            return Side(route=name_route(self._spots[number]), answer="found")
        is_handshake = method == WEBSOCKET
        match = table.match("websocket", "GET", path) if is_handshake else table.match("http", method, path)
        return Side(route=None, answer=str(outcome_of(match)))


def _moved(spot: Spot, by: int) -> Spot:
    parent = None if spot.parent is None else spot.parent + by
    return replace(spot, number=spot.number + by, parent=parent)


def _identities(before: Sequence[Spot], after: Sequence[Spot]) -> list[_Identity]:
    shared = {
        identity
        for spots in (before, after)
        for identity, count in Counter(map(_plain_identity, spots)).items()
        if count > 1
    }
    return [
        (*plain, spot.path) if (plain := _plain_identity(spot)) in shared or not spot.closed else plain
        for spot in (*before, *after)
    ]


def _plain_identity(spot: Spot) -> _Identity:
    entry = spot.entry
    called = endpoint_name(entry.app if isinstance(entry, Mount) else entry.endpoint)
    return (type(entry).__name__, called, entry.name)


def _without_implied_head(methods: tuple[str, ...]) -> tuple[str, ...]:
    """HEAD changes with GET; it is worth a word only when it changes alone."""
    return tuple(m for m in methods if m != "HEAD") if "GET" in methods else methods
