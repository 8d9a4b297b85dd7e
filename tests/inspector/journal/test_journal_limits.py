"""Every engine alike: what the limits remove, and what a pin keeps."""

import asyncio
import time

import pytest

from inspector.errors import JournalFullError
from inspector.journal.protocol import (
    AppStatus,
    Journal,
    JournalLimits,
    LossNoted,
    Saved,
    StatusSaved,
    TableSaved,
)
from inspector.model import State, Worker
from tests.inspector.journal.journal_samples import TABLE, make_http


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


def test_tables_and_processes_are_bounded_and_the_oldest_go(make_journal) -> None:
    journal = make_journal(JournalLimits(tables=2, workers=2))
    for name in "abac":
        journal.append([TableSaved({**TABLE, "fingerprint": name})])
    assert [name for name in "abc" if journal.table(name) is not None] == ["a", "c"]
    for pid in (1, 2, 1, 3):
        worker = Worker(host="test-host", pid=pid)
        journal.append([StatusSaved(AppStatus(worker=worker, state="running", target="shop:app"))])
    assert sorted(status.worker.pid for status in journal.status()) == [1, 3]
