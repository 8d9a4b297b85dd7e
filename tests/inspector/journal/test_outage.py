"""A journal that fails for an hour is two lines in a terminal, not one a second."""

import logging

import pytest

from inspector.errors import JournalError
from inspector.journal.outage import Outage


def test_an_outage_is_told_when_it_begins_and_when_it_is_over(caplog: pytest.LogCaptureFixture) -> None:
    outage = Outage(logging.getLogger("inspector"), "the pages")
    outage.end()
    for _ in range(3):
        outage.note(JournalError("cannot be read: disk I/O error"))
    outage.end()
    outage.end()
    assert caplog.messages == [
        "the pages wait for the journal: cannot be read: disk I/O error",
        "the pages go on: the journal works again",
    ]
    assert [record.levelname for record in caplog.records] == ["ERROR", "WARNING"]
    assert not any(record.exc_info for record in caplog.records)


def test_a_second_outage_is_told_again(caplog: pytest.LogCaptureFixture) -> None:
    outage = Outage(logging.getLogger("inspector"), "the pages")
    for reason in ("one", "other"):
        outage.note(JournalError(reason))
        outage.end()
    assert [message for message in caplog.messages if "wait" in message] == [
        "the pages wait for the journal: one",
        "the pages wait for the journal: other",
    ]
