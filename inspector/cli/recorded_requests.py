"""The recorded requests that a command line names."""

from pathlib import Path

from inspector.analysis.recorded import RecordedRequests, read_requests
from inspector.cli.terminal import StartRefused
from inspector.errors import JournalError
from inspector.journal.protocol import MOST_EXCHANGES
from inspector.journal.recorded_exchanges import read_recorded_rows
from inspector.journal.recording_file import is_recording


def named_requests(target: str, recording: Path | None) -> RecordedRequests | None:
    """The requests of `recording`, else of the target when it is one, else None. Raises StartRefused."""
    file = recording or Path(target)
    if recording is None and not is_recording(file):
        return None
    try:
        return read_requests(read_recorded_rows(file, MOST_EXCHANGES))
    except JournalError as error:
        raise StartRefused(f"the recording cannot be used: {error}") from error
