"""The journal in a SQLite file: survives its processes, and several on one machine share it.

One connection writes, one reads, one watches; each under its own lock, so reading never waits for a
write. Every write is `BEGIN IMMEDIATE`: a transaction that begins to read and then writes fails at once when
another process writes.
"""

import json
import sqlite3
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TypeVar

from inspector.errors import JournalError
from inspector.journal import sqlite_read
from inspector.journal.bell import Bell
from inspector.journal.protocol import Answer, Command, JournalLimits, Record
from inspector.journal.sqlite_connection import KeptConnection
from inspector.journal.sqlite_file import (
    BUSY_MS,
    UNREADABLE,
    is_damage,
    is_read_only,
    is_schema_damage,
    open_reader,
    open_writer,
    problem_of,
    put_aside,
)
from inspector.journal.sqlite_questions import SqliteQuestions
from inspector.journal.sqlite_write import Writing
from inspector.journal.texts import parse_text
from inspector.model import Worker

# Another process's changes are seen this late at most; asking costs some microseconds.
POLL_S = 0.02
# No question here takes long; one that does is ended, so that it cannot hold up the log's clean-up.
READ_DEADLINE_S = 2.0
_STEPS_BETWEEN_LOOKS = 10_000

T = TypeVar("T")


class SqliteJournal(SqliteQuestions):
    """A `Journal` in a file. Opens it when made; whoever made it closes it.

    The file is made 0600. Raises JournalPermissionError when it is there and others can read it,
    JournalVersionError when a newer version wrote it, JournalError when it cannot be written. A damaged file
    is put aside as `*.corrupt-<milliseconds>` and a new one begun. A file that is deleted or replaced is
    noticed at the next use. Opened `lazily`, all this is found out at the first use, and at each one again.
    """

    def __init__(
        self, path: str | Path, limits: JournalLimits | None = None, *, lazily: bool = False
    ) -> None:
        self.path = Path(path)
        self._limits = limits or JournalLimits()
        self._bell = Bell()
        self._writer = KeptConnection(self.path, lambda is_again: open_writer(self.path, is_again=is_again))
        self._reader = KeptConnection(self.path, lambda _: open_reader(self.path, BUSY_MS))
        self._watcher = KeptConnection(self.path, lambda _: open_reader(self.path, 0))
        if lazily:
            return
        with self._writing() as writing:
            writing.lose_orphans()

    def append(self, records: Sequence[Record]) -> None:
        """Store the records in their order, all or none."""
        with self._writing() as writing:
            writing.store(records)
        self._bell.ring()

    async def wait_after(self, seq: int, timeout_s: float) -> bool:
        """Return True as soon as there is a change numbered above `seq`."""
        return await self._wait(lambda db: sqlite_read.read_head(db) > seq, timeout_s)

    def clear(self, *, history: bool = False) -> None:
        """Forget every exchange, in the file's free pages and its log too, and begin a new log."""
        with self._writer.lock:
            with self._writing() as writing:
                writing.clear(history=history)
            with suppress(sqlite3.Error):  # a reader elsewhere may hold the log; the next write takes it over
                self._writer.get().execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
        self._bell.ring()

    def pin(self, exchange_id: str, *, pinned: bool) -> bool:
        """Exempt an exchange from the limits, or no longer; False when it is not held."""
        with self._writing() as writing:
            is_held = writing.pin(exchange_id, pinned)
        self._bell.ring()
        return is_held

    def submit(self, command: Command) -> None:
        """Put a command in the queue."""
        with self._transaction() as db:
            db.execute(
                "INSERT OR IGNORE INTO commands (id, kind, body, host, pid) VALUES (?, ?, ?, ?, ?)",
                (
                    command.id,
                    command.kind,
                    json.dumps(command.body),
                    command.worker.host if command.worker else None,
                    command.worker.pid if command.worker else None,
                ),
            )
            db.execute(
                "DELETE FROM commands WHERE number <= (SELECT max(number) FROM commands) - ?",
                (self._limits.commands,),
            )
        self._bell.ring()

    def claim(self, worker: Worker, *, addressed: bool = False) -> Command | None:
        """Take the oldest unclaimed command for this worker; with `addressed` of those that name it."""
        if not self._read(lambda db: sqlite_read.read_next_command(db, worker, addressed=addressed)):
            return None
        with self._transaction() as db:
            found = sqlite_read.read_next_command(db, worker, addressed=addressed)
            if found is None:
                return None
            number, command = found
            name = f"{worker.host} {worker.pid}"
            db.execute("UPDATE commands SET claimed_by = ? WHERE number = ?", (name, number))
        return command

    def answer(self, command_id: str, answer: Answer) -> None:
        """Answer a claimed command."""
        text = json.dumps({"ok": answer.ok, "body": answer.body})
        with self._transaction() as db:
            db.execute("UPDATE commands SET answer = ? WHERE id = ?", (text, command_id))
        self._bell.ring()

    def answer_of(self, command_id: str) -> Answer | None:
        """Give the answer of a command."""
        text = self._read(lambda db: sqlite_read.read_answer(db, command_id))
        return None if text is None else Answer(**parse_text(text))

    async def wait_command(self, timeout_s: float, worker: Worker | None = None) -> bool:
        """Return True as soon as there is an unclaimed command."""
        return await self._wait(lambda db: sqlite_read.read_next_command(db, worker) is not None, timeout_s)

    async def wait_answer(self, command_id: str, timeout_s: float) -> Answer | None:
        """Return the answer of a command as soon as it is there."""
        await self._wait(lambda db: sqlite_read.read_answer(db, command_id) is not None, timeout_s)
        return self.answer_of(command_id)

    def close(self) -> None:
        """Write the log back into the file and close it; closing twice is no error."""
        for kept in (self._watcher, self._reader, self._writer):
            with kept.lock:
                kept.drop()

    @contextmanager
    def _writing(self) -> Iterator[Writing]:
        with self._transaction() as db:
            writing = Writing(db, self._limits)
            yield writing
            writing.finish()
            db.execute("PRAGMA incremental_vacuum(100)").fetchall()

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        with self._writer.lock:
            try:
                db = self._writer.get()
                db.execute("BEGIN IMMEDIATE")
                try:
                    yield db
                    db.execute("COMMIT")
                except BaseException:
                    with suppress(sqlite3.Error):  # it may be gone already, with the disk
                        db.execute("ROLLBACK")
                    raise
            except (sqlite3.DatabaseError, json.JSONDecodeError, UnicodeDecodeError) as error:
                if is_damage(error):
                    self._put_damaged_aside(self._writer)
                elif is_schema_damage(error):
                    self._writer.drop()  # opening it again looks whether all of it is there
                elif is_read_only(error):
                    # Who opened it without the right to write never gets it, and whoever is there shares what
                    # lies beside the file: it is had again once nobody is left.
                    self.close()
                raise JournalError(f"cannot be written: {problem_of(error)}", path=self.path) from error

    def _put_damaged_aside(self, used: KeptConnection) -> None:
        """Make room for a new file, unless another process has done so already."""
        inode = used.inode()
        used.drop()
        if inode is not None:
            put_aside(self.path, inode)

    def _read(self, question: Callable[[sqlite3.Connection], T]) -> T:
        """Ask inside one read transaction, so that the answer is true at one moment."""
        with self._reader.lock:
            try:
                db = self._reader.get()
                deadline = time.monotonic() + READ_DEADLINE_S
                db.execute("BEGIN")
                try:
                    db.set_progress_handler(lambda: time.monotonic() > deadline, _STEPS_BETWEEN_LOOKS)
                    return question(db)
                finally:
                    db.set_progress_handler(None, 0)
                    db.execute("ROLLBACK")
            except UNREADABLE as error:
                if is_damage(error):
                    self._put_damaged_aside(self._reader)
                raise JournalError(f"cannot be read: {problem_of(error)}", path=self.path) from error

    async def _wait(self, is_so: Callable[[sqlite3.Connection], bool], timeout_s: float) -> bool:
        """Ask again when this process rings, and whenever another one has written."""
        seen: tuple[int, int] | None = None
        answer = False

        def is_ready() -> bool:
            nonlocal seen, answer
            with self._watcher.lock:
                try:
                    db = self._watcher.get()
                    now = id(db), int(db.execute("PRAGMA data_version").fetchone()[0])
                    if now != seen:
                        answer, seen = is_so(db), now
                except sqlite3.Error:
                    seen = None  # busy, or being replaced: ask again at the next look
            return answer

        return await self._bell.wait(is_ready, timeout_s, POLL_S)
