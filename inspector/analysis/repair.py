"""The smallest reordering that gives dead routes their requests back, and no other request elsewhere."""

from collections.abc import Collection, Sequence
from dataclasses import replace

from inspector.analysis.declared_units import Place, Unit, Units, reordered_snapshot
from inspector.analysis.fewest_moves import ContradictionError, Pair, Reordering, move_fewest
from inspector.analysis.finding import RouteName, name_route
from inspector.analysis.regions import map_space
from inspector.analysis.repair_demands import Contest, Demands, find_dead
from inspector.analysis.spots import lay_flat
from inspector.analysis.standings import Standings
from inspector.analysis.table_diff import compare_tables
from miniframework.records import dataclass
from miniframework.routing.table import RouteTable

_NO_ORDER = "no order revives it and leaves every other route its requests"


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """One declaration put right above or below another one on the same router."""

    unit: Unit
    anchor: Unit
    above: bool

    @property
    def words(self) -> str:
        """`move /users/me (app.py:12) above /users/{id} (app.py:7)`."""
        where = "above" if self.above else "below"
        return f"move {_placed(self.unit)} {where} {_placed(self.anchor)}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Repair:
    """What revives dead routes: `moves` in the order of the table they lead to.

    `revived` are the routes that get requests again, `table` is the table after the moves. `left` are dead
    routes that no order helps, each with the reason.
    """

    moves: tuple[Move, ...]
    revived: tuple[RouteName, ...]
    left: tuple[tuple[RouteName, str], ...]
    table: RouteTable


def propose_repair(
    table: RouteTable, wanted: Collection[str] | None = None, *, move_blockers: bool = False
) -> Repair:
    """The fewest moves that revive all dead routes that an order can revive, or those numbered in `wanted`.

    Only requests that a revived route then takes change hands; both is checked on the reordered table before
    it is proposed. Of two equally small repairs the one that moves dead routes up is taken, or with
    `move_blockers` the one that moves what hides them down. Raises TooLargeError.
    """
    return _Search(table, wanted, move_blockers=move_blockers).best()


class _Search:
    """Tries to revive all at once; where that does not hold, one after the other."""

    def __init__(self, table: RouteTable, wanted: Collection[str] | None, *, move_blockers: bool) -> None:
        self._snapshot = table.snapshot()
        self._table = RouteTable.from_snapshot(self._snapshot)
        self._move_blockers = move_blockers
        self._spots = lay_flat(self._table)
        self._units = Units(self._spots)
        self._standings = Standings(self._spots, map_space(self._spots))
        self._dead = find_dead(self._standings)
        self._demands = Demands(self._standings, self._units, self._dead, wanted)

    def best(self) -> Repair:
        best = self._try([])
        assert best is not None, "to leave everything as it is harms nobody"
        accepted: list[int] = []
        refused: set[int] = set()
        pending = [self._demands.revivable] if self._demands.revivable else []
        while pending:
            group = pending.pop()
            found = self._try([*accepted, *group])
            if found is not None:
                accepted, best = [*accepted, *group], found
            elif len(group) == 1:
                refused.update(group)
            else:
                half = len(group) // 2
                pending += [group[half:], group[:half]]
        alive = {name.number for name in best.revived}
        reasons = {**self._demands.hopeless, **dict.fromkeys(refused, _NO_ORDER)}
        left = [(name_route(self._spots[number]), why) for number, why in sorted(reasons.items())]
        return replace(best, left=tuple(pair for pair in left if pair[0].number not in alive))

    def _try(self, numbers: Sequence[int]) -> Repair | None:
        """The repair that revives these, None when there is none or it would do harm."""
        demands = self._demands.of(numbers)
        try:
            found = {place: self._reorder(place, pairs) for place, pairs in demands.items()}
        except ContradictionError:
            return None
        orders = {place: reordering.order for place, reordering in found.items() if reordering.moved}
        snapshot, origin = reordered_snapshot(self._snapshot, self._units, orders)
        after = RouteTable.from_snapshot(snapshot)
        dead = self._dead_after(after, origin) if orders else self._dead
        if orders and not self._is_right(after, origin, dead, numbers):
            return None
        moves = [move for place in sorted(orders) for move in self._moves(place, found[place])]
        return Repair(
            moves=tuple(moves),
            revived=tuple(
                name_route(self._spots[n]) for n in self._demands.revivable if self._lives(n, dead)
            ),
            left=(),
            table=after,
        )

    def _reorder(self, place: Place, pairs: Collection[Pair]) -> Reordering:
        return move_fewest(len(self._units.among(place)), pairs, move_earlier=self._move_blockers)

    def _dead_after(self, after: RouteTable, origin: Sequence[int]) -> frozenset[Contest]:
        """Who is dead in the reordered table, by the numbers of this one."""
        spots = lay_flat(after)
        return frozenset((origin[n], method) for n, method in find_dead(Standings(spots, map_space(spots))))

    def _lives(self, number: int, dead: Collection[Contest]) -> bool:
        """Whether a route that was dead now gets a request."""
        return any((number, method) not in dead for method in self._demands.methods_of[number])

    def _is_right(
        self, after: RouteTable, origin: Sequence[int], dead: frozenset[Contest], numbers: Sequence[int]
    ) -> bool:
        """Whether these are alive, nothing else died, and every change of hands is for one to be revived."""
        if dead - self._dead or any((n, m) in dead for n in numbers for m in self._demands.methods_of[n]):
            return False
        was = {spot.label: origin[spot.number] for spot in lay_flat(after)}
        takers = [change.new.route for change in compare_tables(self._table, after)]
        chains = [() if taker is None else self._standings.chains[was[taker.number]] for taker in takers]
        return all(set(chain).intersection(self._demands.revivable) for chain in chains)

    def _moves(self, place: Place, found: Reordering) -> list[Move]:
        """Each moved unit beside the nearest one that kept its place and that it passes."""
        units = self._units.among(place)
        moves = []
        for at, index in enumerate(found.order):
            if index not in found.moved:
                continue
            behind = next((i for i in found.order[at + 1 :] if i not in found.moved), None)
            above = behind is not None and behind < index
            before = next((i for i in reversed(found.order[:at]) if i not in found.moved), None)
            anchor = behind if above else before
            assert anchor is not None, "a unit that moves passes one that does not"
            moves.append(Move(unit=units[index], anchor=units[anchor], above=above))
        return moves


def _placed(unit: Unit) -> str:
    return unit.words if unit.source is None else f"{unit.words} ({unit.source.short})"
