"""What the listener has taken and the drain has not: the one bounded queue between request and record."""

import threading
from collections.abc import Callable
from dataclasses import field
from time import perf_counter_ns

from inspector.recording.account import EVENTS, Account
from inspector.recording.capture import Allowance, Capture
from inspector.recording.facts import Arrived, BodyPiece, Failed, FramePiece, Tally
from inspector.recording.limits import RecordingLimits
from miniframework import events
from miniframework.events import Event
from miniframework.records import dataclass
from miniframework.telling.notes import Note

# An event object with its small fields, in a list.
EVENT_BYTES = 400
# What a flood consists of; everything else comes a few times an exchange.
_MASS = (
    events.RequestBodyReceived,
    events.ResponseBodySent,
    BodyPiece,
    FramePiece,
    events.OtherMessagePassed,
)


@dataclass(slots=True)
class Flow:
    """One exchange on the listener's side; `is_lost` when something of it could not be taken."""

    allowance: Allowance
    missed: int = 0
    missed_request_bytes: int = 0
    missed_response_bytes: int = 0
    spent_ns: int = 0
    is_lost: bool = False


@dataclass(slots=True)
class Told:
    """What a story told since it was last read; whoever takes a note in takes it from `notes`."""

    exchange_id: str
    notes: list[Note | Event]


@dataclass(slots=True)
class Batch:
    """What was pending, in order, how many exchanges were refused, which ones a fault cut off.

    `facts` are of exchanges that are told event by event, `stories` of all others.
    """

    facts: list[Event] = field(default_factory=list)
    stories: list[Told] = field(default_factory=list)
    refused: int = 0
    abandoned: list[str] = field(default_factory=list)


class Pending:
    """Takes events from any thread without waiting, and gives them away a batch at a time.

    Too many bytes: body data is let go, sizes stay true. Too many events: new exchanges are refused whole,
    and of known ones body pieces, frames and uninterpreted messages are only counted, so that whatever is
    recorded also ends.
    """

    def __init__(
        self, limits: RecordingLimits, wake: Callable[[], None], account: Account | None = None
    ) -> None:
        self._limits = limits
        self._cells = (account or Account()).cells
        self._capture = Capture(limits)
        self._wake = wake
        self._lock = threading.RLock()  # a finalizer that runs in here may emit, too
        self._flows: dict[str, Flow] = {}
        self._batch = Batch()
        self._bytes = 0

    def offer(self, event: Event) -> None:
        """Take an event that has just happened."""
        began_ns = perf_counter_ns()
        with self._lock:
            was_empty = not self._batch.facts and not self._batch.refused
            if type(event) is events.RequestStarted:
                self._begin(event, began_ns)
            else:
                flow = self._flows.get(event.exchange_id)
                if flow is None:
                    return
                self._take(event, flow, began_ns)
        if was_empty:
            self._wake()

    def abandon(self, event: Event) -> None:
        """Give up an exchange of which an event could not be taken."""
        with self._lock:
            flow = self._flows.pop(event.exchange_id, None)
            if flow is not None or isinstance(event, events.RequestStarted):
                self._batch.abandoned.append(event.exchange_id)
        self._wake()

    def take(self) -> Batch:
        """Give everything that is pending and begin anew."""
        with self._lock:
            batch, self._batch = self._batch, Batch()
            self._bytes = 0
        return batch

    def size(self) -> tuple[int, int]:
        """Give how many events and how many bytes are pending."""
        with self._lock:
            return len(self._batch.facts), self._bytes

    def _begin(self, event: events.RequestStarted, began_ns: int) -> None:
        if event.exchange_id in self._flows:
            return
        self._cells[EVENTS] += 1
        if self._is_full():
            self._batch.refused += 1
            return
        flow = Flow(self._capture.allowance())
        fact = self._capture.take(event, flow.allowance)
        self._flows[event.exchange_id] = flow
        self._put(fact)
        flow.spent_ns += perf_counter_ns() - began_ns

    def _take(self, event: Event, flow: Flow, began_ns: int) -> None:
        ends = is_end(event)
        fact = self._capture.take(event, flow.allowance)
        if self._is_full() and can_be_missed(fact):
            note_missed(fact, flow)
            return
        if ends:
            self._put(tally(event.exchange_id, flow, flow.spent_ns + perf_counter_ns() - began_ns))
        self._put(fact)
        if ends:
            del self._flows[event.exchange_id]
        flow.spent_ns += perf_counter_ns() - began_ns

    def _is_full(self) -> bool:
        return len(self._batch.facts) >= self._limits.pending_events

    def _put(self, fact: Event) -> None:
        size = EVENT_BYTES + held_bytes(fact)
        if self._bytes + size > self._limits.pending_bytes:
            fact = without_data(fact)
            size = EVENT_BYTES + held_bytes(fact)
        self._batch.facts.append(fact)
        self._bytes += size


def is_end(fact: Event) -> bool:
    """Tell whether it is the last of its exchange."""
    return isinstance(fact, events.RequestFinished | events.RequestFailed) or (
        isinstance(fact, Failed) and fact.ended
    )


def can_be_missed(fact: Event) -> bool:
    """Tell whether it is part of a flood, of which counts are enough."""
    return isinstance(fact, _MASS) and getattr(fact, "more", True)


def note_missed(fact: Event, flow: Flow) -> None:
    """Count what is not kept."""
    flow.missed += 1
    match fact:
        case events.RequestBodyReceived(data=data):
            flow.missed_request_bytes += len(data)
        case events.ResponseBodySent(data=data):
            flow.missed_response_bytes += len(data)
        case BodyPiece(side="request", size=size):
            flow.missed_request_bytes += size
        case BodyPiece(size=size):
            flow.missed_response_bytes += size


def tally(of: str, flow: Flow, spent_ns: int) -> Tally:
    """Give what is said of an exchange before its end."""
    return Tally(
        exchange_id=of,
        at_ns=0,
        missed=flow.missed,
        missed_request_bytes=flow.missed_request_bytes,
        missed_response_bytes=flow.missed_response_bytes,
        recorder_ns=spent_ns,
    )


def held_bytes(fact: Event) -> int:
    """Give what it holds beside its small fields."""
    if isinstance(fact, events.RequestBodyReceived | events.ResponseBodySent | BodyPiece | FramePiece):
        return len(fact.data)
    if isinstance(fact, Arrived):
        return sum(len(name) + len(value) + 200 for name, value in fact.scope.get("headers") or ())
    if isinstance(fact, Failed):
        return 20_000  # a traceback taken apart, its exceptions' texts included
    return 0


def without_data(fact: Event) -> Event:
    """Give the same fact with its body data let go."""
    match fact:
        case events.RequestBodyReceived() | events.ResponseBodySent():
            is_request = isinstance(fact, events.RequestBodyReceived)
            return BodyPiece(
                exchange_id=fact.exchange_id,
                at_ns=fact.at_ns,
                side="request" if is_request else "response",
                data=b"",
                size=len(fact.data),
                more=fact.more,
                evicted=True,
            )
        case BodyPiece():
            return BodyPiece(
                exchange_id=fact.exchange_id,
                at_ns=fact.at_ns,
                side=fact.side,
                data=b"",
                size=fact.size,
                more=fact.more,
                evicted=True,
            )
        case FramePiece():
            return FramePiece(
                exchange_id=fact.exchange_id,
                at_ns=fact.at_ns,
                direction=fact.direction,
                opcode=fact.opcode,
                data=b"",
                size=fact.size,
            )
        case _:
            return fact
