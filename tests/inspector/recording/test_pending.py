"""The one queue between requests and their record: bounded, and honest about what it let go."""

import dataclasses
import gc
import threading
import tracemalloc
import weakref

from inspector.model import HttpExchange, SocketExchange
from inspector.recording.assembler import Assembler
from inspector.recording.limits import RecordingLimits
from inspector.recording.pending import Pending
from miniframework import events
from miniframework.events import Event
from tests.inspector.recording.recording_world import ID, WORKER, Story, http_scope, socket_scope


def offered(told: list[Event], limits: RecordingLimits) -> Pending:
    pending = Pending(limits, lambda: None)
    for event in told:
        pending.offer(event)
    return pending


def exchange_of(pending: Pending):
    assembler = Assembler(WORKER)
    for fact in pending.take().facts:
        assembler.apply(fact)
    return assembler.exchange(ID)


def download(chunks: int, size: int) -> Story:
    story = Story(http_scope()).then(events.ResponseStarted, status=200, headers=[])
    for _ in range(chunks):
        story.then(events.ResponseBodySent, data=bytes(size), more=True)
    return story.then(events.ResponseBodySent, data=b"", more=False).then(events.RequestFinished)


def test_it_wakes_the_drain_once_for_a_batch() -> None:
    woken: list[None] = []
    pending = Pending(RecordingLimits(), lambda: woken.append(None))
    for event in download(5, 10).events:
        pending.offer(event)
    assert len(woken) == 1
    pending.take()
    pending.offer(Story(http_scope(), "other").events[0])
    assert len(woken) == 2


def test_a_large_body_costs_no_more_than_its_cap() -> None:
    limits = RecordingLimits(body_bytes=1000)
    events_of_a_download = download(200, 100_000).events
    tracemalloc.start()
    pending = offered(events_of_a_download, limits)
    held, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert held < 300_000
    body = exchange_of(pending).response_body
    assert (body.size, len(body.data), body.why_incomplete) == (20_000_000, 1000, "limit")


def test_beyond_the_bytes_data_is_let_go_and_sizes_stay_true() -> None:
    pending = offered(download(10, 1000).events, RecordingLimits(pending_bytes=8_000))
    assert pending.size()[1] < 12_000
    exchange = exchange_of(pending)
    assert isinstance(exchange, HttpExchange)
    assert exchange.response_body.size == 10_000
    assert len(exchange.response_body.data) < 10_000
    assert exchange.response_body.why_incomplete == "evicted"
    assert exchange.status == 200


def test_beyond_the_count_a_flood_is_counted_and_the_exchange_still_ends() -> None:
    story = download(100, 10)
    pending = offered(story.events, RecordingLimits(pending_events=20))
    assert pending.size()[0] <= 20 + 3
    exchange = exchange_of(pending)
    assert isinstance(exchange, HttpExchange)
    assert exchange.state == "complete"
    assert exchange.response_body.size == 1000
    assert exchange.messages_left_out == 82
    assert len(exchange.messages) + exchange.messages_left_out == 102


def test_frames_beyond_the_count_are_counted() -> None:
    story = Story(socket_scope()).then(events.SocketAccepted, subprotocol=None, headers=[])
    for number in range(50):
        story.then(events.SocketFrameSent, data=str(number))
    story.then(events.RequestFinished)
    exchange = exchange_of(offered(story.events, RecordingLimits(pending_events=10)))
    assert isinstance(exchange, SocketExchange)
    assert len(exchange.frames) == 8
    assert exchange.messages_left_out == 42


def test_beyond_the_count_new_exchanges_are_refused_whole_and_counted() -> None:
    pending = Pending(RecordingLimits(pending_events=3), lambda: None)
    for number in range(10):
        for event in Story(http_scope(), f"e{number}").then(events.RequestFinished).events:
            pending.offer(event)
    batch = pending.take()
    seen = {fact.exchange_id for fact in batch.facts}
    assert len(seen) + batch.refused == 10
    assert batch.refused > 0
    assert sum(isinstance(fact, events.RequestFinished) for fact in batch.facts) == len(seen)


def test_nothing_is_lost_when_many_threads_offer() -> None:
    pending = Pending(RecordingLimits(), lambda: None)
    stories = [download(50, 1) for _ in range(4)]
    for number, story in enumerate(stories):
        story.events = [type(event)(**_fields(event, f"e{number}")) for event in story.events]

    def offer_all(told: list[Event]) -> None:
        for event in told:
            pending.offer(event)

    threads = [threading.Thread(target=offer_all, args=(story.events,)) for story in stories]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    # Each story's events, and its tally.
    assert len(pending.take().facts) == sum(len(story.events) + 1 for story in stories)


def _fields(event: Event, exchange_id: str) -> dict:
    values = {field.name: getattr(event, field.name) for field in dataclasses.fields(event)}
    return values | {"exchange_id": exchange_id}


def test_nothing_of_the_applications_is_kept_alive_by_what_is_pending() -> None:
    class Connection:
        """Stands for whatever a server or an application puts into the scope."""

    connection = Connection()
    scope = http_scope(app=connection, state={"db": connection}, extensions={"own": {"x": connection}})
    pending = offered(Story(scope).events, RecordingLimits())
    seen = weakref.ref(connection)
    del connection, scope
    gc.collect()
    assert pending.size()[0] == 1
    assert seen() is None
