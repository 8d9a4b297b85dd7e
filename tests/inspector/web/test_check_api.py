"""What the dashboard answers about a recorded table that was checked."""

import json
from typing import Any

from inspector.journal.protocol import AppStatus, Journal, StatusSaved, TableSaved
from inspector.model import Worker
from inspector.web.app import Dashboard
from miniframework.routing.table import RouteTable
from tests.inspector.analysis.small_tables import route, table_of
from tests.inspector.analysis.test_redos import slow_route
from tests.inspector.web.asking import ask


def serve(journal: Journal, table: RouteTable) -> str:
    """Let the journal hold a table as that of a running application; gives its fingerprint."""
    status = AppStatus(
        worker=Worker(host="here", pid=1), state="running", target="shop:app", table=table.fingerprint
    )
    # The JSON of another process: what only looks alike would not come through.
    journal.append([TableSaved(json.loads(json.dumps(table.snapshot()))), StatusSaved(status)])
    return table.fingerprint


def check(dashboard: Dashboard, query: str = "") -> Any:
    return ask(dashboard, f"/api/check{query}").json()


def test_the_newest_table_is_checked_unless_another_one_is_named(
    journal: Journal, dashboard: Dashboard
) -> None:
    old = serve(journal, table_of(route("/a/{x}", line=3), route("/a/b", line=7)))
    new = serve(journal, table_of(route("/a/b", line=3), route("/a/{x}", line=7)))
    found = check(dashboard)
    assert (found["table"], found["findings"], found["failed"]) == (new, [], None)
    (finding,) = check(dashboard, f"?table={old}")["findings"]
    assert (finding["kind"], finding["witness"], finding["route"]["line"]) == ("unreachable", "/a/b", 7)


def test_a_table_is_checked_once(journal: Journal, dashboard: Dashboard) -> None:
    serve(journal, table_of(*(route(f"/{first}/{{x}}") for first in "abcdefgh")))
    first = check(dashboard)
    assert first["took_ms"] > 0
    assert check(dashboard) == first


def test_a_slow_pattern_is_measured_away_from_the_dashboard(journal: Journal, dashboard: Dashboard) -> None:
    serve(journal, table_of(slow_route("/x/{s:nested}")))
    (finding,) = check(dashboard)["findings"]
    assert (finding["kind"], finding["severity"], finding["by"]) == ("slow_pattern", "warning", [])


def test_a_table_too_large_to_check_says_so_and_claims_nothing(
    journal: Journal, dashboard: Dashboard
) -> None:
    serve(journal, table_of(slow_route("/x/{s:far}")))
    found = check(dashboard)
    assert (found["findings"], found["failed"]) == (
        [],
        "the converters of one segment combine in too many ways",
    )


def test_without_a_table_there_is_nothing_to_check(dashboard: Dashboard) -> None:
    answer = ask(dashboard, "/api/check")
    assert (answer.status, answer.json()["error"]["code"]) == (404, "no_table")
