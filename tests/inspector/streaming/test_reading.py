"""What a page is told when the journal let go of what it had not read, or began anew meanwhile."""

from inspector.journal.memory import MemoryJournal
from inspector.journal.protocol import Change, JournalLimits, Saved
from inspector.streaming.reading import read_journal
from inspector.streaming.start import Fresh
from tests.inspector.journal.journal_samples import make_http


class ClearedMeanwhile(MemoryJournal):
    """Somebody clears it while it is read for the first time."""

    was_cleared = False

    def read_after(self, seq: int, limit: int) -> list[Change]:
        changes = super().read_after(seq, limit)
        if not self.was_cleared:
            self.was_cleared = True
            self.clear()
        return changes


def test_a_reader_that_lags_behind_the_tail_begins_again_and_says_from_where() -> None:
    journal = MemoryJournal(JournalLimits(max_exchanges=1, notices=2))
    for number in range(10):
        journal.append([Saved(make_http(str(number)))])
    reading = read_journal(journal, 1, 500)
    assert (reading.items, reading.begin_again) == ((), Fresh(missed_after=1))
    assert reading.head == journal.bounds().head


def test_what_was_read_of_a_log_that_ended_meanwhile_is_not_handed_on() -> None:
    journal = ClearedMeanwhile()
    journal.append([Saved(make_http("a"))])
    reading = read_journal(journal, 0, 500)
    assert (reading.items, reading.begin_again) == ((), Fresh(reset="cleared"))
