"""Where a journal's file may lie, who may read it, which formats it may have, what stays on the disk."""

import os
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from inspector.errors import JournalError, JournalPermissionError, JournalVersionError
from inspector.journal import sqlite_file
from inspector.journal.protocol import AppStatus, JournalLimits, Saved, StatusSaved
from inspector.journal.sqlite import SqliteJournal
from inspector.journal.sqlite_schema import VERSION
from tests.inspector.journal.journal_samples import WORKER, make_http
from tests.inspector.journal.sqlite_files import modes, opened


def bytes_on_disk(path: Path) -> bytes:
    return b"".join(file.read_bytes() for file in path.parent.glob(path.name + "*"))


def test_what_was_stored_is_there_after_closing_and_opening(path: Path) -> None:
    with opened(path) as journal:
        journal.append([Saved(make_http("a"))])
        log = journal.bounds().log
    assert not path.with_name(path.name + "-wal").exists()
    with opened(path) as journal:
        assert journal.exchange("a") == make_http("a")
        assert journal.bounds().log == log
        assert journal.bounds().head == 1


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
