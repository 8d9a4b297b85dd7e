"""One viewer's outbox: what it still has to be told, bounded, and with every number accounted for.

Pure: no clock, no socket, no journal. The law it keeps at every moment, for all numbers after the one the
viewer began with:

    delivered + skipped + missed + queued == head - first

*delivered* was handed out, *skipped* is said better by something later (a newer change of the same exchange,
or a snapshot), *missed* is counted in a gap, *queued* waits.
"""

import math
from collections import OrderedDict, deque
from collections.abc import Iterator

from inspector.streaming.items import AppNoted, Item, LossNoted, RowItem, RowRemoved, RowSaved
from inspector.streaming.messages import AppChanged, Delta, Gap, Outgoing
from miniframework.records import dataclass

_ITEM_OVERHEAD = 64  # an id and punctuation, for what carries no row


@dataclass(frozen=True, slots=True, kw_only=True)
class OutboxLimits:
    """How much waits for one viewer, how much one message takes, how much goes out before an ack.

    The window counts acknowledgements and not what the socket takes: socket buffers swallow megabytes before
    a sender notices that nobody reads.
    """

    queue_items: int = 1_000
    queue_bytes: int = 1024 * 1024
    batch_items: int = 256
    batch_bytes: int = 256 * 1024
    window_deltas: int = 8
    window_bytes: int = 512 * 1024


class Subscription:
    """What one viewer that has everything up to number `first` still has to be told."""

    def __init__(self, first: int, limits: OutboxLimits | None = None) -> None:
        self.first = first
        self.head = first
        self.delivered = 0
        self.skipped = 0
        self.missed = 0
        self._limits = limits or OutboxLimits()
        self._queue: OrderedDict[str, RowItem] = OrderedDict()  # by exchange, in order of number
        self._queue_bytes = 0
        self._dropped: Gap | None = None  # stands before everything queued
        self._app: AppNoted | None = None
        self._loss: LossNoted | None = None
        self._told = first  # up to here in deltas and gaps without a hole
        self._loss_told = first
        # The last number and the bytes of each delta that is not acknowledged.
        self._in_flight: deque[tuple[int, int]] = deque()
        self._in_flight_bytes = 0

    @property
    def queued(self) -> int:
        """How many changes wait."""
        return len(self._queue) + (self._app is not None) + (self._loss is not None)

    @property
    def queued_bytes(self) -> int:
        """The bytes that the waiting changes take."""
        return self._queue_bytes

    @property
    def in_flight(self) -> int:
        """How many deltas went out and are not acknowledged."""
        return len(self._in_flight)

    @property
    def is_open(self) -> bool:
        """Tell whether the acknowledgements leave room for another delta."""
        limits = self._limits
        return len(self._in_flight) < limits.window_deltas and self._in_flight_bytes < limits.window_bytes

    @property
    def has_news(self) -> bool:
        """Tell whether `next_batch` has something to hand out once the window is open."""
        return bool(self.queued or self._dropped)

    def offer(self, item: Item) -> None:
        """Take one change. One that is not newer than `head` is known already and changes nothing.

        A change of the same exchange that still waits is replaced. When there is no room, the oldest go and
        are counted in a gap.
        """
        if item.seq <= self.head:
            return
        self.skip_to(item.seq - 1)
        self.head = item.seq
        match item:
            case AppNoted():
                self.skipped += self._app is not None
                self._app = item
            case LossNoted():
                self._take_loss(item)
            case RowSaved() | RowRemoved():
                self._take_row(item)
                self._make_room()

    def skip_to(self, head: int) -> None:
        """Account for numbers up to `head` that will not come, because something later says more."""
        if head > self.head:
            self.skipped += head - self.head
            self.head = head

    def miss_to(self, head: int) -> Gap | None:
        """Account for numbers up to `head` that the journal let go before this viewer was told of them."""
        if head <= self.head:
            return None
        count = head - self.head
        gap = Gap(first=self.head + 1, last=head, count=count, reason="retention")
        self.missed += count
        self.head = head
        return gap

    def restart(self, seq: int) -> None:
        """Begin again after a snapshot that is true at number `seq`; it says more than all rows that wait."""
        self.skipped += len(self._queue)
        self._queue.clear()
        self._queue_bytes = 0
        self._dropped = None
        self.skip_to(seq)
        self._told = self.head
        self._in_flight.clear()
        self._in_flight_bytes = 0

    def acknowledge(self, to: int) -> None:
        """Open the window again: the page has dealt with everything up to `to`."""
        while self._in_flight and self._in_flight[0][0] <= to:
            self._in_flight_bytes -= self._in_flight.popleft()[1]

    def next_batch(self) -> tuple[Outgoing, ...]:
        """Hand out what comes next, counted as delivered; nothing while the window is closed."""
        if not self.is_open:
            return ()
        out: list[Outgoing] = []
        if self._dropped:
            # A page goes on after the last number it heard: what is told too early skips the rest.
            out.extend(self._pop_loss(before=self._dropped.last))
            out.append(self._dropped)
            self._told = self._dropped.last
            self._dropped = None
        out.extend(self._pop_loss(before=self._next_row()))
        if self._queue:
            out.append(self._pop_delta())
            out.extend(self._pop_loss(before=self._next_row()))
        if self._app:
            out.append(AppChanged())
            self._app = None
            self.delivered += 1
        return tuple(out)

    def _next_row(self) -> float:
        """The number of the row that comes next."""
        return next(iter(self._queue.values())).seq if self._queue else math.inf

    def _pop_loss(self, *, before: float) -> Iterator[Gap]:
        """Give the loss when it stands before that number; its own number never takes the page back."""
        if (loss := self._loss) is None or loss.seq > before:
            return
        heard = max(self._told, self._loss_told)
        self._loss_told = number = heard if self._dropped else max(heard, loss.seq)
        self._loss = None
        self.delivered += 1
        yield Gap(first=number, last=number, count=loss.count, reason=loss.reason)

    def _take_loss(self, item: LossNoted) -> None:
        if earlier := self._loss:
            self.skipped += 1
            reason = item.reason if item.reason == earlier.reason else "recorder_overflow"
            item = LossNoted(seq=item.seq, count=item.count + earlier.count, reason=reason)
        self._loss = item

    def _take_row(self, item: RowItem) -> None:
        if earlier := self._queue.pop(item.exchange_id, None):
            self._queue_bytes -= _size(earlier)
            self.skipped += 1
        self._queue[item.exchange_id] = item
        self._queue_bytes += _size(item)

    def _make_room(self) -> None:
        limits = self._limits
        while len(self._queue) > limits.queue_items or self._queue_bytes > limits.queue_bytes:
            oldest = self._pop_oldest()
            self.missed += 1
            first = self._dropped.first if self._dropped else self._told + 1
            count = self._dropped.count + 1 if self._dropped else 1
            self._dropped = Gap(first=first, last=oldest.seq, count=count, reason="slow_viewer")

    def _pop_oldest(self) -> RowItem:
        _, item = self._queue.popitem(last=False)
        self._queue_bytes -= _size(item)
        return item

    def _pop_delta(self) -> Delta:
        batch: list[RowItem] = []
        size = 0
        until = self._loss.seq if self._loss else math.inf
        while self._next_row() < until and len(batch) < self._limits.batch_items:
            batch.append(self._pop_oldest())
            size += _size(batch[-1])
            if size >= self._limits.batch_bytes:
                break
        last = batch[-1].seq if self._queue else self.head
        first, self._told = self._told + 1, min(last, self._loss.seq - 1) if self._loss else last
        self.delivered += len(batch)
        self._in_flight.append((self._told, size))
        self._in_flight_bytes += size
        rows = tuple(item.text for item in batch if isinstance(item, RowSaved))
        removed = tuple(item.exchange_id for item in batch if isinstance(item, RowRemoved))
        return Delta(first=first, last=self._told, rows=rows, removed=removed)


def _size(item: RowItem) -> int:
    return _ITEM_OVERHEAD + (item.size if isinstance(item, RowSaved) else 0)
