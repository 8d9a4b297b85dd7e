"""One write transaction on a SQLite journal: numbers given, limits kept, counters true at its end."""

import dataclasses
import json
import socket
import sqlite3
import time
import uuid
from collections.abc import Sequence
from typing import Any

from inspector.apart import Apart, take_apart
from inspector.errors import JournalFullError
from inspector.folded import as_apart
from inspector.journal.codec import encode_status
from inspector.journal.packing import unpack_exchange
from inspector.journal.processes import is_alive
from inspector.journal.protocol import (
    AppStatus,
    ChangeKind,
    Document,
    JournalLimits,
    LossNoted,
    Record,
    Saved,
    StatsSaved,
    StatusSaved,
    TableSaved,
)
from inspector.journal.served import served_by
from inspector.journal.sqlite_exchanges import remove_exchanges, save_exchanges
from inspector.journal.sqlite_read import read_pinned
from inspector.journal.sqlite_schema import read_meta
from inspector.journal.texts import parse_text
from inspector.model import State

# Removals in one transaction, so that a shrunken limit does not hold the lock for long.
SLICE = 500


class Writing:
    """The steps of one transaction. The caller begins it, calls `finish`, and commits."""

    def __init__(self, connection: sqlite3.Connection, limits: JournalLimits) -> None:
        self._db = connection
        self._limits = limits
        self._meta: dict[str, Any] = read_meta(connection)
        self._before = dict(self._meta)

    def store(self, records: Sequence[Record]) -> None:
        """Store the records in their order, exchanges that follow one another together."""
        run: dict[str, Apart] = {}
        for record in records:
            if isinstance(record, Saved):
                one = as_apart(record.exchange)
                if one["id"] in run:
                    self._save_run(run)
                run[one["id"]] = one
            else:
                self._save_run(run)
                self._store_other(record)
        self._save_run(run)

    def _store_other(self, record: Record) -> None:
        match record:
            case TableSaved(snapshot):
                self._save_table(snapshot)
            case StatusSaved(status):
                document = encode_status(status)
                self._db.execute(
                    "INSERT INTO statuses VALUES (?, ?, ?, ?) ON CONFLICT (host, pid) DO UPDATE SET"
                    " seq = excluded.seq, document = excluded.document",
                    (status.worker.host, status.worker.pid, self._meta["head"] + 1, json.dumps(document)),
                )
                self._drop_old("statuses", self._limits.workers)
                self._notice("status", detail=document)
                self._note_served(status)
                if status.has_ended:
                    self._lose("host = ? AND pid = ?", (status.worker.host, status.worker.pid))
                self.lose_orphans()
            case StatsSaved(worker, stats):
                self._db.execute(
                    "UPDATE statuses SET document = json_set(document, '$.stats', json(?))"
                    " WHERE host = ? AND pid = ?",
                    (json.dumps(stats), worker.host, worker.pid),
                )
            case LossNoted(count, reason):
                self._meta["lost"] = self._meta.get("lost", 0) + count
                self._notice("loss", detail={"count": count, "reason": reason})

    def _save_run(self, run: dict[str, Apart]) -> None:
        """Insert these exchanges, or replace what was stored of them, and let go of them."""
        if not run:
            return
        stored = save_exchanges(self._db, list(run.values()), self._meta["head"])
        self._meta["head"] += len(run)
        self._meta["count"] += stored.count
        self._meta["bytes"] += stored.size
        run.clear()

    def pin(self, exchange_id: str, pinned: bool) -> bool:
        """Pin or unpin an exchange; False when it is not held. Raises JournalFullError."""
        found = self._db.execute("SELECT pinned, row FROM exchanges WHERE id = ?", (exchange_id,)).fetchone()
        if found is None or found[0] == pinned:
            return found is not None
        so_far, _ = read_pinned(self._db)
        if pinned and so_far >= self._limits.pinned:
            raise JournalFullError(so_far)
        self._meta["head"] += 1
        row = {**parse_text(found[1]), "seq": self._meta["head"], "pinned": pinned}
        self._db.execute(
            "UPDATE exchanges SET pinned = ?, seq = ?, row = ? WHERE id = ?",
            (pinned, row["seq"], json.dumps(row), exchange_id),
        )
        return True

    def lose_orphans(self) -> None:
        """Mark what processes of this host that are no more have left unfinished."""
        host = socket.gethostname()
        pids = self._db.execute("SELECT DISTINCT pid FROM exchanges WHERE finished = 0 AND host = ?", (host,))
        for (pid,) in pids.fetchall():
            if not is_alive(pid):
                self._lose("host = ? AND pid = ?", (host, pid))

    def clear(self, *, history: bool) -> None:
        """Delete every exchange and notice and begin a new log."""
        if history:
            self._db.execute("DELETE FROM tables_served")
            self._db.execute(
                "DELETE FROM statuses WHERE json_extract(document, '$.state') IN ('stopped', 'failed')"
            )
        self._db.execute("DELETE FROM exchanges")
        self._db.execute("DELETE FROM notices")
        self._db.execute("DELETE FROM commands")
        self._meta.update(log=uuid.uuid4().hex, count=0, bytes=0, notices=0, trimmed=0, lost=0)
        self._notice("cleared", detail={"log": self._meta["log"]})
        self._meta["tail"] = self._meta["head"]

    def finish(self) -> None:
        """Keep the limits and write the counters."""
        self._trim()
        self._trim_notices()
        changed = [(key, value) for key, value in self._meta.items() if self._before.get(key) != value]
        self._db.executemany("INSERT OR REPLACE INTO meta VALUES (?, ?)", changed)

    def _save_table(self, snapshot: Document) -> None:
        fingerprint = str(snapshot["fingerprint"])
        self._db.execute(
            "INSERT INTO route_tables VALUES (?, ?, ?)"
            " ON CONFLICT (fingerprint) DO UPDATE SET seq = excluded.seq",
            (fingerprint, self._meta["head"] + 1, json.dumps(snapshot)),
        )
        self._drop_old("route_tables", self._limits.tables)
        self._notice("table", detail={"fingerprint": fingerprint})

    def _note_served(self, status: AppStatus) -> None:
        served = served_by(status)
        if served is None:
            return
        last = self._db.execute(
            "SELECT fingerprint FROM tables_served WHERE target = ? ORDER BY number DESC LIMIT 1",
            (served.target,),
        ).fetchone()
        if last == (served.table,):
            return
        number = self._db.execute(
            "INSERT INTO tables_served (at_ns, generation, target, fingerprint) VALUES (?, ?, ?, ?)",
            (served.at_unix_ns, served.generation, served.target, served.table),
        ).lastrowid
        self._db.execute("DELETE FROM tables_served WHERE number <= ? - ?", (number, self._limits.tables))

    def _drop_old(self, table: str, keep: int) -> None:
        self._db.execute(
            f"DELETE FROM {table} WHERE seq NOT IN (SELECT seq FROM {table} ORDER BY seq DESC LIMIT ?)",
            (keep,),
        )

    def _lose(self, where: str, values: tuple[object, ...]) -> None:
        found = self._db.execute(
            f"SELECT document, bodies FROM exchanges WHERE finished = 0 AND {where}", values
        )
        for document, bodies in found.fetchall():
            exchange = unpack_exchange(document, bodies)
            self._save_run({exchange.id: take_apart(dataclasses.replace(exchange, state=State.LOST))})

    def _notice(self, kind: ChangeKind, *, detail: Document) -> None:
        self._meta["head"] += 1
        self._meta["notices"] += 1
        self._db.execute(
            "INSERT INTO notices VALUES (?, ?, NULL, ?)", (self._meta["head"], kind, json.dumps(detail))
        )

    def _trim(self) -> None:
        oldest_ns = time.time_ns() - int(self._limits.max_age_s * 1e9)
        pinned, pinned_bytes = read_pinned(self._db)
        candidates = self._db.execute(
            "SELECT id, size, stored_ns FROM exchanges WHERE pinned = 0"
            " ORDER BY finished DESC, ordinal LIMIT ?",
            (SLICE,),
        )
        gone: list[str] = []
        for exchange_id, size, stored_ns in candidates:
            is_over = (
                self._meta["count"] - pinned > self._limits.max_exchanges
                or self._meta["bytes"] - pinned_bytes > self._limits.max_bytes
            )
            if not is_over and stored_ns >= oldest_ns:
                break
            self._meta["count"] -= 1
            self._meta["bytes"] -= size
            gone.append(exchange_id)
        remove_exchanges(self._db, gone, self._meta["head"])
        self._meta["head"] += len(gone)
        self._meta["notices"] += len(gone)
        self._meta["trimmed"] += len(gone)

    def _trim_notices(self) -> None:
        too_many = self._meta["notices"] - self._limits.notices
        if too_many <= 0:
            return
        last = self._db.execute(
            "SELECT seq FROM notices ORDER BY seq LIMIT 1 OFFSET ?", (too_many - 1,)
        ).fetchone()[0]
        self._db.execute("DELETE FROM notices WHERE seq <= ?", (last,))
        self._meta["notices"] -= too_many
        self._meta["tail"] = last + 1
