"""Who takes which region of URL space, and how each entry fares for each method it was declared for."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import field

from inspector.analysis.regions import Region, UrlSpace, has_newline
from inspector.analysis.spots import ANY_METHOD, Spot, ancestors, declared_methods
from miniframework.records import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """Who takes one region with one method: the last of `takers` when it is `settled`, else maybe nobody.

    Those before the last are entries that could not be followed: each may or may not take it.
    """

    takers: tuple[int, ...]
    settled: bool

    @property
    def winner(self) -> int | None:
        """The one that certainly takes it."""
        return self.takers[-1] if self.settled and len(self.takers) == 1 else None


@dataclass(slots=True, kw_only=True)
class Standing:
    """How a spot fares for one method, in regions.

    `losses` has for each spot that takes what this one would take the first region where it does. Of
    several regions the first one is without a newline if any is. It is not `whole` where there may be more.
    """

    wins: Region | None = None
    maybe: list[Region] = field(default_factory=list)
    losses: dict[int, Region] = field(default_factory=dict)
    whole: bool = True

    @property
    def is_dead(self) -> bool:
        """Whether it never takes a request."""
        return self.whole and self.wins is None and not self.maybe

    @property
    def is_newline_only(self) -> bool:
        """Whether all it takes has a newline in it, though its pattern takes other paths as well."""
        lost = self.whole and any(not has_newline(region) for region in self.losses.values())
        return lost and self.wins is not None and has_newline(self.wins) and not self.maybe


class Standings:
    """The result of every contest in a table's URL space.

    `of[number, method]` is there for every declared method of every spot. `regions_of[number]` is a set of
    regions as a bit mask, by which languages are compared; `without_newline` masks those that hold a path
    without one.
    """

    def __init__(self, spots: Sequence[Spot], space: UrlSpace) -> None:
        self.spots = spots
        self.space = space
        self.chains = [ancestors(spots, spot.number) for spot in spots]
        self.declared = declared_methods(spots)
        self.of = {
            (spot.number, method): Standing(whole=spot.number not in space.unfinished)
            for spot in spots
            for method in self.declared[spot.number]
        }
        places: list[list[int]] = [[] for _ in spots]
        for at, region in enumerate(space.regions):
            for number in region.spots:
                places[number].append(at)
            self._hold(region)
        self.regions_of = list(map(_mask, places))
        self.without_newline = _mask(at for at, region in enumerate(space.regions) if not has_newline(region))

    def outcomes(self, region: Region) -> dict[str, Outcome]:
        """What each method named in a region leads to, and any other one (`*`)."""
        return outcomes(self.spots, region.spots, self.space.beyond)

    def blocker(self, winner: int, loser: int) -> int:
        """The winner, or the mount around it that already took the request away from the loser."""
        inside = set(self.chains[loser])
        return next(number for number in self.chains[winner] if number not in inside)

    def _hold(self, region: Region) -> None:
        found = self.outcomes(region)
        reached = {
            method: frozenset(number for taker in outcome.takers for number in self.chains[taker])
            for method, outcome in found.items()
        }
        for number in region.spots:
            exact = number not in self.space.beyond
            for method in self.declared[number]:
                asked = method if method in found else ANY_METHOD
                standing = self.of[number, method]
                if number not in reached[asked]:
                    takers = found[asked].takers
                    twin = _find_twin(self.spots, takers, number)
                    blocker = self.blocker(twin if twin is not None else takers[-1], number)
                    standing.losses.setdefault(blocker, region)
                elif exact and found[asked].winner is not None:
                    standing.wins = standing.wins or region
                else:
                    standing.maybe.append(region)


def _mask(places: Iterable[int]) -> int:
    """The number with these bits; one by one each would cost a copy of it."""
    found = bytearray()
    for at in places:  # in order
        found.extend(bytes((at >> 3) + 1 - len(found)))
        found[at >> 3] |= 1 << (at & 7)
    return int.from_bytes(found, "little")


def outcomes(
    spots: Sequence[Spot], taking: Sequence[int], beyond: Mapping[int, tuple[str, ...]]
) -> dict[str, Outcome]:
    """What each method that the `taking` spots name leads to, and any other one (`*`)."""
    below: dict[int | None, list[int]] = {}
    methods = {ANY_METHOD}
    for number in taking:
        below.setdefault(spots[number].parent, []).append(number)
        methods |= spots[number].methods
    found = {}
    for method in methods:
        takers, settled = _contest(spots, below, beyond, None, method)
        found[method] = Outcome(takers=tuple(takers), settled=settled)
    return found


def _contest(
    spots: Sequence[Spot],
    below: Mapping[int | None, Sequence[int]],
    beyond: Mapping[int, tuple[str, ...]],
    place: int | None,
    method: str,
) -> tuple[list[int], bool]:
    takers: list[int] = []
    for number in below.get(place, ()):
        if not spots[number].takes(method) or _find_twin(spots, takers, number) is not None:
            continue
        settled = True
        if spots[number].has_table:
            inner, settled = _contest(spots, below, beyond, number, method)
            takers += inner
        if not settled or not spots[number].has_table:
            takers.append(number)  # a mount in which nothing takes it has taken it all the same
        if number not in beyond:
            return takers, True
    return takers, False


def _find_twin(spots: Sequence[Spot], takers: Sequence[int], number: int) -> int | None:
    """The one among them that takes whatever this one would, although both may refuse some of it."""
    if not spots[number].doubts:
        return None
    return next((taker for taker in takers if spots[number].is_twin_of(spots[taker])), None)
