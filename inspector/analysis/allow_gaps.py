"""Mounts that answer for a route before them when the method is another, so that Allow does not name it.

Within one table there are no such gaps: a 405 names the methods of every route that has the path.
"""

from collections.abc import Iterator

from inspector.analysis import wording
from inspector.analysis.blame import is_nearly_within
from inspector.analysis.confirm import find_taker, stand_in
from inspector.analysis.finding import Finding, Kind, name_route
from inspector.analysis.regions import Region
from inspector.analysis.spots import ANY_METHOD, Spot
from inspector.analysis.standings import Standings
from miniframework.routing.route import Route
from miniframework.routing.table import RouteTable


def find_gaps(table: RouteTable, standings: Standings) -> Iterator[tuple[int, Finding]]:
    """One finding a mount, with the number of the mount."""
    seen: set[int] = set()
    spots = standings.spots
    for region in standings.space.regions:
        mounts = [number for number in region.spots if spots[number].has_table and number not in seen]
        if not mounts:
            continue
        taker = standings.outcomes(region)[ANY_METHOD].winner
        if taker not in mounts:
            continue
        gap = _gap(table, standings, taker, region)
        if gap is not None:
            seen.add(taker)
            yield taker, gap


def _gap(table: RouteTable, standings: Standings, taker: int, region: Region) -> Finding | None:
    spots = standings.spots
    mount = spots[taker]
    routes = _unnamed(standings, mount, region)
    method = stand_in(ANY_METHOD, frozenset(m for number in region.spots for m in spots[number].methods))
    if not routes or find_taker(table, method, region.witness) != mount.address:
        return None
    name, by = name_route(mount), name_route(routes[0])
    return Finding(
        kind=Kind.ALLOW_GAP,
        methods=(method,),
        route=name,
        by=(by,),
        witness=region.witness,
        message=wording.say_gap(name, by, method),
        fix="mount it at a prefix of its own, or declare the other methods of the route too",
    )


def _unnamed(standings: Standings, mount: Spot, region: Region) -> list[Spot]:
    """The routes before a mount that it takes whole, with a method that nothing in it has."""
    spots = standings.spots
    inside = {
        method
        for number in region.spots
        if mount.number in standings.chains[number]
        for method in spots[number].methods
    }
    return [
        spots[number]
        for number in region.spots
        if number < mount.number
        and spots[number].parent == mount.parent
        and isinstance(spots[number].entry, Route)
        and not spots[number].methods <= inside
        and is_nearly_within(standings, number, mount.number)
    ]
