"""A recording that is only looked at: what a journal holds, and not a byte of the file changed."""

import asyncio
import os
import signal
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from inspector.errors import JournalError, JournalReadOnlyError, JournalVersionError
from inspector.journal.protocol import Answer, AppStatus, Command, Saved, StatusSaved, TableSaved
from inspector.journal.recorded import RecordedJournal
from inspector.journal.sqlite import SqliteJournal
from inspector.model import State, Worker
from tests.inspector.journal.journal_samples import TABLE, WORKER, make_http, make_socket

HERE = Path(__file__).parent


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "kept" / "journal.db"
    journal = SqliteJournal(path)
    running = AppStatus(worker=WORKER, state="running", target="shop:app", table="f1")
    journal.append([TableSaved(TABLE), StatusSaved(running), Saved(make_http("a")), Saved(make_socket("b"))])
    journal.pin("a", pinned=True)
    journal.close()
    return path


def test_everything_of_the_recording_is_there(path: Path) -> None:
    before = SqliteJournal(path)
    opened = RecordedJournal(path)
    assert opened.bounds() == before.bounds()
    assert opened.rows(10) == before.rows(10)
    assert opened.read_after(0, 99) == before.read_after(0, 99)
    assert (opened.exchange("a"), opened.exchange("b")) == (make_http("a"), make_socket("b"))
    assert opened.table("f1") == TABLE
    assert opened.tables_served(5) == before.tables_served(5)
    assert asyncio.run(opened.wait_after(0, 5))
    assert not asyncio.run(opened.wait_after(opened.bounds().head, 0))
    opened.close()
    before.close()


def test_nothing_is_written_made_or_left_beside_the_file(path: Path) -> None:
    def everything() -> dict[str, tuple[bytes, int]]:
        return {file.name: (file.read_bytes(), file.stat().st_mtime_ns) for file in path.parent.iterdir()}

    before = everything()
    opened = RecordedJournal(path)
    assert opened.rows(5)[1]
    opened.close()
    opened.close()
    assert everything() == before


def test_every_write_is_refused(path: Path) -> None:
    opened = RecordedJournal(path)
    writes = (
        lambda: opened.append([Saved(make_http("c"))]),
        opened.clear,
        lambda: opened.pin("b", pinned=True),
        lambda: opened.submit(Command(id="c", body={})),
        lambda: opened.answer("c", Answer(ok=True)),
    )
    for write in writes:
        with pytest.raises(JournalReadOnlyError, match="nothing in it is changed"):
            write()
    assert opened.claim(WORKER) is None
    assert opened.answer_of("c") is None
    assert asyncio.run(opened.wait_answer("c", 0)) is None
    assert asyncio.run(opened.wait_command(0)) is False
    opened.close()


def test_who_never_said_that_it_stopped_is_taken_for_stopped(path: Path) -> None:
    opened = RecordedJournal(path)
    assert [(status.state, status.target) for status in opened.status()] == [("stopped", "shop:app")]
    opened.close()


def test_an_older_format_is_read_as_it_is(path: Path) -> None:
    older = sqlite3.connect(path)
    for step in (
        "DROP INDEX exchanges_pinned",
        "DROP INDEX exchanges_unfinished",
        "DROP INDEX exchanges_by_age",
        "CREATE INDEX exchanges_by_age ON exchanges (finished, ordinal)",
        "ALTER TABLE exchanges DROP COLUMN pinned",
        "ALTER TABLE commands DROP COLUMN host",
        "ALTER TABLE commands DROP COLUMN pid",
        "DROP TABLE tables_served",
        "PRAGMA user_version=1",
    ):
        older.execute(step)
    older.close()
    before = path.read_bytes()
    opened = RecordedJournal(path)
    assert [row["id"] for row in opened.rows(5)[1]] == ["a", "b"]
    assert opened.tables_served(5) == []
    opened.close()
    assert path.read_bytes() == before


def test_a_newer_format_is_refused(path: Path) -> None:
    newer = sqlite3.connect(path)
    newer.execute("PRAGMA user_version=99")
    newer.close()
    with pytest.raises(JournalVersionError, match="99 is newer"):
        RecordedJournal(path)


@pytest.mark.parametrize("content", [None, b"no database at all, whatever its name says", b""])
def test_what_is_no_recording_is_named(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "some.db"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(JournalError, match=r"some\.db: is (no recording|not there)"):
        RecordedJournal(path)


def test_a_recording_of_which_a_part_is_missing_is_refused_and_left_alone(path: Path) -> None:
    broken = sqlite3.connect(path)
    broken.execute("DROP TABLE statuses")
    broken.close()
    before = path.read_bytes()
    with pytest.raises(JournalError, match="cannot be read: has no table 'statuses'"):
        RecordedJournal(path)
    assert path.read_bytes() == before


def test_a_text_in_it_that_is_damaged_costs_one_question(path: Path) -> None:
    broken = sqlite3.connect(path)
    broken.execute("UPDATE exchanges SET row = '{' WHERE id = 'b'")
    broken.commit()
    broken.close()
    opened = RecordedJournal(path)
    with pytest.raises(JournalError, match="cannot be read"):
        opened.rows(10)
    assert opened.exchange("a") == make_http("a")
    opened.close()


def test_a_database_in_which_nothing_was_recorded_is_named(tmp_path: Path) -> None:
    empty = sqlite3.connect(tmp_path / "empty.db")
    for step in ("CREATE TABLE some (x)", "DROP TABLE some", "VACUUM"):
        empty.execute(step)
    empty.close()
    with pytest.raises(JournalError, match=r"empty\.db: is empty; name the file"):
        RecordedJournal(tmp_path / "empty.db")


def test_what_a_killed_process_left_in_the_log_is_read_too(tmp_path: Path) -> None:
    path = tmp_path / "kept" / "journal.db"
    command = [sys.executable, str(HERE / "writer_process.py"), str(path), "x", "3", "pending"]
    environment = {**os.environ, "PYTHONPATH": str(HERE.parents[2])}
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment) as process:
        assert process.stdout is not None
        for _ in range(4):  # "open", and each exchange once it is stored
            assert process.stdout.readline()
        process.send_signal(signal.SIGKILL)
    assert path.with_name("journal.db-wal").stat().st_size > 0
    opened = RecordedJournal(path)
    assert [row["id"] for row in opened.rows(5)[1]] == ["x-0", "x-1", "x-2"]
    found = opened.exchange("x-0")
    assert found is not None
    assert (found.state, found.worker) == (State.PENDING, Worker(host=found.worker.host, pid=process.pid))
    opened.close()
