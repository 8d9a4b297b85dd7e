"""What the page asks of a serving process: its router, pins, and what a recording without one answers."""

import asyncio
import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import pytest

from inspector import Inspector
from inspector.journal.memory import MemoryJournal
from inspector.journal.protocol import AppStatus, Command, JournalLimits, Saved, StatsSaved, StatusSaved
from inspector.model import Worker
from inspector.settings import Settings
from inspector.web.answers import ApiError
from inspector.web.api.commands import CommandDesk, find_worker
from inspector.web.app import create_dashboard
from inspector.web.numbers import add_up
from miniframework import App
from miniframework.testing import TestClient
from miniframework.types import Receive, Scope, Send
from tests.inspector.web.serving import DEADLINE_S, TOKEN, make_exchange, wait_until_told
from tests.inspector.web.test_api import Desk, make_shop

HOST = "http://127.0.0.1:8000"
SERVING, OTHER, GONE = (Worker(host="test", pid=pid) for pid in (1, 2, 3))


async def plain(scope: Scope, receive: Receive, send: Send) -> None:
    """An application of nobody's framework."""
    if scope["type"] == "lifespan":
        for kind in ("startup", "shutdown"):
            await receive()
            await send({"type": f"lifespan.{kind}.complete"})


@pytest.fixture
def desk() -> Iterator[Desk]:
    app, journal = make_shop(), MemoryJournal()
    inspector = Inspector(app, journal=journal)
    with TestClient(inspector, base_url=HOST) as client:
        wait_until_told(journal)
        yield Desk(client, app, inspector, journal)


def ask(method: str, raw_path: str) -> str:
    return f"api/ask?method={method}&raw_path={quote(raw_path, safe='')}"


@pytest.mark.parametrize(
    ("method", "raw_path", "outcome", "path", "params"),
    [
        ("GET", "/books/17", "match", "/books/{book_id:int}", {"book_id": "17"}),
        ("GET", "/books/a%20b", "match", "/books/{slug}", {"slug": "a b"}),
        ("DELETE", "/books", "method_not_allowed", None, {}),
        ("GET", "/nowhere", "not_found", None, {}),
        ("WEBSOCKET", "/ws/lounge", "match", "/ws/{room}", {"room": "lounge"}),
    ],
)
def test_the_router_of_the_serving_process_says_who_takes_a_request(
    desk: Desk, method: str, raw_path: str, outcome: str, path: str | None, params: dict[str, str]
) -> None:
    answer = desk.get(ask(method, raw_path))
    assert (answer["outcome"], answer["params"], answer["agrees"]) == (outcome, params, True)
    assert (answer["route"] and answer["route"]["path"]) == path
    assert answer["worker"]["pid"] == desk.journal.status()[-1].worker.pid
    assert answer["took_ms"] > 0


def test_asking_runs_no_handler_and_records_nothing(desk: Desk) -> None:
    desk.get(ask("POST", "/books"))
    assert desk.app.sold == []  # type: ignore[attr-defined]
    assert desk.get("api/exchanges")["rows"] == []


@pytest.mark.parametrize("raw_path", ["books", "/with space", "/ü", "/" + "x" * 5000, ""])
def test_what_is_no_raw_path_is_refused(desk: Desk, raw_path: str) -> None:
    error = desk.get(ask("GET", raw_path), 400)["error"]
    assert error["code"] == "bad_parameter"


def test_an_application_of_no_known_framework_cannot_be_asked() -> None:
    journal = MemoryJournal()
    inspector = Inspector(plain, journal=journal)
    with TestClient(inspector, base_url=HOST) as client:
        wait_until_told(journal)
        headers = {"authorization": f"Bearer {inspector.token}"}
        response = client.get(f"/__inspector__/{ask('GET', '/x')}", headers=headers)
    assert response.status_code == 409
    assert response.json()["error"]["code"] == "requests_only"
    assert "test_commands.plain" in response.json()["error"]["message"]


def test_a_framework_that_fails_is_told_to_who_asks_and_the_application_is_recorded() -> None:
    journal = MemoryJournal()

    class Sanic:
        """By the name of its class; there is no Sanic here, so that its adapter fails."""

        async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
            await plain(scope, receive, send)

    Sanic.__module__, Sanic.__qualname__ = "sanic.app", "Sanic"
    inspector = Inspector(Sanic(), journal=journal)
    with TestClient(inspector, base_url=HOST) as client:
        wait_until_told(journal)
        headers = {"authorization": f"Bearer {inspector.token}"}
        response = client.get(f"/__inspector__/{ask('GET', '/x')}", headers=headers)
    assert response.status_code == 409
    error = response.json()["error"]
    assert (error["code"], error["hint"]) == ("ask_failed", "Mend it, and the router can be asked.")
    assert "sanic failed when its routes were read: ModuleNotFoundError" in error["message"]
    assert [status.recording for status in journal.status()] == ["requests_only"]


def test_a_pinned_request_says_so_in_its_row(desk: Desk) -> None:
    exchange_id = desk.record("GET", "/books/1")
    assert desk.post(f"api/exchanges/{exchange_id}/pin", {"pinned": True}, 200) == {
        "id": exchange_id,
        "pinned": True,
    }
    assert [row["pinned"] for row in desk.get("api/exchanges")["rows"]] == [True]
    assert desk.get("api/app")["journal"]["pinned"] == 1
    desk.post(f"api/exchanges/{exchange_id}/pin", {"pinned": False}, 200)
    assert [row["pinned"] for row in desk.get("api/exchanges")["rows"]] == [False]


@pytest.mark.parametrize(
    ("exchange_id", "body", "status", "code"),
    [
        ("x1", {"pinned": "yes"}, 400, "bad_body"),
        ("x1", {}, 400, "bad_body"),
        ("none", {"pinned": True}, 404, "not_found"),
        ("x2", {"pinned": True}, 409, "too_many_pinned"),
    ],
)
def test_a_pin_that_cannot_be_is_refused_with_the_reason(
    exchange_id: str, body: dict[str, Any], status: int, code: str
) -> None:
    journal = MemoryJournal(JournalLimits(pinned=1))
    journal.append([Saved(make_exchange(number)) for number in (1, 2)])
    journal.pin("x1", pinned=True)
    client = TestClient(create_dashboard(journal, token=TOKEN).app)
    response = client.post(f"/api/exchanges/{exchange_id}/pin", json=body)
    assert (response.status_code, response.json()["error"]["code"]) == (status, code)


def test_an_embedded_journal_keeps_as_much_as_the_settings_say() -> None:
    inspector = Inspector(make_shop(), settings=Settings(retain_exchanges=1))
    headers = {"authorization": f"Bearer {inspector.token}"}
    with TestClient(inspector, base_url=HOST) as client:

        def rows() -> list[str]:
            answer = client.get("/__inspector__/api/exchanges", headers=headers).json()
            return [row["path"] for row in answer["rows"] if row["state"] == "complete"]

        deadline = time.monotonic() + DEADLINE_S
        for path in ("/books/1", "/books/2"):
            client.get(path)
            while rows() != [path]:
                assert time.monotonic() < deadline, rows()


def statuses(*running: Worker) -> list[AppStatus]:
    stopped = AppStatus(worker=GONE, state="stopped", target="shop:app")
    return [stopped, *(AppStatus(worker=one, state="running", target="shop:app") for one in running)]


def test_a_command_goes_to_the_worker_that_recorded_it_while_that_one_serves() -> None:
    assert find_worker(statuses(SERVING, OTHER), OTHER) == OTHER
    assert find_worker(statuses(SERVING, OTHER), GONE) is None
    assert find_worker(statuses(SERVING), None) is None
    with pytest.raises(ApiError, match="not running"):
        find_worker(statuses(), GONE)


def test_a_command_that_nobody_answers_is_told_and_addressed_as_wanted() -> None:
    journal = MemoryJournal()
    journal.append([StatusSaved(status) for status in statuses(SERVING, OTHER)])
    order = CommandDesk(journal, answer_within_s=0.01).order("explain", {"method": "GET"}, rather=OTHER)
    with pytest.raises(ApiError, match=r"answered within 0\.01 s"):
        asyncio.run(order)
    assert journal.claim(SERVING) is None
    claimed = journal.claim(OTHER)
    assert claimed == Command(
        id=claimed.id if claimed else "", kind="explain", body={"method": "GET"}, worker=OTHER
    )


@pytest.mark.parametrize(
    ("method", "path"),
    [("POST", "/api/replays"), ("GET", "/api/ask?method=GET&raw_path=/x")],
)
def test_a_recording_without_a_process_refuses_with_the_reason(method: str, path: str) -> None:
    journal = MemoryJournal()
    journal.append([Saved(make_exchange(1))])
    client = TestClient(create_dashboard(journal, token=TOKEN, mode="open").app)
    response = client.request(method, path, json={"of": "x1"} if method == "POST" else None)
    assert (response.status_code, response.json()["error"]["code"]) == (409, "read_only")
    assert "no process serves its application" in response.json()["error"]["message"]


def test_the_numbers_of_all_workers_are_those_of_one() -> None:
    journal = MemoryJournal()
    journal.append([StatusSaved(status) for status in statuses(SERVING, OTHER)])
    for worker, dropped, cost in ((SERVING, 2, 10.0), (OTHER, 3, 30.0), (GONE, 100, 500.0)):
        journal.append([StatsSaved(worker, {"recorded": 5, "dropped": dropped, "recorder_us_p50": cost})])
    shown = TestClient(create_dashboard(journal, token=TOKEN).app).get("/api/app").json()["stats"]
    assert shown == {"recorded": 10, "dropped": 5, "recorder_us_p50": 30.0}


def test_what_came_another_way_than_the_journal_is_newer() -> None:
    journal = MemoryJournal()
    here = Worker(host=socket.gethostname(), pid=os.getpid())
    journal.append([StatusSaved(status) for status in statuses(here)])
    heard = {here.pid: {"dropped": 7, "journal_problem": "JournalError: the disk is full"}}
    app = create_dashboard(journal, token=TOKEN, heard=lambda: heard).app
    shown = TestClient(app).get("/api/app").json()["stats"]
    assert (shown["dropped"], shown["journal_problem"]) == (7, "JournalError: the disk is full")


def test_the_numbers_of_a_recorder_in_this_process_are_added_to_those_of_the_others() -> None:
    journal = MemoryJournal()
    journal.append([StatusSaved(status) for status in statuses(SERVING, OTHER)])
    for worker in (SERVING, OTHER):
        journal.append([StatsSaved(worker, {"recorded": 5, "dropped": 1})])
    newer = {"recorded": 7, "dropped": 1, "recorder_us_p50": 3.0}
    app = create_dashboard(journal, token=TOKEN, stats=lambda: newer, recording=lambda: SERVING).app
    shown = TestClient(app).get("/api/app").json()["stats"]
    assert shown == {"recorded": 12, "dropped": 2, "recorder_us_p50": 3.0}


def test_what_was_heard_of_a_process_here_is_not_said_of_one_elsewhere() -> None:
    journal = MemoryJournal()
    here = Worker(host=socket.gethostname(), pid=os.getpid())
    elsewhere = Worker(host="elsewhere", pid=os.getpid())
    journal.append([StatusSaved(status) for status in statuses(here, elsewhere)])
    journal.append([StatsSaved(elsewhere, {"recorded": 5})])
    app = create_dashboard(journal, token=TOKEN, heard=lambda: {os.getpid(): {"recorded": 100}}).app
    assert TestClient(app).get("/api/app").json()["stats"]["recorded"] == 105


def test_the_numbers_of_a_process_that_the_journal_does_not_let_tell_of_itself_are_told() -> None:
    heard = {os.getpid(): {"dropped": 7, "journal_problem": "JournalError: a readonly database"}}
    app = create_dashboard(MemoryJournal(), token=TOKEN, heard=lambda: heard).app
    shown = TestClient(app).get("/api/app").json()["stats"]
    assert (shown["dropped"], shown["journal_problem"]) == (7, "JournalError: a readonly database")


def test_a_process_of_this_host_that_was_killed_is_not_said_to_run() -> None:
    journal = MemoryJournal()
    gone = worker_that_ended()
    journal.append([StatusSaved(status) for status in statuses(gone, OTHER)])
    journal.append([StatsSaved(gone, {"recorded": 5}), StatsSaved(OTHER, {"recorded": 3})])
    told = TestClient(create_dashboard(journal, token=TOKEN).app).get("/api/app").json()
    assert told["stats"]["recorded"] == 3
    assert [(one["state"], one["error"]) for one in told["status"][1:]] == [
        ("stopped", "it ended without a word, as when killed"),
        ("running", None),
    ]


def worker_that_ended() -> Worker:
    ended = subprocess.run(
        [sys.executable, "-c", "import os; print(os.getpid())"], capture_output=True, check=True
    )
    return Worker(host=socket.gethostname(), pid=int(ended.stdout))


def test_a_process_of_this_host_that_was_killed_is_asked_for_nothing() -> None:
    journal = MemoryJournal()
    journal.append([StatusSaved(status) for status in statuses(worker_that_ended())])
    client = TestClient(create_dashboard(journal, token=TOKEN).app)
    answer = client.get("/api/ask?method=GET&raw_path=/x")
    assert (answer.status_code, answer.json()["error"]["code"]) == (409, "not_running")


def test_sums_leave_out_what_is_not_known() -> None:
    assert add_up([]) == {"dropped": 0, "recorder_us_p50": None}
    one = {"recorder_us_p50": None, "dropped": 1, "journal_problem": None}
    two = {"recorder_us_p50": 2.5, "dropped": 0, "journal_problem": "first"}
    three = {"recorder_us_p50": 1.5, "journal_problem": "second"}
    assert add_up([one, two, three]) == {"dropped": 1, "recorder_us_p50": 2.5, "journal_problem": "first"}
    assert json.dumps(add_up([one, two]))


def make_street() -> App:
    """An application with another one for a host."""
    shop = App(openapi_url=None)
    shop.get("/offers")(lambda: None)
    app = App(openapi_url=None)
    app.get("/{page}")(lambda page: None)
    app.host("{shop}.example.org", shop)
    return app


def test_the_router_is_asked_with_a_host_and_briefly_without_our_explanation() -> None:
    journal = MemoryJournal()
    inspector = Inspector(make_street(), journal=journal)
    with TestClient(inspector, base_url=HOST) as client:
        wait_until_told(journal)
        headers = {"authorization": f"Bearer {inspector.token}"}

        def told(query: str) -> Any:
            return client.get(f"/__inspector__/{ask('GET', '/offers')}{query}", headers=headers)

        there = told("&host=toys.example.org&brief=1").json()
        assert (there["route"]["number"], there["params"], there["agrees"]) == ("1.1", {"shop": "toys"}, True)
        assert "ladder" not in there
        assert told("").json()["route"]["number"] == "2"
        assert told("&host=no%20host").json()["error"]["code"] == "bad_parameter"
