"""Exchanges on their way into a SQLite journal and out of it, many in one statement.

Whoever runs a statement lets go of the interpreter, and on a busy server gets it back only after others have
had it: with a statement or two for each exchange, the recorder waits for most of its life.
"""

import sqlite3
import time
from collections.abc import Iterator, Sequence
from typing import TypeVar

from inspector.apart import Apart
from inspector.journal.packing import pack_exchange, write_json
from inspector.journal.rows import exchange_row
from inspector.model import UNFINISHED
from miniframework.records import dataclass

# How many a statement takes. Few sizes, so that each is prepared once; SQLite took 999 values a statement
# before its version 3.32.
_SIZES = (64, 8, 1)
_COLUMNS = "id, seq, stored_ns, size, finished, host, pid, row, document, bodies"
_REPLACED = ("seq", "size", "finished", "row", "document", "bodies")
_CHANGES = ", ".join(f"{name} = excluded.{name}" for name in _REPLACED)
_PLACES = f"({', '.join('?' * len(_COLUMNS.split(', ')))})"

T = TypeVar("T")
# id, seq, stored_ns, size, finished, host, pid, row, document, bodies
_Line = tuple[str, int, int, int, bool, str, int, str, str, bytes]


@dataclass(frozen=True, slots=True)
class Stored:
    """What has changed: so many exchanges more, and so many bytes."""

    count: int
    size: int


def save_exchanges(db: sqlite3.Connection, exchanges: Sequence[Apart], head: int) -> Stored:
    """Insert exchanges, or replace what was stored of them; the first one's number is `head` + 1.

    No two of them are the same one.
    """
    held = _find_held(db, [one["id"] for one in exchanges])
    lines = [
        _line(one, head + number, is_pinned=bool(held.get(one["id"], (0, 0))[1]))
        for number, one in enumerate(exchanges, 1)
    ]
    for some in _cut(lines):
        values = ", ".join([_PLACES] * len(some))
        db.execute(
            f"INSERT INTO exchanges ({_COLUMNS}) VALUES {values} ON CONFLICT (id) DO UPDATE SET {_CHANGES}",
            [value for line in some for value in line],
        )
    size_before = sum(size for size, _ in held.values())
    return Stored(len(lines) - len(held), sum(line[3] for line in lines) - size_before)


def remove_exchanges(db: sqlite3.Connection, ids: Sequence[str], head: int) -> None:
    """Delete exchanges, and note that under a number each; the first one is `head` + 1."""
    for some in _cut(ids):
        db.execute(f"DELETE FROM exchanges WHERE id IN ({', '.join('?' * len(some))})", some)
        places = ", ".join(["(?, 'removed', ?, NULL)"] * len(some))
        numbered = enumerate(some, head + 1)
        db.execute(f"INSERT INTO notices VALUES {places}", [value for pair in numbered for value in pair])
        head += len(some)


def _find_held(db: sqlite3.Connection, ids: Sequence[str]) -> dict[str, tuple[int, int]]:
    """The size of those that are held, and whether they are pinned."""
    found: dict[str, tuple[int, int]] = {}
    for some in _cut(ids):
        places = ", ".join("?" * len(some))
        for exchange_id, size, pinned in db.execute(
            f"SELECT id, size, pinned FROM exchanges WHERE id IN ({places})", some
        ):
            found[exchange_id] = size, pinned
    return found


def _line(one: Apart, seq: int, *, is_pinned: bool) -> _Line:
    document, bodies = pack_exchange(one)
    row = write_json(exchange_row(one, seq, pinned=is_pinned))
    size = len(document) + len(row) + len(bodies)
    finished = one["state"] not in UNFINISHED
    host, pid, _ = one["worker"]
    return one["id"], seq, time.time_ns(), size, finished, host, pid, row, document, bodies


def _cut(items: Sequence[T]) -> Iterator[Sequence[T]]:
    """Give the items in pieces, each of the largest size there is."""
    start = 0
    for size in _SIZES:
        while len(items) - start >= size:
            yield items[start : start + size]
            start += size
