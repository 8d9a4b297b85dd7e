"""Every engine alike: what is stored, read, cleared and said of the application's processes."""

import json
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from inspector.journal.protocol import (
    AppStatus,
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


def test_closing_twice_is_no_error(journal: Journal) -> None:
    journal.close()
    journal.close()
