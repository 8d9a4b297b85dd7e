"""`Inspector(app)`: around a miniframework App and any ASGI app, off, in production, over sockets."""

import asyncio
import contextlib
import json
import logging
import os
import sqlite3
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from websockets.sync.client import connect

from inspector import Inspector
from inspector.journal.memory import MemoryJournal
from inspector.journal.protocol import Answer, Command, CommandKind
from inspector.journal.sqlite import SqliteJournal
from inspector.settings import ProductionRefused, Settings, SettingsError
from inspector.wiring import agent, chores, find_table, parts
from miniframework import App, Request
from miniframework.testing import TestClient
from miniframework.types import ASGIApp, Message, Receive, Scope, Send
from tests.inspector.web.serving import DEADLINE_S, serve

BASE_URL = "http://127.0.0.1:8000"


async def plain(scope: Scope, receive: Receive, send: Send) -> None:
    """An ASGI app of nobody's framework; it knows no lifespan."""
    if scope["type"] != "http":
        raise RuntimeError(f"no {scope['type']} here")
    body = f"{scope['method']} {scope['path']}".encode()
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-type", b"text/plain")]})
    await send({"type": "http.response.body", "body": body})


def make_app() -> App:
    app = App()

    @app.get("/items/{item_id:int}")
    async def get_item(item_id: int) -> dict[str, int]:
        return {"id": item_id}

    @app.get("/state")
    async def show_state(request: Request) -> dict[str, Any]:
        return {"db": request.scope["state"]["db"]}

    return app


@pytest.fixture(autouse=True)
def no_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("INSPECTOR", "INSPECTOR_TOKEN", "APP_ENV", "ENVIRONMENT", "ENV"):
        monkeypatch.delenv(name, raising=False)


def eventually(look: Callable[[], Any]) -> Any:
    """Look until there is something to see."""
    deadline = time.monotonic() + DEADLINE_S
    while not (seen := look()):
        assert time.monotonic() < deadline, "it never came"
    return seen


def finished(journal: MemoryJournal) -> list[dict[str, Any]]:
    return [row for row in journal.rows(100)[1] if row["state"] == "complete"]


def bearer(inspector: Inspector) -> dict[str, str]:
    return {"authorization": f"Bearer {inspector.token}"}


@pytest.mark.parametrize("make", [make_app, lambda: plain], ids=["miniframework", "plain ASGI"])
def test_what_the_application_answers_is_unchanged_and_recorded(make: Callable[[], ASGIApp]) -> None:
    journal = MemoryJournal()
    bare, wrapped = (
        TestClient(make(), base_url=BASE_URL),
        TestClient(Inspector(make(), journal=journal), base_url=BASE_URL),
    )
    for path in ("/items/1", "/nowhere"):
        expected, got = bare.get(path), wrapped.get(path)
        assert (got.status_code, got.content) == (expected.status_code, expected.content)
        assert list(got.headers.items()) == list(expected.headers.items())
    assert [row["path"] for row in eventually(lambda: len(finished(journal)) == 2 and finished(journal))] == [
        "/items/1",
        "/nowhere",
    ]


def test_an_application_with_a_way_of_its_own_to_be_called_is_called_that_way() -> None:
    class Counted(App):
        called = 0

        async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
            self.called += scope["type"] == "http"
            await super().__call__(scope, receive, send)

    app, journal = Counted(), MemoryJournal()
    app.get("/a")(lambda: 1)
    with TestClient(Inspector(app, journal=journal), base_url=BASE_URL) as client:
        assert client.get("/a").json() == 1
    assert app.called == 1
    assert len(finished(journal)) == 1


def test_a_foreign_application_is_recorded_without_its_routing() -> None:
    journal = MemoryJournal()
    inspector = Inspector(plain, journal=journal)
    client = TestClient(inspector, base_url=BASE_URL)
    assert client.get("/x").text == "GET /x"
    [row] = eventually(lambda: finished(journal))
    assert (row["routing"], row["route"]) == ("unknown", None)
    [status] = eventually(journal.status)
    assert (status.recording, status.table) == ("requests_only", None)
    refused = client.get(f"/__inspector__/api/exchanges/{row['id']}/explanation", headers=bearer(inspector))
    assert (refused.status_code, refused.json()["error"]["code"]) == (404, "no_table")
    shown = client.get(f"/__inspector__/api/exchanges/{row['id']}", headers=bearer(inspector)).json()
    assert shown["exchange"]["status"] == 200


def test_a_wrapped_application_is_found_below_its_middleware_and_recorded_outside_of_it() -> None:
    class Teapot:
        def __init__(self, app: ASGIApp) -> None:
            self.app = app

        async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
            async def send_status(message: Message) -> None:
                await send({**message, "status": 418} if "status" in message else message)

            await self.app(scope, receive, send_status)

    app, journal = make_app(), MemoryJournal()
    inspector = Inspector(Teapot(app), journal=journal)
    assert find_table(inspector) is app.table
    assert TestClient(inspector, base_url=BASE_URL).get("/items/1").status_code == 418
    [row] = eventually(lambda: finished(journal))
    assert (row["status"], row["routing"], row["route"]["name"]) == (418, "matched", "get_item")


def test_an_application_without_a_table_has_none() -> None:
    assert find_table(plain) is None
    loop = type("Loop", (), {})()
    loop.app = loop
    assert find_table(loop) is None


def test_the_dashboard_answers_before_the_applications_own_routes() -> None:
    app = make_app()
    app.get("/{anything:path}")(lambda anything: {"app": anything})
    inspector = Inspector(app)
    client = TestClient(inspector, base_url=BASE_URL)
    assert "Route Inspector" in client.get("/__inspector__/").text
    assert client.get("/__inspector__", follow_redirects=False).headers["location"] == "/__inspector__/"
    assert client.get("/__inspector__/nowhere", headers=bearer(inspector)).status_code == 404
    assert client.get("/__inspector__x").json() == {"app": "__inspector__x"}
    assert client.get("/__inspector").json() == {"app": "__inspector"}


def test_the_dashboard_answers_below_a_root_path_and_at_another_mount() -> None:
    inspector = Inspector(make_app(), mount="/debug/routes/")
    client = TestClient(inspector, base_url=BASE_URL, root_path="/shop")
    page = client.get("/debug/routes/").text
    assert 'data-base="/shop/debug/routes/"' in page
    assert client.get("/debug/routes/api/app", headers=bearer(inspector)).status_code == 200
    assert client.get("/items/1").json() == {"id": 1}
    assert inspector.url_path == "/debug/routes/"


def test_a_route_of_the_application_that_looks_like_the_dashboards_is_recorded() -> None:
    inner, journal = App(), MemoryJournal()
    inner.get("/__inspector__/api/app")(lambda: {"mine": True})
    outer = App()
    outer.mount("/sub", inner)
    client = TestClient(Inspector(outer, journal=journal), base_url=BASE_URL)
    assert client.get("/sub/__inspector__/api/app").json() == {"mine": True}
    assert [row["path"] for row in eventually(lambda: finished(journal))] == ["/sub/__inspector__/api/app"]


def test_each_start_has_a_token_of_its_own_that_nobody_guesses() -> None:
    tokens = [Inspector(plain).token or "" for _ in range(20)]
    assert len(set(tokens)) == 20
    assert min(map(len, tokens)) >= 43  # 256 bits


def test_the_token_may_come_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("INSPECTOR_TOKEN", "a" * 22)
    assert Inspector(plain).token == "a" * 22
    assert Inspector(plain, token="b" * 22).token == "b" * 22


@pytest.mark.parametrize("token", ["short", "a" * 21, "ä" * 30, "a b" * 10, "a" * 30 + "\n"])
def test_a_weak_token_is_refused_and_not_repeated(token: str) -> None:
    with pytest.raises(SettingsError) as refused:
        Inspector(plain, token=token)
    assert token not in str(refused.value)


def test_the_way_in_is_logged_once_at_the_start(caplog: pytest.LogCaptureFixture) -> None:
    inspector = Inspector(make_app())
    assert not caplog.records
    for _ in range(2):
        with TestClient(inspector, base_url=BASE_URL):
            pass
    told = [record.getMessage() for record in caplog.records if record.name == "inspector"]
    assert len([text for text in told if f"/__inspector__/#token={inspector.token}" in text]) >= 1
    assert all(record.levelno == logging.WARNING for record in caplog.records if record.name == "inspector")


@pytest.mark.parametrize("journal", [None, MemoryJournal()], ids=["its own", "one that is given"])
def test_a_recording_of_one_process_says_so(
    journal: MemoryJournal | None, caplog: pytest.LogCaptureFixture
) -> None:
    with TestClient(Inspector(make_app(), journal=journal), base_url=BASE_URL):
        pass
    (told,) = (text for text in caplog.messages if "#token=" in text)
    assert (f"what this process ({os.getpid()}) serves" in told) is (journal is None)


def test_production_is_refused_unless_that_is_meant(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("APP_ENV", "production")
    with pytest.raises(ProductionRefused, match="APP_ENV"):
        Inspector(plain)
    assert Inspector(plain, allow_production=True).token
    monkeypatch.setenv("INSPECTOR", "0")
    assert Inspector(plain).token is None


def test_switched_off_it_is_as_if_it_were_not_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("INSPECTOR", "0")
    app = make_app()
    client = TestClient(Inspector(app), base_url=BASE_URL)
    assert client.get("/__inspector__/").json() == client.get("/unknown").json()
    assert client.get("/__inspector__/").status_code == 404
    assert not app.bus.listening


def test_switched_off_nothing_of_the_dashboard_is_imported() -> None:
    code = (
        "import os, sys; os.environ['INSPECTOR'] = '0'\n"
        "from inspector import Inspector\n"
        "async def app(scope, receive, send): pass\n"
        "Inspector(app)\n"
        "print(sorted(name for name in sys.modules if name.startswith('inspector.')))\n"
        "print('jinja2' in sys.modules)"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True)
    modules, has_jinja = run.stdout.splitlines()
    assert not any(
        name in modules for name in ("inspector.web", "inspector.recording", "inspector.journal", "streaming")
    )
    assert has_jinja == "False"


def test_without_a_dashboard_only_the_recording_is_joined_on() -> None:
    journal = MemoryJournal()
    inspector = Inspector(make_app(), journal=journal, dashboard=False, target="shop:app", url="http://x")
    with TestClient(inspector, base_url=BASE_URL) as client:
        assert client.get("/__inspector__/").status_code == 404
        [status] = eventually(journal.status)
        assert (status.state, status.target, status.url) == ("running", "shop:app", "http://x")
        eventually(lambda: finished(journal))
    assert inspector.token is None
    assert [status.state for status in journal.status()] == ["stopped"]


def test_what_was_recorded_is_stored_before_the_server_hears_that_it_may_end() -> None:
    journal = MemoryJournal()
    with TestClient(Inspector(make_app(), journal=journal), base_url=BASE_URL) as client:
        for number in range(50):
            client.get(f"/items/{number}")
    assert len(finished(journal)) == 50


def test_the_lifespan_passes_through_and_a_replay_sees_its_state() -> None:
    seen: list[str] = []
    app, journal = make_app(), MemoryJournal()

    @app.lifespan
    def life(app: App) -> Any:
        return Life(seen)

    with TestClient(Inspector(app, journal=journal), base_url=BASE_URL) as client:
        assert client.get("/state").json() == {"db": "open"}
        [row] = eventually(lambda: finished(journal))
        assert replay(journal, row["id"]).ok
        assert [
            r["status"] for r in eventually(lambda: len(finished(journal)) == 2 and finished(journal))
        ] == [
            200,
            200,
        ]
    assert seen == ["startup", "shutdown"]


class Life:
    """A lifespan that yields state."""

    def __init__(self, seen: list[str]) -> None:
        self.seen = seen

    async def __aenter__(self) -> dict[str, str]:
        self.seen.append("startup")
        return {"db": "open"}

    async def __aexit__(self, *error: object) -> None:
        self.seen.append("shutdown")


def replay(journal: MemoryJournal, exchange_id: str, **edit: Any) -> Answer:
    command = Command(id=f"c-{exchange_id}", body={"of": exchange_id, "edit": edit, "confirm": False})
    journal.submit(command)
    answer: Answer = eventually(lambda: journal.answer_of(command.id))
    return answer


def test_an_exception_of_the_application_reaches_the_server_as_it_is() -> None:
    error = ValueError("mine")

    async def failing(scope: Scope, receive: Receive, send: Send) -> None:
        raise error

    async def run() -> None:
        await Inspector(failing)({"type": "http", "method": "GET", "path": "/", "headers": []}, None, None)  # type: ignore[arg-type]

    with pytest.raises(ValueError, match="mine") as raised:
        asyncio.run(run())
    assert raised.value is error


def test_a_replay_of_an_exchange_that_is_gone_is_refused() -> None:
    journal = MemoryJournal()
    with TestClient(Inspector(make_app(), journal=journal), base_url=BASE_URL):
        answer = replay(journal, "gone")
    assert not answer.ok
    assert "no longer" in answer.body["message"]


def test_an_answer_that_the_journal_does_not_take_is_given_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(agent, "_RETRY_S", 0.01)
    place = tmp_path / "kept" / "journal.db"
    refuse = "CREATE TRIGGER busy BEFORE UPDATE OF answer ON commands BEGIN SELECT RAISE(ABORT, 'busy'); END"
    with (
        contextlib.closing(SqliteJournal(place)) as journal,
        contextlib.closing(sqlite3.connect(place, isolation_level=None)) as other,
        TestClient(inspector := Inspector(make_app(), journal=journal, dashboard=False)),
    ):
        eventually(journal.status)
        other.execute(refuse)
        journal.submit(Command(id="1", kind="explain", body={"method": "GET", "raw_path": "/items/7"}))
        eventually(lambda: inspector._parts is not None and inspector._parts._agent.failures)
        other.execute("DROP TRIGGER busy")
        answer: Answer = eventually(lambda: journal.answer_of("1"))
    assert answer.body["params"] == {"item_id": "7"}


@pytest.mark.parametrize("kind", ["replay", "explain", "plan"])
def test_a_command_that_cannot_be_read_is_refused_and_the_next_one_carried_out(kind: CommandKind) -> None:
    journal = MemoryJournal()
    with TestClient(inspector := Inspector(make_app(), journal=journal), base_url=BASE_URL):
        journal.submit(Command(id="1", kind=kind, body={}))
        refused: Answer = eventually(lambda: journal.answer_of("1"))
        journal.submit(Command(id="2", kind="explain", body={"method": "GET", "raw_path": "/items/7"}))
        answer: Answer = eventually(lambda: journal.answer_of("2"))
        assert inspector._parts is not None
        assert inspector._parts._agent.failures == 1
    assert (refused.ok, answer.ok) == (False, True)
    assert refused.body["code"] == ("not_running" if kind == "replay" else "ask_failed")


def test_the_application_that_serves_checks_its_own_routes() -> None:
    journal = MemoryJournal()
    with TestClient(Inspector(make_app(), journal=journal), base_url=BASE_URL):
        journal.submit(Command(id="1", kind="check", body={}))
        answer: Answer = eventually(lambda: journal.answer_of("1"))
    assert answer.ok
    assert set(answer.body) >= {"table", "findings"}


def test_a_chore_that_fails_is_begun_again_and_the_others_go_on(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(chores, "_AGAIN_S", 0.0)
    turns: list[str] = []
    is_over = asyncio.Event()

    async def stumbles() -> None:
        turns.append("stumbles")
        if len(turns) < 3:
            raise LookupError("not this time")
        is_over.set()

    async def waits() -> None:
        await is_over.wait()
        turns.append("waited")

    asyncio.run(chores.run_chores(waits, stumbles))
    assert turns == ["stumbles"] * 3 + ["waited"]
    assert [record.message for record in caplog.records] == [
        f"{stumbles.__qualname__} failed; it begins again"
    ] * 2


def test_a_replay_that_never_ends_does_not_hold_up_the_others_or_the_shutdown() -> None:
    app, journal = make_app(), MemoryJournal()

    never, hangs_now = asyncio.Event(), []

    @app.get("/hangs")
    async def hangs() -> None:
        if hangs_now:
            await never.wait()

    with TestClient(Inspector(app, journal=journal), base_url=BASE_URL) as client:
        client.get("/items/1")
        client.get("/hangs")
        quick, slow = eventually(lambda: len(finished(journal)) == 2 and finished(journal))
        hangs_now.append(True)
        assert replay(journal, slow["id"]).ok
        assert replay(journal, quick["id"]).ok
        eventually(lambda: len(finished(journal)) == 3)
        began = time.monotonic()
    assert time.monotonic() - began < 5


@pytest.fixture
def embedded() -> Iterator[tuple[Inspector, Any]]:
    inspector = Inspector(make_app(), settings=Settings())
    with serve(inspector) as served:
        yield inspector, served


def test_over_sockets_a_request_is_seen_live_in_the_embedded_dashboard(
    embedded: tuple[Inspector, Any],
) -> None:
    inspector, served = embedded
    offered = ["inspector.v1", f"inspector.token.{inspector.token}"]
    address = f"ws://127.0.0.1:{served.port}{inspector.url_path}api/stream"
    with connect(address, origin=served.origin, subprotocols=offered, max_size=None) as client:  # type: ignore[arg-type]
        client.send('{"type":"hello","v":1}')
        while json.loads(client.recv(timeout=DEADLINE_S))["type"] != "snapshot":
            pass
        with urllib.request.urlopen(f"{served.origin}/items/7") as response:
            assert json.load(response) == {"id": 7}
        while True:
            message = json.loads(client.recv(timeout=DEADLINE_S))
            if any(row["path"] == "/items/7" for row in message.get("rows", ())):
                break


def test_a_journal_that_begins_anew_hears_again_who_runs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(parts, "_LOOK_S", 0.01)
    place = tmp_path / "kept" / "journal.db"
    with (
        contextlib.closing(SqliteJournal(place)) as journal,
        TestClient(inspector := Inspector(make_app(), journal=journal, dashboard=False)),
    ):
        (first,) = eventually(journal.status)
        eventually(lambda: inspector._parts is not None and inspector._parts._log)
        place.unlink()
        journal.append([])  # the next request would: a new file stands in its place
        (again,) = eventually(journal.status)
        assert (again.state, again.table) == ("running", first.table)
        assert journal.table(again.table) is not None


@pytest.mark.parametrize("is_closed", [False, True], ids=["another loop", "a loop that is closed"])
def test_it_is_stopped_from_another_event_loop_than_it_was_started_on(is_closed: bool) -> None:
    journal = MemoryJournal()
    inspected = Inspector(make_app(), journal=journal, dashboard=False)
    first = asyncio.new_event_loop()

    async def begin() -> None:
        inspected.start()
        await journal.wait_after(0, DEADLINE_S)

    async def end() -> None:
        await inspected.stop()

    first.run_until_complete(begin())
    tasks = asyncio.all_tasks(first)
    if is_closed:
        first.run_until_complete(cancelled(tasks))
        first.close()
    asyncio.run(end())
    assert [status.state for status in journal.status()] == ["stopped"]
    if not is_closed:
        first.run_until_complete(asyncio.gather(*tasks, return_exceptions=True))
        first.run_until_complete(first.shutdown_default_executor())
        first.close()


async def cancelled(tasks: set[asyncio.Task[Any]]) -> None:
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    await asyncio.get_running_loop().shutdown_default_executor()


def test_an_application_without_lifespan_is_served_with_its_dashboard() -> None:
    inspector = Inspector(plain)
    with serve(inspector) as served:
        request = urllib.request.Request(f"{served.origin}/__inspector__/api/app", headers=bearer(inspector))
        with urllib.request.urlopen(request) as response:
            assert json.load(response)["mode"] == "embedded"
        with urllib.request.urlopen(f"{served.origin}/x") as response:
            assert response.read() == b"GET /x"
