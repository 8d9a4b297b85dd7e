"""The stream over real sockets: uvicorn on one side, the `websockets` client on the other."""

import json
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import ClientConnection, connect

from inspector.journal.memory import MemoryJournal
from inspector.journal.protocol import AppStatus, Journal, JournalLimits, LossNoted, Saved, StatusSaved
from inspector.journal.sqlite import SqliteJournal
from inspector.model import HttpExchange, Worker
from inspector.streaming.limits import StreamLimits
from inspector.streaming.subscription import OutboxLimits
from inspector.web.app import Dashboard, create_dashboard
from tests.inspector.web.serving import DEADLINE_S, TOKEN, Served, make_exchange, serve

Save = Callable[..., None]


class Page:
    """What a page does: greets, applies what comes, acknowledges."""

    def __init__(
        self, client: ClientConnection, *, log: str | None = None, cursor: int | None = None
    ) -> None:
        self.client = client
        self.log = log
        self.cursor = cursor
        self.rows: dict[str, dict[str, Any]] = {}
        self.seen: list[dict[str, Any]] = []
        client.send(json.dumps({"type": "hello", "v": 1, "log": log, "cursor": cursor}))

    def until(self, *kinds: str) -> dict[str, Any]:
        """Apply messages until one of these kinds came, and return it."""
        deadline = time.monotonic() + DEADLINE_S
        while True:
            message: dict[str, Any] = json.loads(self.client.recv(timeout=deadline - time.monotonic()))
            self.apply(message)
            if message["type"] in kinds:
                return message

    def until_it_holds(self, *ids: str) -> None:
        while not set(ids) <= set(self.rows):
            self.until("delta", "snapshot")

    def apply(self, message: dict[str, Any]) -> None:
        self.seen.append(message)
        match message:
            case {"type": "welcome", "log": log}:
                self.log = log
            case {"type": "reset", "log": log}:
                self.log, self.rows = log, {}
            case {"type": "snapshot", "seq": seq, "rows": rows}:
                self.rows = {row["id"]: row for row in rows}
                self.acknowledge(seq)
            case {"type": "delta", "to": to, "rows": rows, "removed": removed}:
                self.rows |= {row["id"]: row for row in rows}
                for exchange_id in removed:
                    self.rows.pop(exchange_id, None)
                self.acknowledge(to)

    def acknowledge(self, to: int) -> None:
        self.cursor = to
        self.client.send(json.dumps({"type": "ack", "to": to}))


@contextmanager
def page_of(served: Served, **start: Any) -> Iterator[Page]:
    with open_client(served) as client:
        yield Page(client, **start)


def open_client(served: Served, **more: Any) -> ClientConnection:
    return connect(
        f"ws://127.0.0.1:{served.port}/api/stream",
        origin=served.origin,
        subprotocols=["inspector.v1", f"inspector.token.{TOKEN}"],
        max_size=None,
        compression=None,
        open_timeout=DEADLINE_S,
        **more,
    )


@pytest.fixture
def served(dashboard: Dashboard) -> Iterator[Served]:
    with serve(dashboard) as served:
        yield served


@contextmanager
def served_with(journal: Journal, limits: StreamLimits) -> Iterator[tuple[Served, Dashboard]]:
    dashboard = create_dashboard(journal, token=TOKEN, limits=limits)
    with serve(dashboard) as served:
        yield served, dashboard


def close_code(client: ClientConnection) -> int | None:
    """Read on until the server closes, and return its code."""
    deadline = time.monotonic() + DEADLINE_S
    try:
        while True:
            client.recv(timeout=deadline - time.monotonic())
    except ConnectionClosed as closed:
        return closed.rcvd.code if closed.rcvd else None


def test_a_new_page_is_welcomed_and_gets_a_snapshot(served: Served, save: Save) -> None:
    save(1, 2, 3)
    with page_of(served) as page:
        assert page.client.subprotocol == "inspector.v1"
        welcome = page.until("welcome")
        assert (welcome["v"], welcome["head"], welcome["app"]["product"]) == (1, 3, "Route Inspector")
        snapshot = page.until("snapshot")
        assert (snapshot["seq"], snapshot["total"]) == (3, 3)
        assert [row["id"] for row in snapshot["rows"]] == ["x1", "x2", "x3"]


class StartedMeanwhile(MemoryJournal):
    """A process says that it runs after the welcome was written, and before the snapshot is read."""

    def rows(self, limit: int) -> tuple[int, list[dict[str, Any]]]:
        worker = Worker(host="late", pid=1)
        self.append([StatusSaved(AppStatus(worker=worker, state="running", target="shop:app"))])
        return super().rows(limit)


def test_what_is_news_of_the_application_between_welcome_and_snapshot_is_told() -> None:
    with served_with(StartedMeanwhile(), StreamLimits()) as (served, _), page_of(served) as page:
        assert page.until("welcome")["app"]["status"] == []
        assert page.until("app")["app"]["status"][0]["state"] == "running"
        assert [message["type"] for message in page.seen] == ["welcome", "snapshot", "app"]


def test_a_change_reaches_the_page_before_the_next_one(served: Served, save: Save) -> None:
    with page_of(served) as page:
        page.until("snapshot")
        for number in range(10):
            save(number)
            page.until_it_holds(f"x{number}")


def test_deltas_follow_each_other_without_a_hole(served: Served, save: Save) -> None:
    with page_of(served) as page:
        first = page.until("snapshot")["seq"]
        for number in range(50):
            save(number)
        page.until_it_holds(*(f"x{number}" for number in range(50)))
        reached = first
        for delta in (message for message in page.seen if message["type"] == "delta"):
            assert delta["from"] == reached + 1
            reached = delta["to"]
        assert reached == 50


def test_a_page_that_comes_back_goes_on_after_its_number(served: Served, save: Save) -> None:
    save(1, 2)
    with page_of(served) as before:
        before.until("snapshot")
    save(3)
    save(2, status=500)
    with page_of(served, log=before.log, cursor=before.cursor) as page:
        page.until_it_holds("x2", "x3")
        kinds = [message["type"] for message in page.seen]
        assert kinds == ["welcome", "delta"]
        assert (page.seen[1]["from"], page.seen[1]["to"]) == (3, 4)
        assert page.rows["x2"]["status"] == 500


def test_a_page_that_comes_back_holds_what_one_that_stayed_holds(served: Served, save: Save) -> None:
    with page_of(served) as stayed:
        stayed.until("snapshot")
        save(*range(10))
        with page_of(served) as left:
            left.until("snapshot")
        save(*range(5, 400), status=404)
        with page_of(served, log=left.log, cursor=left.cursor) as back:
            back.rows = dict(left.rows)
            for page in (stayed, back):
                page.until_it_holds("x399")
            assert back.rows == stayed.rows


def test_clearing_resets_every_page_with_the_new_log(served: Served, journal: Journal, save: Save) -> None:
    save(1)
    with page_of(served) as page:
        page.until("snapshot")
        journal.clear()
        reset = page.until("reset")
        assert (reset["log"], reset["reason"]) == (journal.bounds().log, "cleared")
        assert page.until("snapshot")["rows"] == []
        save(2)
        page.until_it_holds("x2")
        assert set(page.rows) == {"x2"}


def test_a_page_of_another_log_is_reset(served: Served, save: Save) -> None:
    save(1)
    with page_of(served, log="some-other-log", cursor=1) as page:
        assert page.until("reset")["reason"] == "another_log"
        assert page.until("snapshot")["seq"] == 1


def test_what_retention_removed_while_a_page_was_away_is_a_counted_gap_before_a_snapshot() -> None:
    journal = MemoryJournal(JournalLimits(max_exchanges=5, notices=3))
    for number in range(40):
        journal.append([Saved(make_exchange(number))])
    with served_with(journal, StreamLimits()) as (served, _):
        with page_of(served, log=journal.bounds().log, cursor=1) as page:
            snapshot = page.until("snapshot")
        gap = page.seen[1]
        assert (gap["type"], gap["reason"], gap["recoverable"], gap["from"]) == ("gap", "retention", False, 2)
        assert gap["count"] == gap["to"] - 1 == journal.bounds().tail - 2
        assert len(snapshot["rows"]) == 5


def test_what_the_recorder_lost_is_told_as_a_gap(served: Served, journal: Journal) -> None:
    with page_of(served) as page:
        page.until("snapshot")
        journal.append([LossNoted(12, "recorder_overflow")])
        gap = page.until("gap")
        assert (gap["count"], gap["reason"], gap["recoverable"]) == (12, "recorder_overflow", False)


def test_a_page_that_does_not_acknowledge_is_held_in_bounds_and_told_what_it_missed(
    journal: Journal, save: Save
) -> None:
    outbox = OutboxLimits(queue_items=20, batch_items=5, window_deltas=2)
    with served_with(journal, StreamLimits(outbox=outbox)) as (served, _), open_client(served) as client:
        page = Page(client)
        page.acknowledge = lambda to: None  # type: ignore[method-assign]
        page.until("snapshot")
        save(1)
        page.until("delta")
        save(2)
        page.until("delta")  # the window is closed now
        save(*range(3, 103))
        Page.acknowledge(page, 2)
        gap = page.until("gap")
        assert (gap["reason"], gap["recoverable"], gap["from"]) == ("slow_viewer", True, 3)
        assert gap["count"] == gap["to"] - 2
        del page.acknowledge  # type: ignore[attr-defined]
        Page.acknowledge(page, page.until("delta")["to"])
        page.until_it_holds("x102")
        reached = max(message["to"] for message in page.seen if message["type"] == "delta")
        told = sum(len(message["rows"]) for message in page.seen if message["type"] == "delta")
        missed = sum(message["count"] for message in page.seen if message["type"] == "gap")
        assert told + missed == reached == 102


def test_a_page_that_never_acknowledges_is_cut_and_the_others_go_on(journal: Journal, save: Save) -> None:
    with (
        served_with(journal, StreamLimits(ack_s=0.2)) as (served, dashboard),
        open_client(served) as stuck,
        page_of(served) as well,
    ):
        well.until("snapshot")
        stuck.send('{"type":"hello","v":1}')
        while json.loads(stuck.recv(timeout=DEADLINE_S))["type"] != "snapshot":
            pass
        save(1)
        well.until_it_holds("x1")
        assert close_code(stuck) == 1013
        save(2)
        well.until_it_holds("x1", "x2")
        assert dashboard.stream.viewers == 1


def test_a_page_that_takes_no_bytes_is_cut_by_our_own_timeout(journal: Journal) -> None:
    window = OutboxLimits(window_deltas=10**6, window_bytes=10**9, queue_items=10**6, queue_bytes=10**9)
    limits = StreamLimits(outbox=window, send_s=0.2, ack_s=60.0, hello_s=60.0)
    with served_with(journal, limits) as (served, dashboard):
        deaf = socket.create_connection(("127.0.0.1", served.port), timeout=DEADLINE_S)
        deaf.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        with deaf, page_of(served) as well:
            deaf.sendall(handshake(served))
            assert deaf.recv(4096).startswith(b"HTTP/1.1 101 ")
            deaf.sendall(frame(b'{"type":"hello","v":1}'))
            assert b"welcome" in deaf.recv(64)  # and from now on it reads nothing
            well.until("snapshot")
            number = 0
            deadline = time.monotonic() + DEADLINE_S
            while dashboard.stream.viewers != 1:
                assert time.monotonic() < deadline, "the deaf page was not cut"
                number += 1
                journal.append([Saved(big_exchange(number))])
                well.until_it_holds(f"x{number}")


def big_exchange(number: int) -> HttpExchange:
    """An exchange whose row takes 200 kB, so that socket buffers are full soon."""
    exchange = make_exchange(number)
    return replace(exchange, scope=replace(exchange.scope, query_string="q" * 200_000))


def handshake(served: Served) -> bytes:
    lines = [
        "GET /api/stream HTTP/1.1",
        f"Host: 127.0.0.1:{served.port}",
        f"Origin: {served.origin}",
        "Connection: Upgrade",
        "Upgrade: websocket",
        "Sec-WebSocket-Version: 13",
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
        f"Sec-WebSocket-Protocol: inspector.v1, inspector.token.{TOKEN}",
    ]
    return "\r\n".join([*lines, "", ""]).encode()


def frame(payload: bytes) -> bytes:
    """A masked text frame with a mask of zeros (RFC 6455 section 5.2)."""
    assert len(payload) < 126
    return bytes([0x81, 0x80 | len(payload), 0, 0, 0, 0]) + payload


def test_a_page_hears_the_servers_time_at_once_and_with_each_pulse(journal: Journal) -> None:
    began = time.time_ns() // 1_000_000
    with served_with(journal, StreamLimits(pulse_s=0.05)) as (served, _), page_of(served) as page:
        times = [page.until(kind)["now"] for kind in ("welcome", "pulse", "pulse")]
        moments = [began, *times, time.time_ns() // 1_000_000]
        assert moments == sorted(moments)


def test_pulses_come_while_nothing_happens_and_while_much_does(journal: Journal, save: Save) -> None:
    with served_with(journal, StreamLimits(pulse_s=0.05)) as (served, _), page_of(served) as page:
        page.until("snapshot")
        pulse = page.until("pulse")
        assert pulse.pop("now") >= page.seen[0]["now"]
        assert pulse == {"type": "pulse", "head": 0, "lost": 0, "recorder_us_p50": None}
        for number in range(5):
            save(number)
            page.until_it_holds(f"x{number}")
            assert page.until("pulse")["head"] >= number + 1


class FarJournal(MemoryJournal):
    """A journal that other hosts write; one that is gone says nothing of it."""

    is_host_gone = False

    def status(self) -> list[AppStatus]:
        return [replace(one, state="stopped" if self.is_host_gone else "running") for one in super().status()]


def test_a_host_that_is_gone_is_told_though_nothing_announces_it() -> None:
    journal = FarJournal()
    far = Worker(host="far-away", pid=1)
    journal.append([StatusSaved(AppStatus(worker=far, state="running", target="shop:app"))])
    with served_with(journal, StreamLimits(pulse_s=0.05)) as (served, _), page_of(served) as page:
        page.until("pulse")
        assert "app" not in [message["type"] for message in page.seen]
        journal.is_host_gone = True
        assert [one["state"] for one in page.until("app")["app"]["status"]] == ["stopped"]


def test_a_burst_is_told_in_a_few_messages(served: Served, save: Save) -> None:
    with page_of(served) as page:
        page.until("snapshot")
        save(*range(200))
        page.until_it_holds(*(f"x{number}" for number in range(200)))
        assert sum(message["type"] == "delta" for message in page.seen) < 20


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ("x", 1008),
        ('{"type":"ack","to":1}', 1008),
        ('{"type":"hello","v":9}', 1008),
        (b'{"type":"hello","v":1}', 1008),
        ("{" + " " * 65_536 + "}", 1009),
    ],
    ids=["no json", "ack first", "other version", "bytes", "too big"],
)
def test_a_page_that_speaks_wrongly_is_cut(served: Served, said: str | bytes, code: int) -> None:
    with open_client(served) as client:
        client.send(said)
        assert close_code(client) == code


def test_a_second_hello_is_a_mistake(served: Served) -> None:
    with page_of(served) as page:
        page.until("snapshot")
        page.client.send('{"type":"hello","v":1}')
        assert close_code(page.client) == 1008


def test_a_page_that_says_nothing_is_cut(journal: Journal) -> None:
    with served_with(journal, StreamLimits(hello_s=0.1)) as (served, _), open_client(served) as client:
        assert close_code(client) == 1008


def test_a_page_that_talks_too_much_is_cut(journal: Journal) -> None:
    with served_with(journal, StreamLimits(incoming_per_s=20)) as (served, _), page_of(served) as page:
        page.until("snapshot")
        for _ in range(21):
            page.client.send('{"type":"ack","to":0}')
        assert close_code(page.client) == 1008


def test_one_viewer_too_many_is_turned_away_and_the_others_stay(journal: Journal) -> None:
    with (
        served_with(journal, StreamLimits(viewers=2)) as (served, _),
        page_of(served) as first,
        page_of(served) as second,
    ):
        for page in (first, second):
            page.until("snapshot")
        with open_client(served) as third:
            assert close_code(third) == 1013


def test_a_page_that_goes_leaves_nothing_behind(served: Served, dashboard: Dashboard, save: Save) -> None:
    with page_of(served) as page:
        page.until("snapshot")
        with page_of(served) as other:
            other.until("snapshot")
            assert dashboard.stream.viewers == 2
        save(1)
        page.until_it_holds("x1")
    with page_of(served) as page:
        page.until("snapshot")
        assert dashboard.stream.viewers == 1


def test_a_journal_that_cannot_be_read_is_told_once_and_when_it_can_be_again(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "j").write_text("a file where the folder should be")
    journal = SqliteJournal(tmp_path / "j" / "journal.db", lazily=True)
    with serve(create_dashboard(journal, token=TOKEN)) as served:
        for _ in range(3):
            with page_of(served) as page:
                assert close_code(page.client) == 1013
        (tmp_path / "j").unlink()
        journal.append([Saved(make_exchange(1))])
        with page_of(served) as page:
            page.until_it_holds("x1")
            journal.append([Saved(make_exchange(2))])
            page.until_it_holds("x2")
    journal.close()
    pages = [record for record in caplog.records if "pages" in record.getMessage()]
    assert [record.getMessage().partition(":")[0] for record in pages] == [
        "the dashboard's pages wait for the journal",
        "the dashboard's pages go on",
    ]
    assert not any(record.exc_info for record in caplog.records)


def test_open_pages_do_not_hold_up_the_servers_shutdown(dashboard: Dashboard) -> None:
    with serve(dashboard) as served, page_of(served) as idle, page_of(served) as other:
        for page in (idle, other):
            page.until("snapshot")
        began = time.monotonic()
        stopping = threading.Thread(target=served.stop)
        stopping.start()
        assert [close_code(page.client) for page in (idle, other)] == [1012, 1012]
        stopping.join(DEADLINE_S)
        assert time.monotonic() - began < 2


def test_closing_the_dashboard_tells_pages_that_the_service_restarts(
    served: Served, dashboard: Dashboard
) -> None:
    with page_of(served) as page:
        page.until("snapshot")
        loop = page_loop(dashboard)
        loop.call_soon_threadsafe(dashboard.close)
        assert close_code(page.client) == 1012


def page_loop(dashboard: Dashboard) -> Any:
    """The loop on which the stream reads, for that is where it may be closed."""
    reader = dashboard.stream._reader
    assert reader is not None
    return reader.get_loop()


@pytest.mark.parametrize(
    "change",
    [
        {"origin": "http://evil.example"},
        {"origin": None},
        {"subprotocols": ["inspector.v1"]},
        {"subprotocols": ["inspector.v1", "inspector.token.wrong"]},
        {"additional_headers": {"X-Forwarded-For": "127.0.0.1"}},
    ],
    ids=["foreign origin", "no origin", "no token", "wrong token", "tunnel"],
)
def test_a_refused_handshake_is_never_accepted_and_says_nothing(
    served: Served, change: dict[str, Any]
) -> None:
    given = {
        "origin": served.origin,
        "subprotocols": ["inspector.v1", f"inspector.token.{TOKEN}"],
        "open_timeout": DEADLINE_S,
    }
    with pytest.raises(InvalidStatus) as refused:
        connect(f"ws://127.0.0.1:{served.port}/api/stream", **(given | change))
    response = refused.value.response
    assert response.status_code in (401, 403)
    assert response.headers["x-frame-options"] == "DENY"
    assert b"log" not in response.body
