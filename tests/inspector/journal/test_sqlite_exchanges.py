"""Many exchanges in one statement are what they would be one by one."""

from collections.abc import Sequence
from pathlib import Path

from inspector.journal.protocol import JournalLimits, LossNoted, Record, Saved
from inspector.journal.sqlite import SqliteJournal
from tests.inspector.journal.journal_samples import make_http

# More than one statement takes, and no multiple of that.
NAMES = [f"{number:03}" for number in range(150)]


def _append(path: Path, pieces: Sequence[Sequence[Record]], limits: JournalLimits) -> SqliteJournal:
    """A journal that held a pinned exchange when these pieces were appended."""
    journal = SqliteJournal(path, limits)
    journal.append([Saved(make_http("149"))])
    assert journal.pin("149", pinned=True)
    for records in pieces:
        journal.append(records)
    return journal


def test_a_batch_leaves_what_its_records_leave_one_by_one(tmp_path: Path) -> None:
    records: list[Record] = [Saved(make_http(name)) for name in NAMES]
    records.insert(100, Saved(make_http("007")))
    records.insert(120, LossNoted(3, "recorder_overflow"))
    limits = JournalLimits()
    one = _append(tmp_path / "one.db", [[record] for record in records], limits)
    many = _append(tmp_path / "many.db", [records], limits)
    assert many.rows(1000)[1] == one.rows(1000)[1]
    assert many.read_after(0, 1000) == one.read_after(0, 1000)
    assert many.exchange("007") == one.exchange("007") == make_http("007")
    found, wanted = many.bounds(), one.bounds()
    assert (found.exchanges, found.held_bytes, found.head) == (150, wanted.held_bytes, wanted.head)
    one.close()
    many.close()


def test_what_a_batch_pushes_out_is_removed_oldest_first_and_each_removal_is_numbered(tmp_path: Path) -> None:
    records = [Saved(make_http(name)) for name in NAMES]
    journal = _append(tmp_path / "few.db", [records], JournalLimits(max_exchanges=40))
    removed = [change for change in journal.read_after(0, 1000) if change.kind == "removed"]
    assert [change.exchange_id for change in removed] == NAMES[: 149 - 40]
    numbers = [change.seq for change in removed]
    assert numbers == list(range(numbers[0], numbers[0] + len(removed)))
    bounds = journal.bounds()
    assert (bounds.exchanges, bounds.trimmed, bounds.head) == (41, len(removed), numbers[-1])
    held = [row["id"] for row in journal.rows(1000)[1]]
    assert held == ["149", *NAMES[149 - 40 : 149]]
    journal.close()
