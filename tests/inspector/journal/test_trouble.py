"""A journal that will not take anything: the application goes on, and every loss is counted and told."""

import contextlib
import json
import os
import sqlite3
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import pytest

from inspector.errors import JournalError
from inspector.journal.protocol import JournalLimits, Saved
from inspector.journal.sqlite import SqliteJournal
from inspector.recording.recorder import Recorder
from miniframework import App
from miniframework.testing import TestClient
from tests.inspector.journal.journal_samples import WORKER, make_http

T = TypeVar("T")
HERE = Path(__file__).parent


def test_a_full_disk_costs_no_request_and_what_did_not_fit_is_counted(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, str(HERE / "starved_process.py"), str(tmp_path / "j" / "journal.db")],
        env={**os.environ, "PYTHONPATH": str(HERE.parents[2])},
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    seen = json.loads(done.stdout)
    assert seen["answered"] == seen["sent"]
    starved, after = seen["starved"], seen["after"]
    assert starved["journal_problem"].startswith("JournalError: ")
    assert "journal.db: cannot be written: " in starved["journal_problem"]
    assert starved["journal_errors"] > 0
    assert starved["unsaved"] > 0
    assert starved["dropped"] > 0, "more was sent than may wait"
    # Room again: what waited is stored, and the rest is told as lost.
    assert (after["journal_problem"], after["unsaved"]) == (None, 0)
    assert seen["lost"] == after["dropped"]
    assert seen["held"] + seen["lost"] == seen["sent"]
    assert seen["last"] == f"/{seen['sent'] - 1}", "the newest are those that were kept"


def test_a_file_that_could_not_be_written_when_it_was_opened_is_opened_again(tmp_path: Path) -> None:
    with contextlib.closing(SqliteJournal(tmp_path / "j" / "journal.db")) as journal:
        # As SQLite opens a file that its user may read only; a superuser may write any.
        journal._writer.get().execute("PRAGMA query_only=ON")
        with pytest.raises(JournalError, match="attempt to write a readonly database"):
            journal.append([Saved(make_http(1))])
        journal.append([Saved(make_http(1))])
        assert journal.bounds().exchanges == 1


def test_recorded_counts_what_the_journal_has_taken(tmp_path: Path) -> None:
    journal = SqliteJournal(tmp_path / "j" / "journal.db")
    app, recorder = App(openapi_url=None), Recorder(journal)
    app.bus.subscribe(recorder)
    TestClient(app).get("/before")
    recorder.flush()
    locking = sqlite3.connect(tmp_path / "j" / "journal.db", isolation_level=None)
    locking.execute("BEGIN IMMEDIATE")
    TestClient(app).get("/during")
    recorder.flush()
    assert (recorder.stats()["recorded"], recorder.stats()["unsaved"]) == (1, 1)
    locking.execute("ROLLBACK")
    locking.close()
    recorder.flush()
    assert (recorder.stats()["recorded"], recorder.stats()["unsaved"]) == (2, 0)
    recorder.close()
    journal.close()


def test_a_journal_that_another_program_locks_loses_nothing(tmp_path: Path) -> None:
    journal = SqliteJournal(tmp_path / "j" / "journal.db")
    app, recorder = App(openapi_url=None), Recorder(journal)
    app.bus.subscribe(recorder)
    client = TestClient(app)
    locking = sqlite3.connect(tmp_path / "j" / "journal.db", isolation_level=None)
    locking.execute("BEGIN IMMEDIATE")
    assert client.get("/while-locked").status_code == 404
    recorder.flush()
    problem = recorder.stats()["journal_problem"]
    assert problem is not None
    assert "database is locked" in problem
    locking.execute("ROLLBACK")
    locking.close()
    recorder.flush()
    assert recorder.stats()["journal_problem"] is None
    assert recorder.stats()["dropped"] == 0
    assert [row["path"] for row in journal.rows(5)[1]] == ["/while-locked"]
    recorder.close()
    journal.close()


@pytest.mark.parametrize("place", ["/proc/version", "/sys/kernel/journal.db"])
def test_a_place_that_can_never_be_written_is_named(place: str) -> None:
    with pytest.raises(JournalError, match=place):
        SqliteJournal(place)


def test_a_journal_opened_lazily_fails_at_each_use_until_its_place_can_be_used(tmp_path: Path) -> None:
    (tmp_path / "j").write_text("a file where the folder should be")
    journal = SqliteJournal(tmp_path / "j" / "journal.db", lazily=True)
    for _ in range(2):
        with pytest.raises(JournalError, match="cannot be made"):
            journal.append([Saved(make_http("a"))])
        with pytest.raises(JournalError):
            journal.status()
        with pytest.raises(JournalError):
            journal.claim(WORKER)
    (tmp_path / "j").unlink()
    journal.append([Saved(make_http("a"))])
    assert journal.exchange("a") == make_http("a")
    journal.close()


def stubbornly(write: Callable[[], T]) -> T:
    """Try again as the recorder does, when the others held the file for too long on a busy machine."""
    deadline = time.monotonic() + 60
    while True:
        try:
            return write()
        except JournalError as error:
            if "locked" not in str(error) or time.monotonic() > deadline:
                raise


def test_many_writers_and_a_small_budget_stay_within_it_and_lose_count_of_nothing(tmp_path: Path) -> None:
    """A short soak: the file stays small, pins stay, and every removal is accounted for."""
    limits = JournalLimits(max_exchanges=60, max_bytes=2_000_000, notices=100_000, pinned=10)
    path = tmp_path / "j" / "journal.db"
    journal = SqliteJournal(path, limits)
    each, writers, pins = 120, 3, 3
    all_pinned = threading.Barrier(writers, timeout=60)

    def write(writer: int) -> None:
        mine = stubbornly(lambda: SqliteJournal(path, limits))
        for number in range(each):
            exchange = make_http(f"{writer}-{number}", body=b"x" * 8_000)
            stubbornly(lambda exchange=exchange: mine.append([Saved(exchange)]))
            if number < pins:
                assert stubbornly(lambda exchange=exchange: mine.pin(exchange.id, pinned=True))
            if number == pins:
                all_pinned.wait()  # nothing is removed before that
        mine.close()

    threads = [threading.Thread(target=write, args=(number,)) for number in range(writers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=100)
        assert not thread.is_alive()
    bounds = journal.bounds()
    kinds = Counter(change.kind for change in journal.read_after(0, 100_000))
    assert (bounds.pinned, bounds.exchanges) == (9, 69)
    assert bounds.trimmed == kinds["removed"] == writers * each - 69
    assert kinds["saved"] == 69
    assert all(journal.exchange(f"{writer}-{number}") for writer in range(writers) for number in range(pins))
    assert sum(row["pinned"] for row in journal.rows(100)[1]) == 9
    journal.close()
    assert path.stat().st_size < 4 * limits.max_bytes
    checked = sqlite3.connect(path)
    assert checked.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    checked.close()
