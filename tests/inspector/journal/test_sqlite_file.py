"""What only a journal in a file can get wrong: processes, kills, damage, permissions, what stays on disk."""

import asyncio
import os
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from inspector.errors import JournalError, JournalPermissionError, JournalVersionError
from inspector.journal import sqlite_file
from inspector.journal.protocol import AppStatus, JournalLimits, LossNoted, Saved, StatusSaved
from inspector.journal.recorded import RecordedJournal
from inspector.journal.sqlite import SqliteJournal
from inspector.journal.sqlite_file import inode_of, put_aside
from inspector.journal.sqlite_schema import VERSION
from inspector.model import State
from tests.inspector.journal.journal_samples import WORKER, make_http

HERE = Path(__file__).parent
ROOT = HERE.parents[2]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "kept" / "journal.db"


@contextmanager
def opened(path: Path, limits: JournalLimits | None = None) -> Iterator[SqliteJournal]:
    journal = SqliteJournal(path, limits)
    try:
        yield journal
    finally:
        journal.close()


@contextmanager
def writer_process(path: Path, prefix: str, count: int, *rest: str) -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, str(HERE / "writer_process.py"), str(path), prefix, str(count), *rest]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True, env=environment) as process:
        try:
            yield process
        finally:
            process.kill()


def bytes_on_disk(path: Path) -> bytes:
    return b"".join(file.read_bytes() for file in path.parent.glob(path.name + "*"))


def modes(path: Path) -> set[int]:
    return {file.stat().st_mode & 0o777 for file in path.parent.glob(path.name + "*")}


def test_what_was_stored_is_there_after_closing_and_opening(path: Path) -> None:
    with opened(path) as journal:
        journal.append([Saved(make_http("a"))])
        log = journal.bounds().log
    assert not path.with_name(path.name + "-wal").exists()
    with opened(path) as journal:
        assert journal.exchange("a") == make_http("a")
        assert journal.bounds().log == log
        assert journal.bounds().head == 1


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


def damage_header(path: Path) -> None:
    with path.open("r+b") as file:
        file.write(b"\0" * 100)


def damage_pages(path: Path) -> None:
    size = path.stat().st_size
    with path.open("r+b") as file:
        file.seek(4096)
        file.write(b"\xa5" * (size - 4096))


def damage_length(path: Path) -> None:
    os.truncate(path, path.stat().st_size // 2 - 100)


def damage_kind(path: Path) -> None:
    path.write_text("this is no database " * 500)


@pytest.mark.parametrize("damage", [damage_header, damage_pages, damage_length, damage_kind])
def test_a_damaged_file_is_put_aside_and_a_new_one_begun(
    path: Path, damage: Callable[[Path], None], caplog: pytest.LogCaptureFixture
) -> None:
    with opened(path) as journal:
        journal.append([Saved(make_http(str(number), body=b"x" * 5000)) for number in range(20)])
    damage(path)
    damaged = path.read_bytes()
    with opened(path) as journal:
        assert journal.rows(10) == (0, [])
        journal.append([Saved(make_http("new"))])
        assert journal.exchange("new") is not None
    (aside,) = [file for file in path.parent.glob("*.corrupt-*") if not file.name.endswith(("-wal", "-shm"))]
    assert aside.read_bytes() == damaged
    assert caplog.messages == [
        f"the recording {str(path)!r} is damaged: put aside as {aside.name!r}, and a new one begun"
    ]
    assert modes(path) == {0o600}


def test_damage_while_it_is_open_costs_one_append_and_then_goes_on(path: Path) -> None:
    with opened(path) as journal:
        journal.append([Saved(make_http(str(number), body=b"x" * 5000)) for number in range(20)])
    with opened(path) as journal:
        with opened(path) as other:  # makes the first one read its pages again
            other.append([LossNoted(1, "test")])
        damage_pages(path)
        with pytest.raises(JournalError, match="cannot be written"):
            journal.append([Saved(make_http(str(number))) for number in range(100)])
        journal.append([Saved(make_http("new"))])
        assert journal.exchange("new") is not None
    assert list(path.parent.glob("*.corrupt-*"))


def write_over(path: Path, column: str, text: bytes) -> None:
    """Put other bytes in the place of a text, in a file whose pages are whole."""
    with sqlite3.connect(path) as db:
        db.execute(f"UPDATE exchanges SET {column} = CAST(? AS TEXT) WHERE id = '3'", (text,))
    db.close()


@pytest.mark.parametrize("text", [b'{"id": ', b'{"id": "\xff secret"}'], ids=["no JSON", "no UTF-8"])
@pytest.mark.parametrize(
    ("column", "ask"),
    [("row", lambda journal: journal.rows(10)), ("document", lambda journal: journal.exchange("3"))],
    ids=["row", "document"],
)
def test_a_damaged_text_costs_one_question_and_then_it_goes_on(
    path: Path, column: str, ask: Callable[[SqliteJournal], object], text: bytes
) -> None:
    with opened(path) as journal:
        journal.append([Saved(make_http(str(number))) for number in range(5)])
        write_over(path, column, text)
        with pytest.raises(JournalError, match="cannot be read") as raised:
            ask(journal)
        assert "secret" not in str(raised.value)
        journal.append([Saved(make_http("new"))])
        assert [row["id"] for row in journal.rows(10)[1]] == ["new"]
    assert list(path.parent.glob("*.corrupt-*"))


@pytest.mark.parametrize("text", [b"[]", b"{}", b"null", b'{"kind": "x", "id": 5}', b"[" * 10**5])
def test_a_document_that_is_not_ours_is_an_error_that_says_so_and_the_file_stays(
    path: Path, text: bytes
) -> None:
    with opened(path) as journal:
        journal.append([Saved(make_http(str(number))) for number in range(5)])
        for column in ("row", "document"):
            write_over(path, column, text)
        for ask in (
            lambda: journal.rows(10),
            lambda: journal.read_after(0, 10),
            lambda: journal.exchange("3"),
        ):
            with pytest.raises(JournalError, match="cannot be read"):
                ask()
        assert journal.exchange("2") == make_http("2")
    assert not list(path.parent.glob("*.corrupt-*"))


@pytest.mark.parametrize("garbage", [b"\xa5" * 9000, b""], ids=["garbage", "empty"])
def test_garbage_in_the_log_beside_the_file_is_no_harm(path: Path, garbage: bytes) -> None:
    with opened(path) as journal:
        journal.append([Saved(make_http("a"))])
    path.with_name(path.name + "-wal").write_bytes(garbage)
    path.with_name(path.name + "-wal").chmod(0o600)
    with opened(path) as journal:
        assert journal.exchange("a") == make_http("a")


def test_an_empty_file_becomes_a_journal(path: Path) -> None:
    path.parent.mkdir()
    path.touch(mode=0o600)
    with opened(path) as journal:
        assert journal.bounds().head == 0


def test_a_deleted_file_is_noticed_and_made_again(path: Path) -> None:
    with opened(path) as journal:
        journal.append([Saved(make_http("a"))])
        log = journal.bounds().log
        for file in path.parent.glob(path.name + "*"):
            file.unlink()
        journal.append([Saved(make_http("b"))])
        assert path.exists()
        assert journal.bounds().log != log
        assert [row["id"] for row in journal.rows(10)[1]] == ["b"]


def test_a_file_deleted_without_what_stands_beside_it_is_made_again(
    path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """Another process goes on using the log and the index of the deleted file."""
    with opened(path) as journal, writer_process(path, "x", 1, "pending") as process:
        assert process.stdout is not None
        assert [process.stdout.readline() for _ in range(2)] == ["open\n", "x-0\n"]
        journal.append([Saved(make_http("a"))])
        path.unlink()
        journal.append([Saved(make_http("b"))])
        assert [row["id"] for row in journal.rows(10)[1]] == ["b"]
        assert caplog.messages == [f"the recording {str(path)!r} is not there any more: a new one is begun"]
    assert modes(path) == {0o600}


def take_apart(path: Path, statement: str) -> None:
    """Do to the file what a tool for databases does at a wrong click."""
    with sqlite3.connect(path) as db:
        db.execute(statement)
    db.close()


@pytest.mark.parametrize("statement", ["DROP TABLE exchanges", "DELETE FROM meta", "DROP TABLE meta"])
def test_a_file_of_which_a_part_is_missing_is_put_aside(
    path: Path, statement: str, caplog: pytest.LogCaptureFixture
) -> None:
    with opened(path) as journal:
        journal.append([Saved(make_http("a"))])
        take_apart(path, statement)
        with pytest.raises(JournalError, match=r"has no |no such table"):
            journal.append([Saved(make_http("b"))])
        journal.append([Saved(make_http("c"))])
        assert [row["id"] for row in journal.rows(10)[1]] == ["c"]
    assert "is damaged: put aside" in caplog.messages[-1]


@pytest.mark.parametrize("statement", ["DROP TABLE exchanges", "DELETE FROM meta"])
def test_a_question_to_a_file_of_which_a_part_is_missing_is_an_error_that_names_it(
    path: Path, statement: str
) -> None:
    with opened(path) as journal:
        journal.append([Saved(make_http("a"))])
        take_apart(path, statement)
        with pytest.raises(JournalError, match=r"cannot be read: (has no|no such table)"):
            journal.bounds()


def test_a_schema_whose_words_are_no_text_is_damage(path: Path) -> None:
    with opened(path) as journal:
        journal.append([Saved(make_http("a"))])
    whole = path.read_bytes()
    assert b"CREATE TABLE exchanges" in whole
    path.write_bytes(whole.replace(b"CREATE TABLE exchanges", b"CREATE \xb5\xb5\xb5\xb5\xb5 exchanges"))
    with pytest.raises(JournalError, match="cannot be read"):
        RecordedJournal(path)
    with opened(path) as journal:
        assert journal.bounds().exchanges == 0
    assert list(path.parent.glob("journal.db.corrupt-*"))


def test_what_is_no_text_where_one_belongs_is_damage(path: Path) -> None:
    with opened(path) as journal:
        journal.append([StatusSaved(AppStatus(worker=WORKER, state="running", target="shop:app"))])
    take_apart(path, "UPDATE notices SET detail = X'00'")
    told = "cannot be read: holds a bytes where a text belongs"
    recorded = RecordedJournal(path)
    with pytest.raises(JournalError, match=told):
        recorded.read_after(0, 10)
    recorded.close()
    with opened(path) as journal:
        with pytest.raises(JournalError, match=told):
            journal.read_after(0, 10)
        journal.append([Saved(make_http("b"))])
        assert journal.exchange("b") == make_http("b")


def test_what_another_process_has_put_aside_already_is_left_alone(path: Path) -> None:
    with opened(path) as journal:
        journal.append([Saved(make_http("a"))])
        put_aside(path, inode_of(path) + 1)
        assert [row["id"] for row in journal.rows(10)[1]] == ["a"]
    assert not list(path.parent.glob("*.corrupt-*"))


@pytest.fixture
def open_umask() -> Iterator[None]:
    before = os.umask(0)
    yield
    os.umask(before)


@pytest.mark.usefixtures("open_umask")
def test_files_are_0600_in_a_0700_directory_whatever_the_umask(path: Path) -> None:
    with opened(path) as journal:
        journal.append([Saved(make_http("a"))])
        assert path.with_name(path.name + "-wal").exists()
        assert modes(path) == {0o600}
        assert path.parent.stat().st_mode & 0o777 == 0o700
        assert (path.parent / ".gitignore").read_text() == "*\n"


def test_a_directory_that_is_there_is_left_as_it_is(path: Path) -> None:
    path.parent.mkdir(mode=0o755)
    with opened(path):
        assert path.parent.stat().st_mode & 0o777 == 0o755
        assert not (path.parent / ".gitignore").exists()


def test_a_file_that_others_can_read_is_refused_with_the_way_out(path: Path) -> None:
    with opened(path):
        pass
    path.chmod(0o644)
    with pytest.raises(JournalPermissionError, match=r"mode 0644.*chmod 600"):
        SqliteJournal(path)


def test_a_file_system_that_keeps_no_permissions_keeps_nobody_from_recording(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As the drives of Windows in WSL: chmod would change nothing there."""
    with opened(path):
        path.chmod(0o777)
    assert sqlite_file.keeps_modes(path.parent)
    monkeypatch.setattr(sqlite_file, "keeps_modes", lambda folder: False)
    with opened(path) as journal:
        assert journal.bounds().exchanges == 0


def test_windows_which_has_no_user_ids_keeps_its_recording(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with opened(path) as journal:
        journal.append([Saved(make_http("a"))])
    path.chmod(0o666)  # as every file is there
    monkeypatch.delattr(os, "getuid")
    with opened(path) as journal:
        assert journal.exchange("a") == make_http("a")


def test_a_file_of_another_user_is_refused(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with opened(path):
        pass
    owner = path.stat().st_uid
    monkeypatch.setattr(os, "getuid", lambda: owner + 1)
    with pytest.raises(JournalPermissionError, match=f"belongs to user {owner}; name another file"):
        SqliteJournal(path)


def test_a_file_that_another_program_keeps_for_itself_is_an_error_after_a_while(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with opened(path):
        pass
    monkeypatch.setattr(sqlite_file, "BUSY_MS", 50)
    holder = sqlite3.connect(path, isolation_level=None)
    holder.execute("PRAGMA locking_mode=EXCLUSIVE")
    holder.execute("BEGIN EXCLUSIVE")
    with pytest.raises(JournalError, match="cannot be opened: database is locked"):
        SqliteJournal(path)
    holder.close()
    with opened(path) as journal:
        assert journal.rows(10) == (0, [])


def test_a_damaged_file_whose_folder_is_gone_cannot_be_put_aside(tmp_path: Path) -> None:
    with pytest.raises(JournalError, match="is damaged and cannot be put aside: No such file"):
        put_aside(tmp_path / "gone" / "journal.db", 1)


def test_a_link_is_refused(path: Path, tmp_path: Path) -> None:
    path.parent.mkdir()
    (tmp_path / "elsewhere").touch(mode=0o600)
    path.symlink_to(tmp_path / "elsewhere")
    with pytest.raises(JournalPermissionError, match="no regular file"):
        SqliteJournal(path)


def test_a_place_that_cannot_be_written_is_an_error_that_names_it(path: Path) -> None:
    path.parent.write_text("a file where the directory should be")
    with pytest.raises(JournalError, match=f"{path}: cannot be made"):
        SqliteJournal(path)


def test_a_newer_format_is_refused_and_left_alone(path: Path) -> None:
    with opened(path) as journal:
        journal.append([Saved(make_http("a"))])
    newer = sqlite3.connect(path)
    newer.execute("PRAGMA user_version=99")
    newer.close()
    before = path.read_bytes()
    with pytest.raises(JournalVersionError, match=f"99 is newer than {VERSION}"):
        SqliteJournal(path)
    assert path.read_bytes() == before


TO_FORMAT_2 = (
    "DROP INDEX exchanges_pinned",
    "DROP INDEX exchanges_unfinished",
    "DROP INDEX exchanges_by_age",
    "CREATE INDEX exchanges_by_age ON exchanges (finished, ordinal)",
    "ALTER TABLE exchanges DROP COLUMN pinned",
    "ALTER TABLE commands DROP COLUMN host",
    "ALTER TABLE commands DROP COLUMN pid",
    "PRAGMA user_version=2",
)
TO_FORMAT_1 = (*TO_FORMAT_2, "DROP TABLE tables_served", "PRAGMA user_version=1")


@pytest.mark.parametrize("steps_back", [TO_FORMAT_1, TO_FORMAT_2], ids=["format 1", "format 2"])
def test_a_file_of_an_earlier_format_is_taken_over_with_all_that_is_in_it(
    path: Path, steps_back: tuple[str, ...]
) -> None:
    with opened(path) as journal:
        journal.append([Saved(make_http("a"))])
    earlier = sqlite3.connect(path)
    for step in steps_back:
        earlier.execute(step)
    earlier.close()
    running = AppStatus(worker=WORKER, state="running", target="shop:app", table="f1")
    with opened(path) as journal:
        assert journal.exchange("a") == make_http("a")
        assert journal.tables_served(5) == []
        journal.append([StatusSaved(running)])
        assert [served.table for served in journal.tables_served(5)] == ["f1"]
        assert journal.pin("a", pinned=True)


def test_a_file_that_cannot_be_brought_up_to_date_is_put_aside_as_it_was(path: Path) -> None:
    with opened(path) as journal:
        journal.append([Saved(make_http("a"))])
    earlier = sqlite3.connect(path)
    for step in (*TO_FORMAT_1, "DROP TABLE commands"):  # so the last step has nothing to add to
        earlier.execute(step)
    earlier.close()
    with opened(path) as journal:
        assert journal.rows(10) == (0, [])
    (aside,) = [file for file in path.parent.glob("*.corrupt-*") if not file.name.endswith(("-wal", "-shm"))]
    there = sqlite3.connect(aside)
    assert there.execute("PRAGMA user_version").fetchone() == (1,)
    assert there.execute("SELECT count(*) FROM sqlite_master WHERE name = 'tables_served'").fetchone() == (0,)
    there.close()


def test_another_programs_database_is_refused(path: Path) -> None:
    path.parent.mkdir()
    path.touch(mode=0o600)
    other = sqlite3.connect(path)
    other.execute("CREATE TABLE theirs (x)")
    other.close()
    with pytest.raises(JournalError, match="another program"):
        SqliteJournal(path)


def test_what_was_cleared_is_on_the_disk_no_more(path: Path) -> None:
    secret = b"find-me-on-the-disk"
    with opened(path) as journal:
        for number in range(50):
            journal.append([Saved(make_http(str(number), body=secret * 50))])
        assert secret in bytes_on_disk(path)
        journal.clear()
        assert secret not in bytes_on_disk(path)
        journal.append([Saved(make_http("after"))])
        assert secret not in bytes_on_disk(path)


def test_what_the_limits_removed_is_on_the_disk_no_more(path: Path) -> None:
    secret = b"find-me-on-the-disk"
    with opened(path, JournalLimits(max_exchanges=5)) as journal:
        journal.append([Saved(make_http("old", body=secret * 50))])
        for number in range(10):
            journal.append([Saved(make_http(str(number)))])
    assert secret not in bytes_on_disk(path)


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
