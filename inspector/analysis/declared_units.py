"""A route table as it was declared: what can be moved as a whole, among what it stands.

A unit is a route, a mount with the units of its table, or an `include_router` with those of its router. Order
is chosen among the units of one parent only; nothing leaves the router it was declared on.
"""

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any

from inspector.analysis.finding import RouteName, name_route
from inspector.analysis.spots import Spot
from miniframework.records import dataclass
from miniframework.routing.route import Include
from miniframework.routing.source import Source

# Which unit at each level, from the outside inwards.
Place = tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Unit:
    """One declaration. `spot` is its number in the flat table, None for an include; `inner` are its units."""

    spot: Spot | None
    include: Include | None = None
    inner: tuple["Unit", ...] = ()

    @property
    def source(self) -> Source | None:
        """Where it is declared."""
        declared = self.spot or self.include
        return None if declared is None else declared.source

    @property
    def words(self) -> str:
        """The path of a route, or what else it is."""
        if self.spot is None:
            prefix = self.include.prefix if self.include else ""
            return f"include_router with prefix {prefix!r}" if prefix else "include_router"
        name: RouteName = name_route(self.spot)
        return f"mount {name.path}" if name.kind == "mount" else name.path


class Units:
    """The units of a flat table and the place of each spot among them."""

    def __init__(self, spots: Sequence[Spot]) -> None:
        below: dict[int | None, list[Spot]] = {}
        for spot in spots:
            below.setdefault(spot.parent, []).append(spot)
        self.top = _grouped(below, None, 0)
        self.place_of: list[Place] = [()] * len(spots)
        self._note((), self.top)

    def among(self, place: Place) -> tuple[Unit, ...]:
        """The units below the one at this place; those of the whole table at ()."""
        units = self.top
        for index in place:
            units = units[index].inner
        return units

    def divide(self, first: int, second: int) -> tuple[Place, tuple[int, int]] | None:
        """Where two spots part: the common place and the two units there. None when one is in the other."""
        one, other = self.place_of[first], self.place_of[second]
        for depth, (left, right) in enumerate(zip(one, other, strict=False)):
            if left != right:
                return one[:depth], (left, right)
        return None

    def _note(self, place: Place, units: Sequence[Unit]) -> None:
        for index, unit in enumerate(units):
            if unit.spot is not None:
                self.place_of[unit.spot.number] = (*place, index)
            self._note((*place, index), unit.inner)


def reordered_snapshot(
    snapshot: dict[str, Any], units: Units, orders: Mapping[Place, Sequence[int]]
) -> tuple[dict[str, Any], tuple[int, ...]]:
    """The snapshot of the table with the units of these places in another order, as `from_snapshot` takes it.

    With it, for each spot of the new table, the number that it had.
    """
    origin: list[int] = []
    routes = list(_routes(snapshot["routes"], (), units.top, orders, origin))
    return {**snapshot, "routes": routes}, tuple(origin)


def _grouped(below: Mapping[int | None, Sequence[Spot]], parent: int | None, depth: int) -> tuple[Unit, ...]:
    return _at_depth(below, below.get(parent, ()), depth)


def _at_depth(
    below: Mapping[int | None, Sequence[Spot]], spots: Sequence[Spot], depth: int
) -> tuple[Unit, ...]:
    """Consecutive spots that came through the same include at this depth are one unit."""
    units: list[Unit] = []
    for include, group in groupby(spots, key=lambda spot: _include_at(spot, depth)):
        if include is None:
            units += [Unit(spot=spot, inner=_grouped(below, spot.number, 0)) for spot in group]
        else:
            units.append(Unit(spot=None, include=include, inner=_at_depth(below, list(group), depth + 1)))
    return tuple(units)


def _include_at(spot: Spot, depth: int) -> Include | None:
    return spot.entry.includes[depth] if depth < len(spot.entry.includes) else None


def _routes(
    stored: Sequence[dict[str, Any]],
    place: Place,
    units: Sequence[Unit],
    orders: Mapping[Place, Sequence[int]],
    origin: list[int],
) -> Iterator[dict[str, Any]]:
    for index in orders.get(place, range(len(units))):
        unit = units[index]
        here = (*place, index)
        if unit.spot is None:
            yield from _routes(stored, here, unit.inner, orders, origin)
            continue
        origin.append(unit.spot.number)
        entry = stored[unit.spot.address[-1]]
        if entry["table"] is None or not unit.inner:
            yield entry
            continue
        inner = list(_routes(entry["table"]["routes"], here, unit.inner, orders, origin))
        yield {**entry, "table": {**entry["table"], "routes": inner}}
