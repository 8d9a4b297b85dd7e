"""Several processes on one journal: kills, locks, forks, and what each sees of the others."""

import asyncio
import os
import sqlite3
import subprocess
import threading
import time
from pathlib import Path

import pytest

from inspector.errors import JournalError
from inspector.journal.protocol import AppStatus, Saved, StatusSaved
from inspector.journal.sqlite import SqliteJournal
from inspector.model import State
from tests.inspector.journal.journal_samples import WORKER, make_http
from tests.inspector.journal.sqlite_files import opened, writer_process


def test_several_processes_write_and_a_reader_misses_nothing(path: Path) -> None:
    with (
        opened(path) as journal,
        writer_process(path, "x", 40) as first,
        writer_process(path, "y", 40) as second,
    ):
        seen: list[int] = []
        names: set[str | None] = set()
        cursor = 0
        while True:
            over = first.poll() is not None and second.poll() is not None
            changes = journal.read_after(cursor, 9)
            seen += [change.seq for change in changes]
            names |= {change.exchange_id for change in changes}
            if changes:
                cursor = changes[-1].seq
            elif over:
                break
        assert (first.returncode, second.returncode) == (0, 0)
    assert seen == list(range(1, 81))
    assert len(names) == 80


def test_another_processs_append_wakes_a_waiter_within_50_ms(path: Path) -> None:
    async def delays(journal: SqliteJournal, process: subprocess.Popen[str]) -> list[float]:
        assert process.stdout is not None
        found = []
        for seq in range(5):
            await asyncio.to_thread(process.stdout.readline)
            stored_s = time.monotonic()
            assert await journal.wait_after(seq, 10)
            found.append(time.monotonic() - stored_s)
        return found

    with opened(path) as journal, writer_process(path, "x", 5, "pending") as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "open\n"
        assert min(asyncio.run(delays(journal, process))) < 0.05


def test_a_writer_killed_in_the_middle_loses_nothing_it_was_told_is_stored(path: Path) -> None:
    acknowledged: list[str] = []
    with writer_process(path, "x", 100_000) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "open\n"
        for _ in range(30):
            acknowledged.append(process.stdout.readline().strip())
        process.kill()
        acknowledged += process.stdout.read().split()
        process.wait()
    with opened(path) as journal:
        assert [name for name in acknowledged if journal.exchange(name) is None] == []
        seqs = [change.seq for change in journal.read_after(0, 1_000_000)]
        assert seqs == list(range(1, journal.bounds().head + 1))
        journal.append([Saved(make_http("after"))])
        assert journal.exchange("after") is not None
    checked = sqlite3.connect(path)
    assert checked.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    checked.close()


def test_what_a_dead_process_left_unfinished_is_marked_lost(path: Path) -> None:
    with opened(path) as journal:
        with writer_process(path, "x", 1, "pending") as process:
            assert process.stdout is not None
            assert process.stdout.readline() == "open\n"
            assert process.stdout.readline() == "x-0\n"
            kept = journal.exchange("x-0")
            assert kept is not None
            assert kept.state is State.PENDING
            process.kill()
            process.wait()
        head = journal.bounds().head
        journal.append([StatusSaved(AppStatus(worker=WORKER, state="running", target="shop:app"))])
        lost = journal.exchange("x-0")
        assert lost is not None
        assert lost.state is State.LOST
        changes = journal.read_after(head, 10)
        assert [change.row["state"] for change in changes if change.row] == ["lost"]


def test_reading_goes_on_while_another_one_writes(path: Path) -> None:
    with opened(path) as journal:
        journal.append([Saved(make_http("a"))])
        writing = sqlite3.connect(path, isolation_level=None)
        writing.execute("BEGIN IMMEDIATE")
        writing.execute("DELETE FROM exchanges")
        began_s = time.monotonic()
        assert journal.exchange("a") is not None
        assert len(journal.rows(10)[1]) == 1
        assert time.monotonic() - began_s < 1
        writing.execute("ROLLBACK")
        writing.close()


def test_a_lock_held_too_long_is_an_error_and_the_next_append_works(path: Path) -> None:
    with opened(path) as journal:
        holding = sqlite3.connect(path, isolation_level=None)
        holding.execute("BEGIN IMMEDIATE")
        with pytest.raises(JournalError, match="locked"):
            journal.append([Saved(make_http("a"))])
        holding.execute("ROLLBACK")
        holding.close()
        journal.append([Saved(make_http("a"))])
        assert journal.exchange("a") is not None


def test_an_append_waits_for_another_writer_and_then_sees_what_it_wrote(path: Path) -> None:
    with opened(path) as journal:
        other = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
        other.execute("BEGIN IMMEDIATE")
        other.execute("UPDATE meta SET value = 41 WHERE key = 'head'")
        letting_go = threading.Timer(0.2, other.execute, ("COMMIT",))
        letting_go.start()
        # A transaction that had begun to read before would fail here at once, whatever the timeout.
        journal.append([Saved(make_http("a"))])
        letting_go.join()
        other.close()
        assert journal.bounds().head == 42


def test_a_forked_child_opens_its_own(path: Path) -> None:
    with opened(path) as journal:
        journal.append([Saved(make_http("parent"))])
        child = os.fork()
        if child == 0:
            journal.append([Saved(make_http("child"))])
            os._exit(0 if journal.exchange("parent") is not None else 1)
        _, status = os.waitpid(child, 0)
        assert os.waitstatus_to_exitcode(status) == 0
        journal.append([Saved(make_http("parent again"))])
        assert {row["id"] for row in journal.rows(10)[1]} == {"parent", "child", "parent again"}
