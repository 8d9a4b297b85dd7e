"""Which declaration has to stand before which: dead routes live, no other request changes hands."""

from collections.abc import Collection, Iterator, Sequence
from itertools import product

from inspector.analysis.blame import is_nearly_within
from inspector.analysis.declared_units import Place, Units
from inspector.analysis.fewest_moves import Pair
from inspector.analysis.finding import name_route
from inspector.analysis.regions import Region
from inspector.analysis.spots import ANY_METHOD
from inspector.analysis.standings import Standings
from miniframework.routing.route import Route

# A spot, and a method it was declared for.
Contest = tuple[int, str]
_MOST_NAMED = 3


class Demands:
    """What a repair of one table must keep, and what each dead route asks for.

    `revivable` are the dead spots that some order may revive, `hopeless` the others with the reason, and
    `methods_of` the methods for which each one is dead.
    """

    def __init__(
        self,
        standings: Standings,
        units: Units,
        dead: Collection[Contest],
        wanted: Collection[str] | None,
    ) -> None:
        self._standings = standings
        self._spots = standings.spots
        self._units = units
        self._dead = frozenset(dead)
        self.methods_of: dict[int, list[str]] = {}
        for number, method in sorted(dead):
            if wanted is None or self._spots[number].label in wanted:
                self.methods_of.setdefault(number, []).append(method)
        self._drop_what_lies_in_dead_mounts()
        self._regions = self._regions_of_the_dead()
        self._asked: dict[int, list[Pair]] = {}
        self.hopeless: dict[int, str] = {}
        for number in list(self.methods_of):
            self._ask(number)
        self.revivable = list(self._asked)
        self._contests = list(self._all_contests())

    def of(self, numbers: Sequence[int]) -> dict[Place, set[Pair]]:
        """The pairs of units, by the place where they stand, that revive these; others may live with them."""
        found: dict[Place, set[Pair]] = {}
        revived = set(self.revivable)
        kept = [(one, two) for one, two, method in self._contests if not self._takes(two, method, revived)]
        asked = [pair for number in numbers for pair in self._asked[number]]
        for first, second in (*kept, *asked):
            parting = self._units.divide(first, second)
            if parting is not None:
                found.setdefault(parting[0], set()).add(parting[1])
        return {place: pairs for place, pairs in found.items() if any(one > two for one, two in pairs)}

    def _drop_what_lies_in_dead_mounts(self) -> None:
        """A route in a dead mount is revived with the mount, or not at all."""
        for number, methods in list(self.methods_of.items()):
            around = self._standings.chains[number][:-1]
            if any(
                mount in self.methods_of and set(methods) <= set(self.methods_of[mount]) for mount in around
            ):
                del self.methods_of[number]

    def _regions_of_the_dead(self) -> dict[int, list[Region]]:
        """Where each would live; paths with a newline in them only count where there are no others."""
        found: dict[int, list[Region]] = {number: [] for number in self.methods_of}
        for region in self._standings.space.regions:
            for number in region.spots:
                if number in found:
                    found[number].append(region)
        plain = {n: [r for r in regions if "\n" not in r.witness] for n, regions in found.items()}
        return {number: plain[number] or regions for number, regions in found.items()}

    def _ask(self, number: int) -> None:
        """Before whom a dead spot must stand to live: in the region that asks for the least."""
        pairs: list[Pair] = []
        for method in self.methods_of[number]:
            rivals = self._rivals(number, method)
            narrower = self._narrower(number, rivals)
            why = self._why_hopeless(number, rivals, narrower)
            if why is not None:
                self.hopeless[number] = why
                return
            open_ones = [ones for ones in rivals if not narrower.intersection(ones)]
            least = max(open_ones, key=lambda ones: (min(ones), -len(ones)))
            pairs += [(number, rival) for rival in least] + [(one, number) for one in sorted(narrower)]
        self._asked[number] = pairs

    def _narrower(self, number: int, rivals: Sequence[Sequence[int]]) -> set[int]:
        """Those that are before it with good reason: all their paths are its own too."""
        ones = {one for rival in rivals for one in rival}
        return {one for one in ones if is_nearly_within(self._standings, one, number)}

    def _rivals(self, number: int, method: str) -> list[list[int]]:
        """For each region of a dead spot those before it that would take the request."""
        inside = set(self._standings.chains[number])
        return [
            [n for n in region.spots if n < number and n not in inside and self._spots[n].takes(method)]
            for region in self._regions[number]
        ]

    def _why_hopeless(
        self, number: int, rivals: Sequence[Sequence[int]], narrower: Collection[int]
    ) -> str | None:
        if not rivals:
            return "no path fits its pattern"
        for one in sorted(narrower):
            if is_nearly_within(self._standings, number, one):
                return f"{self._place(one)} takes the same paths: delete one of the two"
        if all(set(narrower).intersection(ones) for ones in rivals):
            named = " and ".join(map(self._place, sorted(narrower)[:_MOST_NAMED]))
            return f"every path of it belongs to more specific routes, as {named}"
        return None if all(rivals) else "what takes its paths cannot be followed"

    def _place(self, number: int) -> str:
        return name_route(self._spots[number]).place

    def _all_contests(self) -> Iterator[tuple[int, int, str]]:
        """Who takes a request, everyone after it who would take it too, and the method; each case once."""
        seen: set[tuple[int, int, bool]] = set()
        for region in self._standings.space.regions if self._asked else ():
            taken = (
                (method, leader)
                for method, outcome in self._standings.outcomes(region).items()
                for leader in outcome.takers
            )
            for (method, leader), other in product(taken, region.spots):
                case = (leader, other, (other, self._declared(other, method)) in self._dead)
                if leader < other and case not in seen and self._spots[other].takes(method):
                    seen.add(case)
                    yield leader, other, method

    def _takes(self, number: int, method: str, revived: Collection[int]) -> bool:
        """Whether it may take what was another one's: it is to be revived, or mounted in what is."""
        return any(
            one in revived
            and (not self._spots[one].closed or self._declared(one, method) in self.methods_of[one])
            for one in self._standings.chains[number]
        )

    def _declared(self, number: int, method: str) -> str:
        entry = self._spots[number].entry
        return "GET" if method == "HEAD" and isinstance(entry, Route) and entry.implied_head else method


def find_dead(standings: Standings) -> frozenset[Contest]:
    """Every spot with each declared method for which it gets nothing, or only paths with a newline."""
    alive: set[Contest] = set()
    plain: set[int] = set()
    for region in standings.space.regions:
        if "\n" in region.witness:
            continue
        plain.update(region.spots)
        reached = {
            method: {number for taker in outcome.takers for number in standings.chains[taker]}
            for method, outcome in standings.outcomes(region).items()
        }
        alive.update(
            (number, method)
            for number in region.spots
            for method in standings.declared[number]
            if number in reached[method if method in reached else ANY_METHOD]
        )
    return frozenset(
        key
        for key, standing in standings.of.items()
        if standing.is_dead or (key[0] in plain and key not in alive)
    )
