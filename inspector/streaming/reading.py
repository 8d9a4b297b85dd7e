"""One look into the journal: what came after a number, and whether a viewer has to begin again."""

from inspector.journal.protocol import Change, Journal
from inspector.streaming.items import Item, read_item
from inspector.streaming.start import Fresh
from miniframework.records import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What a look found: the items in order, and the number up to which it saw.

    `begin_again` stands when the items are not the whole story: the log was cleared, or the journal let go of
    changes before they were read.
    """

    items: tuple[Item, ...]
    head: int
    begin_again: Fresh | None = None


def read_journal(journal: Journal, after: int, limit: int) -> Reading:
    """Read at most `limit` changes after a number and encode them. Blocks: call it in a thread."""
    changes, tail = _read_one_log(journal, after, limit)
    head = changes[-1].seq if changes else after
    if any(change.kind == "cleared" for change in changes):
        return Reading(items=(), head=head, begin_again=Fresh(reset="cleared"))
    if after < tail - 1:
        return Reading(items=(), head=max(head, tail - 1), begin_again=Fresh(missed_after=after))
    items = (read_item(change) for change in changes)
    return Reading(items=tuple(item for item in items if item), head=head)


def _read_one_log(journal: Journal, after: int, limit: int) -> tuple[list[Change], int]:
    """Return changes and a tail that belong to the same log, though somebody may clear it meanwhile.

    The tail is asked for after the changes: what was let go in between then shows.
    """
    log = journal.bounds().log
    while True:
        changes = journal.read_after(after, limit)
        bounds = journal.bounds()
        if bounds.log == log:
            return changes, bounds.tail
        log = bounds.log
