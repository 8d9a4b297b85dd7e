"""Recorded requests asked again: the real router's words, and exactly those that go elsewhere."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inspector.analysis.confirm import find_taker
from inspector.analysis.edits import parse_edits
from inspector.analysis.recorded import RecordedRequest, read_requests
from inspector.analysis.rematch import (
    AskedTable,
    TableAnswer,
    ask_table,
    describe_moved,
    rematch,
)
from inspector.analysis.spots import WEBSOCKET, lay_flat
from inspector.analysis.table_edit import edit_table
from miniframework.routing.match import MatchOutcome
from miniframework.routing.table import RouteTable
from tests.inspector.analysis.small_tables import METHODS, mount, route, short_paths, socket, tables

PATHS = short_paths(3)


def request(path: str, method: str = "GET", started: float = 0.0) -> RecordedRequest:
    return RecordedRequest(id=f"{method} {path}", method=method, path=path, asked=path, started=started)


def row(**changes: Any) -> dict[str, Any]:
    given = {"id": "1", "kind": "http", "method": "GET", "path": "/v1/x", "asked": "/x", "started": 5.0}
    return given | changes


DEEPEST = RouteTable([route("/x", line=21)])
INNER = RouteTable([route("/x", line=11), route("/y/", line=12), mount("/long", DEEPEST, line=13)])
TABLE = RouteTable(
    [
        route("/a", "GET", line=1),
        route("/a", "POST", line=2),
        mount("/m", INNER, line=3),
        mount("/unknown", None, line=4),
        socket("/live", line=5),
    ]
)


@pytest.mark.parametrize(
    ("method", "path", "answer"),
    [
        ("GET", "/a", TableAnswer(outcome=MatchOutcome.FOUND, number="1")),
        ("POST", "/a", TableAnswer(outcome=MatchOutcome.FOUND, number="2")),
        ("PUT", "/a", TableAnswer(outcome=MatchOutcome.METHOD_NOT_ALLOWED, allow=("GET", "HEAD", "POST"))),
        ("GET", "/a/", TableAnswer(outcome=MatchOutcome.REDIRECT, location="/a")),
        ("GET", "/b", TableAnswer(outcome=MatchOutcome.NOT_FOUND)),
        ("GET", "/m/x", TableAnswer(outcome=MatchOutcome.FOUND, number="3.1")),
        ("GET", "/m/long/x", TableAnswer(outcome=MatchOutcome.FOUND, number="3.3.1")),
        ("GET", "/m/long/x/", TableAnswer(outcome=MatchOutcome.REDIRECT, number="3.3", location="/m/long/x")),
        ("GET", "/m/z", TableAnswer(outcome=MatchOutcome.NOT_FOUND, number="3")),
        ("GET", "/m/y", TableAnswer(outcome=MatchOutcome.REDIRECT, number="3", location="/m/y/")),
        (
            "PUT",
            "/m/x",
            TableAnswer(outcome=MatchOutcome.METHOD_NOT_ALLOWED, number="3", allow=("GET", "HEAD")),
        ),
        ("GET", "/unknown/x", TableAnswer(outcome=MatchOutcome.FOUND, number="4")),
        ("WS", "/live", TableAnswer(outcome=MatchOutcome.FOUND, number="5")),
        ("WS", "/a", TableAnswer(outcome=MatchOutcome.NOT_FOUND)),
        ("GET", "/live", TableAnswer(outcome=MatchOutcome.NOT_FOUND)),
    ],
)
def test_a_table_is_asked_down_to_the_entry_that_takes_the_request(
    method: str, path: str, answer: TableAnswer
) -> None:
    assert ask_table(TABLE, request(path, method).question) == answer


def test_an_entry_with_another_number_or_path_is_the_same_taker() -> None:
    old = RouteTable([route("/a/{x}", line=1), route("/b", line=2)])
    new = RouteTable([route("/b", line=2), route("/{x}/{y}", line=1)])
    assert rematch(AskedTable(old), AskedTable(new), {"1": "2", "2": "1"}, [request("/a/1")]) == []


def test_a_request_that_another_entry_takes_is_told_the_newest_first() -> None:
    old = AskedTable(RouteTable([route("/{x}", line=1), route("/a", line=2)]))
    new = AskedTable(RouteTable([route("/a", line=2), route("/{x}", line=1)]))
    requests = [request("/a", started=1.0), request("/b", started=2.0), request("/a", started=3.0)]
    moved = rematch(old, new, {"1": "2", "2": "1"}, requests)
    assert [one.request.started for one in moved] == [3.0, 1.0]
    told = describe_moved(moved[0], old, new)
    assert (told["old"]["route"]["name"], told["new"]["route"]["name"]) == ("route1", "route2")
    assert (told["new"]["route"]["number"], told["new"]["outcome"]) == ("1", "found")


def test_another_refusal_is_a_change_though_nobody_takes_the_request() -> None:
    old, new = RouteTable([route("/b")]), RouteTable([route("/b"), route("/a", "PUT")])
    [moved] = rematch(AskedTable(old), AskedTable(new), {"1": "1"}, [request("/a")])
    assert (moved.old.number, moved.new.number) == (None, None)
    assert (moved.old.outcome, moved.new.outcome) == ("not_found", "method_not_allowed")


def test_an_added_entry_is_another_taker_whatever_its_number() -> None:
    old, new = RouteTable([route("/a", line=1)]), RouteTable([route("/{x}", line=2), route("/a", line=1)])
    [moved] = rematch(AskedTable(old), AskedTable(new), {"2": "1"}, [request("/a")])
    assert (moved.old.number, moved.new.number) == ("1", "1")


def test_a_request_is_read_with_the_path_that_the_table_was_asked() -> None:
    found = read_requests([row(), row(id="2", kind="websocket", method="WS")])
    assert [one.question for one in found.requests] == [("http", "GET", "/x"), ("websocket", "GET", "/x")]
    assert [(one.path, one.started) for one in found.requests] == [("/v1/x", 5.0)] * 2


def test_a_request_that_cannot_be_asked_again_is_counted_by_reason() -> None:
    older = row()
    del older["asked"]
    found = read_requests([row(asked="/reset/•••"), row(asked=None), row(asked=None), older])
    assert (found.requests, found.unasked) == ((), {"redacted_path": 1, "not_routed": 2, "older_format": 1})


@given(tables(), st.data())
@settings(max_examples=60)
def test_exactly_the_requests_that_the_two_routers_treat_otherwise_are_told(
    table: RouteTable, data: st.DataObject
) -> None:
    """Who takes a request is found here by names, not by numbers."""
    count = len(table.entries)
    named = RouteTable.from_snapshot(table.snapshot())
    move = {
        "op": "move",
        "route": str(data.draw(st.integers(1, count))),
        "before": data.draw(st.none() | st.integers(1, count).map(str)),
    }
    if move["route"] == move["before"]:
        return
    edited = edit_table(named, parse_edits([move]))
    requests = [request(path, method) for path in PATHS for method in (*METHODS, "WS")]
    moved = {
        one.request.id
        for one in rematch(AskedTable(named), AskedTable(edited.table), edited.origins, requests)
    }
    for one in requests:
        method = WEBSOCKET if one.method == "WS" else one.method
        before = _taker(named, method, one.path), ask_table(named, one.question).outcome
        after = _taker(edited.table, method, one.path), ask_table(edited.table, one.question).outcome
        assert (before != after) == (one.id in moved), (one, before, after)


def _taker(table: RouteTable, method: str, path: str) -> list[str]:
    """The names on the way to who takes it; the names in one table are all different."""
    names = {spot.address: spot.entry.name for spot in lay_flat(table)}
    address = find_taker(table, method, path)
    return [names[address[: length + 1]] for length in range(len(address))]
