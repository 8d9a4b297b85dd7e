"""A real server on a port of the system's choice, and exchanges to put into a journal."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import uvicorn

from inspector.journal.protocol import Journal
from inspector.model import HttpExchange, RequestScope, Routing, State, Worker
from miniframework.types import ASGIApp

DEADLINE_S = 60.0
TOKEN = "token-of-this-test-run-0123456789"


class _Server(uvicorn.Server):
    """Says when it has started and when it has ended."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.is_up = threading.Event()

    async def startup(self, sockets: Any = None) -> None:
        await super().startup(sockets)
        self.is_up.set()


@dataclass
class Served:
    """An application that is being served."""

    port: int
    server: uvicorn.Server
    thread: threading.Thread

    @property
    def origin(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def stop(self) -> None:
        """Ask the server to end and wait until it has; fails when it is held up."""
        self.server.should_exit = True
        self.thread.join(DEADLINE_S)
        assert not self.thread.is_alive(), "the server's shutdown is held up"


@contextmanager
def serve(app: ASGIApp, **config: Any) -> Iterator[Served]:
    usual = {"host": "127.0.0.1", "port": 0, "log_level": "critical"}
    server = _Server(uvicorn.Config(app, **(usual | config)))
    thread = threading.Thread(target=server.run, name="served", daemon=True)
    thread.start()
    assert server.is_up.wait(DEADLINE_S)
    served = Served(server.servers[0].sockets[0].getsockname()[1], server, thread)
    try:
        yield served
    finally:
        served.stop()


def make_exchange(number: int, **changes: Any) -> HttpExchange:
    """Return an exchange of its own path; `changes` are put in place of the defaults."""
    path = f"/items/{number}"
    scope = RequestScope(
        type="http",
        http_version="1.1",
        method="GET",
        scheme="http",
        path=path,
        raw_path=path,
        query_string="",
        root_path="",
        headers=(("host", "127.0.0.1:8000"),),
        client=None,
        server=("127.0.0.1", 8000),
    )
    given = {
        "id": f"x{number}",
        "worker": Worker(host="test", pid=1),
        "started_unix_ns": 1_767_225_600_000_000_000 + number,
        "scope": scope,
        "state": State.COMPLETE,
        "routing": Routing.UNKNOWN,
        "status": 200,
        "duration_ns": 1_000_000,
    }
    return HttpExchange(**(given | changes))


def wait_until_told(journal: Journal) -> None:
    """Wait until the serving process has said that it runs; it does so beside its requests."""
    deadline = time.monotonic() + DEADLINE_S
    while not journal.status():
        assert time.monotonic() < deadline, "no process said that it runs"
        time.sleep(0.001)
