"""What is ready for the journal, kept a while when the journal will not take it."""

import logging
from collections import OrderedDict
from collections.abc import Callable

from inspector.apart import Apart
from inspector.errors import JournalError
from inspector.folded import Folded, as_apart
from inspector.journal.protocol import Document, Journal, LossNoted, Record, Saved, TableSaved
from inspector.journal.weight import FIXED_BYTES, exchange_bytes
from inspector.model import Exchange
from inspector.recording.account import SETTLED, Account

# What may wait for a journal that refuses: a disk that is full for a moment loses nothing.
MAX_WAITING_BYTES = 8 * 1024 * 1024
BATCH = 500
# How many exchanges are held as objects before the journal gets them, and how long: one whose secrets take
# time to find must not keep those before it waiting, which would be lost if the process ended now.
SLICE = 128
LONGEST_WAIT_S = 0.25
FIRST_RETRY_S = 0.1
LAST_RETRY_S = 5.0

_log = logging.getLogger("inspector.recorder")


class Outbox:
    """Records on their way to the journal; used by one thread at a time.

    When the journal fails, the newest state of each exchange waits, the oldest dropped beyond
    `MAX_WAITING_BYTES` and counted; tries go on with a growing pause. `problem` says what the journal said
    last, None while it works; `stored` counts the ended exchanges that it took.
    """

    def __init__(self, journal: Journal, clock: Callable[[], float], account: Account | None = None) -> None:
        self._journal = journal
        self._cells = (account or Account()).cells
        self._unended: set[str] = set()  # exchanges that waited here and have not ended
        self._going_on: set[str] = set()  # those of them of which something is settled
        self._lost_again = 0  # of the losses, those of such exchanges
        self._clock = clock
        self._exchanges: OrderedDict[str, Apart | Folded] = OrderedDict()
        # Weighed only when the journal refuses: else they are gone at once.
        self._sizes: dict[str, int] = {}
        self._bytes = 0
        self._tables: list[Document] = []
        self._losses: dict[str, int] = {}
        self._retry_s = 0.0
        self._next_try_s = 0.0
        self._waits_since_s = 0.0  # the first of the exchanges, while there are any
        self.stored = self.dropped = 0
        self.errors = 0
        self.problem: str | None = None

    def __len__(self) -> int:
        return len(self._exchanges) + len(self._tables) + len(self._losses)

    def add_exchange(self, exchange: Exchange | Apart | Folded, *, is_ended: bool = True) -> None:
        """Add an exchange; replaces what waits of it. One whose response is whole may go on all the same."""
        one = exchange if isinstance(exchange, Folded) else as_apart(exchange)
        exchange_id = one.id if isinstance(one, Folded) else one["id"]
        (self._unended.discard if is_ended else self._unended.add)(exchange_id)
        self._exchanges.pop(exchange_id, None)
        if not self._exchanges:
            self._waits_since_s = self._clock()
        self._exchanges[exchange_id] = one
        if self.problem is not None:
            self._weigh(exchange_id, one)
            self._shrink()

    def add_table(self, snapshot: Document) -> None:
        """Add a route table's snapshot; it goes before the exchanges that name it."""
        self._tables.append(snapshot)

    def add_loss(self, count: int, reason: str) -> None:
        """Add exchanges that will never be recorded."""
        self._losses[reason] = self._losses.get(reason, 0) + count

    def send_when_due(self) -> None:
        """Append what waits, if that is much or has waited long; for between two exchanges."""
        if len(self) >= SLICE or (self._exchanges and self._clock() - self._waits_since_s >= LONGEST_WAIT_S):
            self.send(is_last=False)

    def send(self, *, is_last: bool) -> None:
        """Append what waits, unless the journal failed a moment ago; `is_last` tries whatever was."""
        if not len(self) or (not is_last and self._clock() < self._next_try_s):
            return
        try:
            while len(self):
                self._send_batch()
        except (JournalError, OSError) as error:
            self._note_failure(error)
        else:
            self._retry_s = self._next_try_s = 0.0
            if self.problem is not None:
                _log.warning("the journal takes records again; %d exchanges were lost so far", self.dropped)
            self.problem = None

    def _send_batch(self) -> None:
        tables, losses = list(self._tables), dict(self._losses)
        ids = [exchange_id for exchange_id, _ in zip(self._exchanges, range(BATCH), strict=False)]
        records: list[Record] = [TableSaved(table) for table in tables]
        records += [Saved(self._exchanges[exchange_id]) for exchange_id in ids]
        records += [LossNoted(count, reason) for reason, count in losses.items()]
        self._journal.append(records)
        firsts = sum(map(self._is_first, ids))
        self._cells[SETTLED] += sum(losses.values()) - self._lost_again + firsts
        self._lost_again = 0
        del self._tables[: len(tables)]
        self._losses.clear()
        self.stored += len(ids) - sum(map(self._unended.__contains__, ids))
        for exchange_id in ids:
            del self._exchanges[exchange_id]
            self._bytes -= self._sizes.pop(exchange_id, 0)

    def _is_first(self, exchange_id: str) -> bool:
        """Whether nothing was settled yet of an exchange that the journal takes, or that is lost."""
        was_known = exchange_id in self._going_on
        if exchange_id in self._unended:
            self._going_on.add(exchange_id)
        elif was_known:
            self._going_on.discard(exchange_id)
        return not was_known

    def _note_failure(self, error: Exception) -> None:
        self.errors += 1
        if self.problem is None:
            # Without a traceback: where it was asked says nothing that the message does not.
            _log.error("the journal takes nothing: %s; what is recorded waits in memory", error)
        self.problem = f"{type(error).__name__}: {error}"
        self._retry_s = min(max(self._retry_s * 2, FIRST_RETRY_S), LAST_RETRY_S)
        self._next_try_s = self._clock() + self._retry_s
        for exchange_id, exchange in self._exchanges.items():
            if exchange_id not in self._sizes:
                self._weigh(exchange_id, exchange)
        self._shrink()

    def _weigh(self, exchange_id: str, exchange: Apart | Folded) -> None:
        if isinstance(exchange, Folded):
            size = FIXED_BYTES + len(exchange.packed)
        else:
            size = exchange_bytes(exchange)
        self._bytes += size - self._sizes.get(exchange_id, 0)
        self._sizes[exchange_id] = size

    def _shrink(self) -> None:
        while self._bytes > MAX_WAITING_BYTES:
            exchange_id, _ = self._exchanges.popitem(last=False)
            self._bytes -= self._sizes.pop(exchange_id, 0)
            self.dropped += 1
            self._lost_again += not self._is_first(exchange_id)
            self.add_loss(1, "journal_failure")
