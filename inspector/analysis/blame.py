"""Which earlier entries keep a dead one from its requests: one if that is enough, else few together."""

from collections.abc import Sequence

from inspector.analysis.regions import Region
from inspector.analysis.standings import Standings
from miniframework.records import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Death:
    """A spot that never takes a request with these methods.

    `by` are the spots that take all of them, `regions` one region for each of `by`, and all others after.
    """

    number: int
    methods: tuple[str, ...]
    by: tuple[int, ...]
    regions: tuple[Region, ...]


def find_deaths(standings: Standings) -> list[Death]:
    """Every dead spot, its methods grouped by who is to blame.

    What is inside a mount is left out when the mount itself is dead for the same method.
    """
    deaths = []
    for spot in standings.spots:
        groups: dict[tuple[int, ...], list[str]] = {}
        around = standings.chains[spot.number][:-1]
        for method in standings.declared[spot.number]:
            if standings.of[spot.number, method].is_dead and not _any_dead(standings, around, method):
                groups.setdefault(_cover(standings, spot.number, method), []).append(method)
        deaths += [
            Death(
                number=spot.number,
                methods=tuple(methods),
                by=by,
                regions=_regions(standings, spot.number, methods, by),
            )
            for by, methods in groups.items()
        ]
    return deaths


def is_same_language(standings: Standings, first: int, second: int) -> bool:
    """Whether two spots certainly take exactly the same paths."""
    if not standings.space.unfinished.isdisjoint((first, second)):
        return False
    return standings.regions_of[first] == standings.regions_of[second]


def is_nearly_within(standings: Standings, inner: int, outer: int) -> bool:
    """Whether certainly every path of `inner` is one of `outer`, those with a newline in them aside.

    `{p:path}` takes no newline and `{x}` does: without this every catch-all would cross everything.
    """
    if inner in standings.space.unfinished:
        return False
    return not standings.regions_of[inner] & standings.without_newline & ~standings.regions_of[outer]


def _any_dead(standings: Standings, numbers: Sequence[int], method: str) -> bool:
    found = (standings.of.get((number, method)) for number in numbers)
    return any(standing is not None and standing.is_dead for standing in found)


def _cover(standings: Standings, number: int, method: str) -> tuple[int, ...]:
    blockers = sorted(standings.of[number, method].losses)
    left = standings.regions_of[number]
    chosen: list[int] = []
    while left and blockers:
        best = max(blockers, key=lambda blocker: (left & standings.regions_of[blocker]).bit_count())
        if not left & standings.regions_of[best]:
            break
        chosen.append(best)
        left &= ~standings.regions_of[best]
        blockers.remove(best)
    return tuple(sorted(chosen))


def _regions(
    standings: Standings, number: int, methods: Sequence[str], by: tuple[int, ...]
) -> tuple[Region, ...]:
    losses = [standings.of[number, method].losses for method in methods]
    first = [found[blocker] for found in losses for blocker in by if blocker in found]
    return (*first, *(region for found in losses for region in found.values() if region not in first))
