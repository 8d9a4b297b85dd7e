"""`inspector run --journal redis://...`: two hosts, one recording, and a Redis that is killed meanwhile."""

import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from tests.inspector.journal.redis_server import RedisServer
from tests.live.running import ANSWERED_WITHIN_S, Running, start

DEADLINE_S = 4 * ANSWERED_WITHIN_S
SHOP = """
from miniframework import App

app = App(openapi_url=None)


@app.get("/items/{item_id}")
async def item(item_id: int) -> int:
    return item_id
"""


@pytest.fixture
def server(tmp_path: Path) -> Iterator[RedisServer]:
    """A Redis that keeps what it has through a death."""
    (tmp_path / "redis").mkdir()
    server = RedisServer(tmp_path / "redis", "--appendonly", "yes", "--appendfsync", "always")
    server.start()
    yield server
    server.kill()


def seen(host: Running) -> list[tuple[str, int]]:
    """Path and process of each exchange, as this host's dashboard shows them."""
    rows = host.ask_dashboard("/api/exchanges?after=0&limit=500")["rows"]
    return [(row["path"], row["worker"]) for row in rows]


def wait_until(is_so: Callable[[], Any]) -> None:
    deadline = time.monotonic() + DEADLINE_S
    while not is_so():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def test_two_hosts_share_a_recording_through_a_death_of_redis(server: RedisServer, tmp_path: Path) -> None:
    (tmp_path / "shop.py").write_text(SHOP, encoding="utf-8")
    command = ["run", "shop:app", "--port", "0", "--dashboard-port", "0", "--journal", server.url()]
    with ExitStack() as hosts:
        first, second = (hosts.enter_context(start(command, tmp_path)) for _ in range(2))
        for host in (first, second):
            host.wait_until_announced()
        assert first.ask_app("/items/1")[0] == 200
        assert second.ask_app("/items/2")[0] == 200
        wait_until(lambda: {path for path, _ in seen(first)} == {"/items/1", "/items/2"})
        assert seen(first) == seen(second)
        assert len({process for _, process in seen(first)}) == 2, "each exchange names its own process"

        status, made = first.tell_dashboard("/api/replays", {"of": _newest(first, "/items/2")})
        assert status == 201, made
        server.kill()
        for number in range(10, 15):
            assert first.ask_app(f"/items/{number}")[0] == 200, "the application goes on"
        server.start()
        sent = {f"/items/{number}" for number in range(10, 15)}
        wait_until(lambda: sent <= {path for path, _ in seen(second)})


def _newest(host: Running, path: str) -> str:
    rows = host.ask_dashboard("/api/exchanges?after=0&limit=500")["rows"]
    return str([row["id"] for row in rows if row["path"] == path][-1])
