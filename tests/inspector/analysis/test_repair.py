"""Dead routes revived by few moves: they live, nothing dies, and no other request changes hands."""

from itertools import combinations, permutations

import pytest
from hypothesis import assume, given, settings

from inspector.analysis.confirm import find_taker
from inspector.analysis.regions import map_space
from inspector.analysis.repair import Repair, propose_repair
from inspector.analysis.repair_demands import find_dead
from inspector.analysis.spots import lay_flat
from inspector.analysis.standings import Standings
from miniframework.routing.pattern import parse_pattern
from miniframework.routing.route import Entry, Include, Route
from miniframework.routing.source import Source
from miniframework.routing.table import RouteTable
from tests.inspector.analysis.small_tables import METHODS, mount, route, short_paths, table_of, tables

SEGMENTS = ("a", "b", "1", "{0}", "{0}", "{0:int}", "{0:path}", "{0:either}", "a{0}")
# find_dead speaks of paths without a newline.
PATHS = [path for path in short_paths() if "\n" not in path]


def repair_of(*entries: Entry, move_blockers: bool = False) -> Repair:
    return propose_repair(table_of(*entries), move_blockers=move_blockers)


def words(repair: Repair) -> list[str]:
    return [move.words for move in repair.moves]


def included(template: str, line: int, *includes: int) -> Route:
    return Route(
        pattern=parse_pattern(template),
        methods=frozenset({"GET"}),
        endpoint=included,
        name=f"route{line}",
        source=Source(file="app.py", line=line),
        includes=tuple(Include(prefix="", source=Source(file="app.py", line=at)) for at in includes),
    )


def test_a_hidden_route_moves_right_above_what_hides_it() -> None:
    repair = repair_of(
        route("/x", line=1), route("/u/{id}", line=2), route("/y", line=3), route("/u/me", line=4)
    )
    assert words(repair) == ["move /u/me (app.py:4) above /u/{id} (app.py:2)"]
    assert [entry.pattern.template for entry in repair.table.entries] == ["/x", "/u/me", "/u/{id}", "/y"]
    assert ([name.number for name in repair.revived], repair.left) == (["4"], ())


def test_asked_for_it_what_hides_moves_down_instead() -> None:
    repair = repair_of(route("/u/{id}", line=1), route("/u/me", line=2), move_blockers=True)
    assert words(repair) == ["move /u/{id} (app.py:1) below /u/me (app.py:2)"]


def test_what_hides_several_is_moved_once() -> None:
    hidden = [route(f"/page{line}", line=line) for line in range(2, 9)]
    repair = repair_of(route("/{rest:path}", line=1), *hidden)
    assert words(repair) == ["move /{rest:path} (app.py:1) below /page8 (app.py:8)"]
    assert len(repair.revived) == 7


def test_only_the_method_that_is_dead_counts() -> None:
    repair = repair_of(route("/{x}", "GET", line=1), route("/a", "GET", "POST", line=2))
    assert words(repair) == ["move /a (app.py:2) above /{x} (app.py:1)"]
    assert repair_of(route("/{x}", "GET", line=1), route("/a", "POST", line=2)).moves == ()


def test_a_revived_route_stays_behind_the_more_specific_ones() -> None:
    repair = repair_of(
        route("/u/me", line=1), route("/{p:path}", line=2), route("/u/{id}", line=3), route("/u/all", line=4)
    )
    order = [entry.pattern.template for entry in repair.table.entries]
    assert order.index("/u/all") < order.index("/u/{id}") < order.index("/{p:path}")
    assert order[0] == "/u/me"


def test_a_route_hidden_by_a_special_case_and_a_crossing_one_passes_only_the_crossing_one() -> None:
    entries = [
        route("/a/{q}", line=1),
        route("/b/{n:either}", line=2),
        route("/{m:either}/{n:either}", line=3),
    ]
    repair = repair_of(*entries)
    assert words(repair) == ["move /a/{q} (app.py:1) below /{m:either}/{n:either} (app.py:3)"]


def test_of_two_equal_routes_the_second_is_not_moved_but_named() -> None:
    repair = repair_of(route("/{p:path}", line=1), route("/u/{a}", line=2), route("/u/{b}", line=3))
    assert [name.path for name in repair.revived] == ["/u/{a}"]
    assert [(name.path, why) for name, why in repair.left] == [
        ("/u/{b}", "/u/{a} (app.py:2) takes the same paths: delete one of the two")
    ]


def test_a_route_that_is_nothing_but_its_special_cases_is_left_dead() -> None:
    repair = repair_of(route("/a", line=1), route("/b", line=2), route("/{x:either}", line=3))
    assert repair.moves == ()
    assert [why for _, why in repair.left] == [
        "every path of it belongs to more specific routes, as /a (app.py:1) and /b (app.py:2)"
    ]


def test_a_mount_that_swallows_a_route_is_passed() -> None:
    repair = repair_of(mount("/api", table_of(route("/b", line=9)), line=1), route("/api/a", line=2))
    assert words(repair) == ["move /api/a (app.py:2) above mount /api (app.py:1)"]


def test_a_mount_is_not_moved_for_a_route_in_it_when_its_404_would_replace_an_answer() -> None:
    inner = table_of(route("/a", line=9))
    repair = repair_of(route("/api/{x}", line=1), mount("/api", inner, line=2), route("/z", line=3))
    assert repair.moves == ()
    assert [(name.path, why) for name, why in repair.left] == [
        ("/api/a", "no order revives it and leaves every other route its requests")
    ]


def test_routes_in_a_mounted_table_are_ordered_there() -> None:
    inner = table_of(route("/{b}", line=5), route("/x", line=6))
    repair = repair_of(mount("/api", inner, line=1))
    assert words(repair) == ["move /api/x (app.py:6) above /api/{b} (app.py:5)"]
    assert find_taker(repair.table, "GET", "/api/x") == (0, 0)


def test_routes_of_two_routers_are_ordered_by_their_includes() -> None:
    repair = repair_of(included("/u/{id}", 1, 20), included("/v", 2, 20), included("/u/me", 3, 21))
    assert words(repair) == ["move include_router (app.py:21) above include_router (app.py:20)"]


def test_routes_of_one_router_are_ordered_in_it() -> None:
    repair = repair_of(included("/u/{id}", 1, 20), included("/u/me", 3, 20), included("/w", 4, 21))
    assert words(repair) == ["move /u/me (app.py:3) above /u/{id} (app.py:1)"]


def test_only_the_wanted_routes_are_revived() -> None:
    table = table_of(route("/{x}", line=1), route("/a", line=2), route("/b", line=3))
    repair = propose_repair(table, {"3"})
    assert words(repair) == ["move /b (app.py:3) above /{x} (app.py:1)"]
    assert propose_repair(table, ()).moves == ()


def test_a_route_that_is_left_only_newlines_is_dead_too() -> None:
    repair = repair_of(route("/{p:path}", line=1), route("/a/{x}", line=2))
    assert words(repair) == ["move /a/{x} (app.py:2) above /{p:path} (app.py:1)"]


@pytest.mark.parametrize("move_blockers", [False, True])
def test_an_order_that_is_right_is_left_as_it_is(move_blockers: bool) -> None:
    repair = repair_of(
        route("/a", line=1), route("/{x:int}", line=2), route("/{x}", line=3), move_blockers=move_blockers
    )
    assert (repair.moves, repair.revived, repair.left) == ((), (), ())


def dead_in(table: RouteTable) -> set[tuple[str, str]]:
    spots = lay_flat(table)
    return {(spots[at].entry.name, method) for at, method in find_dead(Standings(spots, map_space(spots)))}


def named_apart(table: RouteTable) -> RouteTable:
    """The same table with a name for each entry that no other one has."""
    counter = iter(range(1_000))

    def rename(snapshot: dict[str, object]) -> dict[str, object]:
        routes = snapshot["routes"]
        assert isinstance(routes, list)
        named = [
            {**one, "name": f"n{next(counter)}", "table": one["table"] and rename(one["table"])}
            for one in routes
        ]
        return {**snapshot, "routes": named}

    return RouteTable.from_snapshot(rename(table.snapshot()))


def taker_names(table: RouteTable) -> dict[tuple[str, str], tuple[str, ...]]:
    """The names of all that take each short path, mounts first; found without the analysis."""
    names = {spot.address: spot.entry.name for spot in lay_flat(table)}
    found = {}
    for method in METHODS:
        for path in PATHS:
            address = find_taker(table, method, path)
            found[method, path] = tuple(names[address[: depth + 1]] for depth in range(len(address)))
    return found


@given(tables(SEGMENTS, depth=1, largest=5))
@settings(max_examples=60)
def test_every_change_of_hands_is_in_favour_of_a_revived_route_and_nothing_dies(drawn: RouteTable) -> None:
    table = named_apart(drawn)
    before = dead_in(table)
    assume(before)
    repair = propose_repair(table)
    after = dead_in(repair.table)
    assert after <= before
    revived = {name.name for name in repair.revived}
    assert {name for name, _ in before} >= revived
    assert not revived & {name for name, _ in after}
    old, new = taker_names(table), taker_names(repair.table)
    assert [key for key in old if old[key] != new[key] and not revived.intersection(new[key])] == []


@given(tables(SEGMENTS, depth=0, largest=4))
@settings(max_examples=25)
def test_no_order_revives_more_or_the_same_with_fewer_moves(drawn: RouteTable) -> None:
    table = named_apart(drawn)
    before, old = dead_in(table), taker_names(table)
    assume(before)
    repair = propose_repair(table)
    for order in permutations(table.entries):
        other = table_of(*order)
        after = dead_in(other)
        alive = {name for name, _ in before} - {name for name, _ in after}
        new = taker_names(other) if alive else {}
        if not alive or after - before or any(old[k] != new[k] and not alive & {*new[k]} for k in old):
            continue
        assert len(alive) <= len(repair.revived)
        if alive >= {name.name for name in repair.revived}:
            assert moves_to(table, order) >= len(repair.moves)


def moves_to(table: RouteTable, order: tuple[Entry, ...]) -> int:
    places = [table.entries.index(entry) for entry in order]
    rising = (
        count
        for count in range(len(places), -1, -1)
        for chosen in combinations(places, count)
        if list(chosen) == sorted(chosen)
    )
    return len(places) - next(rising)
