"""Edits tried in the right place: safe patterns at once, suspect ones in a process that can be ended."""

import json
from typing import Any

import pytest

from inspector.analysis.edits import BadEdit, parse_edits
from inspector.analysis.recorded import read_requests
from inspector.analysis.whatif import what_if
from inspector.checking.errors import CheckFailedError
from inspector.checking.trial import is_safe, try_edits
from miniframework.routing.table import RouteTable
from tests.inspector.analysis.small_tables import route

SLOW = "/" + "-".join(f"{{p{number}:path}}" for number in range(8))
SAFE = RouteTable([route("/a", line=1), route("/{x:path}", line=2)])
MOVE = [{"op": "move", "route": "2", "before": "1"}]


def row(path: str) -> dict[str, Any]:
    return {"id": path, "kind": "http", "method": "GET", "path": path, "asked": path, "started": 1.0}


def test_a_table_without_a_slow_pattern_is_safe_and_one_with_it_is_not() -> None:
    assert is_safe(SAFE)
    assert not is_safe(SAFE, RouteTable([route(SLOW)]))


def test_a_safe_table_gives_what_a_what_if_gives() -> None:
    rows = [row("/a"), row("/b")]
    assert try_edits(SAFE, MOVE, rows) == what_if(SAFE, parse_edits(MOVE), read_requests(rows)).to_dict()


def test_a_child_process_gives_the_same_answer_as_this_one() -> None:
    table = RouteTable([*SAFE.entries, route(SLOW, line=3)])
    rows = [row("/a"), row("/b"), row("/•••")]
    here = what_if(table, parse_edits(MOVE), read_requests(rows)).to_dict()
    assert try_edits(table, MOVE, rows) == json.loads(json.dumps(here))


def test_a_request_that_takes_for_ever_is_given_up_after_the_deadline() -> None:
    edits = [{"op": "add", "path": SLOW + "x", "methods": ["GET"], "before": "1"}]
    with pytest.raises(CheckFailedError, match="no answer came in 3 s"):
        try_edits(SAFE, edits, [row("/" + "-" * 400)], deadline_s=3)


def test_a_bad_edit_is_refused_before_anything_is_tried() -> None:
    with pytest.raises(BadEdit, match="there is no route '9'"):
        try_edits(RouteTable([route(SLOW)]), [{"op": "remove", "route": "9"}], [])
