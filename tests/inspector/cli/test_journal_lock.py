"""One run at a time for one recording, also where locks are odd, and never at the cost of another file."""

import errno
import fcntl
import os
from pathlib import Path

import pytest

from inspector.cli import journal_lock
from inspector.cli.journal_lock import only_run
from inspector.cli.terminal import StartRefused


def test_a_second_run_is_refused_with_the_process_of_the_first(tmp_path: Path) -> None:
    journal = tmp_path / "journal.db"
    told = rf"in use by another inspector \(process {os.getpid()}\)"
    with only_run(journal), pytest.raises(StartRefused, match=told), only_run(journal):
        pass
    with only_run(journal):
        pass


@pytest.mark.parametrize("number", [errno.ENOLCK, errno.EOPNOTSUPP, errno.ENOSYS])
def test_a_file_system_without_locks_keeps_nobody_from_recording(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    def refuse(descriptor: int, operation: int) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(fcntl, "flock", refuse)
    with only_run(tmp_path / "journal.db"):
        assert (tmp_path / "journal.db.lock").read_text() == str(os.getpid())


def test_windows_has_neither_these_locks_nor_reading_at_a_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(journal_lock, "fcntl", None)
    monkeypatch.delattr(os, "pread")
    monkeypatch.delattr(os, "pwrite")
    with only_run(tmp_path / "journal.db"):
        assert (tmp_path / "journal.db.lock").read_text() == str(os.getpid())


def test_a_link_that_lies_in_the_place_of_the_lock_empties_no_file(tmp_path: Path) -> None:
    precious = tmp_path / "precious"
    precious.write_text("kept")
    (tmp_path / "journal.db.lock").symlink_to(precious)
    with pytest.raises(StartRefused, match=r"lock .* cannot be opened"), only_run(tmp_path / "journal.db"):
        pass
    assert precious.read_text() == "kept"


def test_a_lock_that_is_not_ours_to_write_is_named(tmp_path: Path) -> None:
    (tmp_path / "journal.db.lock").mkdir()
    told = "cannot be opened: Is a directory"
    with pytest.raises(StartRefused, match=told) as refused, only_run(tmp_path / "journal.db"):
        pass
    assert "--journal PATH" in refused.value.ways_out[0]
