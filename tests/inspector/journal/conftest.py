from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from inspector.journal.memory import MemoryJournal
from inspector.journal.protocol import Journal, JournalLimits
from inspector.journal.sqlite import SqliteJournal

MakeJournal = Callable[[JournalLimits], Journal]


@pytest.fixture(params=["memory", "sqlite"])
def make_journal(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[MakeJournal]:
    """Every engine in turn."""
    made: list[Journal] = []

    def make(limits: JournalLimits) -> Journal:
        number = len(made)
        engine: Journal
        if request.param == "memory":
            engine = MemoryJournal(limits)
        else:
            engine = SqliteJournal(tmp_path / "kept" / f"{number}.db", limits)
        made.append(engine)
        return engine

    yield make
    for engine in made:
        engine.close()


@pytest.fixture
def journal(make_journal: MakeJournal) -> Journal:
    return make_journal(JournalLimits())
