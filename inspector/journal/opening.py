"""Which engine keeps a recording: chosen by the text of `--journal`."""

from pathlib import Path

from inspector.errors import JournalError
from inspector.journal.protocol import Journal, JournalLimits
from inspector.journal.sqlite import SqliteJournal


def open_journal(place: str, limits: JournalLimits | None = None, *, lazily: bool = False) -> Journal:
    """Open the journal at this place, a path or a Redis URL; whoever opens it closes it.

    Opened `lazily`, a file that cannot be used is found out at the first use, and at each one again. Raises
    JournalError, also where Redis is meant and its client is not installed.
    """
    if is_file_place(place):
        return SqliteJournal(place, limits, lazily=lazily)
    try:
        from inspector.journal.redis import RedisJournal  # its client is an extra
    except ModuleNotFoundError as error:
        raise JournalError(
            f"a journal in Redis needs the module {error.name!r}: pip install 'route-inspector[redis]'"
        ) from error
    return RedisJournal(place, limits)


def is_file_place(place: str) -> bool:
    """Say whether the place is a file of this machine, of which one run at a time makes use."""
    return "://" not in place


def absolute_place(place: str) -> str:
    """Return the place as any process of this machine reads it, whatever its folder."""
    return str(Path(place).absolute()) if is_file_place(place) else place
