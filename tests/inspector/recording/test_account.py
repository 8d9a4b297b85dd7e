"""What the account says of a recorder: how much would be lost if its process were killed now."""

import asyncio

import pytest

from inspector.cli.shared_account import open_account, shared_memory
from inspector.journal.memory import MemoryJournal
from inspector.model import State
from inspector.recording.account import SETTLED, Account
from inspector.recording.limits import RecordingLimits
from inspector.recording.outbox import MAX_WAITING_BYTES, Outbox
from inspector.recording.recorder import Recorder
from miniframework.bus import EventBus
from miniframework.tap import Tap
from miniframework.types import Message
from tests.inspector.journal.journal_samples import make_http
from tests.inspector.recording.full_journal import FullJournal
from tests.inspector.recording.recording_world import WORKER, call, http_scope, ok_app


class Held:
    """An application whose requests end when they are let."""

    def __init__(self) -> None:
        self.has_begun = asyncio.Event()
        self.may_end = asyncio.Event()

    async def __call__(self, scope, receive, send) -> None:
        self.has_begun.set()
        await self.may_end.wait()
        await ok_app()(scope, receive, send)


def recorder_on(journal: MemoryJournal, account: Account, limits: RecordingLimits | None = None) -> Recorder:
    recorder = Recorder(journal, worker=WORKER, limits=limits, account=account)
    recorder.close()  # nothing is stored but by a flush
    return recorder


def listened(recorder: Recorder, *, as_events: bool) -> Tap:
    bus = EventBus()
    bus.keep(recorder)
    if as_events:
        bus.subscribe(lambda event: None)
    return Tap(ok_app(), bus)


@pytest.mark.parametrize("as_events", [False, True], ids=["as stories", "as events"])
def test_what_the_journal_does_not_know_yet_is_outstanding(as_events: bool) -> None:
    account = Account()
    recorder = recorder_on(MemoryJournal(), account)
    tap = listened(recorder, as_events=as_events)
    for _ in range(3):
        call(tap, http_scope())
    assert (account.outstanding, recorder.stats()["waiting"]) == (3, 3)
    recorder.flush()
    assert account.outstanding == 0


def test_an_exchange_whose_response_is_whole_before_it_ends_is_settled_once_too() -> None:
    account, held = Account(), Held()
    recorder = recorder_on(MemoryJournal(), account)
    bus = EventBus()
    bus.keep(recorder)

    async def answer_and_go_on(scope, receive, send) -> None:
        await ok_app()(scope, receive, send)
        await held(scope, receive, send_nothing)

    async def send_nothing(message: Message) -> None: ...

    async def main() -> None:
        tap = Tap(answer_and_go_on, bus)
        running = asyncio.create_task(tap(http_scope(), lambda: None, send_nothing))
        await held.has_begun.wait()
        recorder.flush()
        held.may_end.set()
        await running
        recorder.flush()

    asyncio.run(main())
    assert account.cells[SETTLED] == 1


def test_an_exchange_that_goes_on_is_settled_once_when_the_journal_first_knows_it() -> None:
    account, held = Account(), Held()
    recorder = recorder_on(MemoryJournal(), account)
    bus = EventBus()
    bus.keep(recorder)

    async def main() -> list[int]:
        async def send(message: Message) -> None: ...

        running = asyncio.create_task(Tap(held, bus)(http_scope(), lambda: None, send))
        await held.has_begun.wait()
        seen = [account.outstanding]
        recorder.flush()
        seen.append(account.outstanding)
        held.may_end.set()
        await running
        recorder.flush()
        after = [account.outstanding]
        await Tap(ok_app(), bus)(http_scope(), lambda: None, send)
        return [*seen, *after, account.outstanding]

    assert asyncio.run(main()) == [1, 0, 0, 1]


def test_a_loss_is_settled_when_the_journal_has_its_count() -> None:
    account, journal = Account(), FullJournal()
    recorder = recorder_on(journal, account, RecordingLimits(pending_events=10))
    tap = listened(recorder, as_events=False)
    for _ in range(5):
        call(tap, http_scope())  # one is taken, four are refused
    recorder.flush()
    assert account.outstanding == 5
    journal.is_full = False
    recorder.flush()
    assert account.outstanding == 0
    losses = [change.detail for change in journal.read_after(0, 10) if change.kind == "loss"]
    assert losses == [{"count": 4, "reason": "recorder_overflow"}]


@pytest.mark.parametrize("is_known", [True, False], ids=["the journal knows it", "it is lost at once"])
def test_an_exchange_of_which_one_state_is_lost_and_another_is_stored_is_settled_once(is_known: bool) -> None:
    account, journal = Account(), FullJournal()
    journal.is_full = not is_known
    outbox = Outbox(journal, lambda: 0.0, account)
    outbox.add_exchange(make_http("goes on", State.STREAMING), is_ended=False)
    outbox.send(is_last=True)
    journal.is_full = True
    goes_on = make_http("goes on", State.STREAMING, b"x" * (MAX_WAITING_BYTES + 1))
    outbox.add_exchange(goes_on, is_ended=False)
    outbox.send(is_last=True)
    outbox.add_exchange(make_http("goes on"))
    journal.is_full = False
    outbox.send(is_last=True)
    assert (outbox.dropped, account.cells[SETTLED]) == (1, 1)


def test_shared_memory_is_read_by_whoever_has_its_descriptor() -> None:
    with shared_memory() as descriptor:
        ours, theirs = open_account(descriptor), open_account(descriptor)
    call(listened(recorder_on(MemoryJournal(), theirs), as_events=False), http_scope())
    assert ours.outstanding == 1
