"""Records and limits as the arguments of the scripts in `lua/`."""

import dataclasses
import json
from typing import assert_never

from inspector.apart import Apart
from inspector.folded import Folded, as_apart
from inspector.journal.codec import encode_status
from inspector.journal.packing import pack_exchange, write_json
from inspector.journal.protocol import (
    AppStatus,
    JournalLimits,
    LossNoted,
    Record,
    Saved,
    StatsSaved,
    StatusSaved,
    TableSaved,
)
from inspector.journal.rows import exchange_row
from inspector.journal.served import served_by
from inspector.model import UNFINISHED, Exchange, Worker

Argument = str | bytes | int


def owner_of(worker: Worker) -> str:
    """Name a process; its generation does not count."""
    return _owner(worker.host, worker.pid)


def limits_text(limits: JournalLimits) -> str:
    """Write the limits for `append.lua` and `pin.lua`."""
    return json.dumps(
        {
            "bytes": limits.max_bytes,
            "exchanges": limits.max_exchanges,
            "age_us": int(limits.max_age_s * 1e6),
            "notices": limits.notices,
            "tables": limits.tables,
            "workers": limits.workers,
            "pinned": limits.pinned,
        }
    )


def record_arguments(record: Record) -> list[Argument]:
    """Write a record for `append.lua`: its word, then what that word takes."""
    match record:
        case Saved(exchange):
            return ["saved", *_exchange(exchange)]
        case TableSaved(snapshot):
            return ["table", str(snapshot["fingerprint"]), json.dumps(snapshot)]
        case StatusSaved(status):
            return ["status", *_status(status)]
        case StatsSaved(worker, stats):
            return ["stats", owner_of(worker), json.dumps(stats)]
        case LossNoted(count, reason):
            return ["loss", json.dumps({"count": count, "reason": reason})]
        case _:
            assert_never(record)


def _exchange(exchange: Exchange | Apart | Folded) -> list[Argument]:
    one = as_apart(exchange)
    document, bodies = pack_exchange(one)
    # Number and pin are given where they are known: by the script.
    row = {name: value for name, value in exchange_row(one, 0).items() if name not in ("seq", "pinned")}
    finished = int(one["state"] not in UNFINISHED)
    host, pid, _ = one["worker"]
    return [one["id"], finished, _owner(host, pid), write_json(row), document, bodies]


def _owner(host: str, pid: int) -> str:
    return f"{host} {pid}"


def _status(status: AppStatus) -> list[Argument]:
    served = served_by(status)
    return [
        owner_of(status.worker),
        json.dumps(encode_status(status)),
        status.target,
        "" if served is None else served.table,
        "" if served is None else json.dumps(dataclasses.asdict(served)),
    ]
