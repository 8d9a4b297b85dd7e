"""What Redis holds of a journal, read. Each raises what `NOT_OURS` lists for what it cannot read."""

import json

from inspector.errors import CodecError
from inspector.journal.codec import decode_status
from inspector.journal.protocol import AppStatus, Change, Command, Document, TableServed
from inspector.model import Worker

# What reading raises that another program, or another version, wrote.
NOT_OURS = (CodecError, ValueError, TypeError, KeyError, AttributeError, RecursionError)


def read_change(
    seq: bytes, kind: bytes, exchange_id: bytes, detail: bytes, row: bytes, pinned: bytes
) -> Change:
    """Give one change of the stream."""
    number = int(seq)
    return Change(
        seq=number,
        kind=kind.decode(),  # type: ignore[arg-type]  # one of the words that `record_arguments` writes
        exchange_id=exchange_id.decode() or None,
        row=read_row(seq, row, pinned) if kind == b"saved" else None,
        detail=json.loads(detail) if detail else None,
    )


def read_row(seq: bytes, text: bytes, pinned: bytes) -> Document:
    """Give the head of an exchange, with its number. Raises CodecError when it is none."""
    row = json.loads(text)
    if not isinstance(row.get("id"), str):
        raise CodecError("a row is no head of an exchange")
    return {**row, "seq": int(seq), "pinned": bool(pinned)}


def read_status(text: bytes, numbers: bytes | None) -> AppStatus:
    """Give what a process said of itself, with its newest numbers where it has told some."""
    return decode_status(json.loads(text) | ({} if numbers is None else {"stats": json.loads(numbers)}))


def read_served(text: bytes) -> TableServed:
    """Give a time at which an application came up with another table."""
    return TableServed(**json.loads(text))


def read_command(text: bytes) -> Command:
    """Give a command of the queue."""
    stored = json.loads(text)
    worker = stored.pop("worker")
    return Command(**stored, worker=None if worker is None else Worker(**worker))
