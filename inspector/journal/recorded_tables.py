"""The route tables of a recording that is only looked at: the file is not made, mended or renewed."""

import json
import sqlite3
from contextlib import closing
from pathlib import Path

from inspector.errors import JournalError
from inspector.journal.protocol import Document
from inspector.journal.sqlite_file import BUSY_MS, open_reader
from inspector.journal.sqlite_schema import require_known


def read_recorded_table(path: Path, *, back: int = 0, fingerprint: str = "") -> Document | None:
    """Give the snapshot of the table saved last, of the one `back` tables before it, or None.

    With `fingerprint`, only tables whose name begins so are counted. Raises JournalError when the file is no
    recording or cannot be read.
    """
    try:
        with closing(open_reader(path, BUSY_MS)) as db:
            require_known(db, path)
            found = db.execute(
                "SELECT snapshot FROM route_tables WHERE substr(fingerprint, 1, ?) = ?"
                " ORDER BY seq DESC LIMIT 1 OFFSET ?",
                (len(fingerprint), fingerprint, back),
            ).fetchone()
    except sqlite3.Error as error:
        raise JournalError(f"cannot be read: {error}", path=path) from error
    snapshot: Document | None = None if found is None else json.loads(found[0])
    return snapshot
