"""The recorder: hears the bus in the request's task, does its work in a thread of its own.

It is given stories, notes that are read in that thread; where others listen to the same bus, it hears events
as they do. The listener only takes what happens. The drain thread assembles, redacts and appends to the
journal, at most `GATHER_S` later. Nothing here waits for the application, and the application waits for
nothing here.
"""

import os
import socket
import threading
import time
from collections import OrderedDict, deque
from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any

from inspector.apart import Apart, put_together, take_apart
from inspector.journal.protocol import Journal
from inspector.model import Replayed, Worker
from inspector.recording.account import Account
from inspector.recording.assembler import Assembler
from inspector.recording.faults import Faults
from inspector.recording.folding import Folding
from inspector.recording.foreign import RoutingReader
from inspector.recording.intake import Intake
from inspector.recording.limits import RecordingLimits
from inspector.recording.outbox import Outbox
from inspector.recording.pending import Batch, Pending, Told
from inspector.recording.sheet import Sheet
from inspector.recording.vault import Vault
from inspector.redaction import Redactor, blank_exchange
from miniframework.events import Event
from miniframework.routing.table import RouteTable

# Lets a burst become one batch, and leaves most of the 50 ms in which a viewer should see it.
GATHER_S = 0.01
# How often an exchange that goes on is journaled anew.
REFRESH_S = 0.1
# After so much work at a stretch the thread rests, so that who waits for the interpreter gets it then, not
# after its switch interval of 5 ms. A backlog of 1,000 stories made an event loop late by 5 to 20 ms at the
# median, and makes it late by 1 to 3 (measured).
STRETCH_S = 0.001
REST_S = 0.0002
# How many that are folded are read between looks at the clock of the thread, which is a call of the system's;
# after any other it is looked at, and while that is redacted.
LOOK_EVERY = 16
# Announced replays that never began; more than anyone can click.
EXPECTED_REPLAYS = 1000


class Recorder:
    """A keeper (or plain listener) for an `EventBus` that records into a journal.

    Starts its thread with the first event, so it may be made before a server forks: each process then records
    under an id of its own. `vault` holds the requests as they came, for replay. Whoever makes the recorder
    closes it.
    """

    def __init__(
        self,
        journal: Journal,
        *,
        worker: Worker | None = None,
        limits: RecordingLimits | None = None,
        redact: bool = True,
        routing: RoutingReader | None = None,
        clock: Callable[[], float] = time.monotonic,
        account: Account | None = None,
    ) -> None:
        self._pid = os.getpid()
        self._worker = worker or Worker(host=socket.gethostname(), pid=self._pid)
        self._limits = limits or RecordingLimits()
        self.vault = Vault(self._limits.vault_bytes)
        self._redactor = Redactor(self._rest) if redact else None
        self._routing = routing
        self._clock = clock
        self._assembler = Assembler(self._worker, self._limits)
        self._account = account or Account()
        self._outbox = Outbox(journal, clock, self._account)
        self._wake = threading.Event()
        self._faults = Faults("listener_errors", "drain_errors", "redaction_errors")
        self._folding = self._make_folding()
        self._keeps_folded = journal.keeps_folded
        self._pending = Pending(self._limits, self._wake.set, self._account)
        self._intake = Intake(self._limits, self._rouse, self._faults, self._account)
        # What makes it a keeper; without a call of its own in between, for each request pays for it.
        self.begin, self.keep = self._intake.begin, self._intake.keep
        self._drain_lock = threading.Lock()
        self._thread: threading.Thread | None = None
        self._start_lock = threading.Lock()
        self._closing = threading.Event()
        self._expected: OrderedDict[str, Replayed] = OrderedDict()
        self._saved_s: dict[str, float] = {}  # exchanges that go on: when they were journaled last
        self._unapplied: deque[Event | Told] = deque()
        self._changed: dict[str, None] = {}  # those that changed since, in order
        self._known_tables: set[str] = set()
        self._refused = 0
        self._costs_ns: deque[int] = deque(maxlen=256)
        self._rested_s: float | None = None  # by the clock of the thread; None where nobody rests

    @property
    def worker(self) -> Worker:
        """The process that records: this one."""
        self._move_here()
        return self._worker

    def __call__(self, event: Event) -> None:
        """Take an event of the bus; never raises."""
        try:
            self._pending.offer(event)
            if self._thread is None or self._pid != os.getpid():
                self._start()
        except Exception as error:  # noqa: BLE001 - named boundary: the recorder's listener
            self._faults.note("listener_errors", error)
            self._pending.abandon(event)

    def expect_replay(self, exchange_id: str, replayed: Replayed) -> None:
        """Say beforehand that the exchange with this id will be a replay."""
        self._expected[exchange_id] = replayed
        while len(self._expected) > EXPECTED_REPLAYS:
            self._expected.popitem(last=False)

    def flush(self) -> None:
        """Store now, in the calling thread, everything that has happened until now."""
        with self._drain_lock:
            self._drain(is_last=True)

    def close(self, timeout_s: float = 1.0) -> None:
        """Store what is pending and end the thread; closing twice is no error.

        A process that was forked and recorded nothing leaves alone what its parent is about to store.
        """
        if self._pid != os.getpid():
            return
        self._closing.set()
        self._wake.set()
        thread = self._thread
        # The garbage collector may close a forgotten recorder, in whichever thread it runs: also in this one.
        if thread is not None and thread is not threading.current_thread() and thread.is_alive():
            thread.join(timeout_s)
        if self._drain_lock.acquire(timeout=timeout_s):
            try:
                self._drain(is_last=True)
            finally:
                self._drain_lock.release()

    def stats(self) -> dict[str, Any]:
        """Give what was recorded, what was lost and why, and what it cost.

        `recorded` exchanges are in the journal, `dropped` ones will never be. `pending` counts events,
        `pending_bytes` their memory, `unsaved` the records the journal has not taken yet. The journal knows
        nothing yet of `waiting` exchanges, which would be lost if this process were killed now.
        """
        (heard, heard_bytes), (told, told_bytes) = self._pending.size(), self._intake.size()
        costs = sorted(self._costs_ns)
        return {
            "recorded": self._outbox.stored,
            "dropped": self._refused + self._outbox.dropped,
            **self._faults.counts,
            "journal_errors": self._outbox.errors,
            "journal_problem": self._outbox.problem,
            "unsaved": len(self._outbox),
            "pending": heard + told,
            "pending_bytes": heard_bytes + told_bytes,
            "waiting": self._account.outstanding,
            "open": len(self._assembler),
            "adapter_errors": 0 if self._routing is None else self._routing.errors(),
            "vault_bytes": self.vault.held_bytes(),
            "recorder_us_p50": costs[len(costs) // 2] / 1000 if costs else None,
        }

    def _rouse(self) -> None:
        self._wake.set()
        if self._thread is None or self._pid != os.getpid():
            self._start()

    def _move_here(self) -> None:
        """Begin anew in a process that was forked: the thread stayed behind, and what it was about to do."""
        if self._pid == os.getpid():
            return
        self._pid = os.getpid()
        self._worker = replace(self._worker, pid=self._pid)
        self._assembler = Assembler(self._worker, self._limits)
        self._folding = self._make_folding()
        self._thread, self._drain_lock = None, threading.Lock()

    def _make_folding(self) -> Folding:
        look = None if self._redactor is None else self._redactor.look
        return Folding(self._worker, self._limits, look, self._faults)

    def _start(self) -> None:
        # Whoever does not get the lock finds the thread started by who has it; nobody waits here.
        if self._closing.is_set() or not self._start_lock.acquire(blocking=False):
            return
        try:
            self._move_here()
            if self._thread is None:
                thread = threading.Thread(target=self._run, name="inspector-recorder", daemon=True)
                thread.start()
                self._thread = thread
        finally:
            self._start_lock.release()

    def _run(self) -> None:
        while not self._closing.is_set():
            try:
                self._wait()
                with self._drain_lock:
                    self._drain(is_last=False)
            except Exception as error:  # noqa: BLE001 - named boundary: the recorder's thread
                self._faults.note("drain_errors", error)

    def _wait(self) -> None:
        """Return when there is something to do, and a little later, so that a burst becomes one batch."""
        self._wake.wait(REFRESH_S if self._changed or len(self._outbox) else None)
        self._closing.wait(GATHER_S)
        self._wake.clear()

    def _drain(self, *, is_last: bool) -> None:
        try:
            heard, told = self._pending.take(), self._intake.take()
            self._unapplied.extend(heard.facts)
            self._unapplied.extend(told.stories)
            self._rested_s, applied = None if is_last else time.thread_time(), 0
            while self._unapplied:
                for one, sheet in self._folding.fold_first(
                    self._unapplied, self._is_assembled, self._routing
                ):
                    self._take_in(one, sheet)
                    # Gone only now: a fault in between costs nothing that comes after it.
                    self._unapplied.popleft()
                    applied += 1 if sheet is not None and sheet.is_plain else LOOK_EVERY
                    if applied >= LOOK_EVERY:
                        applied = 0
                        self._rest()
            self._note_losses(heard)
            self._note_losses(told)
            self._collect(is_last)
            self._outbox.send(is_last=is_last)
        except Exception as error:  # noqa: BLE001 - named boundary: the drain
            self._faults.note("drain_errors", error)

    def _rest(self) -> None:
        """Let others have the interpreter, where there has been a stretch of work since they had it."""
        if self._rested_s is not None and time.thread_time() - self._rested_s > STRETCH_S:
            self._closing.wait(REST_S)
            self._rested_s = time.thread_time()

    def _is_assembled(self, exchange_id: str) -> bool:
        """Whether it is not folded: the journal would unfold it, it is a replay, or some was told before."""
        return not self._keeps_folded or exchange_id in self._expected or self._assembler.knows(exchange_id)

    def _take_in(self, one: Event | Told, sheet: Sheet | None) -> None:
        if not isinstance(one, Told):
            self._apply(one)
        elif sheet is not None and sheet.is_plain:
            self._collect_folded(one, sheet)
        else:
            self._tell(one)
            self._collect_told(one.exchange_id)

    def _collect_folded(self, told: Told, sheet: Sheet) -> None:
        try:
            self._note_tables(sheet.tables)
            self._outbox.add_exchange(sheet.folded)
            self._costs_ns.append(sheet.spent_ns)
        except Exception as error:  # noqa: BLE001 - named boundary: one exchange
            self._faults.note("drain_errors", error)
            self._lose_one()
        finally:
            told.notes.clear()  # whatever fails from here on, it is not told again
        self._outbox.send_when_due()

    def _tell(self, told: Told) -> None:
        try:
            self._assembler.tell(told.exchange_id, told.notes, self._routing)
            self._note_change(told.exchange_id)
        except Exception as error:  # noqa: BLE001 - named boundary: one story
            self._faults.note("drain_errors", error)
            self._abandon(told.exchange_id)

    def _collect_told(self, exchange_id: str) -> None:
        """Put a story that is over into the outbox before the next one is read: little is held at a time."""
        if not self._assembler.knows(exchange_id) or not self._assembler.is_ended(exchange_id):
            return
        self._saved_s.pop(exchange_id, None)
        self._collect_one(exchange_id, is_ended=True)
        self._changed.pop(exchange_id, None)
        self._outbox.send_when_due()

    def _apply(self, fact: Event) -> None:
        try:
            routed = None if self._routing is None else self._routing.read(fact)
            if routed is not None:
                self._assembler.apply(routed)
            self._assembler.apply(fact)
            self._note_change(fact.exchange_id)
        except Exception as error:  # noqa: BLE001 - named boundary: one fact
            self._faults.note("drain_errors", error)
            self._abandon(fact.exchange_id)

    def _note_change(self, exchange_id: str) -> None:
        if not self._assembler.knows(exchange_id):
            return
        self._changed[exchange_id] = None
        replayed = self._expected.pop(exchange_id, None) if self._expected else None
        if replayed is not None:
            self._assembler.mark_replay(exchange_id, replayed)

    def _note_tables(self, tables: Iterable[RouteTable]) -> None:
        for table in tables:
            if table.fingerprint not in self._known_tables:
                self._known_tables.add(table.fingerprint)
                self._outbox.add_table(table.snapshot())

    def _note_losses(self, batch: Batch) -> None:
        for exchange_id in batch.abandoned:
            self._abandon(exchange_id)
        if batch.refused:
            self._refused += batch.refused
            self._outbox.add_loss(batch.refused, "recorder_overflow")

    def _abandon(self, exchange_id: str) -> None:
        """End an exchange whose recording has failed; what is known of it is kept."""
        if self._assembler.knows(exchange_id):
            self._assembler.abandon(exchange_id)
            self._changed[exchange_id] = None
        else:
            self._lose_one()

    def _lose_one(self) -> None:
        self._refused += 1
        self._outbox.add_loss(1, "recorder_fault")

    def _collect(self, is_last: bool) -> None:
        """Put into the outbox what has begun, ended, or waited long enough."""
        now_s = self._clock()
        for exchange_id in list(self._changed):
            if not self._assembler.knows(exchange_id):
                # A fault struck between forgetting it and saying so.
                self._saved_s.pop(exchange_id, None)
                del self._changed[exchange_id]
                continue
            is_ended = self._assembler.is_ended(exchange_id)
            saved_s = self._saved_s.get(exchange_id)
            if is_last or is_ended or saved_s is None or now_s - saved_s >= REFRESH_S:
                self._saved_s[exchange_id] = now_s
                self._collect_one(exchange_id, is_ended=is_ended)
                del self._changed[exchange_id]

    def _collect_one(self, exchange_id: str, *, is_ended: bool) -> None:
        try:
            self._note_tables(self._assembler.tables(exchange_id))
            exchange = self._assembler.apart(exchange_id)
            shown = self._redacted(exchange)
            if shown is exchange:  # it is its own original
                self.vault.let_go(exchange_id)
            else:
                self.vault.keep(exchange)
            self._outbox.add_exchange(shown, is_ended=is_ended)
            if is_ended:
                self._costs_ns.append(exchange["recorder_ns"])
        except Exception as error:  # noqa: BLE001 - named boundary: one exchange
            self._faults.note("drain_errors", error)
            if is_ended:
                self._lose_one()
        finally:
            if is_ended:
                self._assembler.forget(exchange_id)
                self._saved_s.pop(exchange_id, None)

    def _redacted(self, exchange: Apart) -> Apart:
        if self._redactor is None:
            return exchange
        try:
            return self._redactor.redact(exchange)
        except Exception as error:  # noqa: BLE001 - named boundary: redaction fails closed
            self._faults.note("redaction_errors", error)
            return take_apart(blank_exchange(put_together(exchange)))
