"""What the dashboard answers about a recorded table that was checked."""

import contextlib
import json
import threading
import time
from collections.abc import Iterator
from typing import Any

from inspector.adapters.picture.table import Picture
from inspector.journal.protocol import Answer, AppStatus, Command, Journal, StatusSaved, TableSaved
from inspector.model import Worker
from inspector.web.app import Dashboard
from miniframework.routing.table import RouteTable
from tests.inspector.analysis.small_tables import route, table_of
from tests.inspector.analysis.test_redos import slow_route
from tests.inspector.inspection.tiny_framework import TinyAdapter, listed
from tests.inspector.web.asking import ask
from tests.inspector.web.serving import DEADLINE_S


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


def test_of_a_table_too_large_to_follow_what_can_be_proved_is_said(
    journal: Journal, dashboard: Dashboard
) -> None:
    serve(journal, table_of(slow_route("/x/{s:far}"), slow_route("/y/{s}"), slow_route("/y/a")))
    found = check(dashboard)
    assert found["failed"] is None
    assert ("unreachable", "/y/a") in [(one["kind"], one["route"]["path"]) for one in found["findings"]]


def test_without_a_table_there_is_nothing_to_check(dashboard: Dashboard) -> None:
    answer = ask(dashboard, "/api/check")
    assert (answer.status, answer.json()["error"]["code"]) == (404, "no_table")


def foreign_table() -> RouteTable:
    return Picture(TinyAdapter(routes_listed=(listed("/a/{x}"), listed("/a/b")))).table


@contextlib.contextmanager
def serving_process(journal: Journal, answer: Answer) -> Iterator[list[Command]]:
    """A process that gives this answer to the first command; what it was asked."""
    asked: list[Command] = []

    def serve_one() -> None:
        deadline = time.monotonic() + DEADLINE_S
        while not asked and time.monotonic() < deadline:
            if (command := journal.claim(Worker(host="here", pid=1))) is not None:
                asked.append(command)
                journal.answer(command.id, answer)

    thread = threading.Thread(target=serve_one)
    thread.start()
    yield asked
    thread.join()


def test_findings_of_another_framework_are_those_that_its_own_router_confirmed(
    journal: Journal, dashboard: Dashboard
) -> None:
    table = foreign_table()
    serve(journal, table)
    said = Answer(ok=True, body={"table": table.fingerprint, "findings": []})
    with serving_process(journal, said) as asked:
        found = check(dashboard)
    assert [command.kind for command in asked] == ["check"]
    assert (found["findings"], found["confirmed"]) == ([], True)
    assert check(dashboard) == found


def test_of_another_table_than_is_served_the_picture_is_checked_and_said_to_be_unconfirmed(
    journal: Journal, dashboard: Dashboard
) -> None:
    serve(journal, foreign_table())
    with serving_process(journal, Answer(ok=True, body={"table": "another", "findings": []})):
        found = check(dashboard)
    assert ([one["kind"] for one in found["findings"]], found["confirmed"]) == (["unreachable"], False)


def test_our_own_table_needs_nobody_to_confirm_it(journal: Journal, dashboard: Dashboard) -> None:
    serve(journal, table_of(route("/a/b")))
    assert check(dashboard)["confirmed"] is True
