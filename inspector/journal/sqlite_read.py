"""Questions to a SQLite journal; each is short, and consistent in itself."""

import sqlite3
from heapq import merge

from inspector.errors import CodecError
from inspector.journal.codec import decode_status
from inspector.journal.packing import unpack_exchange
from inspector.journal.protocol import AppStatus, Bounds, Change, Command, Document, TableServed
from inspector.journal.sqlite_schema import read_meta
from inspector.journal.texts import parse_text, require_text
from inspector.model import Exchange, Worker


def read_bounds(db: sqlite3.Connection) -> Bounds:
    """Give the bounds."""
    meta = read_meta(db)
    return Bounds(
        log=meta["log"],
        tail=meta["tail"],
        head=meta["head"],
        trimmed=meta["trimmed"],
        exchanges=meta["count"],
        held_bytes=meta["bytes"],
        pinned=read_pinned(db)[0],
        lost=meta.get("lost", 0),  # none in a file that an older version made
    )


def read_pinned(db: sqlite3.Connection) -> tuple[int, int]:
    """Give how many exchanges are pinned, and the bytes they take."""
    # Without the hint a scan of every exchange may be chosen: the file has no statistics.
    count, size = db.execute(
        "SELECT count(*), coalesce(sum(size), 0) FROM exchanges INDEXED BY exchanges_pinned WHERE pinned = 1"
    ).fetchone()
    return count, size


def read_head(db: sqlite3.Connection) -> int:
    """Give the newest number."""
    return int(db.execute("SELECT value FROM meta WHERE key = 'head'").fetchone()[0])


def read_changes(db: sqlite3.Connection, seq: int, limit: int) -> list[Change]:
    """Give at most `limit` changes numbered above `seq`, in order."""
    saved = (
        Change(seq=number, kind="saved", exchange_id=exchange_id, row=_read_row(row))
        for number, exchange_id, row in db.execute(
            "SELECT seq, id, row FROM exchanges WHERE seq > ? ORDER BY seq LIMIT ?", (seq, limit)
        )
    )
    noticed = (
        Change(
            seq=number, kind=kind, exchange_id=exchange_id, detail=None if text is None else parse_text(text)
        )
        for number, kind, exchange_id, text in db.execute(
            "SELECT seq, kind, exchange_id, detail FROM notices WHERE seq > ? ORDER BY seq LIMIT ?",
            (seq, limit),
        )
    )
    return list(merge(saved, noticed, key=lambda change: change.seq))[:limit]


def read_rows(db: sqlite3.Connection, limit: int) -> list[Document]:
    """Give the newest heads by start, oldest first."""
    found = db.execute("SELECT row FROM exchanges ORDER BY ordinal DESC LIMIT ?", (limit,)).fetchall()
    return [_read_row(row) for (row,) in reversed(found)]


def _read_row(text: str) -> Document:
    row = parse_text(text)
    if not isinstance(row, dict) or not isinstance(row.get("id"), str):
        raise CodecError("a row is no head of an exchange")
    return row


def read_exchange(db: sqlite3.Connection, exchange_id: str) -> Exchange | None:
    """Give a whole exchange."""
    found = db.execute("SELECT document, bodies FROM exchanges WHERE id = ?", (exchange_id,)).fetchone()
    return None if found is None else unpack_exchange(require_text(found[0]), found[1])


def read_table(db: sqlite3.Connection, fingerprint: str) -> Document | None:
    """Give a route table's snapshot."""
    found = db.execute("SELECT snapshot FROM route_tables WHERE fingerprint = ?", (fingerprint,)).fetchone()
    snapshot: Document | None = None if found is None else parse_text(found[0])
    return snapshot


def read_statuses(db: sqlite3.Connection) -> list[AppStatus]:
    """Give every process's status, the newest last."""
    return [
        decode_status(parse_text(text))
        for (text,) in db.execute("SELECT document FROM statuses ORDER BY seq")
    ]


def read_served(db: sqlite3.Connection, limit: int) -> list[TableServed]:
    """Give the newest times at which an application came up with another table, the newest last."""
    found = db.execute(
        "SELECT at_ns, generation, target, fingerprint FROM tables_served ORDER BY number DESC LIMIT ?",
        (limit,),
    ).fetchall()
    return [
        TableServed(at_unix_ns=at_ns, generation=generation, target=target, table=table)
        for at_ns, generation, target, table in reversed(found)
    ]


def read_next_command(
    db: sqlite3.Connection, worker: Worker | None, *, addressed: bool = False
) -> tuple[int, Command] | None:
    """Give the oldest unclaimed command that this worker may claim, and its number; any, without a worker."""
    for number, command_id, kind, body, host, pid in db.execute(
        "SELECT number, id, kind, body, host, pid FROM commands WHERE claimed_by IS NULL ORDER BY number"
    ):
        wanted = None if host is None else Worker(host=host, pid=pid)
        command = Command(id=command_id, kind=kind, body=parse_text(body), worker=wanted)
        if command.is_for(worker, addressed=addressed):
            return number, command
    return None


def read_answer(db: sqlite3.Connection, command_id: str) -> str | None:
    """Give a command's answer as JSON text."""
    found = db.execute("SELECT answer FROM commands WHERE id = ?", (command_id,)).fetchone()
    return None if found is None else found[0]
