"""What only Redis has: several hosts on one recording; a server that dies, hangs, forgets, or never was."""

import asyncio
import contextlib
import dataclasses
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import redis

from inspector.errors import JournalError
from inspector.journal.opening import open_journal
from inspector.journal.protocol import (
    AppStatus,
    Command,
    JournalLimits,
    LossNoted,
    Saved,
    StatsSaved,
    StatusSaved,
    TableSaved,
)
from inspector.journal.redis import ANSWER_TIMEOUT_S, RedisJournal
from inspector.model import State, Worker
from inspector.recording.outbox import MAX_WAITING_BYTES, Outbox
from tests.inspector.journal.journal_samples import TABLE, WORKER, make_http
from tests.inspector.journal.redis_server import RedisServer

DEADLINE_S = 60.0
SECRET = "s3cr3t-of-redis"


@pytest.fixture
def own_server(tmp_path: Path) -> Iterator[RedisServer]:
    """A Redis that a test may kill; it writes everything down, so that it comes back with what it had."""
    server = RedisServer(tmp_path, "--appendonly", "yes", "--appendfsync", "always")
    server.start()
    yield server
    server.kill()


@pytest.fixture
def shared(redis_server: RedisServer, tmp_path: Path) -> Iterator[list[RedisJournal]]:
    """Two processes' journals on one recording."""
    journals = [RedisJournal(redis_server.url(tmp_path.name)) for _ in range(2)]
    yield journals
    for journal in journals:
        journal.close()


def test_several_hosts_write_one_list_that_several_dashboards_read(shared: list[RedisJournal]) -> None:
    def write(number: int) -> None:
        for part in range(25):
            shared[number % 2].append([Saved(make_http(f"{number}-{part:02}"))])

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(write, range(4)))
    first, second = (journal.read_after(0, 1000) for journal in shared)
    assert first == second
    assert [change.seq for change in first] == list(range(1, 101))
    assert len({change.exchange_id for change in first}) == 100


def test_a_host_of_which_nothing_is_heard_has_stopped_until_it_is_heard_of_again(
    redis_server: RedisServer, tmp_path: Path, shared: list[RedisJournal]
) -> None:
    ours, theirs = shared
    far, near = Worker(host="far-away", pid=1), Worker(host="near", pid=1)
    for worker in (far, near):
        theirs.append([StatusSaved(AppStatus(worker=worker, state="running", target="shop:app"))])
    theirs.append([Saved(dataclasses.replace(make_http("a", State.PENDING), worker=far))])

    def states() -> dict[str, str]:
        return {status.worker.host: status.state for status in ours.status()}

    assert states() == {"far-away": "running", "near": "running"}
    with contextlib.closing(redis.Redis.from_url(redis_server.url("x").partition("?")[0])) as client:
        client.hset("{" + tmp_path.name + "}:heard", "far-away 1", 0)
    assert states() == {"far-away": "stopped", "near": "running"}

    # Whoever writes next says what became of its requests; it may come back.
    ours.append([StatsSaved(near, {"recorded": 1})])
    assert [row["state"] for row in ours.rows(10)[1]] == ["lost"]
    theirs.append([StatsSaved(far, {"recorded": 1})])
    assert states() == {"far-away": "running", "near": "running"}


def test_recordings_of_other_names_are_not_seen(redis_server: RedisServer, tmp_path: Path) -> None:
    shop, office = (RedisJournal(redis_server.url(f"{tmp_path.name}.{name}")) for name in ("shop", "office"))
    shop.append([Saved(make_http("a"))])
    assert (shop.bounds().head, office.bounds().head) == (1, 0)
    shop.close()
    office.close()


def test_a_reader_in_another_process_is_woken(shared: list[RedisJournal]) -> None:
    reader, writer = shared

    async def wake() -> float:
        head = await asyncio.to_thread(lambda: reader.bounds().head)
        waiting = asyncio.create_task(reader.wait_after(head, DEADLINE_S))
        await asyncio.to_thread(reader._bell.listen)
        began = time.monotonic()
        await asyncio.to_thread(writer.append, [LossNoted(1, "test")])
        assert await waiting
        return time.monotonic() - began

    assert min(asyncio.run(wake()) for _ in range(5)) < 0.5, "a waiter that is not woken looks after 1 s only"


def test_while_redis_is_dead_what_is_recorded_waits_and_is_sent_when_it_is_back(
    own_server: RedisServer,
) -> None:
    journal = RedisJournal(own_server.url())
    outbox = Outbox(journal, time.monotonic)
    outbox.add_exchange(make_http("before"))
    outbox.send(is_last=True)
    own_server.kill()
    for number in range(20):
        outbox.add_exchange(make_http(f"during {number:02}"))
        outbox.send(is_last=True)
    assert outbox.problem is not None
    assert "Redis at 127.0.0.1" in outbox.problem
    own_server.start()
    outbox.send(is_last=True)
    assert (outbox.problem, len(outbox), outbox.dropped) == (None, 0, 0)
    _, rows = journal.rows(100)
    assert [row["id"] for row in rows] == ["before", *(f"during {number:02}" for number in range(20))]
    journal.close()


def test_what_goes_beyond_the_bound_while_redis_is_dead_is_a_counted_loss(own_server: RedisServer) -> None:
    journal = RedisJournal(own_server.url())
    outbox = Outbox(journal, time.monotonic)
    own_server.kill()
    big = MAX_WAITING_BYTES // 4
    for number in range(6):
        outbox.add_exchange(make_http(str(number), body=b"x" * big))
        outbox.send(is_last=True)
    own_server.start()
    outbox.send(is_last=True)
    kept = [row["id"] for row in journal.rows(10)[1]]
    (loss,) = [change.detail for change in journal.read_after(0, 100) if change.kind == "loss"]
    assert loss == {"count": 6 - len(kept), "reason": "journal_failure"}
    assert kept == ["3", "4", "5"]
    journal.close()


def test_a_redis_that_hangs_holds_up_no_event_loop(own_server: RedisServer) -> None:
    journal = RedisJournal(own_server.url())

    async def longest_pause_s() -> float:
        waiting = asyncio.create_task(journal.wait_command(2.0, Worker(host="h", pid=1)))
        longest, last = 0.0, time.monotonic()
        while not waiting.done():
            await asyncio.sleep(0.001)
            now = time.monotonic()
            longest, last = max(longest, now - last), now
        assert not await waiting
        return longest

    journal.append([TableSaved(TABLE)])
    own_server.pause(True)
    try:
        assert asyncio.run(longest_pause_s()) < ANSWER_TIMEOUT_S
    finally:
        own_server.pause(False)
        journal.close()


def test_a_waiter_that_waits_through_a_death_hears_of_what_comes_after(own_server: RedisServer) -> None:
    journal = RedisJournal(own_server.url())
    journal.append([Saved(make_http("a"))])

    async def wait() -> bool:
        waiting = asyncio.create_task(journal.wait_after(1, DEADLINE_S))
        await asyncio.to_thread(journal._bell.listen)
        await asyncio.to_thread(own_server.kill)
        await asyncio.to_thread(own_server.start)
        await asyncio.to_thread(journal.append, [Saved(make_http("b"))])
        return await waiting

    assert asyncio.run(wait())
    journal.close()


def test_a_redis_that_forgot_everything_begins_a_new_log(redis_server: RedisServer, tmp_path: Path) -> None:
    journal = RedisJournal(redis_server.url(tmp_path.name))
    journal.append([Saved(make_http("a"))])
    before = journal.bounds().log
    with redis.Redis(port=redis_server.port) as client:
        client.delete(*client.keys("{" + tmp_path.name + "}:*"))
    assert journal.bounds().log != before
    journal.append([Saved(make_http("b"))])
    assert [row["id"] for row in journal.rows(10)[1]] == ["b"]
    journal.close()


def test_what_a_full_redis_evicted_is_passed_over(redis_server: RedisServer, tmp_path: Path) -> None:
    journal = RedisJournal(redis_server.url(tmp_path.name), JournalLimits(max_exchanges=2))
    journal.append([Saved(make_http("a")), Saved(make_http("b"))])
    with redis.Redis(port=redis_server.port) as client:
        client.delete("{" + tmp_path.name + "}:exchange:a")
    assert [row["id"] for row in journal.rows(10)[1]] == ["b"]
    assert [change.exchange_id for change in journal.read_after(0, 10)] == ["b"]
    journal.append([Saved(make_http("c"))])
    assert [row["id"] for row in journal.rows(10)[1]] == ["b", "c"]
    journal.close()


@pytest.mark.parametrize(
    ("refusal", "said"),
    [
        (("maxmemory", "1"), "maxmemory"),
        (("min-replicas-to-write", "1"), "Not enough good replicas"),
    ],
    ids=["full", "without its replicas"],
)
def test_what_a_redis_that_takes_nothing_holds_can_be_read(
    own_server: RedisServer, refusal: tuple[str, str], said: str
) -> None:
    journal = RedisJournal(own_server.url())
    journal.append([Saved(make_http("a"))])
    with redis.Redis(port=own_server.port) as client:
        client.config_set(*refusal)
        with pytest.raises(JournalError, match=said):
            journal.append([Saved(make_http("b"))])
        assert (journal.bounds().head, journal.status()) == (1, [])
        assert [row["id"] for row in journal.rows(10)[1]] == ["a"]
        assert journal.read_after(0, 10)[0].exchange_id == "a"
        assert journal.exchange("a") is not None
        client.config_set(refusal[0], "0")
    journal.append([Saved(make_http("b"))])
    assert journal.bounds().head == 2
    journal.close()


GARBAGE = [b"", b"{", b"[1]", b"null", b'"x"', b"\xff", b"{}", b'{"id": 5}', b"[" * 100_000]


@pytest.mark.parametrize("garbage", GARBAGE, ids=range(len(GARBAGE)))
def test_what_another_program_has_written_costs_itself_only(
    redis_server: RedisServer, tmp_path: Path, garbage: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    journal = RedisJournal(redis_server.url(tmp_path.name))
    status = AppStatus(worker=WORKER, state="running", target="shop:app", table="t")
    journal.append([Saved(make_http("a")), Saved(make_http("b")), StatusSaved(status)])
    kept = "{" + tmp_path.name + "}:"
    with redis.Redis(port=redis_server.port) as client:
        client.hset(kept + "exchange:a", mapping={"row": garbage, "document": garbage})
        client.hset(kept + "statuses", "other 1", garbage)
        client.zadd(kept + "statuses_order", {"other 1": 5})
        client.rpush(kept + "served", garbage)
    assert [row["id"] for row in journal.rows(10)[1]] == ["b"]
    assert [change.exchange_id for change in journal.read_after(0, 2)] == ["b"]
    assert [one.target for one in journal.status()] == ["shop:app"]
    assert [one.table for one in journal.tables_served(10)] == ["t"]
    with pytest.raises(JournalError, match="cannot be read"):
        journal.exchange("a")
    assert journal.exchange("b") is not None
    assert journal.unreadable >= 3
    assert len([message for message in caplog.messages if "is not ours" in message]) == 1
    journal.close()


def test_nothing_is_asked_of_a_server_before_it_is_needed_and_its_password_is_never_said() -> None:
    journal = RedisJournal(f"redis://:{SECRET}@127.0.0.1:1/0?name=shop")
    for ask in (journal.bounds, lambda: journal.append([]), lambda: journal.submit(Command(id="c", body={}))):
        with pytest.raises(JournalError, match=r"Redis at 127\.0\.0\.1:1/0, recording 'shop': ") as refused:
            ask()
        assert SECRET not in str(refused.value)
    journal.close()


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("http://localhost/", "a journal at 'http' is no Redis; write redis://host:6379/0"),
        ("redis://localhost/0?name=a/b", "journal name 'a/b': use letters"),
        (f"redis://:{SECRET}@localhost:port/0", "recording 'inspector': "),
    ],
)
def test_a_url_that_cannot_be_used_is_refused_with_the_way_out(url: str, said: str) -> None:
    with pytest.raises(JournalError) as refused:
        open_journal(url)
    assert said in str(refused.value)
    assert SECRET not in str(refused.value)


def test_a_closed_journal_leaves_no_thread(redis_server: RedisServer, tmp_path: Path) -> None:
    journal = RedisJournal(redis_server.url(tmp_path.name))
    asyncio.run(journal.wait_after(0, 0.01))
    (thread,) = [one for one in threading.enumerate() if one.name == "inspector-redis"][-1:]
    journal.close()
    thread.join(DEADLINE_S)
    assert not thread.is_alive()
