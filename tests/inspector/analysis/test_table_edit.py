"""Edited tables: what each edit does, numbers that stay as they were, refusals as at registration."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inspector.analysis.edits import BadEdit, parse_edits
from inspector.analysis.spots import lay_flat
from inspector.analysis.table_edit import EditedTable, edit_table
from miniframework.routing.match import Found
from miniframework.routing.route import Entry, Mount, Route, SocketRoute
from miniframework.routing.table import RouteTable
from tests.inspector.analysis.small_tables import mount, route, socket, tables


def edited(table: RouteTable, *edits: Any) -> EditedTable:
    return edit_table(table, parse_edits(list(edits)))


def shown(found: EditedTable) -> list[str]:
    """Number, number before, path and methods of every entry."""
    return [
        f"{spot.label}←{found.origins.get(spot.label)} {spot.path} {','.join(spot.methods - {'HEAD'})}"
        for spot in lay_flat(found.table)
    ]


ABC = RouteTable([route("/a"), route("/b"), route("/c")])


def test_no_edit_gives_the_same_table() -> None:
    assert edited(ABC).table is ABC


@pytest.mark.parametrize(
    ("edits", "paths"),
    [
        ([{"op": "move", "route": "3", "before": "1"}], "/c /a /b"),
        ([{"op": "move", "route": "1", "before": None}], "/b /c /a"),
        ([{"op": "move", "route": "1", "before": "2"}], "/a /b /c"),
        (
            [{"op": "move", "route": "3", "before": "1"}, {"op": "move", "route": "2", "before": "3"}],
            "/b /c /a",
        ),
        ([{"op": "remove", "route": "1"}, {"op": "move", "route": "3", "before": "2"}], "/c /b"),
        ([{"op": "add", "path": "/n", "methods": ["GET"], "before": "2"}], "/a /n /b /c"),
        ([{"op": "add", "path": "/n", "methods": ["GET"]}, {"op": "remove", "route": "3"}], "/a /b /n"),
    ],
    ids=["up", "end", "nowhere", "two", "numbers-stay", "add-before", "add-at-the-end"],
)
def test_numbers_in_edits_are_those_of_the_table_as_it_was(edits: list[Any], paths: str) -> None:
    found = edited(ABC, *edits)
    assert [entry.pattern.template for entry in found.table.entries] == paths.split()
    for number, origin in found.origins.items():
        assert found.table.entries[int(number) - 1] is ABC.entries[int(origin) - 1]


def test_an_added_route_has_no_origin_and_the_others_keep_theirs() -> None:
    found = edited(ABC, {"op": "add", "path": "/n/{x:int}", "methods": ["POST"], "name": "n", "before": "2"})
    assert found.added == ("2",)
    assert found.origins == {"1": "1", "3": "2", "4": "3"}
    match = found.table.match("http", "POST", "/n/7")
    assert isinstance(match, Found)
    assert match.entry.name == "n"


def test_a_socket_route_can_be_added() -> None:
    found = edited(ABC, {"op": "add", "path": "/live", "methods": ["WEBSOCKET"]})
    assert isinstance(found.table.match("websocket", "GET", "/live"), Found)
    assert isinstance(found.table.entries[3], SocketRoute)


def test_a_path_is_changed_with_the_converters_that_the_table_knows() -> None:
    table = RouteTable([route("/a/{x:either}"), route("/b/{x}")])
    found = edited(table, {"op": "pattern", "route": "2", "path": "/b/{y:either}/{z:int}"})
    assert isinstance(found.table.match("http", "GET", "/b/a/7"), Found)
    assert not isinstance(found.table.match("http", "GET", "/b/c/7"), Found)
    assert found.origins == {"1": "1", "2": "2"}


def test_the_methods_of_a_route_are_changed_and_get_still_implies_head() -> None:
    found = edited(ABC, {"op": "methods", "route": "1", "methods": ["PUT", "GET"]})
    entry = found.table.entries[0]
    assert isinstance(entry, Route)
    assert (entry.methods, entry.implied_head) == ({"PUT", "GET", "HEAD"}, True)
    entry = edited(ABC, {"op": "methods", "route": "1", "methods": ["POST"]}).table.entries[0]
    assert isinstance(entry, Route)
    assert (entry.methods, entry.implied_head) == ({"POST"}, False)


def test_redirects_of_the_slash_are_switched_off() -> None:
    found = edited(ABC, {"op": "redirect_slashes", "value": False})
    assert (ABC.redirect_slashes, found.table.redirect_slashes) == (True, False)


def test_what_is_inside_a_mount_is_edited_in_its_place() -> None:
    table = RouteTable([route("/a"), mount("/m", RouteTable([route("/x"), route("/{y}")]))])
    found = edited(
        table,
        {"op": "move", "route": "2.2", "before": "2.1"},
        {"op": "pattern", "route": "2.1", "path": "/z"},
        {"op": "add", "path": "/new", "methods": ["GET"], "before": "2.1"},
        {"op": "pattern", "route": "2", "path": "/n"},
        {"op": "remove", "route": "1"},
    )
    assert shown(found) == ["1←2 /n ", "1.1←2.2 /n/{y} GET", "1.2←None /n/new GET", "1.3←2.1 /n/z GET"]
    assert shown(edited(table))[2:] == ["2.1←2.1 /m/x GET", "2.2←2.2 /m/{y} GET"]


def test_an_edit_inside_a_mount_alone_makes_another_table() -> None:
    table = RouteTable([route("/a"), mount("/m", RouteTable([route("/x"), route("/{y}")]))])
    found = edited(table, {"op": "remove", "route": "2.1"})
    assert shown(found) == ["1←1 /a GET", "2←2 /m ", "2.1←2.2 /m/{y} GET"]
    assert found.table.fingerprint != table.fingerprint


@pytest.mark.parametrize(
    ("edits", "message"),
    [
        (
            [{"op": "remove", "route": "1"}, {"op": "move", "route": "1", "before": "2"}],
            "edit 2: route '1' is removed by edit 1",
        ),
        (
            [{"op": "remove", "route": "2"}, {"op": "move", "route": "1", "before": "2"}],
            "edit 2: route '2' is removed",
        ),
        ([{"op": "remove", "route": "9"}], "edit 1: there is no route '9'; the table has 4"),
        ([{"op": "remove", "route": "3.7"}], "edit 1: there is no route '3.7'; '3' has 1 known routes"),
        ([{"op": "remove", "route": "1.1"}], "'1' has 0 known routes"),
        (
            [{"op": "remove", "route": "3"}, {"op": "remove", "route": "3.1"}],
            "route '3.1' is removed by edit 1",
        ),
        ([{"op": "move", "route": "1", "before": "1"}], "cannot stand before itself"),
        ([{"op": "move", "route": "1", "before": "3.1"}], "of different tables"),
        ([{"op": "methods", "route": "3", "methods": ["GET"]}], "is a mount"),
        ([{"op": "methods", "route": "4", "methods": ["GET"]}], "is a WebSocket route"),
        ([{"op": "pattern", "route": "1", "path": "a"}], "does not start with '/'"),
        ([{"op": "pattern", "route": "1", "path": ""}], "the path is empty"),
        ([{"op": "pattern", "route": "1", "path": "/{x:nit}"}], "did you mean 'int'?"),
        ([{"op": "pattern", "route": "1", "path": "/{x"}], "is never closed"),
    ],
)
def test_an_edit_that_cannot_be_made_is_named(edits: list[Any], message: str) -> None:
    inner = RouteTable([route("/x")])
    table = RouteTable([route("/a", line=1), route("/b", line=2), mount("/m", inner), socket("/live")])
    with pytest.raises(BadEdit) as refused:
        edited(table, *edits)
    assert message in str(refused.value)


def test_an_edit_may_make_a_route_repeat_another_one() -> None:
    found = edited(ABC, {"op": "pattern", "route": "2", "path": "/a"})
    assert [entry.pattern.template for entry in found.table.entries] == ["/a", "/a", "/c"]
    match = found.table.match("http", "GET", "/a")
    assert isinstance(match, Found)
    assert match.index == 0


def test_a_root_mount_may_have_no_prefix() -> None:
    table = RouteTable([mount("/m", RouteTable([route("/x")]))])
    found = edited(table, {"op": "pattern", "route": "1", "path": ""})
    match = found.table.match("http", "GET", "/x")
    assert isinstance(match, Found)
    assert isinstance(match.entry, Mount)


@st.composite
def shuffles(draw: st.DrawFn) -> tuple[RouteTable, list[Any]]:
    table = draw(tables(depth=1))
    count = len(table.entries)
    numbers = st.integers(1, count).map(str)
    moves = [
        {"op": "move", "route": draw(numbers), "before": draw(st.none() | numbers)}
        for _ in range(draw(st.integers(0, 4)))
    ]
    return table, [move for move in moves if move["route"] != move["before"]]


@given(shuffles())
@settings(max_examples=100)
def test_moving_keeps_every_entry_and_each_knows_where_it_came_from(
    drawn: tuple[RouteTable, list[Any]],
) -> None:
    table, moves = drawn
    found = edited(table, *moves)
    before = {spot.label: spot for spot in lay_flat(table)}
    after = {spot.label: spot for spot in lay_flat(found.table)}
    assert sorted(found.origins.values()) == sorted(before)
    assert (found.origins.keys(), found.added) == (after.keys(), ())
    for number, origin in found.origins.items():
        assert _told(after[number].entry) == _told(before[origin].entry)


@given(shuffles())
@settings(max_examples=50)
def test_an_edited_table_is_the_same_after_a_snapshot(drawn: tuple[RouteTable, list[Any]]) -> None:
    table, moves = drawn
    direct = edited(table, *moves).table
    stored = edited(RouteTable.from_snapshot(table.snapshot()), *moves).table
    assert stored.fingerprint == direct.fingerprint


def _told(entry: Entry) -> tuple[str, str, str]:
    return type(entry).__name__, entry.name, entry.pattern.template
