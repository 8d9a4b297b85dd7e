"""The difference of two tables: every request that goes elsewhere, and no other."""

from hypothesis import given, settings

from inspector.analysis.confirm import find_taker
from inspector.analysis.regions import map_space
from inspector.analysis.spots import WEBSOCKET, lay_flat
from inspector.analysis.table_diff import Change, compare_tables
from miniframework.routing.route import Entry
from miniframework.routing.table import RouteTable
from tests.inspector.analysis.small_tables import METHODS, mount, route, short_paths, socket, table_of, tables

PATHS = short_paths()


def told(old: list[Entry], new: list[Entry]) -> list[tuple[tuple[str, ...], str, str, str]]:
    return [
        (
            change.methods,
            change.witness,
            change.old.route.name if change.old.route else change.old.answer,
            change.new.route.name if change.new.route else change.new.answer,
        )
        for change in compare_tables(table_of(*old), table_of(*new))
    ]


def name_at(table: RouteTable, method: str, path: str) -> str | None:
    """Name and path of who takes the request, which is what tells entries of these tables apart."""
    address = find_taker(table, method, path)
    return next(
        (f"{s.entry.name} {s.path} {s.closed}" for s in lay_flat(table) if s.address == address), None
    )


def test_a_table_is_not_different_from_itself() -> None:
    entries: list[Entry] = [route("/a/{x}"), mount("/m", table_of(route("/b"))), socket("/a/{x}", 3)]
    assert told(entries, entries) == []


def test_a_moved_route_is_told_with_the_path_that_now_goes_to_it() -> None:
    by_id, me = route("/users/{id}", line=1), route("/users/me", line=2)
    assert told([by_id, me], [me, by_id]) == [(("GET",), "/users/me", "route1", "route2")]


def test_a_converter_that_became_narrower_lets_the_rest_go() -> None:
    assert told([route("/i/{n}")], [route("/i/{n:int}")]) == [(("GET",), "/i/a", "route1", "not_found")]


def test_a_new_method_turns_405_into_an_answer() -> None:
    new = [route("/x", "GET", line=1), route("/x", "POST", line=2)]
    assert told([route("/x", "GET", line=1)], new) == [(("POST",), "/x", "method_not_allowed", "route2")]


def test_a_route_inside_a_mount_is_compared_too() -> None:
    old, new = table_of(route("/a", line=1)), table_of(route("/a", line=2))
    assert told([mount("/m", old, 9)], [mount("/m", new, 9)]) == [(("GET",), "/m/a", "route1", "route2")]


def test_a_handshake_that_goes_elsewhere_is_told_as_one() -> None:
    assert told([socket("/live", 1)], [socket("/live", 2)]) == [((WEBSOCKET,), "/live", "socket1", "socket2")]


def test_a_change_counts_its_regions_and_is_json_able() -> None:
    change: Change = compare_tables(table_of(route("/i/{n}")), table_of(route("/i/{n:int}")))[0]
    assert change.to_dict()["old"]["route"]["path"] == "/i/{n}"
    assert change.to_dict()["new"] == {"route": None, "answer": "not_found"}
    assert (change.regions, change.to_dict()["regions"]) == (1, 1)


@given(tables(), tables())
@settings(max_examples=80)
def test_every_request_that_goes_elsewhere_is_in_a_change_that_is_told(
    old: RouteTable, new: RouteTable
) -> None:
    changes = compare_tables(old, new)
    told_pairs = {
        (
            f"{c.old.route.name} {c.old.route.path} {c.old.route.kind != 'mount'}" if c.old.route else None,
            f"{c.new.route.name} {c.new.route.path} {c.new.route.kind != 'mount'}" if c.new.route else None,
        )
        for c in changes
    }
    exact = not (map_space(lay_flat(old)).beyond or map_space(lay_flat(new)).beyond)
    for path in PATHS if exact else ():
        for method in (*METHODS, WEBSOCKET):
            pair = name_at(old, method, path), name_at(new, method, path)
            assert pair[0] == pair[1] or pair in told_pairs or _is_same_but_moved(pair)


def _is_same_but_moved(pair: tuple[str | None, str | None]) -> bool:
    """An endpoint whose path changed is the same one."""
    return None not in pair and str(pair[0]).split()[0] == str(pair[1]).split()[0]
