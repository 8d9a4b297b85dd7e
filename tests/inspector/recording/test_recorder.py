"""The recorder on a bus, with its own thread, into a journal."""

import asyncio
import json
import logging
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from inspector.journal.memory import MemoryJournal
from inspector.journal.sqlite import SqliteJournal
from inspector.model import Exchange, HttpExchange, Replayed, State
from inspector.recording import outbox
from inspector.recording import recorder as recorder_module
from inspector.recording.capture import Capture
from inspector.recording.limits import RecordingLimits
from inspector.recording.recorder import Recorder
from inspector.redaction import MARK, Redactor
from miniframework import App, events
from miniframework.bus import EventBus
from miniframework.tap import Tap, requested_exchange_id
from miniframework.testing import TestClient
from tests.inspector.recording.full_journal import FullJournal
from tests.inspector.recording.recording_world import ID, WORKER, Story, call, http_scope, ok_app

ROOT = Path(__file__).parents[3]


class CountedRests(threading.Event):
    """Says how often somebody waited a moment for it."""

    def __init__(self) -> None:
        super().__init__()
        self.count = 0

    def wait(self, timeout: float | None = None) -> bool:
        self.count += timeout == recorder_module.REST_S
        return super().wait(timeout)


@pytest.fixture
def journal() -> MemoryJournal:
    return MemoryJournal()


@pytest.fixture
def recorder(journal: MemoryJournal) -> Iterator[Recorder]:
    made = Recorder(journal, worker=WORKER)
    yield made
    made.close()


def tapped(app, recorder: Recorder) -> Tap:
    bus = EventBus()
    bus.keep(recorder)
    return Tap(app, bus)


def only(journal: MemoryJournal) -> Exchange:
    (row,) = journal.rows(10)[1]
    exchange = journal.exchange(row["id"])
    assert exchange is not None
    return exchange


def test_a_request_is_in_the_journal_within_50_ms_without_anyone_asking(
    journal: MemoryJournal, recorder: Recorder
) -> None:
    tap = tapped(ok_app(), recorder)

    async def delay() -> float:
        head = journal.bounds().head
        began_s = time.monotonic()

        async def send(message) -> None: ...

        await tap(http_scope(), lambda: None, send)
        assert await journal.wait_after(head, 5)
        return time.monotonic() - began_s

    assert min(asyncio.run(delay()) for _ in range(5)) < 0.05


def test_a_request_that_goes_on_is_seen_pending_then_streaming_then_complete(
    journal: MemoryJournal, recorder: Recorder
) -> None:
    story = Story(http_scope())
    states = []
    recorder(story.events[0])
    recorder.flush()
    states.append(only(journal).state)
    for kind, fields in [
        (events.ResponseStarted, {"status": 200, "headers": []}),
        (events.ResponseBodySent, {"data": b"x", "more": False}),
    ]:
        recorder(story.then(kind, **fields).events[-1])
        recorder.flush()
        states.append(only(journal).state)
    assert states == [State.PENDING, State.STREAMING, State.COMPLETE]


def test_a_stream_is_journaled_anew_while_it_goes_on_but_not_for_each_message(
    journal: MemoryJournal, recorder: Recorder
) -> None:
    story = Story(http_scope()).then(events.ResponseStarted, status=200, headers=[])
    for event in story.events:
        recorder(event)
    deadline = time.monotonic() + 1.0
    sent = 0
    while time.monotonic() < deadline:
        recorder(story.then(events.ResponseBodySent, data=b"x", more=True).events[-1])
        sent += 1
        threading.Event().wait(0.001)
    assert sent > 100
    assert 3 <= journal.bounds().head <= 15


def test_a_story_that_goes_on_is_seen_streaming_and_its_end_without_anyone_asking(
    journal: MemoryJournal, recorder: Recorder
) -> None:
    async def main() -> None:
        may_end = asyncio.Event()

        async def app(scope, receive, send) -> None:
            await send({"type": "http.response.start", "status": 200, "headers": []})
            await send({"type": "http.response.body", "body": b"one", "more_body": True})
            await may_end.wait()
            await send({"type": "http.response.body", "body": b"two"})

        async def send(message) -> None: ...

        async def until(state: State) -> None:
            async with asyncio.timeout(20):
                while not journal.rows(1)[1] or journal.rows(1)[1][0]["state"] != state:
                    await journal.wait_after(journal.bounds().head, 5)

        running = asyncio.create_task(tapped(app, recorder)(http_scope(), lambda: None, send))
        await until(State.STREAMING)
        assert journal.exchange(journal.rows(1)[1][0]["id"]).response_body.data == b"one"
        may_end.set()
        await running
        await until(State.COMPLETE)

    asyncio.run(main())
    assert only(journal).response_body.data == b"onetwo"


def test_stories_for_which_there_is_no_room_are_refused_whole_and_told_to_the_journal(
    journal: MemoryJournal,
) -> None:
    recorder = Recorder(journal, worker=WORKER, limits=RecordingLimits(pending_events=20))
    tap = tapped(ok_app(), recorder)
    with recorder._drain_lock:  # a drain that is busy
        for _ in range(10):
            call(tap, http_scope())
    recorder.close()
    stats = recorder.stats()
    assert (stats["recorded"], stats["dropped"], stats["open"]) == (2, 8, 0)
    losses = [change.detail for change in journal.read_after(0, 100) if change.kind == "loss"]
    assert losses == [{"count": 8, "reason": "recorder_overflow"}]


def test_of_a_flood_in_a_story_sizes_stay_true_and_messages_are_counted(journal: MemoryJournal) -> None:
    async def app(scope, receive, send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        for _ in range(100):
            await send({"type": "http.response.body", "body": b"x" * 10, "more_body": True})
        await send({"type": "http.response.body", "body": b""})

    recorder = Recorder(journal, worker=WORKER, limits=RecordingLimits(pending_events=20))
    with recorder._drain_lock:
        call(tapped(app, recorder), http_scope())
    recorder.close()
    exchange = only(journal)
    assert (exchange.state, exchange.response_body.size) == (State.COMPLETE, 1000)
    assert exchange.messages_left_out == 80
    assert exchange.recorder_ns > 0


def test_close_stores_what_is_pending_and_ends_the_thread(journal: MemoryJournal) -> None:
    before = set(threading.enumerate())
    recorder = Recorder(journal, worker=WORKER)
    call(tapped(ok_app(), recorder), http_scope())
    began_s = time.monotonic()
    recorder.close()
    recorder.close()
    assert time.monotonic() - began_s < 1
    assert only(journal).state is State.COMPLETE
    assert set(threading.enumerate()) <= before


def test_secrets_are_redacted_in_the_journal_and_whole_in_the_vault(
    journal: MemoryJournal, recorder: Recorder
) -> None:
    async def app(scope, receive, send) -> None:
        await receive()
        await ok_app()(scope, receive, send)

    scope = http_scope(method="POST", headers=[(b"authorization", b"Bearer abc.def.ghi")])
    scope["query_string"] = b"token=very-secret"
    body = b'{"password": "hunter2"}'
    call(tapped(app, recorder), scope, {"type": "http.request", "body": body})
    recorder.flush()
    exchange = only(journal)
    assert isinstance(exchange, HttpExchange)
    assert exchange.scope.headers == (("authorization", f"Bearer {MARK}"),)
    assert exchange.scope.query_string == f"token={MARK}"
    assert exchange.request_body.data == f'{{"password": "{MARK}"}}'.encode()
    original = recorder.vault.get(exchange.id)
    assert original is not None
    assert original.scope.headers == (("authorization", "Bearer abc.def.ghi"),)
    assert original.scope.query_string == "token=very-secret"
    assert original.body.data == body


def test_a_request_of_which_nothing_is_hidden_is_its_own_original(
    journal: MemoryJournal, recorder: Recorder
) -> None:
    tap = tapped(ok_app(), recorder)
    call(tap, http_scope(path="/plain"))
    call(tap, http_scope(path="/walked", query_string=b"q=two+words"))
    call(tap, http_scope(path="/hidden", headers=[(b"authorization", b"Bearer abc.def.ghi")]))
    recorder.flush()
    _, rows = journal.rows(10)
    held = {row["path"]: recorder.vault.get(row["id"]) is not None for row in rows}
    assert held == {"/plain": False, "/walked": False, "/hidden": True}


def test_a_backlog_is_read_with_rests_in_order_and_nothing_of_it_is_lost(
    journal: MemoryJournal, recorder: Recorder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recorder_module, "STRETCH_S", 0.0)
    recorder._closing = rests = CountedRests()
    tap = tapped(ok_app(), recorder)
    paths = [f"/{number}" for number in range(50)]
    for path in paths:
        call(tap, http_scope(path=path))
    deadline_s = time.monotonic() + 30
    while len(journal.rows(100)[1]) < len(paths) and time.monotonic() < deadline_s:
        rests.wait(0.01)
    assert [row["path"] for row in journal.rows(100)[1]] == paths
    assert rests.count > 0
    assert recorder.stats()["dropped"] == 0


def test_whoever_asks_for_everything_now_waits_for_no_rest(
    journal: MemoryJournal, recorder: Recorder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recorder_module, "STRETCH_S", 0.0)
    monkeypatch.setattr(recorder_module, "GATHER_S", 60.0)  # its thread sleeps through it
    recorder._closing = rests = CountedRests()
    tap = tapped(ok_app(), recorder)
    for number in range(5):
        call(tap, http_scope(path=f"/{number}"))
    recorder.flush()
    assert (len(journal.rows(100)[1]), rests.count) == (5, 0)


def test_without_redaction_everything_is_kept(journal: MemoryJournal) -> None:
    recorder = Recorder(journal, worker=WORKER, redact=False)
    call(tapped(ok_app(), recorder), http_scope(headers=[(b"authorization", b"Bearer abc")]))
    recorder.close()
    assert only(journal).scope.headers == (("authorization", "Bearer abc"),)


def test_when_redaction_fails_nothing_is_shown_and_the_failure_is_counted(
    journal: MemoryJournal,
    recorder: Recorder,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    def fail(self: Redactor, exchange: Exchange) -> Exchange:
        raise RecursionError("too deep")

    monkeypatch.setattr(Redactor, "redact", fail)
    with caplog.at_level(logging.ERROR):
        call(tapped(ok_app(b"secret-body"), recorder), http_scope(headers=[(b"x-key", b"secret")]))
        recorder.close()
    exchange = only(journal)
    assert exchange.scope.headers == ()
    assert (exchange.scope.path, exchange.response_body.data) == (MARK, b"")
    assert exchange.response_body.size == 11
    assert recorder.stats()["redaction_errors"] >= 1
    assert len([record for record in caplog.records if record.name == "inspector.recorder"]) == 1


def test_a_replay_announced_beforehand_is_marked(journal: MemoryJournal, recorder: Recorder) -> None:
    recorder.expect_replay("chosen-id", Replayed(of="earlier", edits=("path",)))
    tap = tapped(ok_app(), recorder)

    async def replay() -> None:
        requested_exchange_id.set("chosen-id")

        async def send(message) -> None: ...

        await tap(http_scope(), lambda: None, send)

    asyncio.run(replay())
    call(tap, http_scope())
    recorder.flush()
    first, second = journal.rows(10)[1]
    assert (first["id"], first["replay_of"], second["replay_of"]) == ("chosen-id", "earlier", None)


def test_a_route_table_is_saved_once_and_before_the_exchange_that_names_it(
    journal: MemoryJournal, recorder: Recorder
) -> None:
    app = App()

    @app.get("/items/{item_id}")
    async def get_item(item_id: int) -> None: ...

    app.bus.keep(recorder)
    for _ in range(3):
        call(app, http_scope(), {"type": "http.request", "body": b""})
        recorder.flush()
    changes = journal.read_after(0, 100)
    assert [change.kind for change in changes] == ["table", "saved", "saved", "saved"]
    row = changes[-1].row
    assert row is not None
    table = journal.table(row["route"]["table"])
    assert table is not None
    assert table["routes"][row["route"]["index"]]["path"] == "/items/{item_id}"


@pytest.mark.parametrize("root_path", ["", "/api"])
def test_the_root_path_of_a_request_is_kept(
    journal: MemoryJournal, recorder: Recorder, root_path: str
) -> None:
    app = App()
    app.get("/items")(lambda: None)
    app.bus.keep(recorder)
    scope = http_scope(path=f"{root_path}/items", raw_path=f"{root_path}/items".encode(), root_path=root_path)
    del scope["state"], scope["extensions"]  # as of a server that has neither
    call(app, scope, {"type": "http.request", "body": b""})
    recorder.flush()
    kept = only(journal).scope
    assert (kept.path, kept.root_path) == (f"{root_path}/items", root_path)


def test_what_the_queue_refuses_is_counted_and_told_to_the_journal(journal: MemoryJournal) -> None:
    recorder = Recorder(journal, worker=WORKER, limits=RecordingLimits(pending_events=2))
    holding = recorder._drain_lock
    with holding:  # a drain that is busy
        for number in range(10):
            for event in Story(http_scope(), f"e{number}").then(events.RequestFinished).events:
                recorder(event)
    recorder.close()
    stats = recorder.stats()
    assert stats["recorded"] + stats["dropped"] == 10
    assert stats["dropped"] > 0
    losses = [change.detail for change in journal.read_after(0, 100) if change.kind == "loss"]
    assert sum(loss["count"] for loss in losses if loss) == stats["dropped"]
    assert losses[0] is not None
    assert losses[0]["reason"] == "recorder_overflow"


def test_a_journal_that_refuses_loses_nothing_when_it_recovers(caplog: pytest.LogCaptureFixture) -> None:
    journal = FullJournal()
    recorder = Recorder(journal, worker=WORKER)
    tap = tapped(ok_app(), recorder)
    for _ in range(3):
        call(tap, http_scope())
        recorder.flush()
    stats = recorder.stats()
    assert (stats["unsaved"], stats["dropped"]) == (3, 0)
    assert stats["journal_errors"] >= 3
    assert "disk full" in stats["journal_problem"]
    journal.is_full = False
    recorder.flush()
    recorder.flush()
    told = [record for record in caplog.records if record.name == "inspector.recorder"]
    assert [record.getMessage().partition(":")[0] for record in told] == [
        "the journal takes nothing",
        "the journal takes records again; 0 exchanges were lost so far",
    ]
    assert not any(record.exc_info for record in told)
    assert len(journal.rows(10)[1]) == 3
    assert recorder.stats()["journal_problem"] is None
    recorder.close()


def test_a_journal_that_refuses_for_long_costs_bounded_memory_and_a_counted_loss(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(outbox, "MAX_WAITING_BYTES", 100_000)
    journal = FullJournal()
    recorder = Recorder(journal, worker=WORKER)
    tap = tapped(ok_app(b"x" * 30_000), recorder)
    for _ in range(10):
        call(tap, http_scope())
        recorder.flush()
    journal.is_full = False
    recorder.close()
    stats = recorder.stats()
    kept = len(journal.rows(100)[1])
    assert 0 < kept < 10
    assert kept + stats["dropped"] == 10
    assert {"count": 10 - kept, "reason": "journal_failure"} in [
        change.detail for change in journal.read_after(0, 100)
    ]


@pytest.mark.parametrize("failing_event", [0, 1, 2, 3])
def test_an_event_that_cannot_be_taken_costs_its_own_exchange_only(
    journal: MemoryJournal,
    monkeypatch: pytest.MonkeyPatch,
    failing_event: int,
    caplog: pytest.LogCaptureFixture,
) -> None:
    real: Callable = Capture.take
    seen = 0

    def take(self: Capture, event: events.Event, allowance) -> events.Event:
        nonlocal seen
        if event.exchange_id == ID and threading.current_thread() is threading.main_thread():
            seen += 1
            if seen == failing_event + 1:
                raise MemoryError
        return real(self, event, allowance)

    monkeypatch.setattr(Capture, "take", take)
    recorder = Recorder(journal, worker=WORKER)
    bad = Story(http_scope()).then(events.ResponseStarted, status=200, headers=[])
    bad.then(events.ResponseBodySent, data=b"", more=False).then(events.RequestFinished)
    good = Story(http_scope(), "good").then(events.RequestFinished)
    for event in (*bad.events, *good.events):
        recorder(event)
    # The drain works in its own thread here, where the fault does not reach.
    recorder.close()
    stats = recorder.stats()
    assert stats["listener_errors"] == 1
    assert stats["open"] == 0
    by_id = {row["id"]: row["state"] for row in journal.rows(10)[1]}
    assert by_id.pop("good") == "error"
    assert by_id == ({} if failing_event == 0 else {ID: "lost"})
    assert stats["recorded"] + stats["dropped"] == 2


def test_stats_tell_cost_and_backlog(journal: MemoryJournal, recorder: Recorder) -> None:
    call(tapped(ok_app(), recorder), http_scope())
    recorder.flush()
    stats = recorder.stats()
    assert stats["recorded"] == 1
    assert (stats["pending"], stats["pending_bytes"], stats["unsaved"], stats["open"]) == (0, 0, 0, 0)
    assert 0 < stats["recorder_us_p50"] < 100_000
    assert only(journal).recorder_ns > 0
    assert recorder_module.GATHER_S < 0.05


FORKED = """
import asyncio, json, os, sys
from inspector.journal.sqlite import SqliteJournal
from inspector.recording.recorder import Recorder
from miniframework.bus import EventBus
from miniframework.tap import Tap
from tests.inspector.recording.recording_world import call, http_scope, ok_app

recorder = Recorder(SqliteJournal(sys.argv[1]))
bus = EventBus()
bus.keep(recorder)
made_by = recorder.worker.pid
children = []
for _ in range(2):
    child = os.fork()
    if child == 0:
        call(Tap(ok_app(), bus), http_scope())
        recorder.close()
        os._exit(0)
    children.append(child)
for child in children:
    os.waitpid(child, 0)
print(json.dumps([made_by, *children]))
"""


def test_a_recorder_that_was_made_before_a_fork_names_the_process_that_records(tmp_path: Path) -> None:
    place = tmp_path / "kept" / "journal.db"
    done = subprocess.run(
        [sys.executable, "-c", FORKED, str(place)], capture_output=True, check=True, text=True, cwd=ROOT
    )
    made_by, *children = json.loads(done.stdout)
    journal = SqliteJournal(place)
    workers = [row["worker"] for row in journal.rows(10)[1]]
    journal.close()
    assert sorted(workers) == sorted(children)
    assert made_by not in workers


def test_a_plain_function_is_said_to_run_in_a_thread(journal: MemoryJournal) -> None:
    app = App()

    @app.get("/plain")
    def plain() -> int:
        return 1

    @app.get("/async")
    async def waits() -> int:
        return 2

    recorder = Recorder(journal)
    app.bus.subscribe(recorder)
    said = []
    for path in ("/plain", "/async"):
        TestClient(app).get(path)
        recorder.flush()
        newest = journal.exchange(journal.rows(1)[1][0]["id"])
        assert newest is not None
        said += [moment.label for moment in newest.timeline if moment.kind == "EndpointStarted"]
    recorder.close()
    assert [label.rpartition(".")[2] for label in said] == ["plain (in a thread)", "waits"]
