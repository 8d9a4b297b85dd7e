"""A recording that is only looked at: read whole into memory once, its file left as it is."""

import asyncio
import sqlite3
import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TypeVar

from inspector.errors import JournalError, JournalReadOnlyError
from inspector.journal.protocol import Answer, Command, Record
from inspector.journal.recording_file import looking_into
from inspector.journal.sqlite_file import UNREADABLE, problem_of
from inspector.journal.sqlite_questions import SqliteQuestions
from inspector.journal.sqlite_schema import prepare_schema
from inspector.model import Worker

T = TypeVar("T")


class RecordedJournal(SqliteQuestions):
    """A `Journal` as it stood in a file when it was opened. Every write raises JournalReadOnlyError.

    An older format is brought up to date in memory, and processes that never said that they stopped are
    taken for stopped. Raises JournalVersionError for a newer format, JournalError for what is no recording.
    """

    def __init__(self, path: str | Path) -> None:
        self.path = Path(path)
        self._lock = threading.Lock()
        self._db = _copy(self.path)

    async def wait_after(self, seq: int, timeout_s: float) -> bool:
        """Return at once what is there; nothing more will come."""
        return await _never(timeout_s) if self.bounds().head <= seq else True

    def append(self, records: Sequence[Record]) -> None:
        """Refuse."""
        raise self._read_only()

    def clear(self, *, history: bool = False) -> None:
        """Refuse."""
        raise self._read_only()

    def pin(self, exchange_id: str, *, pinned: bool) -> bool:
        """Refuse."""
        raise self._read_only()

    def submit(self, command: Command) -> None:
        """Refuse: no process serves the application."""
        raise self._read_only()

    def claim(self, worker: Worker, *, addressed: bool = False) -> Command | None:
        """Give nothing: commands of that time are over."""
        return None

    def answer(self, command_id: str, answer: Answer) -> None:
        """Refuse."""
        raise self._read_only()

    def answer_of(self, command_id: str) -> Answer | None:
        """Give nothing."""
        return None

    async def wait_command(self, timeout_s: float, worker: Worker | None = None) -> bool:
        """Return False after `timeout_s`."""
        return await _never(timeout_s)

    async def wait_answer(self, command_id: str, timeout_s: float) -> Answer | None:
        """Return None after `timeout_s`."""
        await _never(timeout_s)
        return None

    def close(self) -> None:
        """Let go of the copy; closing twice is no error."""
        with self._lock:
            self._db.close()

    def _read(self, question: Callable[[sqlite3.Connection], T]) -> T:
        with self._lock:
            try:
                return question(self._db)
            except UNREADABLE as error:
                raise JournalError(f"cannot be read: {problem_of(error)}", path=self.path) from error

    def _read_only(self) -> JournalReadOnlyError:
        return JournalReadOnlyError(self.path)


def _copy(path: Path) -> sqlite3.Connection:
    copy = sqlite3.connect(":memory:", isolation_level=None, check_same_thread=False)
    try:
        with looking_into(path, is_alone=not _has_log(path)) as source:
            source.backup(copy)
        prepare_schema(copy, path)
        copy.execute(
            "UPDATE statuses SET document = json_set(document, '$.state', 'stopped')"
            " WHERE json_extract(document, '$.state') IN ('starting', 'running')"
        )
    except sqlite3.Error as error:
        copy.close()
        raise JournalError(f"cannot be read: {error}", path=path) from error
    except BaseException:
        copy.close()
        raise
    return copy


def _has_log(path: Path) -> bool:
    log = path.with_name(path.name + "-wal")
    return log.exists() and log.stat().st_size > 0


async def _never(timeout_s: float) -> bool:
    await asyncio.sleep(timeout_s)
    return False
