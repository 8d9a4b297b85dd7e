"""The journal of one process: everything in memory, bounded by bytes, count and age."""

import threading
import time
import uuid
from collections import OrderedDict, deque
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from functools import partial
from heapq import merge
from itertools import chain
from typing import assert_never

from inspector.apart import put_together
from inspector.errors import JournalFullError
from inspector.folded import Folded, as_apart
from inspector.journal.bell import Bell
from inspector.journal.codec import encode_status
from inspector.journal.memory_commands import CommandQueue
from inspector.journal.memory_exchange import HeldExchange
from inspector.journal.protocol import (
    Answer,
    AppStatus,
    Bounds,
    Change,
    ChangeKind,
    Command,
    Document,
    JournalLimits,
    LossNoted,
    Record,
    Saved,
    StatsSaved,
    StatusSaved,
    TableSaved,
    TableServed,
)
from inspector.journal.served import served_by
from inspector.model import UNFINISHED, Exchange, State, Worker


class MemoryJournal:
    """A `Journal` that ends with its process."""

    keeps_folded = True

    def __init__(
        self, limits: JournalLimits | None = None, *, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._limits = limits or JournalLimits()
        self._clock = clock
        self._lock = threading.RLock()
        self._bell = Bell()
        self._log = uuid.uuid4().hex
        self._head = 0
        self._tail = 1
        self._trimmed = 0
        self._lost = 0
        self._bytes = 0
        self._held: OrderedDict[str, HeldExchange] = OrderedDict()  # by start
        self._by_seq: OrderedDict[int, str] = OrderedDict()  # the held ones again, by newest change
        self._pinned: set[str] = set()
        self._notices: deque[Change] = deque()
        self._tables: OrderedDict[str, Document] = OrderedDict()
        self._served: deque[TableServed] = deque(maxlen=self._limits.tables)
        self._status: OrderedDict[tuple[str, int], AppStatus] = OrderedDict()
        self._commands = CommandQueue(self._limits.commands)

    def append(self, records: Sequence[Record]) -> None:
        """Store the records in their order."""
        # Whatever can fail is done before anything is stored.
        steps = [self._prepare(record) for record in records]
        with self._lock:
            for step in steps:
                step()
            self._trim()
        self._bell.ring()

    def bounds(self) -> Bounds:
        """Say what is held."""
        with self._lock:
            return Bounds(
                log=self._log,
                tail=self._tail,
                head=self._head,
                trimmed=self._trimmed,
                exchanges=len(self._held),
                held_bytes=self._bytes,
                pinned=len(self._pinned),
                lost=self._lost,
            )

    def read_after(self, seq: int, limit: int) -> list[Change]:
        """Give at most `limit` changes numbered above `seq`, in order of number."""
        with self._lock:
            saved = _newest(map(self._change, reversed(self._by_seq.values())), seq)
            noticed = _newest(reversed(self._notices), seq)
        return list(merge(saved, noticed, key=lambda change: change.seq))[: max(limit, 0)]

    def rows(self, limit: int) -> tuple[int, list[Document]]:
        """Give the head number, and the newest `limit` rows by start, oldest first."""
        with self._lock:
            newest = [one for one, _ in zip(reversed(self._held), range(limit), strict=False)]
            rows = [self._change(one).row for one in reversed(newest)]
            return self._head, [row for row in rows if row is not None]

    async def wait_after(self, seq: int, timeout_s: float) -> bool:
        """Return True as soon as there is a change numbered above `seq`."""
        return await self._bell.wait(lambda: self._head > seq, timeout_s)

    def exchange(self, exchange_id: str) -> Exchange | None:
        """Give the whole exchange as it last stood."""
        with self._lock:
            held = self._held.get(exchange_id)
        return None if held is None else put_together(held.exchange())

    def table(self, fingerprint: str) -> Document | None:
        """Give the snapshot of the route table with this fingerprint."""
        with self._lock:
            return self._tables.get(fingerprint)

    def status(self) -> list[AppStatus]:
        """Give what each process last said of itself, the newest last."""
        with self._lock:
            return list(self._status.values())

    def tables_served(self, limit: int) -> list[TableServed]:
        """Give the newest times at which an application came up with another table, the newest last."""
        with self._lock:
            return list(self._served)[-limit:] if limit > 0 else []

    def clear(self, *, history: bool = False) -> None:
        """Forget every exchange and begin a new log."""
        with self._lock:
            if history:
                self._served.clear()
                for key in [key for key, status in self._status.items() if status.has_ended]:
                    del self._status[key]
            self._held.clear()
            self._by_seq.clear()
            self._pinned.clear()
            self._notices.clear()
            self._bytes = self._trimmed = self._lost = 0
            self._log = uuid.uuid4().hex
            self._notice("cleared", detail={"log": self._log})
            self._tail = self._head
        self._bell.ring()

    def pin(self, exchange_id: str, *, pinned: bool) -> bool:
        """Exempt an exchange from the limits, or no longer; False when it is not held."""
        with self._lock:
            held = self._held.get(exchange_id)
            if held is None:
                return False
            if (exchange_id in self._pinned) != pinned:
                if pinned and len(self._pinned) >= self._limits.pinned:
                    raise JournalFullError(len(self._pinned))
                self._pinned ^= {exchange_id}
                self._renumber(exchange_id, held)
                self._trim()
        self._bell.ring()
        return True

    def submit(self, command: Command) -> None:
        """Put a command in the queue."""
        with self._lock:
            self._commands.submit(command)
        self._bell.ring()

    def claim(self, worker: Worker, *, addressed: bool = False) -> Command | None:
        """Take the oldest unclaimed command; with `addressed` of those that name this worker."""
        with self._lock:
            return self._commands.claim(worker, addressed=addressed)

    def answer(self, command_id: str, answer: Answer) -> None:
        """Answer a claimed command."""
        with self._lock:
            self._commands.answer(command_id, answer)
        self._bell.ring()

    def answer_of(self, command_id: str) -> Answer | None:
        """Give the answer of a command."""
        with self._lock:
            return self._commands.answer_of(command_id)

    async def wait_command(self, timeout_s: float, worker: Worker | None = None) -> bool:
        """Return True as soon as there is an unclaimed command."""
        return await self._bell.wait(lambda: self._has_command(worker), timeout_s)

    async def wait_answer(self, command_id: str, timeout_s: float) -> Answer | None:
        """Return the answer of a command as soon as it is there."""
        await self._bell.wait(lambda: self.answer_of(command_id) is not None, timeout_s)
        return self.answer_of(command_id)

    def close(self) -> None:
        """Nothing is held outside of memory."""

    def _has_command(self, worker: Worker | None) -> bool:
        with self._lock:
            return self._commands.find(worker) is not None

    def _prepare(self, record: Record) -> Callable[[], None]:
        """Give the step that stores the record and cannot fail."""
        match record:
            case Saved(exchange):
                one = exchange if isinstance(exchange, Folded) else as_apart(exchange)
                return partial(self._save, HeldExchange(one, self._clock()))
            case TableSaved(snapshot):
                return partial(self._save_table, str(snapshot["fingerprint"]), snapshot)
            case StatusSaved(status):
                return partial(self._save_status, status, encode_status(status))
            case StatsSaved(worker, stats):
                return partial(self._save_stats, worker, stats)
            case LossNoted(count, reason):
                return partial(self._note_loss, count, reason)
            case _:
                assert_never(record)

    def _save(self, held: HeldExchange) -> None:
        exchange_id = held.id
        old = self._held.get(exchange_id)
        self._held[exchange_id] = held
        self._bytes += held.size
        if old is not None:
            held.seq, held.stored_s = old.seq, old.stored_s
            self._bytes -= old.size
        self._renumber(exchange_id, held)

    def _renumber(self, exchange_id: str, held: HeldExchange) -> None:
        self._by_seq.pop(held.seq, None)
        self._head += 1
        held.seq = self._head
        self._by_seq[self._head] = exchange_id

    def _change(self, exchange_id: str) -> Change:
        return self._held[exchange_id].change(pinned=exchange_id in self._pinned)

    def _save_table(self, fingerprint: str, snapshot: Document) -> None:
        self._tables[fingerprint] = snapshot
        self._tables.move_to_end(fingerprint)
        while len(self._tables) > self._limits.tables:
            self._tables.popitem(last=False)
        self._notice("table", detail={"fingerprint": fingerprint})

    def _save_status(self, status: AppStatus, document: Document) -> None:
        key = (status.worker.host, status.worker.pid)
        self._status[key] = status
        self._status.move_to_end(key)
        while len(self._status) > self._limits.workers:
            self._status.popitem(last=False)
        self._notice("status", detail=document)
        self._note_served(status)
        if status.has_ended:
            self._lose_unfinished(key)

    def _save_stats(self, worker: Worker, stats: Document) -> None:
        key = (worker.host, worker.pid)
        if (status := self._status.get(key)) is not None:
            self._status[key] = replace(status, stats=stats)

    def _note_served(self, status: AppStatus) -> None:
        served = served_by(status)
        if served is None:
            return
        last = next((one.table for one in reversed(self._served) if one.target == served.target), None)
        if last != served.table:
            self._served.append(served)

    def _lose_unfinished(self, process: tuple[str, int]) -> None:
        """What a process that is over has not finished will never be."""
        for held in list(self._held.values()):
            if held.state in UNFINISHED and held.process == process:
                lost = held.exchange()
                lost["state"] = State.LOST.value
                self._save(HeldExchange(lost, self._clock()))

    def _notice(
        self, kind: ChangeKind, *, exchange_id: str | None = None, detail: Document | None = None
    ) -> None:
        self._head += 1
        self._notices.append(Change(seq=self._head, kind=kind, exchange_id=exchange_id, detail=detail))
        if len(self._notices) > self._limits.notices:
            self._tail = self._notices.popleft().seq + 1

    def _note_loss(self, count: int, reason: str) -> None:
        self._lost += count
        self._notice("loss", detail={"count": count, "reason": reason})

    def _trim(self) -> None:
        oldest_s = self._clock() - self._limits.max_age_s
        pinned_bytes = sum(self._held[exchange_id].size for exchange_id in self._pinned)
        while len(self._held) > len(self._pinned):
            is_over = (
                len(self._held) - len(self._pinned) > self._limits.max_exchanges
                or self._bytes - pinned_bytes > self._limits.max_bytes
            )
            if not is_over and next(iter(self._held.values())).stored_s >= oldest_s:
                break
            exchange_id = self._next_to_go()
            if not is_over and self._held[exchange_id].stored_s >= oldest_s:
                break
            held = self._held.pop(exchange_id)
            del self._by_seq[held.seq]
            self._bytes -= held.size
            self._trimmed += 1
            self._notice("removed", exchange_id=exchange_id)

    def _next_to_go(self) -> str:
        """The oldest finished exchange; the oldest of all when none is finished. Pinned ones stay."""
        free = (pair for pair in self._held.items() if pair[0] not in self._pinned)
        first = next(free)
        for exchange_id, held in chain((first,), free):
            if held.state not in UNFINISHED:
                return exchange_id
        return first[0]


def _newest(changes: Iterable[Change], seq: int) -> list[Change]:
    """Those numbered above `seq` out of changes that come newest first, oldest first."""
    found: list[Change] = []
    for change in changes:
        if change.seq <= seq:
            break
        found.append(change)
    return found[::-1]
