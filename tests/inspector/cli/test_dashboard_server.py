"""The server under the dashboard stays quiet, whoever hammers its port."""

import asyncio
import logging
import re
import socket
from collections.abc import Iterator

import pytest
import websockets

from inspector.cli.dashboard_server import DashboardServer
from inspector.cli.logs import log_settings
from inspector.journal.memory import MemoryJournal
from inspector.web.app import create_dashboard


@pytest.fixture
def logging_put_back() -> Iterator[None]:
    """The server sets up logging for a process of its own; here others come after it."""
    loggers = [logging.getLogger(name) for name in log_settings(level="ERROR")["loggers"]]
    before = [(one.handlers[:], one.level, one.propagate) for one in loggers]
    yield
    for one, (handlers, level, propagate) in zip(loggers, before, strict=True):
        one.handlers[:], one.propagate = handlers, propagate
        one.setLevel(level)


async def hammer(attempts: int) -> list[int]:
    """Open the stream from another site's page again and again; give the statuses."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        server = DashboardServer(create_dashboard(MemoryJournal(), token="t" * 32))
        serving = asyncio.create_task(server.serve([listener]))
        statuses = []
        for _ in range(attempts):
            with pytest.raises(websockets.InvalidStatus) as refused:
                await websockets.connect(f"ws://127.0.0.1:{port}/api/stream", origin="http://evil.example")
            statuses.append(refused.value.response.status_code)
        server.should_exit = True
        await serving
    return statuses


@pytest.mark.usefixtures("logging_put_back")
def test_refused_handshakes_fill_no_log(capsys: pytest.CaptureFixture[str]) -> None:
    assert asyncio.run(hammer(20)) == [403] * 20
    assert re.findall(r"ERROR.*", capsys.readouterr().err) == []
