"""A journal's file that is damaged, cut, deleted or of another kind is put aside or said, never trusted."""

import os
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from inspector.errors import JournalError
from inspector.journal.protocol import AppStatus, LossNoted, Saved, StatusSaved
from inspector.journal.recorded import RecordedJournal
from inspector.journal.sqlite import SqliteJournal
from inspector.journal.sqlite_file import inode_of, put_aside
from tests.inspector.journal.journal_samples import WORKER, make_http
from tests.inspector.journal.sqlite_files import modes, opened, writer_process


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


def test_a_damaged_file_whose_folder_is_gone_cannot_be_put_aside(tmp_path: Path) -> None:
    with pytest.raises(JournalError, match="is damaged and cannot be put aside: No such file"):
        put_aside(tmp_path / "gone" / "journal.db", 1)
