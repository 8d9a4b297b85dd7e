"""How the steps of `re` grow with a path that a route refuses: counted in the replica, never by a clock.

Few characters are enough: of a pattern whose ambiguity is of degree two the steps are a polynomial of degree
two, and four counts, as far apart from each other, say which one.
"""

from collections.abc import Iterator, Sequence
from itertools import pairwise

from inspector.analysis.confirm import find_taker
from inspector.analysis.re_trace.trace import trace_steps
from inspector.analysis.redos.attack import Attack
from inspector.analysis.redos.suspects import Suspect, Suspects, Target
from inspector.analysis.spots import Spot
from miniframework.records import dataclass
from miniframework.routing.table import RouteTable

# The repeats that are counted: some 1,000 steps at the end, 2 ms.
_REPEATS = (4, 8, 12, 16)
_MOST_COUNTED = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class Growth:
    """What a route needs to refuse a growing path: `counted` is (characters, steps), `path` the last of them.

    `number` is that of the spot.
    """

    number: int
    path: str
    counted: tuple[tuple[int, int], ...]

    @property
    def is_quadratic(self) -> bool:
        """Whether each repeat more costs as much more as the one before it did."""
        _, twice, thrice = _differences(self.counted)
        return twice > 0 and thrice == 0

    @property
    def is_linear(self) -> bool:
        """Whether each repeat costs the same."""
        return _differences(self.counted)[1:] == (0, 0)

    def steps(self, characters: int) -> int:
        """The steps for a path of so many characters. Source: I. Newton, forward differences."""
        (first, steps), (second, _), *_ = self.counted
        once, twice, _ = _differences(self.counted)
        apart = (characters - first) / (second - first)
        return round(steps + apart * once + apart * (apart - 1) / 2 * twice)


def count_growth(table: RouteTable, spots: Sequence[Spot], suspects: Suspects) -> dict[int, Growth | None]:
    """For the place of each suspect that is not dangerous its growth; None when it does not grow so.

    One that could not be counted, because of a construct of it or of their number, has no entry. Paths of a
    hundred characters or so are asked of the router, so none of its patterns may be exponential.
    """
    harmless = [(at, one) for at, one in enumerate(suspects.found) if not one.is_dangerous]
    growths: dict[int, Growth | None] = {}
    for place, suspect in harmless[:_MOST_COUNTED]:
        tried = list(_tried(table, spots, suspect))
        growing = [growth for growth in tried if growth is not None and growth.is_quadratic]
        if growing or all(growth is not None and growth.is_linear for growth in tried):
            growths[place] = next(iter(growing), None)
    return growths


def _tried(table: RouteTable, spots: Sequence[Spot], suspect: Suspect) -> Iterator[Growth | None]:
    """What comes of each attack that gets to its route, up to the first that grows; None: not traced."""
    for target in suspect.targets:
        spot = spots[target.number]
        for attack in target.attacks:
            if not _comes_to(table, spot, target, attack):
                continue
            growth = _count(spot, target, attack)
            yield growth
            if growth is not None and growth.is_quadratic:
                return


def _comes_to(table: RouteTable, spot: Spot, target: Target, attack: Attack) -> bool:
    """Whether no entry before this one keeps the path away from it."""
    taker = find_taker(table, target.method, attack.path(_REPEATS[-1]))
    return not taker or taker > spot.address or taker == spot.address[: len(taker)] != spot.address


def _count(spot: Spot, target: Target, attack: Attack) -> Growth | None:
    counted = []
    for repeats in _REPEATS:
        path = attack.path(repeats)
        trace = trace_steps(spot.entry.pattern.regex_text, path[target.own_at :])
        if not trace.agrees:
            return None
        counted.append((len(path), len(trace.events)))
    return Growth(number=spot.number, path=path, counted=tuple(counted))


def _differences(counted: Sequence[tuple[int, int]]) -> tuple[int, int, int]:
    """The first differences of steps: how fast they grow, how fast that grows, and how fast that."""
    steps = [count for _, count in counted]
    found = []
    for _ in range(3):
        steps = [after - before for before, after in pairwise(steps)]
        found.append(steps[0])
    return found[0], found[1], found[2]
