"""What waits in an outbox: the journal's changes, each encoded once for all viewers."""

from typing import Literal

from inspector.journal.protocol import Change
from inspector.streaming.messages import to_json
from miniframework.records import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class RowSaved:
    """An exchange's row is now this; `text` is its JSON and `size` the bytes of it."""

    seq: int
    exchange_id: str
    text: str
    size: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RowRemoved:
    """The journal no longer holds this exchange."""

    seq: int
    exchange_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AppNoted:
    """The application's state or its route table changed."""

    seq: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LossNoted:
    """`count` exchanges were never recorded: the recorder could not, or its process was killed."""

    seq: int
    count: int
    reason: Literal["recorder_overflow", "process_killed"] = "recorder_overflow"


RowItem = RowSaved | RowRemoved
Item = RowItem | AppNoted | LossNoted


def read_item(change: Change) -> Item | None:
    """Return the item for a change, None for one that says nothing to a viewer. Encodes its row."""
    match change:
        case Change(kind="saved", exchange_id=str(exchange_id), row=dict(row)):
            text = to_json(row)
            return RowSaved(seq=change.seq, exchange_id=exchange_id, text=text, size=len(text.encode()))
        case Change(kind="removed", exchange_id=str(exchange_id)):
            return RowRemoved(seq=change.seq, exchange_id=exchange_id)
        case Change(kind="loss"):
            detail = change.detail or {}
            was_killed = detail.get("reason") == "process_killed"
            return LossNoted(
                seq=change.seq,
                count=int(detail.get("count", 0)),
                reason="process_killed" if was_killed else "recorder_overflow",
            )
        case Change(kind="table" | "status"):
            return AppNoted(seq=change.seq)
        case _:
            return None
