"""What `inspector run` does to a recording before anything is served."""

import os
import socket
from collections.abc import Callable
from pathlib import Path

import pytest

from inspector.cli.apps import AppTarget
from inspector.cli.opening import Session, end_earlier_runs, open_session
from inspector.cli.terminal import StartRefused
from inspector.journal.memory import MemoryJournal
from inspector.journal.protocol import AppStatus, StatusSaved, TableSaved
from inspector.journal.sqlite import SqliteJournal
from inspector.model import Worker
from inspector.settings import Settings
from tests.inspector.journal.journal_samples import TABLE

HERE = socket.gethostname()
NOBODY = 2**22 + 1  # above the largest process id that Linux gives
SERVING = [("elsewhere", 7), (HERE, NOBODY), (HERE, os.getpid())]


def serving(host: str, pid: int) -> StatusSaved:
    worker = Worker(host=host, pid=pid, generation=0)
    return StatusSaved(AppStatus(worker=worker, state="running", target="shop:app", table="f1"))


@pytest.mark.parametrize(
    ("is_shared", "ended"),
    [
        pytest.param(False, SERVING, id="a file is one run's alone"),
        pytest.param(True, [(HERE, NOBODY)], id="others serve on into a shared one"),
    ],
)
def test_only_what_cannot_be_served_any_more_is_taken_for_ended(
    is_shared: bool, ended: list[tuple[str, int]]
) -> None:
    journal = MemoryJournal()
    journal.append([serving(*one) for one in SERVING])
    end_earlier_runs(journal, is_shared=is_shared)
    found = [status.worker for status in journal.status() if status.state == "stopped"]
    assert sorted((worker.host, worker.pid) for worker in found) == sorted(ended)


def test_a_fresh_recording_shows_no_table_of_an_earlier_application(
    tmp_path: Path, make_session: Callable[..., Session]
) -> None:
    place = tmp_path / "kept" / "journal.db"
    earlier = SqliteJournal(place)
    earlier.append([TableSaved(TABLE), serving(HERE, NOBODY)])
    earlier.close()
    with open_session(make_session(journal=str(place), fresh=True)) as opened:
        assert opened.journal.status() == []
        assert opened.journal.tables_served(10) == []


@pytest.mark.parametrize(
    ("journal", "said"),
    [
        pytest.param("redis://127.0.0.1:1/0", "Redis at 127.0.0.1:1/0, recording", id="nobody listens"),
        pytest.param("redis://[secret", "the journal's URL cannot be read: Invalid IPv6 URL", id="no URL"),
    ],
)
def test_a_redis_that_cannot_be_used_is_refused_at_once(
    journal: str, said: str, make_session: Callable[..., Session]
) -> None:
    with pytest.raises(StartRefused) as refused, open_session(make_session(journal=journal)):
        pass
    assert said in refused.value.message
    assert "secret" not in refused.value.message


@pytest.fixture
def make_session() -> Callable[..., Session]:
    def make(**changed: object) -> Session:
        usual: dict[str, object] = {
            "target": AppTarget(text="shop:app", app_dir=".", factory=False),
            "name": "shop",
            "host": "127.0.0.1",
            "port": 0,
            "dashboard_host": "127.0.0.1",
            "dashboard_port": 0,
            "settings": Settings(),
        }
        return Session(**(usual | changed))  # type: ignore[arg-type]  # by name

    return make
