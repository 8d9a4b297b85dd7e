"""What is different in a table itself after a reload: entries that came, went, moved and changed."""

from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from typing import Any, Literal

from inspector.analysis.finding import RouteName, name_route
from inspector.analysis.spots import Spot, lay_flat
from miniframework.records import dataclass
from miniframework.routing.endpoints import endpoint_name
from miniframework.routing.route import Mount
from miniframework.routing.table import RouteTable

What = Literal["path", "converter", "methods", "name", "source"]


@dataclass(frozen=True, slots=True, kw_only=True)
class MovedEntry:
    """An entry that stands elsewhere among those that are in both tables; `route` is it in the new one."""

    route: RouteName
    old_number: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangedEntry:
    """An entry that is declared otherwise; `what` says in what."""

    old: RouteName
    new: RouteName
    what: tuple[What, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class TableChanges:
    """The difference of two tables, each part in the order of its table.

    `moved` are as few as possible. Of `changed`, those that only stand on other lines come last.
    `redirect_slashes` is the new setting, None when it is the same. `origins` gives for the number of each
    entry of the new table its number in the old one.
    """

    added: tuple[RouteName, ...]
    removed: tuple[RouteName, ...]
    moved: tuple[MovedEntry, ...]
    changed: tuple[ChangedEntry, ...]
    redirect_slashes: bool | None
    origins: Mapping[str, str]

    @property
    def can_reroute(self) -> bool:
        """Whether a request may be answered by another entry, or differently by routing."""
        return (
            bool(self.added or self.removed or self.moved)
            or self.redirect_slashes is not None
            or any(entry.what != ("source",) for entry in self.changed)
        )

    def to_dict(self, most: int) -> dict[str, Any]:
        """JSON-able values, at most so many of each, with how many there are."""
        return {
            "added": [route.to_dict() for route in self.added[:most]],
            "removed": [route.to_dict() for route in self.removed[:most]],
            "moved": [
                {"route": entry.route.to_dict(), "from": entry.old_number, "to": entry.route.number}
                for entry in self.moved[:most]
            ],
            "changed": [
                {"old": entry.old.to_dict(), "new": entry.new.to_dict(), "what": list(entry.what)}
                for entry in self.changed[:most]
            ],
            "totals": {
                "added": len(self.added),
                "removed": len(self.removed),
                "moved": len(self.moved),
                "changed": len(self.changed),
            },
            "redirect_slashes": self.redirect_slashes,
        }


def find_changes(old: RouteTable, new: RouteTable) -> TableChanges:
    """Compare two tables entry by entry, those inside mounts too.

    An entry is the same one when its endpoint and name are; then when its endpoint and path, or its endpoint
    alone are. Entries that share an endpoint and a name are told apart by their path.
    """
    before, after = lay_flat(old), lay_flat(new)
    pairs = _pair(before, after)
    matched = set(pairs.values())
    changed = [
        ChangedEntry(old=name_route(before[one]), new=name_route(spot), what=what)
        for spot in after
        if (one := pairs.get(spot.number)) is not None and (what := _differences(before[one], spot))
    ]
    flipped = old.redirect_slashes is not new.redirect_slashes
    return TableChanges(
        added=tuple(name_route(spot) for spot in after if spot.number not in pairs),
        removed=tuple(name_route(spot) for spot in before if spot.number not in matched),
        moved=tuple(
            MovedEntry(route=name_route(after[number]), old_number=before[pairs[number]].label)
            for number in sorted(_moved(before, after, pairs))
        ),
        changed=tuple(sorted(changed, key=lambda entry: entry.what == ("source",))),
        redirect_slashes=new.redirect_slashes if flipped else None,
        origins={after[number].label: before[one].label for number, one in pairs.items()},
    )


_Key = Callable[[Spot], Hashable]


def _pair(before: Sequence[Spot], after: Sequence[Spot]) -> dict[int, int]:
    """For each spot of the new table that was in the old one, which one it was."""
    pairs: dict[int, int] = {}
    taken: set[int] = set()
    for key, must_be_alone in _KEYS:
        shared = _shared(before, key) | _shared(after, key) if must_be_alone else frozenset()
        waiting: dict[Hashable, list[int]] = defaultdict(list)
        for spot in reversed(before):
            if spot.number not in taken:
                waiting[key(spot)].append(spot.number)
        for spot in after:
            found = key(spot)
            if spot.number not in pairs and found not in shared and waiting.get(found):
                pairs[spot.number] = waiting[found].pop()
                taken.add(pairs[spot.number])
    return pairs


def _shared(spots: Sequence[Spot], key: _Key) -> frozenset[Hashable]:
    return frozenset(found for found, count in Counter(map(key, spots)).items() if count > 1)


def _called(spot: Spot) -> tuple[str, str]:
    entry = spot.entry
    return name_route(spot).kind, endpoint_name(entry.app if isinstance(entry, Mount) else entry.endpoint)


# From the surest to the least sure; the second says that a key which several entries share says nothing.
_KEYS: tuple[tuple[_Key, bool], ...] = (
    (lambda spot: (*_called(spot), spot.entry.name, spot.path, spot.methods), False),
    (lambda spot: (*_called(spot), spot.entry.name, spot.path), False),
    (lambda spot: (*_called(spot), spot.entry.name), True),
    (lambda spot: (*_called(spot), spot.path), False),
    (_called, True),
)


def _differences(old: Spot, new: Spot) -> tuple[What, ...]:
    return tuple(_named_differences(old, new))


def _named_differences(old: Spot, new: Spot) -> Iterator[What]:
    if old.path != new.path:
        yield "path"
    elif old.entry.pattern.regex_text != new.entry.pattern.regex_text:
        yield "converter"
    if old.methods != new.methods:
        yield "methods"
    if old.entry.name != new.entry.name:
        yield "name"
    if old.source != new.source:
        yield "source"


def _moved(before: Sequence[Spot], after: Sequence[Spot], pairs: Mapping[int, int]) -> set[int]:
    """Those in another table than before, and the fewest without which the others stand in the old order."""
    levels: dict[int | None, list[Spot]] = defaultdict(list)
    for spot in after:
        if spot.number in pairs:
            levels[spot.parent].append(spot)
    moved: set[int] = set()
    for parent, spots in levels.items():
        old_parent = None if parent is None else pairs.get(parent)
        staying = [spot for spot in spots if before[pairs[spot.number]].parent == old_parent]
        kept = _longest_rising([pairs[spot.number] for spot in staying])
        moved |= {spot.number for spot in spots} - {staying[at].number for at in kept}
    return moved


def _longest_rising(values: Sequence[int]) -> list[int]:
    """The places of a longest subsequence that rises."""
    tails: list[int] = []  # the smallest last value of a rising run of each length
    places: list[int] = []  # where it stands
    previous: list[int | None] = []
    for at, value in enumerate(values):
        length = bisect_left(tails, value)
        previous.append(places[length - 1] if length else None)
        tails[length : length + 1] = [value]
        places[length : length + 1] = [at]
    chain: list[int] = []
    place = places[-1] if places else None
    while place is not None:
        chain.append(place)
        place = previous[place]
    return chain[::-1]
