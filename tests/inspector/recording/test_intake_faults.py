"""What fails while a story is taken or read costs that exchange only, is counted, and reaches nobody else."""

import asyncio
from collections.abc import Callable

import pytest

from inspector.journal.memory import MemoryJournal
from inspector.recording.account import Account
from inspector.recording.capture import Capture
from inspector.recording.faults import Faults
from inspector.recording.intake import Intake
from inspector.recording.limits import RecordingLimits
from inspector.recording.recorder import Recorder
from miniframework.bus import EventBus
from miniframework.events import Event
from miniframework.tap import Tap
from miniframework.telling.story import Story
from miniframework.types import Message, Receive, Scope, Send
from tests.inspector.asgi_conversations import http_scope
from tests.inspector.recording.recording_world import WORKER

PIECES = (b"a" * 2_000, b"b" * 2_000, b"")


class Keeper:
    """An intake with nothing behind it; `wake` is called when somebody should read."""

    def __init__(self, wake: Callable[[], None] = bool) -> None:
        self.faults = Faults("listener_errors", "drain_errors")
        self.intake = Intake(RecordingLimits(), wake, self.faults, Account())
        self.stories: list[Story] = []

    def __call__(self, event: Event) -> None:
        raise AssertionError("it is alone on its bus")

    def begin(self, story: Story) -> bool:
        self.stories.append(story)
        return self.intake.begin(story)

    def keep(self, story: Story, event: Event) -> None:
        self.intake.keep(story, event)


async def stream(scope: Scope, receive: Receive, send: Send) -> None:
    await send({"type": "http.response.start", "status": 200, "headers": []})
    for number, piece in enumerate(PIECES, 1):
        more = number < len(PIECES)
        await send({"type": "http.response.body", "body": piece, "more_body": more})


def ask(keeper: Keeper | Recorder) -> bytes:
    """What the client has of one request that is kept."""
    bus, sent = EventBus(), list[Message]()
    bus.keep(keeper)

    async def receive() -> Message:
        return {"type": "http.request", "body": b""}

    async def send(message: Message) -> None:
        sent.append(message)

    asyncio.run(Tap(stream, bus)(http_scope(), receive, send))
    return b"".join(message.get("body", b"") for message in sent)


def refuse(*_: object) -> None:
    raise MemoryError


def test_a_story_that_cannot_be_begun_is_counted_and_given_up() -> None:
    keeper = Keeper(wake=refuse)
    assert ask(keeper) == b"".join(PIECES)
    assert keeper.faults.counts == {"listener_errors": 1, "drain_errors": 0}
    assert keeper.intake.take().abandoned == [keeper.stories[0].exchange_id]


def test_an_event_that_cannot_be_kept_gives_its_story_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Capture, "take", refuse)
    keeper = Keeper()
    assert ask(keeper) == b"".join(PIECES)
    assert keeper.faults.counts == {"listener_errors": 1, "drain_errors": 0}
    assert keeper.intake.take().abandoned == [keeper.stories[0].exchange_id]


def test_a_story_that_cannot_be_read_is_given_up_and_the_next_one_is_read(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    keeper = Keeper()
    for _ in range(2):
        ask(keeper)
    real, first = Intake._tally, keeper.stories[0].exchange_id
    failing = iter([True])

    def tally(self: Intake, count: int, kept: object) -> object:
        if next(failing, False):
            raise MemoryError
        return real(self, count, kept)

    monkeypatch.setattr(Intake, "_tally", tally)
    batch = keeper.intake.take()
    assert keeper.faults.counts == {"listener_errors": 0, "drain_errors": 1}
    assert (batch.abandoned, [told.exchange_id for told in batch.stories]) == (
        [first],
        [keeper.stories[1].exchange_id],
    )


def test_beyond_its_bytes_the_data_of_a_body_is_let_go_and_its_size_stays_true() -> None:
    journal = MemoryJournal()
    recorder = Recorder(journal, worker=WORKER, limits=RecordingLimits(pending_bytes=3_000))
    with recorder._drain_lock:  # a drain that is busy
        ask(recorder)
    recorder.close()
    (row,) = journal.rows(10)[1]
    exchange = journal.exchange(row["id"])
    assert exchange is not None
    body = exchange.response_body
    assert (body.size, body.why_incomplete) == (4_000, "evicted")
    assert body.data == PIECES[0]


def test_of_a_piece_that_was_cut_the_data_is_let_go_too() -> None:
    journal = MemoryJournal()
    limits = RecordingLimits(pending_bytes=1_000, body_bytes=1_500)
    recorder = Recorder(journal, worker=WORKER, limits=limits)
    with recorder._drain_lock:
        ask(recorder)
    recorder.close()
    (row,) = journal.rows(10)[1]
    exchange = journal.exchange(row["id"])
    assert exchange is not None
    assert (exchange.response_body.size, exchange.response_body.data) == (4_000, b"")
