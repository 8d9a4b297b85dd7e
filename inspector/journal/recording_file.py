"""A recording that is only looked at: its file is not made, mended or renewed."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from inspector.errors import JournalError
from inspector.journal.sqlite_file import BUSY_MS, UNREADABLE, open_reader, problem_of
from inspector.journal.sqlite_schema import require_known

# Source: https://www.sqlite.org/fileformat.html section 1.3.1
_MAGIC = b"SQLite format 3\x00"


def is_recording(path: Path) -> bool:
    """Say whether the file is a SQLite database, as every recording is."""
    try:
        if not path.is_file():  # a named pipe would be waited for until somebody writes to it
            return False
        with path.open("rb") as file:
            return file.read(len(_MAGIC)) == _MAGIC
    except OSError:
        return False


@contextmanager
def looking_into(path: Path, *, is_alone: bool = False) -> Iterator[sqlite3.Connection]:
    """Give a connection that reads the recording, for `is_alone` see `open_reader`.

    Raises JournalVersionError for a newer format, JournalError for what is no recording, is empty or cannot
    be read, also while it is read.
    """
    if not is_recording(path):
        problem = "is no recording" if path.exists() else "is not there"
        raise JournalError(f"{problem}; name the file that `inspector run` wrote", path=path)
    try:
        with closing(open_reader(path, BUSY_MS, is_alone=is_alone)) as db:
            if require_known(db, path) == 0:
                raise JournalError("is empty; name the file that `inspector run` wrote", path=path)
            yield db
    except UNREADABLE as error:
        raise JournalError(f"cannot be read: {problem_of(error)}", path=path) from error
