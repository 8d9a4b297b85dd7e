"""What-if and reloads over HTTP: the shapes of the contract, true answers, errors that name the edit."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from inspector.journal.memory import MemoryJournal
from inspector.journal.protocol import AppStatus, Journal, Saved, StatusSaved, TableSaved
from inspector.model import RouteStep, Routing, Worker
from inspector.web.app import create_dashboard
from miniframework import App
from miniframework.routing.table import RouteTable
from miniframework.testing import TestClient
from tests.inspector.web.serving import TOKEN, make_exchange

CONTRACT = Path(__file__).parents[2] / "contract"


def sample(name: str) -> Any:
    return json.loads((CONTRACT / f"{name}.json").read_text(encoding="utf-8"))


def make_table(*routes: str) -> RouteTable:
    """The table of an application with a route for each `METHOD /path name`; its handlers must never run."""
    app = App(openapi_url=None)
    for route in routes:
        method, path, name = route.split()

        def handler() -> None:
            raise AssertionError("a handler ran")

        handler.__qualname__ = name
        app.add_route(path, [method], handler, name=name)
    return app.table


class Desk:
    """A journal that can be filled, and a client of the dashboard over it."""

    def __init__(self, journal: Journal) -> None:
        self.journal = journal
        self.client = TestClient(create_dashboard(journal, token=TOKEN).app)
        self._count = 0

    def serve(self, table: RouteTable, *, at: int, generation: int = 0, target: str = "shop:app") -> str:
        """Report a process that serves with this table since so many milliseconds."""
        status = AppStatus(
            worker=Worker(host="test", pid=1 + generation, generation=generation),
            state="running",
            target=target,
            table=table.fingerprint,
            updated_unix_ns=at * 1_000_000,
        )
        self.journal.append([TableSaved(table.snapshot()), StatusSaved(status)])
        return table.fingerprint

    def record(self, path: str, method: str = "GET", *, at: int = 0, asked: str | None = "") -> str:
        """Record a request; `asked` is what the table was asked when it is not the path, None for nothing."""
        self._count += 1
        scope = replace(make_exchange(self._count).scope, path=path, method=method)
        step = RouteStep(
            table="t",
            index=None,
            template=None,
            name=None,
            endpoint=None,
            path=path if asked == "" else asked or "",
            raw_params=(),
            took_ns=1,
        )
        saved = make_exchange(
            self._count,
            scope=scope,
            started_unix_ns=at * 1_000_000,
            routing=Routing.UNKNOWN if asked is None else Routing.NOT_FOUND,
            steps=() if asked is None else (step,),
        )
        self.journal.append([Saved(saved)])
        return saved.id

    def ask(self, *edits: Any, status: int = 200, table: Any = None, **more: Any) -> Any:
        answer = self.client.post("/api/whatif", json={"table": table, "edits": list(edits), **more})
        assert answer.status_code == status, answer.text
        return answer.json() if status == 200 else answer.json()["error"]

    def reloads(self, query: str = "") -> list[Any]:
        answer = self.client.get(f"/api/reloads{query}")
        assert answer.status_code == 200, answer.text
        found: list[Any] = answer.json()["reloads"]
        return found


@pytest.fixture
def desk(journal: Journal) -> Desk:
    return Desk(journal)


def told(moved: list[Any]) -> list[tuple[str, str | None, str | None]]:
    def side(verdict: Any) -> str | None:
        return verdict["route"]["name"] if verdict["route"] else verdict["outcome"]

    return [(one["path"], side(one["old"]), side(one["new"])) for one in moved]


def test_a_moved_route_shows_the_requests_that_would_go_to_it(desk: Desk) -> None:
    fingerprint = desk.serve(make_table("GET /users/{x} one", "GET /users/me me", "GET /other other"), at=1)
    desk.record("/users/me", at=2)
    desk.record("/users/7", at=3)
    latest = desk.record("/users/me", at=4)
    answer = desk.ask({"op": "move", "route": "2", "before": "1"})
    assert answer.keys() == sample("whatif").keys()
    assert answer["moved"][0].keys() == sample("whatif")["moved"][0].keys()
    assert told(answer["moved"]) == [("/users/me", "one", "me")] * 2
    assert answer["moved"][0]["id"] == latest
    assert (answer["table"], answer["asked"], answer["moved_total"]) == (fingerprint, 3, 2)
    assert answer["origins"] == {"1": "2", "2": "1"}
    assert [route["name"] for route in answer["snapshot"]["routes"]] == ["me", "one", "other"]
    assert [finding["kind"] for finding in answer["findings"]["gone"]] == ["unreachable"]
    assert answer["findings"]["new"] == []
    assert [change["witness"] for change in answer["regions"]] == ["/users/me"]
    assert answer["proved"] is True


def test_recorded_requests_alone_can_be_asked_and_nothing_is_proved(desk: Desk) -> None:
    desk.serve(make_table("GET /users/{x} one", "GET /users/me me"), at=1)
    desk.record("/users/me", at=2)
    edit = {"op": "move", "route": "2", "before": "1"}
    whole, quick = desk.ask(edit), desk.ask(edit, requests_only=True)
    assert quick.keys() == whole.keys()
    assert (quick["proved"], quick["failed"], quick["snapshot"]) == (False, None, None)
    assert (quick["regions"], quick["findings"]) == ([], {"gone": [], "new": []})
    same = ("table", "origins", "asked", "unasked", "moved", "moved_total")
    assert [quick[key] for key in same] == [whole[key] for key in same]
    assert desk.ask(edit, status=400, requests_only="yes")["message"] == "requests_only is 'yes'"


def test_the_path_that_is_asked_is_the_one_without_the_root_path(desk: Desk) -> None:
    desk.serve(make_table("GET /users/{x} one"), at=1)
    desk.record("/v1/users/7", asked="/users/7")
    answer = desk.ask({"op": "remove", "route": "1"})
    assert told(answer["moved"]) == [("/v1/users/7", "one", "not_found")]


def test_what_cannot_be_asked_again_is_counted_by_reason(desk: Desk) -> None:
    desk.serve(make_table("GET /reset/{token} reset"), at=1)
    desk.record("/reset/•••")
    desk.record("/preflight", asked=None)
    desk.record("/preflight", asked=None)
    answer = desk.ask({"op": "remove", "route": "1"})
    assert (answer["asked"], answer["moved"]) == (0, [])
    assert answer["unasked"] == {"redacted_path": 1, "not_routed": 2}


def test_at_most_500_moved_requests_are_sent_and_all_are_counted(desk: Desk) -> None:
    desk.serve(make_table("GET /x x"), at=1)
    for number in range(505):
        desk.record("/x", at=number)
    answer = desk.ask({"op": "remove", "route": "1"})
    assert (len(answer["moved"]), answer["moved_total"]) == (500, 505)
    assert answer["moved"][0]["started"] == 504


def test_an_older_table_can_be_edited(desk: Desk) -> None:
    old = desk.serve(make_table("GET /x x", "GET /y y"), at=1)
    desk.serve(make_table("GET /x x"), at=2, generation=1)
    desk.record("/y")
    assert told(desk.ask({"op": "remove", "route": "2"}, table=old)["moved"]) == [("/y", "y", "not_found")]
    assert desk.ask({"op": "remove", "route": "2"}, status=400)["code"] == "bad_edit"


@pytest.mark.parametrize(
    ("edits", "words"),
    [
        ("no list", ("edit 1", "'no list'", "not a list")),
        ([{"op": "remove", "route": "1"}, {"op": "mov", "route": "1"}], ("edit 2", "'mov'", "'move'")),
        ([{"op": "remove", "route": 1}], ("edit 1", "route is 1", "text")),
        ([{"op": "remove", "route": "9"}], ("edit 1", "'9'", "the table has 1")),
        ([{"op": "pattern", "route": "1", "path": "/x/{a:itn}"}], ("edit 1", "'itn'", "did you mean 'int'?")),
    ],
    ids=["list", "op", "number", "no-such-route", "template"],
)
def test_a_bad_edit_is_refused_with_its_number_its_value_and_a_way_out(
    desk: Desk, edits: Any, words: tuple[str, ...]
) -> None:
    desk.serve(make_table("GET /x x"), at=1)
    answer = desk.client.post("/api/whatif", json={"table": None, "edits": edits})
    error = answer.json()["error"]
    assert (answer.status_code, error["code"]) == (400, "bad_edit")
    for word in words:
        assert word in f"{error['message']} {error['hint']}"


def test_a_table_that_is_no_text_or_not_there_is_refused(desk: Desk) -> None:
    assert desk.ask(status=400, table=7)["code"] == "bad_body"
    assert desk.ask(status=404)["code"] == "no_table"
    assert desk.ask(status=404, table="unknown")["code"] == "no_table"


def test_a_reload_tells_what_changed_and_which_recorded_requests_go_elsewhere(desk: Desk) -> None:
    old = desk.serve(make_table("GET /users/me me", "GET /users/{x} one", "GET /gone gone"), at=10)
    desk.record("/users/me", at=11)
    desk.record("/users/7", at=11)
    desk.record("/gone", at=12)
    table = make_table("GET /users/{x} one", "GET /users/me me", "POST /new new")
    new = desk.serve(table, at=20, generation=1)
    desk.record("/users/me", at=30)
    [reload] = desk.reloads()
    assert reload.keys() == sample("reloads")["reloads"][0].keys()
    assert (reload["at"], reload["generation"], reload["old"], reload["new"]) == (20.0, 1, old, new)
    assert [route["name"] for route in reload["added"]] == ["new"]
    assert [route["name"] for route in reload["removed"]] == ["gone"]
    assert [(one["route"]["name"], one["from"], one["to"]) for one in reload["moved"]] == [("one", "2", "1")]
    assert told(reload["requests"]) == [("/gone", "gone", "not_found"), ("/users/me", "me", "one")]
    assert reload["requests_total"] == 2
    assert "/users/me" in [change["witness"] for change in reload["regions"]]


def test_reloads_come_newest_first_and_each_is_compared_with_the_table_before_it(desk: Desk) -> None:
    tables = [desk.serve(make_table(*[f"GET /r{i} r{i}" for i in range(n)]), at=n) for n in (1, 2, 3)]
    pairs = [(one["old"], one["new"]) for one in desk.reloads()]
    assert pairs == [(tables[1], tables[2]), (tables[0], tables[1])]
    assert [one["new"] for one in desk.reloads("?limit=1")] == [tables[2]]


def test_at_most_20_reloads_are_told(desk: Desk) -> None:
    for number in range(25):
        desk.serve(make_table(f"GET /r{number} r"), at=number + 1, generation=number)
    found = desk.reloads("?limit=1000")
    assert [one["generation"] for one in found] == list(range(24, 4, -1))


def test_a_reload_with_the_same_table_is_none_and_other_applications_do_not_mix(desk: Desk) -> None:
    shop, office = make_table("GET /x x"), make_table("GET /y y")
    desk.serve(shop, at=1)
    desk.serve(office, at=2, target="office:app")
    desk.serve(shop, at=3, generation=1)
    assert desk.reloads() == []


def test_a_reload_that_only_moves_lines_reroutes_nothing(desk: Desk) -> None:
    table = make_table("GET /x x")
    snapshot = table.snapshot()
    snapshot["routes"][0]["line"] += 7
    desk.serve(table, at=1)
    desk.record("/x", at=2)
    desk.serve(RouteTable.from_snapshot(snapshot), at=3, generation=1)
    [reload] = desk.reloads()
    assert [one["what"] for one in reload["changed"]] == [["source"]]
    assert (reload["requests"], reload["regions"], reload["failed"]) == ([], [], None)


def test_a_reload_whose_table_is_gone_is_left_out() -> None:
    desk = Desk(MemoryJournal())
    desk.serve(make_table("GET /x x"), at=1)
    worker = Worker(host="test", pid=2)
    status = AppStatus(worker=worker, state="running", target="shop:app", table="dropped")
    desk.journal.append([StatusSaved(status)])
    desk.serve(make_table("GET /y y"), at=3)
    assert desk.reloads() == []


def test_a_slow_pattern_of_an_edit_is_tried_where_it_holds_up_nobody(desk: Desk) -> None:
    desk.serve(make_table("GET /x/{rest:path} x"), at=1)
    desk.record("/x/a")
    slow = "/{a:path}-{b:path}-{c:path}-{d:path}"
    answer = desk.ask({"op": "add", "path": slow, "methods": ["GET"], "before": "1"})
    assert (answer.keys(), answer["asked"], answer["moved"]) == (sample("whatif").keys(), 1, [])
    assert "1" in answer["origins"]


def test_a_reload_with_a_slow_pattern_tries_no_request_and_says_so(desk: Desk) -> None:
    desk.serve(make_table("GET /x x", "GET /{a:path}-{b:path}-{c:path}-{d:path} slow"), at=1)
    desk.record("/x", at=2)
    desk.serve(make_table("GET /y y"), at=3, generation=1)
    [reload] = desk.reloads()
    assert "too slow" in reload["failed"]
    assert (reload["requests"], reload["regions"], len(reload["removed"])) == ([], [], 2)
