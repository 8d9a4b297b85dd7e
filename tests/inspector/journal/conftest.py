from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from inspector.journal.memory import MemoryJournal
from inspector.journal.protocol import Journal, JournalLimits
from inspector.journal.redis import RedisJournal
from inspector.journal.sqlite import SqliteJournal
from tests.inspector.journal.redis_server import RedisServer

MakeJournal = Callable[[JournalLimits], Journal]


@pytest.fixture(scope="session")
def redis_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RedisServer]:
    """A Redis that everyone may use and nobody may kill."""
    server = RedisServer(tmp_path_factory.mktemp("redis"))
    server.start()
    yield server
    server.kill()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where a journal in a file will be; its folder is not there yet."""
    return tmp_path / "kept" / "journal.db"


@pytest.fixture(params=["memory", "sqlite", "redis"])
def make_journal(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[MakeJournal]:
    """Every engine in turn."""
    made: list[Journal] = []

    def make(limits: JournalLimits) -> Journal:
        number = len(made)
        engine: Journal
        if request.param == "memory":
            engine = MemoryJournal(limits)
        elif request.param == "redis":
            server: RedisServer = request.getfixturevalue("redis_server")
            engine = RedisJournal(server.url(f"{tmp_path.name}-{number}"), limits)
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
