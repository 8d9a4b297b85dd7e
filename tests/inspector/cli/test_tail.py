"""`inspector tail` over a real stream: what ended is printed once, a cut-off is said and made good."""

import asyncio
import contextlib
import json
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import click
import pytest

from inspector import __version__
from inspector.cli import tail_stream
from inspector.cli.dashboard_url import parse_dashboard_url
from inspector.cli.tail_rows import TailRows, row_line
from inspector.cli.tail_stream import TailOptions, follow
from inspector.cli.terminal import StartRefused
from inspector.journal.memory import MemoryJournal
from inspector.journal.protocol import LossNoted, Saved
from inspector.model import State
from inspector.streaming.limits import StreamLimits
from inspector.streaming.row_filter import parse_filter
from inspector.streaming.subscription import OutboxLimits
from inspector.web.app import create_dashboard
from tests.inspector.cli.recordings import run
from tests.inspector.web.serving import TOKEN, Served, make_exchange, serve

DEADLINE_S = 30.0


class Tail:
    """`inspector tail` on a thread, with what it printed."""

    def __init__(
        self, url: str, capsys: pytest.CaptureFixture[str], filter_text: str = "", last: int = 10
    ) -> None:
        self._capsys = capsys
        self._options = TailOptions(passes=parse_filter(filter_text).passes, last=last, as_json=True)
        self._url = parse_dashboard_url(url)
        self._loop = asyncio.new_event_loop()
        self._task = self._loop.create_task(follow(self._url, self._options))
        self._thread = threading.Thread(target=self._run, daemon=True)
        self.rows: list[dict[str, Any]] = []
        self.words = ""
        self._thread.start()

    def until(self, is_so: Callable[["Tail"], bool]) -> None:
        deadline = time.monotonic() + DEADLINE_S
        while not is_so(self):
            assert time.monotonic() < deadline, (self.rows, self.words)
            self._thread.join(0.01)
            out, err = self._capsys.readouterr()
            self.rows += [json.loads(line) for line in out.splitlines()]
            self.words += err

    def until_rows(self, *ids: str) -> None:
        self.until(lambda tail: [row["id"] for row in tail.rows] == list(ids))

    def stop(self) -> None:
        self._loop.call_soon_threadsafe(self._task.cancel)
        self._thread.join(DEADLINE_S)
        assert not self._thread.is_alive()

    def _run(self) -> None:
        with contextlib.suppress(asyncio.CancelledError):
            self._loop.run_until_complete(self._task)
        self._loop.close()


@pytest.fixture
def journal() -> MemoryJournal:
    return MemoryJournal()


@pytest.fixture
def served(journal: MemoryJournal) -> Iterator[Served]:
    with serve(create_dashboard(journal, token=TOKEN)) as served:
        yield served


def url_of(served: Served) -> str:
    return f"{served.origin}/#token={TOKEN}"


def test_the_last_ones_are_printed_then_each_as_it_ends(
    served: Served, journal: MemoryJournal, capsys: pytest.CaptureFixture[str]
) -> None:
    journal.append([Saved(make_exchange(number)) for number in range(5)])
    tail = Tail(url_of(served), capsys, last=2)
    tail.until_rows("x3", "x4")
    running = make_exchange(7, state=State.PENDING, status=None, duration_ns=None)
    journal.append([Saved(running)])
    journal.append([Saved(make_exchange(8))])
    tail.until_rows("x3", "x4", "x8")
    journal.append([Saved(make_exchange(7)), Saved(make_exchange(8))])
    journal.append([Saved(make_exchange(9))])
    tail.until_rows("x3", "x4", "x8", "x7", "x9")
    tail.stop()


def test_a_filter_is_the_pages(
    served: Served, journal: MemoryJournal, capsys: pytest.CaptureFixture[str]
) -> None:
    journal.append([Saved(make_exchange(number, status=200 + 204 * (number % 2))) for number in range(4)])
    tail = Tail(url_of(served), capsys, "status:4xx -path:/items/3")
    tail.until_rows("x1")
    tail.stop()


def test_a_dashboard_that_comes_back_is_followed_on_and_nothing_is_printed_twice(
    journal: MemoryJournal, capsys: pytest.CaptureFixture[str]
) -> None:
    journal.append([Saved(make_exchange(1))])
    with serve(create_dashboard(journal, token=TOKEN)) as first:
        tail = Tail(url_of(first), capsys)
        tail.until_rows("x1")
        dashboard = create_dashboard(journal, token=TOKEN)
        port = first.port
    tail.until(lambda tail: "the dashboard is gone" in tail.words)
    journal.append([Saved(make_exchange(2))])
    with serve(dashboard, port=port):
        tail.until_rows("x1", "x2")
        tail.until(lambda tail: "connected again" in tail.words)
        tail.stop()


def test_another_log_is_said_and_what_is_in_it_printed(
    served: Served, journal: MemoryJournal, capsys: pytest.CaptureFixture[str]
) -> None:
    journal.append([Saved(make_exchange(1))])
    tail = Tail(url_of(served), capsys)
    tail.until_rows("x1")
    journal.clear()
    tail.until(lambda tail: "another log begins: cleared" in tail.words)
    journal.append([Saved(make_exchange(2))])
    tail.until_rows("x1", "x2")
    tail.stop()


def test_a_wrong_token_and_nobody_there_end_with_a_sentence(served: Served) -> None:
    refused = run("tail", f"{served.origin}/#token=wrong")
    assert (refused.exit_code, "refused the token" in refused.stderr) == (2, True)
    served.stop()
    with pytest.raises(StartRefused, match="cannot be reached"):
        asyncio.run(follow(parse_dashboard_url(url_of(served)), options()))


def test_a_dashboard_of_another_version_is_said_and_not_asked_again(
    served: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tail_stream, "VERSION", 2)
    told = "does not understand this command: stream message has a version other than 1: 2"
    with pytest.raises(StartRefused, match=told) as refused:
        asyncio.run(asyncio.wait_for(follow(parse_dashboard_url(url_of(served)), options()), DEADLINE_S))
    assert f"another version than this one, {__version__}" in refused.value.ways_out[0]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["http://127.0.0.1:1/"], "has no token"),
        (["nonsense"], "is no URL of a dashboard"),
        (["http://h/#token=t", "--filter", "dur>x"], "at 'dur>x': “x” is no time"),
    ],
)
def test_a_mistake_is_a_sentence(arguments: list[str], said: str) -> None:
    found = run("tail", *arguments)
    assert (found.exit_code, found.stdout) == (2, "")
    assert said in found.stderr


def options() -> TailOptions:
    return TailOptions(passes=lambda row: True, last=1, as_json=True)


ROW: dict[str, Any] = {
    "id": "a",
    "kind": "http",
    "started": 0,
    "method": "GET",
    "path": "/a\x1b[31m",
    "query": "b=c",
    "status": 404,
    "state": "complete",
    "routing": "not_found",
    "route": None,
    "duration_ms": 1.25,
    "error": None,
}


@pytest.mark.parametrize(
    ("changes", "end"),
    [
        ({}, "GET      404      1.2 ms  /a\\x1b[31m?b=c  → no route"),
        ({"routing": "unknown"}, "/a\\x1b[31m?b=c"),
        ({"route": {"name": "home", "path": "/"}, "query": ""}, "/a\\x1b[31m  → home"),
        ({"error": "ValueError: x", "status": 500}, "?b=c  → ValueError: x"),
        (
            {"status": None, "duration_ms": None, "method": "WS"},
            "WS       ---              /a\\x1b[31m?b=c  → no route",
        ),
    ],
)
def test_a_line_says_where_the_request_went(changes: dict[str, Any], end: str) -> None:
    assert click.unstyle(row_line(ROW | changes)).endswith(end)


def test_a_connection_is_printed_when_it_opens_and_when_it_ends() -> None:
    rows = TailRows(lambda row: True, last=10)
    list(rows.of_snapshot([]))
    is_open = ROW | {"kind": "websocket", "state": "streaming"}
    assert [row["state"] for row in rows.of_delta([is_open])] == ["streaming"]
    assert list(rows.of_delta([is_open])) == []
    assert list(rows.of_delta([is_open | {"state": "complete"}])) != []
    assert list(rows.of_delta([is_open | {"state": "complete"}])) == []


def test_what_a_slow_stream_left_out_is_fetched_again(
    journal: MemoryJournal, capsys: pytest.CaptureFixture[str]
) -> None:
    limits = StreamLimits(outbox=OutboxLimits(queue_items=3))
    with serve(create_dashboard(journal, token=TOKEN, limits=limits)) as served:
        tail = Tail(url_of(served), capsys)
        journal.append([Saved(make_exchange(1))])
        tail.until_rows("x1")
        journal.append([Saved(make_exchange(number)) for number in range(2, 40)])
        every = {f"x{number}" for number in range(1, 40)}
        tail.until(lambda tail: {row["id"] for row in tail.rows} == every)
        tail.until(lambda tail: "(slow_viewer) and fetched again" in tail.words)
        assert len(tail.rows) == len(every)
        tail.stop()


def test_what_is_lost_for_good_is_counted(
    served: Served, journal: MemoryJournal, capsys: pytest.CaptureFixture[str]
) -> None:
    tail = Tail(url_of(served), capsys)
    journal.append([Saved(make_exchange(1))])
    tail.until_rows("x1")
    journal.append([LossNoted(count=7, reason="outbox full")])
    tail.until(lambda tail: "7 changes are lost here: recorder_overflow" in tail.words)
    tail.stop()
