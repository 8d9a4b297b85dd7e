"""A journal that takes nothing for a while."""

from collections.abc import Sequence

from inspector.errors import JournalError
from inspector.journal.memory import MemoryJournal
from inspector.journal.protocol import Record


class FullJournal(MemoryJournal):
    """A journal whose disk is full until told otherwise."""

    is_full = True

    def append(self, records: Sequence[Record]) -> None:
        if self.is_full:
            raise JournalError("disk full")
        super().append(records)
