"""The difference of two tables as declared: what came, went, moved and changed."""

from itertools import combinations
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from inspector.analysis.edits import parse_edits
from inspector.analysis.table_changes import TableChanges, find_changes
from inspector.analysis.table_edit import edit_table
from miniframework.routing.endpoints import StoredEndpoint
from miniframework.routing.pattern import parse_pattern
from miniframework.routing.route import Entry, Route, Source
from miniframework.routing.table import RouteTable
from tests.inspector.analysis.small_tables import CONVERTERS, mount, route, socket


def entry(name: str, path: str, *methods: str, line: int = 1, called: str | None = None) -> Route:
    """A route whose endpoint has its name, or is `called` otherwise."""
    return Route(
        pattern=parse_pattern(path, CONVERTERS),
        methods=frozenset(methods or ("GET",)),
        endpoint=StoredEndpoint(name=f"app:{called or name}"),
        name=name,
        source=Source(file="app.py", line=line),
    )


def changes(old: list[Entry], new: list[Entry]) -> TableChanges:
    return find_changes(RouteTable(old), RouteTable(new))


def told(found: TableChanges) -> dict[str, Any]:
    return {
        "added": [route.name for route in found.added],
        "removed": [route.name for route in found.removed],
        "moved": [(one.route.name, one.old_number, one.route.number) for one in found.moved],
        "changed": [(one.new.name, *one.what) for one in found.changed],
    }


NOTHING: dict[str, Any] = {"added": [], "removed": [], "moved": [], "changed": []}
A, B, C = entry("a", "/a"), entry("b", "/b"), entry("c", "/c")


def test_a_table_is_not_different_from_itself() -> None:
    found = changes([A, B, C], [A, B, C])
    assert (told(found), found.redirect_slashes, found.can_reroute) == (NOTHING, None, False)
    assert found.origins == {"1": "1", "2": "2", "3": "3"}


def test_what_came_and_what_went_is_named_and_moves_nobody() -> None:
    found = changes([A, B], [C, B])
    assert told(found) == NOTHING | {"added": ["c"], "removed": ["a"]}
    assert found.origins == {"2": "2"}


def test_of_those_that_stay_as_few_as_possible_are_said_to_have_moved() -> None:
    d = entry("d", "/d")
    assert told(changes([A, B, C, d], [d, A, B, C])) == NOTHING | {"moved": [("d", "4", "1")]}
    assert told(changes([A, B, C, d], [B, C, d, A])) == NOTHING | {"moved": [("a", "1", "4")]}


def test_everything_that_changed_in_a_route_is_named() -> None:
    new = Route(
        pattern=parse_pattern("/b/{x}"),
        methods=frozenset({"POST"}),
        endpoint=A.endpoint,
        name="renamed",
        source=Source(file="app.py", line=9),
    )
    found = changes([A], [new])
    assert told(found) == NOTHING | {"changed": [("renamed", "path", "methods", "name", "source")]}
    assert found.changed[0].old.path == "/a"


def test_a_converter_that_takes_other_text_is_a_change_though_the_path_reads_the_same() -> None:
    snapshot = RouteTable([entry("a", "/{x:either}")]).snapshot()
    snapshot["routes"][0]["parts"][1]["regex"] = "a|c"
    found = find_changes(RouteTable([entry("a", "/{x:either}")]), RouteTable.from_snapshot(snapshot))
    assert told(found)["changed"] == [("a", "converter")]
    assert found.can_reroute


def test_other_lines_reroute_nothing_and_come_last() -> None:
    found = changes([A, B], [entry("a", "/a", line=9), B])
    assert told(found)["changed"] == [("a", "source")]
    assert not found.can_reroute
    found = changes([A, B], [entry("a", "/a", line=9), entry("b", "/b", "PUT", line=9)])
    assert told(found)["changed"] == [("b", "methods", "source"), ("a", "source")]
    assert found.can_reroute


def test_routes_of_one_handler_are_told_apart_by_their_paths() -> None:
    old: list[Entry] = [entry("f", "/a"), entry("f", "/b")]
    found = changes(old, [entry("f", "/b"), entry("f", "/c")])
    assert told(found) == NOTHING | {"added": ["f"], "removed": ["f"]}
    assert (found.added[0].path, found.removed[0].path) == ("/c", "/a")


def test_a_handler_of_another_name_is_another_route() -> None:
    assert told(changes([A], [entry("b", "/a")])) == NOTHING | {"added": ["b"], "removed": ["a"]}


def test_a_renamed_route_of_the_same_handler_is_the_same_one() -> None:
    assert told(changes([A, B], [entry("z", "/a", called="a"), B])) == NOTHING | {"changed": [("z", "name")]}


def test_an_http_and_a_websocket_route_are_never_the_same() -> None:
    old, new = RouteTable([route("/a", line=1)]), RouteTable([socket("/a", line=1)])
    found = find_changes(old, new)
    assert (len(found.added), len(found.removed)) == (1, 1)


def test_what_is_inside_a_mount_is_compared_and_told_with_its_number() -> None:
    old = RouteTable([A, mount("/m", RouteTable([B, C]))])
    new = RouteTable([mount("/m", RouteTable([C, B])), A])
    found = find_changes(old, new)
    assert told(found)["moved"] == [("mount1", "2", "1"), ("c", "2.2", "1.1")]
    assert found.origins == {"1": "2", "1.1": "2.2", "1.2": "2.1", "2": "1"}


def test_a_route_that_went_into_a_mount_has_moved_and_has_another_path() -> None:
    old = RouteTable([A, mount("/m", RouteTable([B]))])
    new = RouteTable([mount("/m", RouteTable([B, A]))])
    assert told(find_changes(old, new)) == NOTHING | {
        "moved": [("a", "1", "1.2")],
        "changed": [("a", "path")],
    }


def test_another_rule_for_the_slash_at_the_end_is_a_change_that_reroutes() -> None:
    found = find_changes(RouteTable([A]), RouteTable([A], redirect_slashes=False))
    assert (told(found), found.redirect_slashes, found.can_reroute) == (NOTHING, False, True)


def test_a_long_difference_is_cut_and_counted() -> None:
    entries: list[Entry] = [entry(f"r{number}", f"/r{number}") for number in range(5)]
    document = find_changes(RouteTable([]), RouteTable(entries)).to_dict(2)
    assert [one["name"] for one in document["added"]] == ["r0", "r1"]
    assert document["totals"] == {"added": 5, "removed": 0, "moved": 0, "changed": 0}


@given(st.permutations(range(6)))
@settings(max_examples=100)
def test_the_moved_ones_are_the_fewest_without_which_the_order_is_the_old_one(order: list[int]) -> None:
    entries = [entry(f"r{number}", f"/r{number}") for number in range(6)]
    found = changes(list(entries), [entries[number] for number in order])
    moved = {int(one.old_number) - 1 for one in found.moved}
    staying = [number for number in order if number not in moved]
    assert staying == sorted(staying)
    longest = max(
        size for size in range(7) if any(list(kept) == sorted(kept) for kept in combinations(order, size))
    )
    assert len(moved) == 6 - longest


@given(st.lists(st.integers(1, 6), unique=True, max_size=4), st.integers(1, 6))
@settings(max_examples=50)
def test_an_entry_of_an_edited_table_is_found_again_as_the_edits_say(moves: list[int], before: int) -> None:
    table = RouteTable([entry(f"r{number}", f"/r{number}") for number in range(6)])
    edits = [{"op": "move", "route": str(n), "before": str(before)} for n in moves if n != before]
    edited = edit_table(table, parse_edits(edits))
    assert find_changes(table, edited.table).origins == edited.origins
