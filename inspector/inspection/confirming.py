"""The real router as the last word on every claim of the static analysis, and on what it could not see."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import cached_property

from inspector.adapters.adapter import Adapter, Asked, Rules
from inspector.adapters.picture.table import Address, Picture
from inspector.analysis.finding import Finding, Kind, name_route
from inspector.analysis.regions import Region, UrlSpace, map_in_bounds
from inspector.analysis.spots import Spot, declared_methods, lay_flat
from inspector.inspection.explained import say_asked
from inspector.inspection.prediction import do_agree, predict
from inspector.inspection.questions import Questions
from inspector.inspection.router_words import (
    FIX_BY_ASKING,
    by_paths,
    say_never_entered,
    say_never_taken,
    say_not_confirmed,
    say_own_search,
    without_order,
)
from miniframework.routing.table import RouteTable

_DEAD = (Kind.UNREACHABLE, Kind.DUPLICATE, Kind.SWALLOWED)
_MOST_REGIONS = 100  # as many as the analysis tries on the table
_CROSSING = (Kind.PARTLY_SHADOWED, Kind.OVERLAP)


class Confirmation:
    """Asks one application's router about the findings of its table; `space` is the table's, if mapped."""

    def __init__(
        self, table: RouteTable, picture: Picture, adapter: Adapter, space: UrlSpace | None = None
    ) -> None:
        self._table = table
        self._picture = picture
        self._adapter = adapter
        self._spots = lay_flat(table)
        self._mapped = space
        self._labels = {spot.label: spot for spot in self._spots}
        self._addresses = {spot.address: spot for spot in self._spots}
        self._declared = declared_methods(self._spots)
        self._ways = {address: way for way, address in picture.ways}
        self._questions = Questions(table, self._spots, picture.root_path)
        self._dead_mounts: dict[Address, tuple[str, ...]] = {}

    def confirm(self, findings: Iterable[Finding]) -> list[Finding]:
        """The findings that hold, and the routes that are dead for a reason no template shows."""
        confirmed: list[Finding] = []
        said: set[tuple[str, str]] = set()
        for finding in findings:
            confirmed += self._confirm(finding)
            if finding.kind not in _CROSSING:
                said.update((finding.route.number, method) for method in finding.methods)
        self._dead_mounts = dict(self._find_dead_mounts(confirmed))
        for spot in self._spots:
            if not spot.has_table:
                left = [m for m in self._declared[spot.number] if (spot.label, m) not in said]
                confirmed += self._never_taken(spot, left)
        confirmed = [without_order(one) if self._is_sorted(one) else one for one in confirmed]
        confirmed = [one if self._rules(one).declares_endpoints else by_paths(one) for one in confirmed]
        confirmed = list(map(self.with_implied, confirmed))
        own_search = self._adapter.rules.own_search
        if own_search is not None:
            confirmed = [say_own_search(one, own_search) if one.kind in _DEAD else one for one in confirmed]
        places = {spot.label: spot.number for spot in self._spots}
        return sorted(confirmed, key=lambda one: places.get(one.route.number, len(places)))

    def _confirm(self, finding: Finding) -> Iterator[Finding]:
        if finding.kind in _DEAD:
            yield from self._dead(finding)
        elif finding.kind in _CROSSING:
            if self._goes_to(finding, finding.methods[0]):
                yield finding
        elif finding.kind is Kind.UNDECIDED:
            spot = self._labels[finding.route.number]
            left = tuple(method for method in finding.methods if not self._is_alive(spot, method))
            if left:
                yield self._decided(spot, left) or replace(finding, methods=left)
        elif finding.kind is not Kind.ALLOW_GAP or self._rules(finding).allow == "union":
            yield finding

    def _decided(self, spot: Spot, methods: tuple[str, ...]) -> Finding | None:
        """What the router's answers decide about a route that the analysis can follow; None when nothing."""
        is_vague = spot.number in self._space.beyond or spot.number in self._space.unfinished
        path = None if is_vague else next(self._questions.paths(spot), None)
        found = None if path is None else self._as_asked(spot, methods, self._questions.compared(path))
        return found if found is not None and found.is_exact else None

    def with_implied(self, finding: Finding) -> Finding:
        """The same, with the methods that the framework added to the route's, where the router agrees."""
        spot = self._labels.get(finding.route.number)
        if spot is None:
            return finding
        declared = self._declared[spot.number]
        implied = (method for method in sorted(spot.methods) if method not in declared)
        return replace(finding, implied=tuple(one for one in implied if self._is_true_of(one, finding, spot)))

    def _is_true_of(self, method: str, finding: Finding, spot: Spot) -> bool:
        """Whether a finding about all that was written of a route holds for a method that was not."""
        if finding.kind in _CROSSING:
            return self._goes_to(finding, method)
        is_dead = finding.kind in _DEAD and set(self._declared[spot.number]) <= set(finding.methods)
        if not is_dead or self._is_alive(spot, method) is not False:
            return False
        return finding.witness is None or not finding.by or self._goes_to(finding, method)

    def _rules(self, finding: Finding) -> Rules:
        """The rules of the router that has the route of a finding."""
        spot = self._labels.get(finding.route.number)
        return self._adapter.rules if spot is None else self._picture.rules_at(spot.address)

    def _is_sorted(self, finding: Finding) -> bool:
        return self._rules(finding).order == "specific"

    def _dead(self, finding: Finding) -> Iterator[Finding]:
        """A dead route stays one unless the router gives it one of its own paths."""
        spot = self._labels[finding.route.number]
        if self._has_other_way(spot) and not all(
            self._has_other_way(self._labels[name.number]) for name in finding.by
        ):
            return
        left = tuple(method for method in finding.methods if not self._is_alive(spot, method))
        if not left:
            return
        if spot.doubts:
            finding = self._with_witness(finding, spot, left[0])
        # A mount is an entry like any other here; who it swallows is said by `by`.
        kind = Kind.UNREACHABLE if finding.kind is Kind.SWALLOWED else finding.kind
        dead = replace(finding, kind=kind, methods=left)
        if dead.witness is None or self._goes_to(dead, left[0]):
            yield dead
            return
        yield self._as_asked(spot, left, dead.witness)

    def _with_witness(self, finding: Finding, spot: Spot, method: str) -> Finding:
        """The same with a path of the spot that is not refused by those it blames, if one is known."""
        paths = (finding.witness, *map(self._questions.compared, self._questions.paths(spot)))
        tried = (replace(finding, witness=path) for path in paths if path is not None)
        return next((one for one in tried if self._goes_to(one, method)), finding)

    def _has_other_way(self, spot: Spot) -> bool:
        """Whether requests that cannot be asked about here come to it past some that stand before it."""
        return any(one.has_other_way for one in self._ways[spot.address])

    def _never_taken(self, spot: Spot, methods: list[str]) -> Iterator[Finding]:
        """Routes that win no path which was asked for, though the picture gives them some."""
        if self._has_other_way(spot):
            return
        dead = tuple(method for method in methods if self._is_alive(spot, method) is False)
        path = next(self._questions.paths(spot), None) if dead else None
        if path is not None:
            yield self._as_asked(spot, dead, self._questions.compared(path))
        elif buried := tuple(method for method in methods if self._is_buried(spot, (method,))):
            yield self._without_paths(spot, buried)

    def _without_paths(self, spot: Spot, methods: tuple[str, ...]) -> Finding:
        """What is behind a mount that is never entered, where no path is known to ask for."""
        route = name_route(spot)
        return Finding(
            kind=Kind.UNREACHABLE,
            methods=methods,
            route=route,
            message=say_never_entered(route, methods),
            fix=FIX_BY_ASKING,
        )

    def _as_asked(self, spot: Spot, methods: tuple[str, ...], path: str) -> Finding:
        asked = self._ask(methods[0], self._questions.raw(path))
        taker = self._taker(asked)
        route = name_route(spot)
        answer = say_asked(asked, None) if taker is None else f"it goes to route {taker.label} {taker.path}"
        rules = self._picture.rules_at(spot.address)
        is_sure = self._is_buried(spot, methods) or (not spot.doubts and self._is_sure(rules, asked, taker))
        say = say_never_taken if is_sure else say_not_confirmed
        return Finding(
            kind=Kind.UNREACHABLE if is_sure else Kind.UNDECIDED,
            methods=methods,
            route=route,
            by=() if taker is None else (name_route(taker),),
            witness=path,
            is_exact=is_sure,
            message=say(route, methods, self._adapter.framework, answer),
            fix=FIX_BY_ASKING,
        )

    def _find_dead_mounts(self, findings: Iterable[Finding]) -> Iterator[tuple[Address, tuple[str, ...]]]:
        """Mounts that are never entered, with the methods for which that is proved."""
        for finding in findings:
            spot = self._labels.get(finding.route.number)
            if spot is not None and spot.has_table and finding.kind is Kind.UNREACHABLE and finding.is_exact:
                yield spot.address, finding.methods

    def _is_buried(self, spot: Spot, methods: tuple[str, ...]) -> bool:
        """Whether a mount on the way to it is never entered with these methods."""
        return any(
            _is_prefix(address, spot.address) and set(methods) <= set(dead)
            for address, dead in self._dead_mounts.items()
        )

    def _is_sure(self, rules: Rules, asked: Asked, taker: Spot | None) -> bool:
        """Whether an answer fits what is known of the router; else our reading of it may be wrong."""
        if asked.outcome == "match":
            return taker is not None and not taker.doubts
        if asked.outcome == "redirect":
            return rules.redirects_in_turn
        return not rules.backtracks

    def _is_alive(self, spot: Spot, method: str) -> bool | None:
        """Whether the router gives the spot one of its paths; None when no path is known to ask for."""
        is_asked = False
        for path in self._paths(spot):
            is_asked = True
            if self._is_at(spot.address, self._ask(method, path)):
                return True
        return False if is_asked else None

    def _paths(self, spot: Spot) -> Iterator[str]:
        """Readable paths of a spot, then one for each set of entries with which it may have to share one."""
        yield from self._questions.paths(spot)
        for region in self._shared[spot.number]:
            yield self._questions.raw(region.witness)

    @cached_property
    def _space(self) -> UrlSpace:
        return self._mapped or map_in_bounds(self._spots)

    @cached_property
    def _shared(self) -> list[list[Region]]:
        """The first regions of each spot."""
        found: list[list[Region]] = [[] for _ in self._spots]
        for region in self._space.regions:
            for number in region.spots:
                if len(found[number]) < _MOST_REGIONS:
                    found[number].append(region)
        return found

    def _goes_to(self, finding: Finding, method: str) -> bool:
        """Whether the router gives the witness to one of those the finding blames.

        Also to one before a dead route that may refuse it and did not: else it would go to those.
        """
        assert finding.witness is not None, "a crossing and a death have one"
        raw_path = self._questions.raw(finding.witness)
        asked = self._ask(method, raw_path)
        blamed = [self._labels[name.number].address for name in finding.by]
        if finding.kind in _DEAD and finding.by:
            before = self._labels[finding.route.number].number
            blamed += [spot.address for spot in self._spots[:before] if spot.doubts]
        if not asked.way:
            # What a mount lets go inside is told by no entry: then our picture says which mount it was.
            asked_for = self._questions.actual(method)
            predicted = predict(self._table, asked_for, raw_path, self._picture.root_path)
            taker = self._labels.get(predicted.number or "")
            if taker is None or not do_agree(predicted, asked, self._picture):
                return False
            return any(_is_prefix(address, taker.address) for address in blamed)
        return any(self._is_at(address, asked) for address in blamed)

    def _is_at(self, address: Address, asked: Asked) -> bool:
        """Whether it went to the entry there, or into the mount there, whatever became of it inside."""
        taker = self._picture.find_address(asked.way) if asked.way else None
        return taker is not None and _is_prefix(address, taker)

    def _taker(self, asked: Asked) -> Spot | None:
        address = self._picture.find_address(asked.way) if asked.way else None
        return None if address is None else self._addresses.get(address)

    def _ask(self, method: str, path: str) -> Asked:
        return self._adapter.ask(self._questions.actual(method), path)


def _is_prefix(address: Address, taker: Address) -> bool:
    return taker[: len(address)] == address
