"""Everything the check says about one route table, each claim tried on the real router."""

from collections.abc import Iterator, Sequence
from itertools import islice

from inspector.analysis import wording
from inspector.analysis.allow_gaps import find_gaps
from inspector.analysis.blame import Death, find_deaths, is_nearly_within, is_same_language
from inspector.analysis.confirm import find_taker, is_taken_by_path, stand_in
from inspector.analysis.finding import Finding, Kind, RouteName, name_route
from inspector.analysis.generality import is_more_general
from inspector.analysis.regions import Region, UrlSpace, has_newline, map_in_bounds
from inspector.analysis.sample_paths import sample_paths
from inspector.analysis.spots import Spot, documented_path, lay_flat
from inspector.analysis.standings import Standing, Standings
from miniframework.routing.parts import Literal
from miniframework.routing.table import RouteTable

# Regions tried on the router before an entry that could not be followed is called undecided.
_MOST_TRIED = 100
_MOST_SAMPLES = 5  # of one that could not be followed to its end


def check_table(table: RouteTable, space: UrlSpace | None = None) -> list[Finding]:
    """What is wrong or worth knowing, in the order of the table; `space` is its own if it is mapped already.

    Where the table has too many combinations, the routes for which that matters are undecided.
    """
    spots = lay_flat(table)
    return _Check(table, Standings(spots, space or map_in_bounds(spots))).findings()


class _Check:
    """One check of one table."""

    def __init__(self, table: RouteTable, standings: Standings) -> None:
        self._table = table
        self._standings = standings
        self._spots: Sequence[Spot] = standings.spots
        self._beyond = standings.space.beyond
        self._vague = standings.space.unfinished | self._beyond.keys()
        self._methods = frozenset(method for spot in self._spots for method in spot.methods)

    def findings(self) -> list[Finding]:
        found: list[tuple[int, Finding]] = []
        found += [(death.number, self._dead(death)) for death in find_deaths(self._standings)]
        for spot in self._spots:
            several = (
                *self._undecided(spot),
                *self._newline_only(spot),
                *self._crossings(spot),
                *self._braces(spot),
            )
            found += [(spot.number, finding) for finding in several]
        found += find_gaps(self._table, self._standings)
        return [finding for _, finding in sorted(found, key=lambda pair: pair[0])]

    def _dead(self, death: Death) -> Finding:
        route, by = self._name(death.number), tuple(self._name(number) for number in death.by)
        methods = death.methods
        witness = self._witness(death)
        if witness is None and by:
            return self._unknown(death.number, methods)
        kind = self._kind_of(death)
        message = (
            wording.say_duplicate(route, methods, by[0])
            if kind is Kind.DUPLICATE
            else wording.say_dead(route, methods, by)
        )
        if kind is Kind.UNREACHABLE and self._share_docs(death):
            message += wording.say_docs_show_it(route)
        fix = wording.fix_dead(kind, by)
        return Finding(
            kind=kind, methods=methods, route=route, by=by, witness=witness, message=message, fix=fix
        )

    def _kind_of(self, death: Death) -> Kind:
        blockers = [self._spots[number] for number in death.by]
        if any(not blocker.closed for blocker in blockers):
            return Kind.SWALLOWED
        if len(blockers) == 1 and is_same_language(self._standings, death.number, death.by[0]):
            return Kind.DUPLICATE
        return Kind.UNREACHABLE

    def _share_docs(self, death: Death) -> bool:
        """Whether one of those to blame has the same path in an OpenAPI document."""
        path = documented_path(self._spots[death.number])
        return any(documented_path(self._spots[number]) == path for number in death.by)

    def _witness(self, death: Death) -> str | None:
        """A path of the dead entry that the router gives to one of those to blame, or to one that it may
        refuse, which leaves it to them.
        """
        doubted = [spot.number for spot in self._spots[: death.number] if spot.doubts]
        for region in death.regions[:_MOST_TRIED]:
            taker = self._taker(death.methods[0], region.witness)
            blamed = any(_is_prefix(self._spots[number].address, taker) for number in (*death.by, *doubted))
            if blamed and is_taken_by_path(self._spots, self._standings.chains[death.number], region.witness):
                return region.witness
        return None

    def _undecided(self, spot: Spot) -> Iterator[Finding]:
        unknown = []
        for method in self._declared(spot):
            standing = self._standings.of[spot.number, method]
            if standing.wins is None and (standing.maybe or not standing.whole):
                tried = self._tried(spot, standing)
                if not any(_is_prefix(spot.address, self._taker(method, path)) for path in tried):
                    unknown.append(method)
        if unknown:
            yield self._unknown(spot.number, tuple(unknown))

    def _tried(self, spot: Spot, standing: Standing) -> Iterator[str]:
        """Paths that may show that a spot is reached, though no region does."""
        for region in standing.maybe[:_MOST_TRIED]:
            yield region.witness
        if not standing.whole:
            yield from islice(sample_paths(self._spots, self._standings.chains[spot.number]), _MOST_SAMPLES)

    def _unknown(self, number: int, methods: tuple[str, ...]) -> Finding:
        concerned = {number}
        for method in methods:
            for region in self._standings.of[number, method].maybe[:_MOST_TRIED]:
                concerned.update(region.spots)
        reasons = [reason for at in sorted(concerned) for reason in self._beyond.get(at, ())]
        if number in self._standings.space.unfinished:
            reasons.append(wording.TOO_MANY)
        route = self._name(number)
        return Finding(
            kind=Kind.UNDECIDED,
            methods=methods,
            route=route,
            is_exact=False,
            message=wording.say_undecided(route, methods, reasons),
            fix="try a path of it: inspector explain says who takes it",
        )

    def _newline_only(self, spot: Spot) -> Iterator[Finding]:
        """A living entry that lost every path without a line break to earlier ones: `.` takes no newline."""
        found: dict[int, tuple[Region, list[str]]] = {}
        if spot.has_table or spot.number in self._beyond:
            return
        for method in self._declared(spot):
            standing = self._standings.of[spot.number, method]
            if standing.is_newline_only:
                lost = ((blocker, at) for blocker, at in standing.losses.items() if not has_newline(at))
                blocker, region = next(lost)
                found.setdefault(blocker, (region, []))[1].append(method)
        for blocker, (region, methods) in found.items():
            if self._is_lost(spot, blocker, methods[0], region):
                route, by = self._name(spot.number), self._name(blocker)
                yield Finding(
                    kind=Kind.NEWLINE_ONLY,
                    methods=tuple(methods),
                    route=route,
                    by=(by,),
                    witness=region.witness,
                    message=wording.say_newline_only(route, methods, by),
                    fix=wording.fix_dead(Kind.NEWLINE_ONLY, (by,)),
                )

    def _crossings(self, spot: Spot) -> Iterator[Finding]:
        """Earlier entries that take a part of a living one, neither being within the other."""
        if spot.has_table or spot.number in self._beyond:
            return
        found: dict[Kind, dict[int, tuple[str, Region]]] = {}
        for method in self._declared(spot):
            standing = self._standings.of[spot.number, method]
            said = standing.is_dead or standing.is_newline_only
            for blocker, region in () if said else standing.losses.items():
                if blocker in self._vague or is_nearly_within(self._standings, blocker, spot.number):
                    continue
                general = is_more_general(self._spots[blocker], spot)
                kind = Kind.PARTLY_SHADOWED if general else Kind.OVERLAP
                found.setdefault(kind, {}).setdefault(blocker, (method, region))
        for kind, blockers in found.items():
            yield from self._crossing(kind, spot, blockers)

    def _crossing(self, kind: Kind, spot: Spot, blockers: dict[int, tuple[str, Region]]) -> Iterator[Finding]:
        confirmed = [
            number
            for number, (method, region) in sorted(blockers.items())
            if self._is_lost(spot, number, method, region)
        ]
        if not confirmed:
            return
        route, by = self._name(spot.number), tuple(map(self._name, confirmed))
        methods = tuple(dict.fromkeys(blockers[number][0] for number in confirmed))
        yield Finding(
            kind=kind,
            methods=methods,
            route=route,
            by=by,
            witness=blockers[confirmed[0]][1].witness,
            message=wording.say_crossing(kind, route, methods, by),
            fix=wording.fix_crossing(by),
        )

    def _braces(self, spot: Spot) -> Iterator[Finding]:
        for part in spot.entry.pattern.parts:
            if isinstance(part, Literal) and set(part.text) & set("{}"):
                yield Finding(
                    kind=Kind.LITERAL_BRACES,
                    methods=self._declared(spot),
                    route=self._name(spot.number),
                    message=wording.say_braces(part.text),
                    fix=wording.fix_braces(part.text),
                )

    def _is_lost(self, spot: Spot, blocker: int, method: str, region: Region) -> bool:
        """Whether the router really gives the blocker a path of the region that the spot fits too."""
        taker, chain = self._taker(method, region.witness), self._standings.chains[spot.number]
        is_taken = _is_prefix(self._spots[blocker].address, taker)
        return is_taken and is_taken_by_path(self._spots, chain, region.witness)

    def _declared(self, spot: Spot) -> tuple[str, ...]:
        return self._standings.declared[spot.number]

    def _taker(self, method: str, path: str) -> tuple[int, ...]:
        return find_taker(self._table, stand_in(method, self._methods), path)

    def _name(self, number: int) -> RouteName:
        return name_route(self._spots[number])


def _is_prefix(address: tuple[int, ...], taker: tuple[int, ...]) -> bool:
    return taker[: len(address)] == address
