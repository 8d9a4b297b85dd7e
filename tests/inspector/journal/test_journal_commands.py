"""Every engine alike: who waits is woken, and each command is carried out once."""

import asyncio
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from inspector.journal.protocol import Answer, Command, Journal, JournalLimits, Saved
from inspector.model import Worker
from tests.inspector.journal.journal_samples import WORKER, make_http


async def _woken_after(journal: Journal, act) -> float:
    """Seconds from the act, done in another thread, to the waiter's return."""
    acted_s = 0.0

    def act_in_thread() -> None:
        nonlocal acted_s
        acted_s = time.monotonic()
        act()

    waiting = asyncio.create_task(journal.wait_after(journal.bounds().head, 5))
    await asyncio.sleep(0)
    await asyncio.to_thread(act_in_thread)
    assert await waiting
    return time.monotonic() - acted_s


def test_a_waiter_wakes_within_50_ms_of_an_append_in_another_thread(journal: Journal) -> None:
    times = [
        asyncio.run(_woken_after(journal, lambda: journal.append([Saved(make_http("a"))]))) for _ in range(5)
    ]
    assert min(times) < 0.05


def test_a_waiter_returns_at_once_when_there_is_something(journal: Journal) -> None:
    journal.append([Saved(make_http("a"))])
    assert asyncio.run(journal.wait_after(0, 5))


def test_a_waiter_gives_up_after_its_time(journal: Journal) -> None:
    assert not asyncio.run(journal.wait_after(0, 0.03))
    assert not asyncio.run(journal.wait_command(0.03))
    assert asyncio.run(journal.wait_answer("none", 0.03)) is None


def test_a_cancelled_waiter_leaves_and_another_one_still_wakes(journal: Journal) -> None:
    async def run() -> bool:
        first = asyncio.create_task(journal.wait_after(0, 60))
        second = asyncio.create_task(journal.wait_after(0, 5))
        await asyncio.sleep(0)
        first.cancel()
        with pytest.raises(asyncio.CancelledError):
            await first
        await asyncio.to_thread(journal.append, [Saved(make_http("a"))])
        return await second

    assert asyncio.run(run())


def test_every_command_is_claimed_exactly_once_however_many_ask(journal: Journal) -> None:
    names = [f"c{number}" for number in range(20)]
    for name in names:
        journal.submit(Command(id=name, body={"of": name}))

    def claim_all(pid: int) -> list[str]:
        mine = []
        while command := journal.claim(Worker(host="h", pid=pid)):
            assert command.body == {"of": command.id}
            mine.append(command.id)
        return mine

    with ThreadPoolExecutor(4) as pool:
        claimed = [name for names_of_one in pool.map(claim_all, range(4)) for name in names_of_one]
    assert sorted(claimed) == sorted(names)


def test_a_command_that_is_known_is_not_put_in_the_queue_again(journal: Journal) -> None:
    for body in ({"of": "first"}, {"of": "second"}):
        journal.submit(Command(id="same", body=body))
    claimed = journal.claim(WORKER)
    journal.submit(Command(id="same", body={}))
    assert (claimed and claimed.body, journal.claim(WORKER)) == ({"of": "first"}, None)
    journal.answer("same", Answer(ok=True, body={"n": 1}))
    journal.submit(Command(id="same", body={}))
    journal.answer("same", Answer(ok=True, body={"n": 2}))
    assert journal.answer_of("same") == Answer(ok=True, body={"n": 2})


def test_commands_are_claimed_in_order(journal: Journal) -> None:
    for name in ("first", "second"):
        journal.submit(Command(id=name, body={}))
    claimed = [journal.claim(WORKER), journal.claim(WORKER), journal.claim(WORKER)]
    assert [command and command.id for command in claimed] == ["first", "second", None]


def test_who_claims_what_names_him_leaves_what_anybody_may_do(journal: Journal) -> None:
    journal.submit(Command(id="for anybody", body={}))
    journal.submit(Command(id="for one", body={}, worker=WORKER))
    other = Worker(host="elsewhere", pid=7)
    assert journal.claim(other, addressed=True) is None
    mine, anybodys = journal.claim(WORKER, addressed=True), journal.claim(other)
    assert (mine and mine.id, anybodys and anybodys.id) == ("for one", "for anybody")


def test_a_command_for_one_process_is_claimed_by_no_other(journal: Journal) -> None:
    other = Worker(host="test-host", pid=WORKER.pid + 1)
    journal.submit(Command(id="theirs", body={}, worker=other))
    assert asyncio.run(journal.wait_command(5))
    assert asyncio.run(journal.wait_command(5, other))
    assert not asyncio.run(journal.wait_command(0.03, WORKER))
    assert journal.claim(WORKER) is None
    journal.submit(Command(id="anybodys", body={}, kind="explain"))
    mine, later, next_one = journal.claim(WORKER), journal.claim(other), journal.claim(other)
    assert mine is not None
    assert later is not None
    assert (mine.id, mine.kind, later.id, later.worker) == ("anybodys", "explain", "theirs", other)
    assert next_one is None


def test_an_answer_reaches_who_asked(journal: Journal) -> None:
    async def run() -> Answer | None:
        asking = asyncio.create_task(journal.wait_answer("c", 5))
        journal.submit(Command(id="c", body={}))
        assert await journal.wait_command(5)
        command = journal.claim(WORKER)
        assert command is not None
        assert not await journal.wait_command(0)
        assert journal.answer_of("c") is None
        await asyncio.to_thread(journal.answer, command.id, Answer(ok=False, body={"code": "confirm"}))
        return await asking

    assert asyncio.run(run()) == Answer(ok=False, body={"code": "confirm"})
    assert journal.answer_of("c") == Answer(ok=False, body={"code": "confirm"})


def test_commands_nobody_claims_are_bounded(make_journal) -> None:
    journal = make_journal(JournalLimits(commands=3))
    for number in range(10):
        journal.submit(Command(id=str(number), body={}))
    claimed = []
    while command := journal.claim(WORKER):
        claimed.append(command.id)
    assert claimed == ["7", "8", "9"]
