"""Whole exchanges of a recording that is only looked at: its file is not made, mended or renewed."""

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from inspector.errors import JournalError
from inspector.journal.protocol import Document
from inspector.journal.recording_file import is_recording
from inspector.journal.sqlite_file import BUSY_MS, open_reader
from inspector.journal.sqlite_read import read_exchange, read_rows, read_statuses
from inspector.journal.sqlite_schema import require_known
from inspector.model import Exchange


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordedExchanges:
    """What was read: the exchanges, and where the application was that served them, None when unknown."""

    exchanges: tuple[Exchange, ...]
    target: str | None


def read_recorded_exchanges(path: Path, wanted: Sequence[str]) -> RecordedExchanges:
    """Read the exchanges with these ids, in their order; those that are not there are left out.

    Raises JournalVersionError for a newer format, JournalError for what is no recording or cannot be read.
    """
    try:
        with closing(_open(path)) as db:
            found = (read_exchange(db, one) for one in wanted)
            exchanges = tuple(exchange for exchange in found if exchange is not None)
            statuses = read_statuses(db)
            return RecordedExchanges(exchanges=exchanges, target=statuses[-1].target if statuses else None)
    except sqlite3.Error as error:
        raise JournalError(f"cannot be read: {error}", path=path) from error


def read_all_rows(path: Path) -> list[Document]:
    """Read the head of every exchange, oldest first. Raises as `read_recorded_exchanges`."""
    try:
        with closing(_open(path)) as db:
            return read_rows(db, -1)  # SQLite: no limit
    except sqlite3.Error as error:
        raise JournalError(f"cannot be read: {error}", path=path) from error


def _open(path: Path) -> sqlite3.Connection:
    if not is_recording(path):
        problem = "is no recording" if path.exists() else "is not there"
        raise JournalError(f"{problem}; name the file that `inspector run` wrote", path=path)
    db = open_reader(path, BUSY_MS)
    try:
        require_known(db, path)
    except BaseException:
        db.close()
        raise
    return db
