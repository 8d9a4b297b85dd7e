"""What is asked of a journal in SQLite, whether in its file or in a copy of it."""

import sqlite3
from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import TypeVar

from inspector.journal import sqlite_read
from inspector.journal.protocol import AppStatus, Bounds, Change, Document, TableServed
from inspector.model import Exchange

T = TypeVar("T")


class SqliteQuestions(ABC):
    """The part of a `Journal` that only reads. Who inherits it says how a database is had and asked.

    Each question is asked by one call of `_read`, so that its answer is true at one moment.
    """

    keeps_folded = False

    @abstractmethod
    def _read(self, question: Callable[[sqlite3.Connection], T]) -> T:
        """Give what `question` finds; raises JournalError when the database cannot be read."""

    def bounds(self) -> Bounds:
        """Say what is held."""
        return self._read(sqlite_read.read_bounds)

    def read_after(self, seq: int, limit: int) -> list[Change]:
        """Give at most `limit` changes numbered above `seq`, in order of number."""
        return self._read(lambda db: sqlite_read.read_changes(db, seq, max(limit, 0)))

    def rows(self, limit: int) -> tuple[int, list[Document]]:
        """Give the head number, and the newest `limit` rows by start, oldest first."""
        return self._read(lambda db: (sqlite_read.read_head(db), sqlite_read.read_rows(db, max(limit, 0))))

    def exchange(self, exchange_id: str) -> Exchange | None:
        """Give the whole exchange as it last stood."""
        return self._read(lambda db: sqlite_read.read_exchange(db, exchange_id))

    def table(self, fingerprint: str) -> Document | None:
        """Give the snapshot of the route table with this fingerprint."""
        return self._read(lambda db: sqlite_read.read_table(db, fingerprint))

    def status(self) -> list[AppStatus]:
        """Give what each process last said of itself, the newest last."""
        return self._read(sqlite_read.read_statuses)

    def tables_served(self, limit: int) -> list[TableServed]:
        """Give the newest times at which an application came up with another table, the newest last."""
        return self._read(lambda db: sqlite_read.read_served(db, max(limit, 0)))
