"""What every journal engine does. A new engine is added in conftest.py, and passes as it is."""

import asyncio
import json
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from inspector.errors import JournalFullError
from inspector.journal.protocol import (
    Answer,
    AppStatus,
    Command,
    Journal,
    JournalLimits,
    LossNoted,
    Saved,
    StatsSaved,
    StatusSaved,
    TableSaved,
    TableServed,
)
from inspector.model import State, Worker
from tests.inspector.journal.journal_samples import TABLE, WORKER, make_http, make_socket


def test_an_empty_journal_has_no_changes_and_a_name(journal: Journal) -> None:
    bounds = journal.bounds()
    assert (bounds.head, bounds.tail, bounds.trimmed) == (0, 1, 0)
    assert bounds.log
    assert journal.read_after(0, 10) == []
    assert journal.rows(10) == (0, [])
    assert journal.exchange("none") is None
    assert journal.table("none") is None
    assert journal.status() == []


@pytest.mark.parametrize("exchange", [make_http("a"), make_socket("b")], ids=["http", "websocket"])
def test_an_exchange_comes_back_as_it_was_saved(journal: Journal, exchange) -> None:
    journal.append([Saved(exchange)])
    assert journal.exchange(exchange.id) == exchange


def test_a_row_is_json_and_carries_its_number(journal: Journal) -> None:
    journal.append([Saved(make_http("a")), Saved(make_http("b"))])
    changes = journal.read_after(0, 10)
    assert [(change.seq, change.kind, change.exchange_id) for change in changes] == [
        (1, "saved", "a"),
        (2, "saved", "b"),
    ]
    assert json.loads(json.dumps(changes[1].row))["seq"] == 2


def test_an_update_replaces_the_change_a_reader_has_not_read(journal: Journal) -> None:
    journal.append([Saved(make_http("a", State.PENDING)), Saved(make_http("b"))])
    journal.append([Saved(make_http("a"))])
    changes = journal.read_after(0, 10)
    assert [(change.seq, change.exchange_id) for change in changes] == [(2, "b"), (3, "a")]
    assert changes[1].row is not None
    assert changes[1].row["state"] == "complete"


def test_rows_stay_in_order_of_start_whatever_is_updated(journal: Journal) -> None:
    journal.append([Saved(make_http(name, State.PENDING)) for name in "abc"])
    journal.append([Saved(make_http("a"))])
    head, rows = journal.rows(10)
    assert head == 4
    assert [(row["id"], row["seq"]) for row in rows] == [("a", 4), ("b", 2), ("c", 3)]
    assert [row["id"] for row in journal.rows(2)[1]] == ["b", "c"]


def test_a_limit_cuts_the_changes_and_the_next_read_goes_on(journal: Journal) -> None:
    journal.append([Saved(make_http(str(number))) for number in range(10)])
    journal.append([LossNoted(3, "recorder_overflow")])
    seen = []
    cursor = 0
    while changes := journal.read_after(cursor, 4):
        assert len(changes) <= 4
        seen += [change.seq for change in changes]
        cursor = changes[-1].seq
    assert seen == list(range(1, 12))
    assert journal.read_after(0, 0) == []


def test_four_writers_and_a_reader_that_misses_nothing(journal: Journal) -> None:
    done = threading.Event()
    each = 40

    def write(writer: int) -> None:
        for number in range(each):
            journal.append([Saved(make_http(f"{writer}-{number}"))])

    def read() -> list[tuple[int, str | None]]:
        seen: list[tuple[int, str | None]] = []
        cursor = 0
        while True:
            was_done = done.is_set()
            changes = journal.read_after(cursor, 7)
            seen += [(change.seq, change.exchange_id) for change in changes]
            if changes:
                cursor = changes[-1].seq
            elif was_done:
                return seen

    with ThreadPoolExecutor(5) as pool:
        reader = pool.submit(read)
        for writer in [pool.submit(write, number) for number in range(4)]:
            writer.result(timeout=60)
        done.set()
        seen = reader.result(timeout=60)
    assert [seq for seq, _ in seen] == list(range(1, 4 * each + 1))
    written = {f"{writer}-{number}" for writer in range(4) for number in range(each)}
    assert {name for _, name in seen} == written


def test_a_batch_is_stored_whole_or_not_at_all(journal: Journal) -> None:
    with pytest.raises((TypeError, KeyError)):
        journal.append([Saved(make_http("a")), TableSaved({"no": "fingerprint"})])
    assert journal.read_after(0, 10) == []
    assert journal.rows(10) == (0, [])


def test_what_goes_beyond_the_count_is_removed_and_counted(make_journal) -> None:
    journal = make_journal(JournalLimits(max_exchanges=3))
    for number in range(5):
        journal.append([Saved(make_http(str(number)))])
    assert [row["id"] for row in journal.rows(10)[1]] == ["2", "3", "4"]
    assert journal.bounds().trimmed == 2
    removed = [change.exchange_id for change in journal.read_after(0, 100) if change.kind == "removed"]
    assert removed == ["0", "1"]
    assert journal.exchange("0") is None


def test_what_goes_beyond_the_bytes_is_removed(make_journal) -> None:
    journal = make_journal(JournalLimits(max_bytes=1_000_000))
    for number in range(8):
        journal.append([Saved(make_http(str(number), body=b"x" * 300_000))])
    kept = [row["id"] for row in journal.rows(10)[1]]
    assert kept == ["5", "6", "7"]
    assert journal.bounds().trimmed == 5


def test_the_bounds_say_how_much_is_held(make_journal) -> None:
    journal = make_journal(JournalLimits(max_exchanges=2))
    assert (journal.bounds().exchanges, journal.bounds().held_bytes) == (0, 0)
    journal.append([Saved(make_http("a", body=b"x" * 50_000))])
    one = journal.bounds().held_bytes
    assert 50_000 <= one < 80_000
    for name in "bcd":
        journal.append([Saved(make_http(name, body=b"x" * 50_000))])
    assert journal.bounds().exchanges == 2
    assert one < journal.bounds().held_bytes < 3 * one
    journal.clear()
    assert (journal.bounds().exchanges, journal.bounds().held_bytes) == (0, 0)


def test_what_is_older_than_the_age_is_removed(make_journal) -> None:
    journal = make_journal(JournalLimits(max_age_s=0.0))
    journal.append([Saved(make_http("old"))])
    journal.append([Saved(make_http("going on", State.STREAMING))])
    assert journal.exchange("old") is None


def test_what_goes_on_is_not_removed_while_something_finished_is_there(make_journal) -> None:
    journal = make_journal(JournalLimits(max_exchanges=2))
    journal.append([Saved(make_http("stream", State.STREAMING))])
    for number in range(4):
        journal.append([Saved(make_http(str(number)))])
    assert [row["id"] for row in journal.rows(10)[1]] == ["stream", "3"]


def test_what_goes_on_for_longer_than_the_age_takes_nothing_newer_with_it(make_journal) -> None:
    journal = make_journal(JournalLimits(max_age_s=0.2))
    journal.append([Saved(make_http("stream", State.STREAMING))])
    asyncio.run(journal.wait_after(journal.bounds().head, 0.3))  # as long as the age, and longer
    journal.append([Saved(make_http("new"))])
    assert [row["id"] for row in journal.rows(10)[1]] == ["stream", "new"]


def test_a_pinned_exchange_stays_whatever_the_limits_remove(make_journal) -> None:
    journal = make_journal(JournalLimits(max_exchanges=2, max_bytes=500_000))
    journal.append([Saved(make_http("kept", body=b"x" * 400_000))])
    assert journal.pin("kept", pinned=True)
    for number in range(5):
        journal.append([Saved(make_http(str(number), body=b"x" * 100_000))])
    assert [row["id"] for row in journal.rows(10)[1]] == ["kept", "3", "4"]
    assert (journal.bounds().pinned, journal.bounds().exchanges, journal.bounds().trimmed) == (1, 3, 3)
    assert journal.pin("kept", pinned=False)
    journal.append([Saved(make_http("5"))])
    assert [row["id"] for row in journal.rows(10)[1]] == ["4", "5"]
    assert journal.bounds().pinned == 0


def test_a_pinned_exchange_outlives_its_age(make_journal) -> None:
    journal = make_journal(JournalLimits(max_age_s=0.5))
    journal.append([Saved(make_http("kept")), Saved(make_http("old"))])
    journal.pin("kept", pinned=True)
    deadline = time.monotonic() + 10
    while journal.exchange("old") is not None:
        assert time.monotonic() < deadline
        journal.append([LossNoted(1, "test")])
    assert journal.exchange("kept") is not None


def test_a_pin_is_a_change_of_the_row_that_updates_keep(journal: Journal) -> None:
    journal.append([Saved(make_http("a", State.STREAMING)), Saved(make_http("b"))])
    journal.pin("a", pinned=True)
    (change,) = journal.read_after(2, 10)
    assert change.row is not None
    assert (change.kind, change.exchange_id, change.seq, change.row["seq"]) == ("saved", "a", 3, 3)
    assert change.row["pinned"] is True
    assert journal.pin("a", pinned=True)
    assert journal.bounds().head == 3, "what is pinned already is no news"
    journal.append([Saved(make_http("a"))])
    assert [(row["id"], row["pinned"]) for row in journal.rows(10)[1]] == [("a", True), ("b", False)]
    assert journal.exchange("a") == make_http("a")


def test_what_is_not_held_cannot_be_pinned_and_a_clear_forgets_pins(journal: Journal) -> None:
    assert not journal.pin("nothing", pinned=True)
    journal.append([Saved(make_http("a"))])
    journal.pin("a", pinned=True)
    journal.clear()
    assert (journal.rows(10)[1], journal.bounds().pinned) == ([], 0)
    journal.append([Saved(make_http("a"))])
    assert journal.rows(10)[1][0]["pinned"] is False


def test_pins_are_bounded_with_a_reason(make_journal) -> None:
    journal = make_journal(JournalLimits(pinned=2))
    journal.append([Saved(make_http(name)) for name in "abc"])
    journal.pin("a", pinned=True)
    journal.pin("b", pinned=True)
    with pytest.raises(JournalFullError, match="2 exchanges are pinned already"):
        journal.pin("c", pinned=True)
    journal.pin("a", pinned=False)
    assert journal.pin("c", pinned=True)


def test_a_reader_whose_notices_are_gone_can_tell_by_the_tail(make_journal) -> None:
    journal = make_journal(JournalLimits(max_exchanges=2, notices=3))
    for number in range(10):
        journal.append([Saved(make_http(str(number)))])
    bounds = journal.bounds()
    changes = journal.read_after(bounds.tail - 1, 100)
    assert 1 < bounds.tail <= bounds.head
    # From the tail on nothing is missing: every number is a kept change, or one that a later one replaced.
    removals = [change.seq for change in changes if change.kind == "removed"]
    assert len(removals) == 3
    assert bounds.tail <= removals[0]
    assert bounds.trimmed == 8


def test_clear_begins_a_new_log_and_keeps_numbering(journal: Journal) -> None:
    journal.append([Saved(make_http("a")), TableSaved(TABLE)])
    before = journal.bounds()
    journal.clear()
    after = journal.bounds()
    assert after.log != before.log
    assert after.head == before.head + 1
    assert after.tail == after.head
    assert journal.exchange("a") is None
    assert journal.rows(10) == (after.head, [])
    changes = journal.read_after(before.head, 10)
    assert [(change.kind, change.detail) for change in changes] == [("cleared", {"log": after.log})]
    assert journal.table("f1") == TABLE
    journal.append([Saved(make_http("b"))])
    assert journal.read_after(after.head, 10)[0].exchange_id == "b"


def test_a_table_is_kept_under_its_fingerprint_and_announced(journal: Journal) -> None:
    journal.append([TableSaved(TABLE)])
    assert journal.table("f1") == TABLE
    (change,) = journal.read_after(0, 10)
    assert (change.kind, change.detail) == ("table", {"fingerprint": "f1"})


def test_tables_and_processes_are_bounded_and_the_oldest_go(make_journal) -> None:
    journal = make_journal(JournalLimits(tables=2, workers=2))
    for name in "abac":
        journal.append([TableSaved({**TABLE, "fingerprint": name})])
    assert [name for name in "abc" if journal.table(name) is not None] == ["a", "c"]
    for pid in (1, 2, 1, 3):
        worker = Worker(host="test-host", pid=pid)
        journal.append([StatusSaved(AppStatus(worker=worker, state="running", target="shop:app"))])
    assert sorted(status.worker.pid for status in journal.status()) == [1, 3]


def test_a_loss_is_a_change_with_its_count_and_reason(journal: Journal) -> None:
    journal.append([LossNoted(5, "recorder_overflow")])
    (change,) = journal.read_after(0, 10)
    assert (change.kind, change.detail) == ("loss", {"count": 5, "reason": "recorder_overflow"})


def test_the_losses_of_a_log_are_added_up(journal: Journal) -> None:
    assert journal.bounds().lost == 0
    journal.append([LossNoted(5, "recorder_overflow"), LossNoted(2, "process_killed")])
    journal.append([LossNoted(1, "process_killed")])
    assert journal.bounds().lost == 8
    journal.clear()
    assert journal.bounds().lost == 0


def test_a_process_has_one_status_its_newest(journal: Journal) -> None:
    other = Worker(host="test-host", pid=WORKER.pid, generation=1)
    starting = AppStatus(worker=other, state="starting", target="shop:app")
    running = AppStatus(
        worker=WORKER,
        state="running",
        target="shop:app",
        url="http://127.0.0.1:8000",
        table="f1",
        python="3.11",
        updated_unix_ns=5,
        recording="requests_only",
    )
    journal.append([StatusSaved(starting)])
    journal.append([StatusSaved(running)])
    assert journal.status() == [running]
    last = journal.read_after(0, 10)[-1]
    assert last.kind == "status"
    assert last.detail is not None
    assert last.detail["state"] == "running"


def test_the_numbers_of_a_recorder_come_with_the_status_and_are_no_change(journal: Journal) -> None:
    running = AppStatus(worker=WORKER, state="running", target="shop:app")
    journal.append([StatsSaved(WORKER, {"dropped": 1})])
    assert journal.status() == []
    journal.append([StatusSaved(running)])
    head = journal.bounds().head
    journal.append([StatsSaved(WORKER, {"dropped": 2, "journal_problem": None})])
    assert [status.stats for status in journal.status()] == [{"dropped": 2, "journal_problem": None}]
    assert (journal.bounds().head, journal.read_after(head, 10)) == (head, [])


def test_a_process_that_says_it_has_stopped_leaves_nothing_pending(journal: Journal) -> None:
    journal.append([Saved(make_http("a", State.STREAMING))])
    journal.append([StatusSaved(AppStatus(worker=WORKER, state="stopped", target="shop:app"))])
    kept = journal.exchange("a")
    assert kept is not None
    assert kept.state is State.LOST


def _running(table: str | None, at_ns: int, target: str = "shop:app", generation: int = 0) -> StatusSaved:
    worker = Worker(host="test-host", pid=WORKER.pid, generation=generation)
    return StatusSaved(
        AppStatus(worker=worker, state="running", target=target, table=table, updated_unix_ns=at_ns)
    )


def test_each_time_another_table_is_served_is_kept_with_its_moment(journal: Journal) -> None:
    journal.append([_running("a", 1), _running("b", 2, generation=1)])
    journal.append([_running("a", 3, generation=2)])
    assert journal.tables_served(10) == [
        TableServed(at_unix_ns=1, generation=0, target="shop:app", table="a"),
        TableServed(at_unix_ns=2, generation=1, target="shop:app", table="b"),
        TableServed(at_unix_ns=3, generation=2, target="shop:app", table="a"),
    ]
    assert [served.at_unix_ns for served in journal.tables_served(2)] == [2, 3]
    assert journal.tables_served(0) == []


def test_a_table_that_goes_on_being_served_is_no_news_to_its_application(journal: Journal) -> None:
    journal.append([_running("a", 1), _running("a", 2, generation=1), _running("a", 3, target="office:app")])
    journal.append([_running("a", 4), _running(None, 5)])
    stopped = AppStatus(worker=WORKER, state="stopped", target="shop:app", table="b")
    journal.append([StatusSaved(stopped)])
    found = [(served.target, served.at_unix_ns) for served in journal.tables_served(10)]
    assert found == [("shop:app", 1), ("office:app", 3)]


def test_the_tables_served_outlive_a_clear_and_are_bounded(make_journal) -> None:
    journal = make_journal(JournalLimits(tables=3))
    for number in range(5):
        journal.append([_running(f"t{number}", number)])
    journal.clear()
    assert [served.table for served in journal.tables_served(10)] == ["t2", "t3", "t4"]


def test_a_clear_of_the_history_too_leaves_only_who_goes_on(journal: Journal) -> None:
    over = [
        AppStatus(worker=Worker(host="other", pid=number, generation=0), state=state, target="shop:app")
        for number, state in enumerate(("stopped", "failed"))
    ]
    journal.append([_running("a", 1), *map(StatusSaved, over)])
    journal.clear(history=True)
    assert [status.state for status in journal.status()] == ["running"]
    assert journal.tables_served(10) == []
    journal.append([_running("a", 2)])
    assert [served.at_unix_ns for served in journal.tables_served(10)] == [2], "the first of the new history"


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


def test_closing_twice_is_no_error(journal: Journal) -> None:
    journal.close()
    journal.close()
