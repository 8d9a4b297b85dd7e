"""A dashboard over a real journal, and a way to put exchanges into it."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from inspector.journal.memory import MemoryJournal
from inspector.journal.protocol import Journal, Saved
from inspector.journal.sqlite import SqliteJournal
from inspector.web.app import Dashboard, create_dashboard
from tests.inspector.web.serving import TOKEN, make_exchange


@pytest.fixture(params=["memory", "sqlite"])
def journal(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Journal]:
    journal = MemoryJournal() if request.param == "memory" else SqliteJournal(tmp_path / "j" / "journal.db")
    yield journal
    journal.close()


@pytest.fixture
def dashboard(journal: Journal) -> Dashboard:
    return create_dashboard(journal, token=TOKEN)


@pytest.fixture
def save(journal: Journal) -> Callable[..., None]:
    """Save exchanges by number, each as one change."""

    def save_all(*numbers: int, **changes: Any) -> None:
        for number in numbers:
            journal.append([Saved(make_exchange(number, **changes))])

    return save_all
