"""What changes for requests between two route tables: every region of URL space that goes elsewhere."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import field, replace
from typing import Any

from inspector.analysis.confirm import stand_in
from inspector.analysis.finding import RouteName, name_route
from inspector.analysis.regions import Region, map_slashes
from inspector.analysis.rematch import AskedTable, TableAnswer
from inspector.analysis.spots import ANY_METHOD, WEBSOCKET, Spot, lay_flat
from miniframework.records import dataclass
from miniframework.routing.endpoints import endpoint_name
from miniframework.routing.match import Protocol_
from miniframework.routing.route import Mount, Route
from miniframework.routing.table import ForeignTable, RouteTable

# What makes two entries of two tables the same one.
_Identity = tuple[str, ...]
_Answers = tuple[TableAnswer, TableAnswer]


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """What one table says: `answer` is its outcome (`found`, ...), `route` who takes the request.

    With another answer than found `route` is the mount whose table gives it, None for the outermost table.
    `allow` are the methods that a 405 names, `location` where a redirect leads to.
    """

    route: RouteName | None
    answer: str
    allow: tuple[str, ...] = ()
    location: str | None = None

    def to_dict(self) -> dict[str, Any]:
        """JSON-able values."""
        return {
            "route": None if self.route is None else self.route.to_dict(),
            "answer": self.answer,
            "allow": list(self.allow),
            "location": self.location,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """Requests that one entry took and another takes now, or that are refused or redirected otherwise.

    `witness` is the path of one of them, tried on both routers. `regions` counts the parts of URL space for
    which this holds.
    """

    methods: tuple[str, ...]
    witness: str
    old: Side
    new: Side
    regions: int

    @property
    def has_taker(self) -> bool:
        """Whether a route takes the request in one of the tables: else only the answer of routing changes."""
        return "found" in (self.old.answer, self.new.answer)

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
    answers: _Answers
    methods: tuple[str, ...]
    witness: str
    regions: set[object] = field(default_factory=set)


def compare_tables(old: RouteTable, new: RouteTable) -> list[Change]:
    """Every change of who takes a request and of how one is refused: first those with a taker on a side, the
    shortest witnesses first. Raises TooLargeError.

    An entry is the same one in both tables when its endpoint and name are; entries that share an endpoint
    must have the same path too. All redirects of the slash at the end that come or go are one change, and so
    are all refusals whose methods change in the same way.
    """
    return _Comparison(old, new).changes()


class _Comparison:
    """Two tables in one URL space."""

    def __init__(self, old: RouteTable, new: RouteTable) -> None:
        self._tables = AskedTable(old), AskedTable(new)
        before, after = lay_flat(old), lay_flat(new)
        self._spots = (*before, *(_moved(spot, len(before)) for spot in after))
        self._split = len(before)
        found = map_slashes(self._spots)
        is_foreign = isinstance(old, ForeignTable) or isinstance(new, ForeignTable)
        slashed = found.slashed if is_foreign else filter(self._may_redirect, found.slashed)
        self._regions = (*found.space.regions, *slashed)
        identities = _identities(before, after)
        self._identities = [
            {spot.label: identities[spot.number] for spot in spots}
            for spots in (self._spots[: self._split], self._spots[self._split :])
        ]
        self._methods = frozenset(method for spot in self._spots for method in spot.methods)

    def changes(self) -> list[Change]:
        groups: dict[tuple[object, ...], _Group] = {}
        for region in self._regions:
            for answers, methods in self._differences(region).values():
                group = _Group(answers=answers, methods=tuple(methods), witness=region.witness)
                group = groups.setdefault((*map(_kind, answers), group.methods), group)
                group.regions.add(region.spots or region.witness)
        changes = [
            Change(
                methods=_without_implied_head(group.methods),
                witness=group.witness,
                old=self._side(0, group.answers[0]),
                new=self._side(1, group.answers[1]),
                regions=len(group.regions),
            )
            for group in groups.values()
        ]
        return sorted(changes, key=_rank)

    def _may_redirect(self, region: Region) -> bool:
        """Whether the slash at the end may matter: to a table without a route of this path, or in a mount."""
        if any(self._spots[number].has_table for number in region.spots):
            return True
        for_http = [n for n in region.spots if isinstance(self._spots[n].entry, Route)]
        return all(n >= self._split for n in for_http) or all(n < self._split for n in for_http)

    def _asked(self, region: Region) -> list[str]:
        spots = [self._spots[number] for number in region.spots]
        methods = {ANY_METHOD}.union(*(spot.methods for spot in spots))
        if any(not spot.closed for spot in spots):
            methods.add(WEBSOCKET)
        return sorted(methods)

    def _differences(self, region: Region) -> dict[tuple[object, ...], tuple[_Answers, list[str]]]:
        """What the routers say differently to a path, with the methods for which they do."""
        found: dict[tuple[object, ...], tuple[_Answers, list[str]]] = {}
        for method in self._asked(region):
            tried = stand_in(method, self._methods)
            protocol: Protocol_ = "websocket" if tried == WEBSOCKET else "http"
            question = protocol, "GET" if tried == WEBSOCKET else tried, region.witness
            old, new = (table.answer(question) for table in self._tables)
            if self._meaning(0, old) != self._meaning(1, new):
                found.setdefault((_kind(old), _kind(new)), ((old, new), []))[1].append(method)
        return found

    def _meaning(self, side: int, answer: TableAnswer) -> tuple[object, ...]:
        taker = None if answer.number is None else self._identities[side].get(answer.number)
        return taker, answer.outcome, answer.allow, answer.location

    def _side(self, side: int, answer: TableAnswer) -> Side:
        return Side(
            route=None if answer.number is None else self._tables[side].name(answer.number),
            answer=str(answer.outcome),
            allow=answer.allow,
            location=answer.location,
        )


def _kind(answer: TableAnswer) -> tuple[object, ...]:
    """What it comes to, wherever a redirect leads."""
    return answer.number, answer.outcome, answer.allow


def _rank(change: Change) -> tuple[bool, int, str, tuple[str, ...]]:
    return not change.has_taker, change.witness.count("/"), change.witness, change.methods


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
    return (name_route(spot).kind, called, entry.name)


def _without_implied_head(methods: tuple[str, ...]) -> tuple[str, ...]:
    """HEAD changes with GET; it is worth a word only when it changes alone."""
    return tuple(m for m in methods if m != "HEAD") if "GET" in methods else methods
