"""The route tables of a recording that is only looked at."""

from pathlib import Path

from inspector.journal.protocol import Document
from inspector.journal.recording_file import looking_into
from inspector.journal.texts import parse_text


def read_recorded_table(path: Path, *, back: int = 0, fingerprint: str = "") -> Document | None:
    """Give the snapshot of the table saved last, of the one `back` tables before it, or None.

    With `fingerprint`, only tables whose name begins so are counted. Raises as `looking_into`.
    """
    with looking_into(path) as db:
        found = db.execute(
            "SELECT snapshot FROM route_tables WHERE substr(fingerprint, 1, ?) = ?"
            " ORDER BY seq DESC LIMIT 1 OFFSET ?",
            (len(fingerprint), fingerprint, back),
        ).fetchone()
    snapshot: Document | None = None if found is None else parse_text(found[0])
    return snapshot
