"""The requests of a recording that is only looked at: its file is not made, mended or renewed."""

import sqlite3
from contextlib import closing
from pathlib import Path

from inspector.errors import JournalError
from inspector.journal.protocol import Document
from inspector.journal.sqlite_file import BUSY_MS, open_reader
from inspector.journal.sqlite_read import read_rows
from inspector.journal.sqlite_schema import require_known

# Source: https://www.sqlite.org/fileformat.html section 1.3.1
_MAGIC = b"SQLite format 3\x00"


def is_recording(path: Path) -> bool:
    """Say whether the file is a SQLite database, as every recording is."""
    try:
        with path.open("rb") as file:
            return file.read(len(_MAGIC)) == _MAGIC
    except OSError:
        return False


def read_recorded_rows(path: Path, limit: int) -> list[Document]:
    """Read at most `limit` heads, the newest by start, oldest first.

    Raises JournalVersionError for a newer format, JournalError for what is no recording or cannot be read.
    """
    if not is_recording(path):
        problem = "is no recording" if path.exists() else "is not there"
        raise JournalError(f"{problem}; name the file that `inspector run` wrote", path=path)
    try:
        with closing(open_reader(path, BUSY_MS)) as db:
            require_known(db, path)
            return read_rows(db, limit)
    except sqlite3.Error as error:
        raise JournalError(f"cannot be read: {error}", path=path) from error
