"""When the journal gets what waits for it."""

import itertools
from collections.abc import Sequence

import pytest

from inspector.journal.memory import MemoryJournal
from inspector.journal.protocol import Record
from inspector.recording.outbox import LONGEST_WAIT_S, SLICE, Outbox
from inspector.recording.recorder import Recorder
from miniframework.bus import EventBus
from miniframework.tap import Tap
from tests.inspector.journal.journal_samples import make_http
from tests.inspector.recording.recording_world import WORKER, call, http_scope, ok_app


class CountedJournal(MemoryJournal):
    """A journal that knows in how many steps it was filled."""

    steps = 0

    def append(self, records: Sequence[Record]) -> None:
        self.steps += 1
        super().append(records)


def test_what_has_waited_long_is_due() -> None:
    now_s = 100.0
    journal = CountedJournal()
    outbox = Outbox(journal, lambda: now_s)
    outbox.send_when_due()
    outbox.add_exchange(make_http("1"))
    now_s += LONGEST_WAIT_S / 2
    outbox.add_exchange(make_http("2"))
    outbox.send_when_due()
    assert (journal.steps, len(outbox)) == (0, 2)
    now_s += LONGEST_WAIT_S / 2  # of the first
    outbox.send_when_due()
    assert (journal.steps, len(outbox)) == (1, 0)
    outbox.add_exchange(make_http("3"))  # which has not waited
    outbox.send_when_due()
    assert (journal.steps, len(outbox)) == (1, 1)


def test_much_is_due_at_once() -> None:
    journal = CountedJournal()
    outbox = Outbox(journal, lambda: 0.0)
    for number in range(SLICE):
        assert journal.steps == 0
        outbox.add_exchange(make_http(str(number)))
        outbox.send_when_due()
    assert (journal.steps, len(outbox)) == (1, 0)


@pytest.mark.parametrize("redact", [False, True], ids=["as it came", "redacted"])
def test_what_takes_long_to_read_does_not_keep_the_others_waiting(redact: bool) -> None:
    journal, clock = CountedJournal(), itertools.count(0.0, LONGEST_WAIT_S)
    recorder = Recorder(journal, worker=WORKER, redact=redact, clock=lambda: next(clock))
    recorder.close()  # nothing is stored but by a flush
    bus = EventBus()
    bus.keep(recorder)
    tap = Tap(ok_app(), bus)
    for _ in range(10):
        call(tap, http_scope(headers=[(b"authorization", b"Bearer sesame")]))
    recorder.flush()
    assert recorder.stats()["recorded"] == 10
    assert journal.steps >= 5
