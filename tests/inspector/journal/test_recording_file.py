"""A recording that is only looked at."""

import os
import sqlite3
from pathlib import Path

import pytest

from inspector.errors import JournalError, JournalVersionError
from inspector.journal.protocol import Saved
from inspector.journal.recorded_exchanges import read_recorded_rows
from inspector.journal.recording_file import is_recording
from inspector.journal.sqlite import SqliteJournal
from tests.inspector.journal.journal_samples import make_http


@pytest.fixture
def recording(tmp_path: Path) -> Path:
    journal = SqliteJournal(tmp_path / "kept" / "journal.db")
    journal.append([Saved(make_http(name)) for name in ("a", "b", "c")])
    journal.close()
    return journal.path


def test_the_newest_rows_are_read_oldest_first(recording: Path) -> None:
    assert [row["id"] for row in read_recorded_rows(recording, 2)] == ["b", "c"]


def test_a_recording_in_use_is_read_up_to_what_was_written_last(recording: Path) -> None:
    journal = SqliteJournal(recording)
    journal.append([Saved(make_http("d"))])
    assert [row["id"] for row in read_recorded_rows(recording, 1)] == ["d"]
    journal.close()


def test_reading_changes_nothing(recording: Path) -> None:
    before = recording.read_bytes()
    read_recorded_rows(recording, 10)
    assert recording.read_bytes() == before


def test_what_is_no_recording_is_told_apart_from_what_is_not_there(tmp_path: Path) -> None:
    (tmp_path / "text").write_text("SQLite", encoding="utf-8")
    assert not is_recording(tmp_path / "text")
    assert not is_recording(tmp_path)
    with pytest.raises(JournalError, match=r"text: is no recording; name the file"):
        read_recorded_rows(tmp_path / "text", 1)
    with pytest.raises(JournalError, match=r"none: is not there"):
        read_recorded_rows(tmp_path / "none", 1)
    assert not (tmp_path / "none").exists()


def test_a_newer_format_and_another_programs_database_are_refused(recording: Path, tmp_path: Path) -> None:
    db = sqlite3.connect(recording)
    db.execute("PRAGMA user_version=99")
    db.close()
    with pytest.raises(JournalVersionError):
        read_recorded_rows(recording, 1)
    other = sqlite3.connect(tmp_path / "other.db")
    other.execute("CREATE TABLE theirs (x)")
    other.close()
    with pytest.raises(JournalError, match="another program"):
        read_recorded_rows(tmp_path / "other.db", 1)


@pytest.mark.parametrize("text", [b'{"id": ', b'{"id": "\xff secret"}'], ids=["no JSON", "no UTF-8"])
def test_a_damaged_text_is_an_error_and_the_file_is_left_as_it_is(recording: Path, text: bytes) -> None:
    with sqlite3.connect(recording) as db:
        db.execute("UPDATE exchanges SET row = CAST(? AS TEXT) WHERE id = 'b'", (text,))
    db.close()
    before = recording.read_bytes()
    with pytest.raises(JournalError, match="cannot be read") as raised:
        read_recorded_rows(recording, 10)
    assert "secret" not in str(raised.value)
    assert recording.read_bytes() == before


@pytest.mark.timeout(10)
def test_a_pipe_is_no_recording_and_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    assert not is_recording(tmp_path / "pipe")
