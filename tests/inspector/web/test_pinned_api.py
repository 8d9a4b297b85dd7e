"""Pinned requests replay by themselves when the application comes back, and say what became of them."""

import contextlib
import itertools
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from typing import Any

import pytest

from inspector import Inspector
from inspector.journal.memory import MemoryJournal
from inspector.journal.protocol import AppStatus, Command, StatusSaved
from inspector.model import State, Worker
from inspector.settings import ReplayMode, Settings
from inspector.web.api.commands import CommandDesk
from inspector.web.app import create_dashboard
from inspector.web.pinned_rounds import PinnedRounds
from inspector.web.round_claims import RoundClaims, RoundNews
from miniframework import App, HTTPException
from miniframework.testing import TestClient
from tests.inspector.web.serving import DEADLINE_S, TOKEN

DASHBOARD = "http://127.0.0.1:8765"
Make = Callable[[], App]
_numbers = itertools.count(1)


def make_shop(*, is_sold_out: bool, up_since: str) -> App:
    """A shop: what a reload changes is an argument."""
    app = App(openapi_url=None)
    tickets = itertools.count(100 if is_sold_out else 1)

    @app.get("/books/{book_id:int}")
    def get_book(book_id: int) -> dict[str, Any]:
        if is_sold_out:
            raise HTTPException(404, "sold out")
        return {"id": book_id, "title": "Dune"}

    @app.get("/ticket")
    def ticket() -> dict[str, Any]:
        return {"queue": "till", "number": next(tickets)}

    @app.get("/health")
    def health() -> dict[str, str]:
        return {"up_since": up_since}

    @app.post("/orders")
    def order() -> dict[str, str]:
        return {"status": "sold"}

    return app


first = partial(make_shop, is_sold_out=False, up_since="2026-01-01T08:00:00Z")
second = partial(make_shop, is_sold_out=True, up_since="2026-02-02T09:30:00Z")


class Run:
    """A run with its dashboard: `serving` brings the application up as the next generation."""

    def __init__(self, dashboard: TestClient, journal: MemoryJournal) -> None:
        self.journal = journal
        self._dashboard = dashboard
        self._generation = -1

    @contextlib.contextmanager
    def serving(self, make: Make, *, workers: int = 1, wait: bool = True) -> Iterator[TestClient]:
        """Serve an application, as many processes as `workers`, for the block; `wait` for its round."""
        self._generation += 1
        with contextlib.ExitStack() as stack:
            for _ in range(workers):
                worker = Worker(host="test", pid=next(_numbers), generation=self._generation)
                inspected = Inspector(
                    make(), journal=self.journal, dashboard=False, worker=worker, target="shop:app"
                )
                client = stack.enter_context(TestClient(inspected, raise_server_exceptions=False))
            if wait:
                self.wait_for_round(self._generation)
            yield client

    def record(
        self, client: TestClient, method: str, *paths: str, headers: dict[str, str] | None = None
    ) -> list[str]:
        """Send requests, pin them, and give the ids of their exchanges."""
        found = []
        for path in paths:
            client.request(method, path, headers=headers)
            row = self._wait(partial(self._finished, method, path))
            self.post(f"api/exchanges/{row['id']}/pin", {"pinned": True})
            found.append(str(row["id"]))
        return found

    def _finished(self, method: str, path: str) -> dict[str, Any] | None:
        _, rows = self.journal.rows(100)
        fitting = (row for row in rows if (row["method"], row["path"]) == (method, path))
        return next((row for row in fitting if row["state"] not in (State.PENDING, State.STREAMING)), None)

    def get(self) -> dict[str, Any]:
        answer: dict[str, Any] = self._dashboard.get("/api/pinned").json()
        return answer

    def post(self, path: str, body: dict[str, Any], status: int | None = None) -> dict[str, Any]:
        response = self._dashboard.post(f"/{path}", json=body)
        assert response.status_code == (status or 200), response.text
        answer: dict[str, Any] = response.json()
        return answer

    def difference(self, left: str, right: str) -> dict[str, Any]:
        found: dict[str, Any] = self._dashboard.get(f"/api/difference?left={left}&right={right}").json()
        return found

    def wait_for_round(self, generation: int) -> dict[str, dict[str, Any]]:
        """Give the results by path once the round of this generation is over."""

        def ended() -> dict[str, Any] | None:
            said = self.get()
            return said if said["generation"] == generation and not said["running"] else None

        return {one["path"]: one for one in self._wait(ended)["results"]}

    def _wait(self, look: Callable[[], dict[str, Any] | None]) -> dict[str, Any]:
        deadline = time.monotonic() + DEADLINE_S
        while time.monotonic() < deadline:
            if (found := look()) is not None:
                return found
        raise AssertionError(f"not within {DEADLINE_S} s; the dashboard says {self.get()}")

    def replays_of(self, exchange_id: str) -> int:
        return sum(row["replay_of"] == exchange_id for row in self.journal.rows(1000)[1])


@contextlib.contextmanager
def running(replay: ReplayMode = "confirm", journal: MemoryJournal | None = None) -> Iterator[Run]:
    held = journal or MemoryJournal()
    dashboard = create_dashboard(held, token=TOKEN, settings=Settings(replay=replay))
    headers = {"authorization": f"Bearer {TOKEN}"}
    with TestClient(dashboard, base_url=DASHBOARD, headers=headers) as client:
        yield Run(client, held)


@pytest.fixture
def run() -> Iterator[Run]:
    with running() as run:
        yield run


def test_pinned_requests_are_replayed_when_the_application_comes_back_and_judged(run: Run) -> None:
    with run.serving(first) as client:
        book, ticket = run.record(client, "GET", "/books/7", "/ticket")
        (order,) = run.record(client, "POST", "/orders")
    assert run.replays_of(book) == 0
    with run.serving(second):
        results = run.wait_for_round(1)
    assert {path: one["verdict"] for path, one in results.items()} == {
        "/books/7": "changed",
        "/ticket": "same",  # its number is another one each time, which a second replay showed
        "/orders": "refused",
    }
    assert results["/books/7"]["summary"].startswith("status 200 → 404")
    assert results["/books/7"]["route"] == "/books/{book_id:int}"
    assert results["/ticket"]["learnt_rules"] == ["body:$.number"]
    assert results["/orders"]["summary"].startswith("asks first")
    # One that differs is sent twice, to learn what differs by itself.
    assert (run.replays_of(book), run.replays_of(ticket), run.replays_of(order)) == (2, 2, 0)


def test_what_stayed_the_same_is_green_after_one_replay(run: Run) -> None:
    with run.serving(first) as client:
        (book,) = run.record(client, "GET", "/books/7")
    with run.serving(first):
        assert run.wait_for_round(1)["/books/7"]["verdict"] == "same"
    assert run.replays_of(book) == 1


def test_several_workers_that_come_back_together_make_one_round(run: Run) -> None:
    with run.serving(first) as client:
        (book,) = run.record(client, "GET", "/books/7")
    with run.serving(first, workers=3):
        run.wait_for_round(1)
        # A second round would begin before this one, which is asked for.
        run.post("api/pinned", {}, 202)
        run.wait_for_round(1)
        assert run.replays_of(book) == 2


def test_a_round_is_given_up_when_the_application_comes_back_in_the_middle(run: Run) -> None:
    entered, opened = threading.Event(), threading.Event()
    opened.set()

    def with_gate() -> App:
        app = first()

        @app.get("/gate")
        def gate() -> str:
            entered.set()
            opened.wait(DEADLINE_S)
            return "through"

        return app

    with run.serving(with_gate) as client:
        gate, book = run.record(client, "GET", "/gate", "/books/7")
    opened.clear()
    entered.clear()
    with run.serving(with_gate, wait=False):
        assert entered.wait(DEADLINE_S)
        (serving,) = (status for status in run.journal.status() if status.state == "running")
        later = replace(serving.worker, generation=2)
        run.journal.append([StatusSaved(replace(serving, worker=later, updated_unix_ns=time.time_ns()))])
        opened.set()
        results = run.wait_for_round(2)
    assert [one["verdict"] for one in results.values()] == ["same", "same"]
    assert (run.replays_of(gate), run.replays_of(book)) == (2, 1)


def test_a_request_with_secrets_is_refused_once_their_process_is_gone(run: Run) -> None:
    secret = {"authorization": "Bearer s3cret-s3cret"}
    with run.serving(first) as client:
        (book,) = run.record(client, "GET", "/books/7", headers=secret)
        run.post("api/pinned", {}, 202)
        assert run.wait_for_round(0)["/books/7"]["verdict"] == "same"
    with run.serving(first):
        result = run.wait_for_round(1)["/books/7"]
    assert (result["verdict"], "redaction marker" in result["summary"]) == ("refused", True)
    assert run.replays_of(book) == 1


def test_a_rule_that_is_proposed_can_be_kept_with_the_pin_and_outlives_the_dashboard(run: Run) -> None:
    with run.serving(first) as client:
        (health,) = run.record(client, "GET", "/health")
    with run.serving(second):
        result = run.wait_for_round(1)["/health"]
        assert (result["verdict"], result["proposed_rules"]) == ("changed", ["body:$.up_since"])
        kept = run.post(f"api/pinned/{health}/rules", {"rules": result["proposed_rules"]})
        assert (kept["verdict"], kept["rules"]) == ("same", ["body:$.up_since"])
        difference = run.difference(health, result["replay_id"])
        assert (difference["same"], difference["summary"]) == (True, kept["summary"])
    with running(journal=run.journal) as later, later.serving(second):
        assert later.wait_for_round(0)["/health"]["verdict"] == "same"


def test_a_rule_that_cannot_be_read_is_refused_with_its_text(run: Run) -> None:
    with run.serving(first) as client:
        (book,) = run.record(client, "GET", "/books/7")
    refused = run.post(f"api/pinned/{book}/rules", {"rules": ["bodies:$.id"]}, 400)["error"]
    assert (refused["code"], "'bodies:$.id'" in refused["message"]) == ("bad_body", True)
    assert run.post("api/pinned/none/rules", {"rules": []}, 404)["error"]["code"] == "not_found"


def test_what_an_earlier_run_left_in_the_journal_begins_no_round() -> None:
    with running() as run, run.serving(first) as client:
        (book,) = run.record(client, "GET", "/books/7")
    gone = Worker(host="test", pid=next(_numbers), generation=9)
    run.journal.append([StatusSaved(AppStatus(worker=gone, state="running", target="shop:app", table="t"))])
    with running(journal=run.journal) as later:
        said = later.get()
        assert (said["running"], said["results"][0]["verdict"]) == (False, "waiting")
        with later.serving(first):
            later.wait_for_round(0)
    assert run.replays_of(book) == 1


def test_nothing_is_sent_where_replay_is_switched_off() -> None:
    with running("off") as run:
        with run.serving(first) as client:
            (book,) = run.record(client, "GET", "/books/7")
        with run.serving(first):
            run.post("api/pinned", {}, 202)
            result = run.wait_for_round(1)["/books/7"]
    assert (result["verdict"], "switched off" in result["summary"]) == ("refused", True)
    assert run.replays_of(book) == 0


def test_an_application_that_is_gone_leaves_the_pins_waiting(run: Run) -> None:
    with run.serving(first) as client:
        run.record(client, "GET", "/books/7")
    run.post("api/pinned", {}, 202)
    said = run.get()
    assert said["results"][0]["verdict"] == "waiting"


def test_an_embedded_dashboard_replays_when_its_routes_change() -> None:
    app = first()
    inspector = Inspector(app)
    headers = {"authorization": f"Bearer {inspector.token}", "host": "127.0.0.1:8000"}
    with TestClient(inspector, base_url="http://127.0.0.1:8000", headers=headers) as client:
        wait_until(client, lambda said: not said["running"])
        client.get("/books/7")
        (row,) = wait_until(client, lambda said: said["rows"], "api/exchanges")["rows"]
        client.post(f"/__inspector__/api/exchanges/{row['id']}/pin", json={"pinned": True})

        @app.get("/more")
        def more() -> None: ...

        said = wait_until(client, lambda said: said["results"][0]["verdict"] != "waiting")
    assert said["results"][0]["verdict"] == "same"


def wait_until(
    client: TestClient, is_so: Callable[[dict[str, Any]], Any], path: str = "api/pinned"
) -> dict[str, Any]:
    """Ask an embedded dashboard until it is so."""
    deadline = time.monotonic() + DEADLINE_S
    while True:
        said: dict[str, Any] = client.get(f"/__inspector__/{path}").json()
        if is_so(said):
            return said
        assert time.monotonic() < deadline, said


def test_of_several_dashboards_one_makes_the_round_and_all_show_it() -> None:
    journal = MemoryJournal()
    with running(journal=journal) as one, running(journal=journal) as other:
        with one.serving(first) as client:
            book, ticket = one.record(client, "GET", "/books/7", "/ticket")
        with one.serving(second):
            results = one.wait_for_round(1)
            assert other.wait_for_round(1) == results
        assert (results["/books/7"]["verdict"], results["/ticket"]["verdict"]) == ("changed", "same")
        assert (one.replays_of(book), one.replays_of(ticket)) == (2, 2)


def test_a_claimed_round_takes_no_question_that_waits_for_a_process() -> None:
    journal = MemoryJournal()
    journal.submit(Command(id="question", kind="explain", body={}))
    claims, worker = [RoundClaims(journal) for _ in range(2)], Worker(host="a", pid=1)
    assert [one.claim("generation 1", [worker]).is_ours for one in claims] == [True, False]
    waits = journal.claim(worker)
    assert waits is not None
    assert waits.id == "question"


def test_a_round_is_claimed_once_an_occasion() -> None:
    journal = MemoryJournal()
    claims = [RoundClaims(journal) for _ in range(3)]
    one, two = Worker(host="a", pid=1), Worker(host="a", pid=2)
    made, followed, other = (
        claims[0].claim("generation 1", [two]),
        claims[1].claim("generation 1", [one, two]),
        claims[2].claim("generation 1", [two]),
    )
    assert (made.is_ours, followed.is_ours, other.is_ours) == (True, False, False)
    assert followed.ids == made.ids, "the one that is made is followed, whoever knows more processes"
    assert claims[0].claim("generation 1", [two]).is_ours, "met again it is another occasion"
    assert claims[1].hear(followed) is None
    news = RoundNews(results={}, learnt={"x": ("body:$.n",)}, is_over=True)
    claims[0].tell(made, news)
    assert claims[1].hear(followed) == news


def test_what_comes_up_after_the_clock_was_set_back_has_come_up() -> None:
    journal = MemoryJournal()
    before = AppStatus(
        worker=Worker(host="test", pid=1, generation=3),
        state="running",
        target="shop:app",
        updated_unix_ns=90,
    )
    journal.append([StatusSaved(before)])
    rounds = PinnedRounds(journal, CommandDesk(journal), since_unix_ns=100)
    assert rounds.describe()["running"] is False, "it is of an earlier run"
    after = Worker(host="test", pid=2, generation=3)
    journal.append([StatusSaved(replace(before, worker=after, updated_unix_ns=50))])
    assert rounds.describe()["running"] is True


def test_the_newest_of_a_generation_is_what_was_told_last() -> None:
    journal = MemoryJournal()
    rounds = PinnedRounds(journal, CommandDesk(journal), since_unix_ns=0)
    for pid, table, at_ns in ((1, "old", 90), (2, "new", 50)):
        worker = Worker(host="test", pid=pid, generation=1)
        one = AppStatus(worker=worker, state="running", target="shop:app", table=table, updated_unix_ns=at_ns)
        journal.append([StatusSaved(one)])
    standing = rounds._read_standing(is_wanted=False)
    assert standing is not None
    assert standing.table == "new"
