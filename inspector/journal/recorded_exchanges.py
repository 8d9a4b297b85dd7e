"""The exchanges of a recording that is only looked at: their heads, and whole."""

from collections.abc import Sequence
from pathlib import Path

from inspector.journal.protocol import Document
from inspector.journal.recording_file import looking_into
from inspector.journal.sqlite_read import read_exchange, read_rows, read_statuses
from inspector.model import Exchange
from miniframework.records import dataclass

_NO_LIMIT = -1  # Source: https://www.sqlite.org/lang_select.html, LIMIT


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordedExchanges:
    """What was read: the exchanges, and where the application was that served them, None when unknown."""

    exchanges: tuple[Exchange, ...]
    target: str | None


def read_recorded_rows(path: Path, limit: int | None = None) -> list[Document]:
    """Read the heads, at most the `limit` newest by start, oldest first. Raises as `looking_into`."""
    with looking_into(path) as db:
        return read_rows(db, _NO_LIMIT if limit is None else limit)


def read_recorded_exchanges(path: Path, wanted: Sequence[str]) -> RecordedExchanges:
    """Read the exchanges with these ids, in their order; those that are not there are left out.

    Raises as `looking_into`.
    """
    with looking_into(path) as db:
        found = (read_exchange(db, one) for one in wanted)
        exchanges = tuple(exchange for exchange in found if exchange is not None)
        statuses = read_statuses(db)
        return RecordedExchanges(exchanges=exchanges, target=statuses[-1].target if statuses else None)
