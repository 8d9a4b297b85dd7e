"""Route tables out of a recording.

`journal.db` is the newest, `journal.db~1` the one before, `journal.db@FINGERPRINT` a certain one.
"""

import re
from pathlib import Path

from inspector.cli.terminal import StartRefused
from inspector.errors import JournalError
from inspector.journal.recorded_tables import read_recorded_table
from inspector.journal.recording_file import is_recording
from miniframework.routing.table import RouteTable

_NAMED = re.compile(r"(?P<file>.+?)(?:~(?P<back>\d{1,4})|@(?P<fingerprint>[0-9a-f]{4,32}))?", re.DOTALL)


def find_recorded_table(text: str) -> RouteTable | None:
    """The table that is meant, None when `text` names no recording. Raises StartRefused."""
    found = _NAMED.fullmatch(text)
    if found is None:
        return None
    whole = Path(text)
    if is_recording(whole):
        return _read(whole, text, 0, "")
    file = Path(found["file"])
    if not is_recording(file):
        return None
    return _read(file, text, int(found["back"] or 0), found["fingerprint"] or "")


def _read(file: Path, text: str, back: int, fingerprint: str) -> RouteTable:
    try:
        snapshot = read_recorded_table(file, back=back, fingerprint=fingerprint)
    except JournalError as error:
        raise StartRefused(f"the recording cannot be used: {error}") from error
    if snapshot is None:
        raise StartRefused(
            f"{text!r}: the recording {str(file)!r} holds no such route table",
            f"{file} is its newest table, {file}~1 the one before, {file}@FINGERPRINT a certain one",
        )
    return RouteTable.from_snapshot(snapshot)
