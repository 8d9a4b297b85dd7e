"""Laws of the proof: held against the real router on every short path of tables that collide all the time."""

from collections.abc import Sequence

from hypothesis import given, settings

from inspector.analysis.check import check_table
from inspector.analysis.confirm import find_taker, is_taken_by_path, stand_in
from inspector.analysis.finding import Finding, Kind
from inspector.analysis.regions import has_newline, map_space
from inspector.analysis.spots import ANY_METHOD, ancestors, lay_flat
from inspector.analysis.standings import Standings
from miniframework.routing.route import Mount
from miniframework.routing.table import RouteTable
from tests.inspector.analysis.small_tables import (
    BEYOND_SEGMENTS,
    METHODS,
    SEGMENTS,
    UNFOLLOWED,
    short_paths,
    tables,
)

PATHS = short_paths()
DEAD = (Kind.UNREACHABLE, Kind.DUPLICATE, Kind.SWALLOWED)
EXACT = SEGMENTS + BEYOND_SEGMENTS * 2
EVERYTHING = EXACT + UNFOLLOWED * 3
NEWLINES = ("{0:plain}", "{0:lines}", "{0}", "{0:path}", "a", "{0:plain}/a", "a{0:lines}")


def takers(table: RouteTable, paths: Sequence[str] = PATHS) -> set[tuple[str, str]]:
    """(number, method) of everything that took one of the paths, the mounts around it included."""
    found = set()
    for path in paths:
        for method in (*METHODS, "HEAD", "WEBSOCKET", "ANOTHER"):
            address = find_taker(table, method, path)
            for depth in range(1, len(address) + 1):
                label = ".".join(str(index + 1) for index in address[:depth])
                found.add((label, ANY_METHOD if method == "ANOTHER" else method))
    return found


def dead_ones(findings: list[Finding]) -> set[tuple[str, str]]:
    return {(f.route.number, method) for f in findings if f.kind in DEAD for method in f.methods}


@given(tables(EVERYTHING))
@settings(max_examples=80)
def test_what_is_called_dead_takes_no_path_at_all(table: RouteTable) -> None:
    assert not dead_ones(check_table(table)) & takers(table)


@given(tables(EXACT))
@settings(max_examples=100)
def test_what_is_not_called_dead_takes_its_witness(table: RouteTable) -> None:
    spots = lay_flat(table)
    space = map_space(spots)
    standings = Standings(spots, space)
    named = frozenset(method for spot in spots for method in spot.methods)
    for (number, method), standing in standings.of.items():
        if number not in space.beyond and not standing.is_dead and standing.wins is not None:
            address = spots[number].address
            taker = find_taker(table, stand_in(method, named), standing.wins.witness)
            assert taker[: len(address)] == address


@given(tables(EXACT))
@settings(max_examples=100)
def test_every_path_is_in_the_region_of_exactly_those_that_fit_it(table: RouteTable) -> None:
    spots = lay_flat(table)
    space = map_space(spots)
    exact = [spot for spot in spots if spot.number not in space.beyond]

    def fitting(path: str) -> frozenset[int]:
        return frozenset(s.number for s in exact if is_taken_by_path(spots, ancestors(spots, s.number), path))

    known = {frozenset(region.spots) - set(space.beyond) for region in space.regions} | {frozenset()}
    assert {path: fitting(path) for path in PATHS if fitting(path) not in known} == {}
    if not space.beyond:
        for region in space.regions:
            assert fitting(region.witness) == set(region.spots)


@given(tables(EXACT))
@settings(max_examples=100)
def test_only_what_is_beyond_regular_is_left_undecided(table: RouteTable) -> None:
    spots = lay_flat(table)
    several_ways = any(
        isinstance(spot.entry, Mount) and spot.has_table and ":" in spot.path for spot in spots
    )
    findings = check_table(table)
    if not several_ways:
        assert [finding for finding in findings if not finding.is_exact] == []


@given(tables(EVERYTHING))
@settings(max_examples=80)
def test_every_witness_goes_where_it_is_said_to_go(table: RouteTable) -> None:
    spots = {spot.label: spot for spot in lay_flat(table)}
    flat = lay_flat(table)
    for finding in check_table(table):
        if finding.witness is None:
            continue
        named = frozenset(method for spot in flat for method in spot.methods)
        taker = find_taker(table, stand_in(finding.methods[0], named), finding.witness)
        taking = [finding.route] if finding.kind is Kind.ALLOW_GAP else finding.by
        assert any(taker[: len(spots[r.number].address)] == spots[r.number].address for r in taking)
        losing = finding.by[0] if finding.kind is Kind.ALLOW_GAP else finding.route
        assert is_taken_by_path(flat, ancestors(flat, spots[losing.number].number), finding.witness)


@given(tables(NEWLINES) | tables(EXACT))
@settings(max_examples=100)
def test_a_witness_has_a_newline_only_where_no_path_is_without(table: RouteTable) -> None:
    spots = lay_flat(table)
    space = map_space(spots)
    if space.beyond:
        return
    with_newline = {frozenset(region.spots) for region in space.regions if has_newline(region)}
    for path in PATHS:
        fitting = {s.number for s in spots if is_taken_by_path(spots, ancestors(spots, s.number), path)}
        assert "\n" in path or fitting not in with_newline


@given(tables(NEWLINES) | tables(EVERYTHING))
@settings(max_examples=100)
def test_what_is_left_only_paths_with_a_newline_takes_no_other(table: RouteTable) -> None:
    findings = [finding for finding in check_table(table) if finding.kind is Kind.NEWLINE_ONLY]
    left = {(finding.route.number, method) for finding in findings for method in finding.methods}
    assert not left & takers(table, [path for path in PATHS if "\n" not in path])
