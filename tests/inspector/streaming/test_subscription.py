"""One viewer's outbox: the law that every number is accounted for, and what a viewer ends up holding."""

from dataclasses import dataclass, field

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inspector.journal.protocol import Change
from inspector.streaming.items import AppNoted, Item, LossNoted, RowRemoved, RowSaved, read_item
from inspector.streaming.messages import AppChanged, Delta, Gap
from inspector.streaming.subscription import OutboxLimits, Subscription

SMALL = OutboxLimits(
    queue_items=5, queue_bytes=1_000, batch_items=3, batch_bytes=400, window_deltas=2, window_bytes=500
)


def row(seq: int, exchange_id: str = "", size: int = 10) -> RowSaved:
    return RowSaved(seq=seq, exchange_id=exchange_id or f"x{seq}", text=f"{exchange_id}@{seq}", size=size)


def accounted(subscription: Subscription) -> int:
    return subscription.delivered + subscription.skipped + subscription.missed + subscription.queued


@dataclass
class World:
    """A journal's numbers, one viewer's outbox, and what that viewer was told."""

    subscription: Subscription
    seq: int = 0
    told: list[Delta | Gap | AppChanged] = field(default_factory=list)

    def do(self, step: tuple[str, int]) -> None:
        kind, value = step
        match kind:
            case "save":
                self.offer(row(self.next(), f"e{value % 4}", size=value * 13))
            case "remove":
                self.offer(RowRemoved(seq=self.next(), exchange_id=f"e{value % 4}"))
            case "app":
                self.offer(AppNoted(seq=self.next()))
            case "loss":
                self.offer(LossNoted(seq=self.next(), count=value + 1))
            case "hole":
                self.seq += value
            case "known":
                self.offer(row(max(1, self.seq - value)))
            case "send":
                self.told.extend(self.subscription.next_batch())
            case "ack":
                self.subscription.acknowledge(self.seq - value)
            case "snapshot":
                self.subscription.restart(self.seq)
            case "torn":
                self.subscription.miss_to(self.seq)

    def next(self) -> int:
        self.seq += 1
        return self.seq

    def offer(self, item: Item) -> None:
        self.subscription.offer(item)


KINDS = ["save", "remove", "app", "loss", "hole", "known", "send", "ack", "snapshot", "torn"]
some_steps = st.lists(st.tuples(st.sampled_from(KINDS), st.integers(0, 30)), max_size=60)


@given(steps=some_steps, first=st.integers(0, 5))
def test_every_number_is_delivered_skipped_missed_or_queued(steps: list[tuple[str, int]], first: int) -> None:
    world = World(Subscription(first, SMALL), seq=first)
    for step in steps:
        world.do(step)
        subscription = world.subscription
        assert accounted(subscription) == subscription.head - first
        assert subscription.queued <= SMALL.queue_items + 2  # and at most one app and one loss
        assert subscription.queued_bytes <= SMALL.queue_bytes
        assert subscription.in_flight <= SMALL.window_deltas


@given(steps=some_steps)
def test_a_viewer_that_acknowledges_is_told_intervals_without_hole_or_overlap(
    steps: list[tuple[str, int]],
) -> None:
    world = World(Subscription(0, SMALL))
    for step in steps:
        if step[0] not in ("snapshot", "torn"):
            world.do(step)
    while world.subscription.has_news:
        world.subscription.acknowledge(world.seq)
        world.do(("send", 0))
    reached = 0
    for message in world.told:
        if isinstance(message, Delta | Gap) and not (
            isinstance(message, Gap) and message.reason == "recorder_overflow"
        ):
            assert message.first == reached + 1
            assert message.last >= message.first
            reached = message.last
    assert accounted(world.subscription) == world.subscription.head


@given(steps=some_steps)
def test_without_a_gap_a_slow_viewer_ends_with_the_rows_of_a_fast_one(steps: list[tuple[str, int]]) -> None:
    slow, fast = World(Subscription(0)), World(Subscription(0))
    for step in steps:
        if step[0] in ("save", "remove", "hole"):
            slow.do(step)
            fast.do(step)
            fast.do(("send", 0))
            fast.do(("ack", 0))
    slow.do(("send", 0))
    assert held(slow) == held(fast)


def held(world: World) -> dict[str, str]:
    rows: dict[str, str] = {}
    for message in world.told:
        if isinstance(message, Delta):
            rows |= {text.partition("@")[0]: text for text in message.rows}
            for exchange_id in message.removed:
                rows.pop(exchange_id, None)
    return rows


def test_a_newer_change_of_an_exchange_replaces_the_one_that_waits() -> None:
    subscription = Subscription(10)
    for item in (row(11, "a"), row(12, "b"), row(13, "a")):
        subscription.offer(item)
    [delta] = subscription.next_batch()
    assert delta == Delta(first=11, last=13, rows=("b@12", "a@13"), removed=())
    assert (subscription.delivered, subscription.skipped) == (2, 1)


def test_a_full_outbox_drops_the_oldest_and_says_how_many() -> None:
    subscription = Subscription(0, SMALL)
    for seq in range(1, 9):
        subscription.offer(row(seq))
    gap, delta = subscription.next_batch()
    assert gap == Gap(first=1, last=3, count=3, reason="slow_viewer")
    assert isinstance(delta, Delta)
    assert (delta.first, delta.last, len(delta.rows)) == (4, 6, 3)


def test_the_outbox_is_bounded_in_bytes_too() -> None:
    subscription = Subscription(0, SMALL)
    subscription.offer(row(1, size=900))
    subscription.offer(row(2, size=900))
    gap, delta = subscription.next_batch()
    assert isinstance(gap, Gap)
    assert (gap.first, gap.last) == (1, 1)
    assert isinstance(delta, Delta)
    assert delta.first == 2


def test_the_window_is_opened_by_acknowledgements_only() -> None:
    subscription = Subscription(0, SMALL)
    told = []
    for seq in range(1, 5):
        subscription.offer(row(seq))
        told.extend(subscription.next_batch())
    assert [message.last for message in told if isinstance(message, Delta)] == [1, 2]
    subscription.acknowledge(1)
    [delta] = subscription.next_batch()
    assert isinstance(delta, Delta)
    assert (delta.first, delta.last) == (3, 4)


def test_an_acknowledgement_of_what_was_never_sent_opens_no_more_than_all() -> None:
    subscription = Subscription(0, SMALL)
    subscription.offer(row(1))
    subscription.next_batch()
    subscription.acknowledge(10**30)
    assert subscription.in_flight == 0
    assert subscription.is_open


def test_the_last_delta_reaches_the_head_so_that_a_resume_asks_for_nothing_twice() -> None:
    subscription = Subscription(0)
    subscription.offer(row(1))
    subscription.skip_to(9)
    [delta] = subscription.next_batch()
    assert isinstance(delta, Delta)
    assert (delta.first, delta.last) == (1, 9)


def test_losses_of_the_recorder_add_up_and_are_told_as_their_own_kind() -> None:
    subscription = Subscription(0)
    subscription.offer(LossNoted(seq=1, count=5))
    subscription.offer(LossNoted(seq=2, count=7))
    [gap] = subscription.next_batch()
    assert gap == Gap(first=2, last=2, count=12, reason="recorder_overflow")
    assert not gap.recoverable


def test_a_loss_is_told_where_it_stands_so_that_a_page_that_leaves_after_any_message_misses_nothing() -> None:
    subscription = Subscription(0, OutboxLimits(batch_items=2))
    for seq in (1, 2, 3, 4):
        subscription.offer(row(seq, f"e{seq}"))
    subscription.offer(LossNoted(seq=5, count=1))
    subscription.offer(row(6, "e6"))
    told = [*subscription.next_batch(), *subscription.next_batch(), *subscription.next_batch()]
    assert [(type(one).__name__, one.first, one.last) for one in told if not isinstance(one, AppChanged)] == [
        ("Delta", 1, 2),
        ("Delta", 3, 4),
        ("Gap", 5, 5),
        ("Delta", 5, 6),
    ]


def test_a_loss_that_a_snapshot_has_overtaken_does_not_take_the_page_back() -> None:
    subscription = Subscription(0)
    subscription.offer(LossNoted(seq=3, count=1))
    subscription.restart(9)
    [gap] = subscription.next_batch()
    assert gap == Gap(first=9, last=9, count=1, reason="recorder_overflow")


def test_a_loss_among_what_was_dropped_is_told_before_it() -> None:
    subscription = Subscription(0, OutboxLimits(queue_items=1))
    subscription.offer(row(1, "e1"))
    subscription.offer(LossNoted(seq=2, count=1))
    subscription.offer(row(3, "e3"))
    subscription.offer(row(4, "e4"))
    told = subscription.next_batch()
    assert [(one.reason, one.first, one.last) for one in told if isinstance(one, Gap)] == [
        ("recorder_overflow", 0, 0),
        ("slow_viewer", 1, 3),
    ]


@given(steps=some_steps, first=st.integers(0, 5))
def test_a_page_never_goes_back_and_never_passes_what_was_not_told(
    steps: list[tuple[str, int]], first: int
) -> None:
    world = World(Subscription(first, SMALL), seq=first)
    heard = first
    for step in steps:
        world.do(step)
        if step[0] in ("snapshot", "torn"):
            heard = max(heard, world.subscription.head)
        for one in world.told:
            if isinstance(one, AppChanged):
                continue
            assert one.last >= heard
            if not isinstance(one, Gap) or one.reason == "slow_viewer":
                assert one.first <= heard + 1
            heard = one.last
        world.told.clear()


def test_a_loss_of_a_process_that_was_killed_says_so() -> None:
    change = Change(seq=3, kind="loss", detail={"count": 4, "reason": "process_killed"})
    item = read_item(change)
    assert isinstance(item, LossNoted)
    subscription = Subscription(0)
    subscription.offer(item)
    assert subscription.next_batch() == (Gap(first=3, last=3, count=4, reason="process_killed"),)


def test_a_change_of_the_application_is_told_once_however_many_there_were() -> None:
    subscription = Subscription(0)
    for seq in range(1, 6):
        subscription.offer(AppNoted(seq=seq))
    assert subscription.next_batch() == (AppChanged(),)
    assert subscription.next_batch() == ()


def test_what_the_journal_let_go_is_a_gap_that_nothing_brings_back() -> None:
    subscription = Subscription(4)
    gap = subscription.miss_to(10)
    assert gap == Gap(first=5, last=10, count=6, reason="retention")
    assert not gap.recoverable
    assert subscription.miss_to(10) is None


@pytest.mark.parametrize("seq", [1, 5, 10])
def test_a_number_known_already_changes_nothing(seq: int) -> None:
    subscription = Subscription(10)
    subscription.offer(row(seq))
    assert not subscription.has_news
    assert accounted(subscription) == 0
