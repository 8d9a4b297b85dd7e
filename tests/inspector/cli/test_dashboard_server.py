"""The server under the dashboard stays quiet, whoever hammers its port."""

import asyncio
import contextlib
import errno
import logging
import re
import socket
from collections.abc import AsyncIterator, Iterator
from urllib.error import HTTPError

import pytest
import websockets

from inspector.cli.dashboard_server import DashboardServer
from inspector.cli.dashboard_url import DashboardUrl, ask_dashboard
from inspector.cli.logs import SeldomOutOfFiles, log_settings
from inspector.cli.terminal import StartRefused
from inspector.journal.memory import MemoryJournal
from inspector.web.app import create_dashboard

TOKEN = "t" * 32


@pytest.fixture
def logging_put_back() -> Iterator[None]:
    """The server sets up logging for a process of its own; here others come after it."""
    names = log_settings(level="ERROR", is_dashboard=True)["loggers"]
    loggers = [logging.getLogger(name) for name in names]
    before = [(one.handlers[:], one.filters[:], one.level, one.propagate) for one in loggers]
    yield
    for one, (handlers, filters, level, propagate) in zip(loggers, before, strict=True):
        one.handlers[:], one.filters[:], one.propagate = handlers, filters, propagate
        one.setLevel(level)


@contextlib.asynccontextmanager
async def served_dashboard() -> AsyncIterator[int]:
    """Serve a dashboard; give its port."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        server = DashboardServer(create_dashboard(MemoryJournal(), token=TOKEN))
        serving = asyncio.create_task(server.serve([listener]))
        yield listener.getsockname()[1]
        server.should_exit = True
        await serving


async def hammer(attempts: int) -> list[int]:
    """Open the stream from another site's page again and again; give the statuses."""
    async with served_dashboard() as port:
        statuses = []
        for _ in range(attempts):
            with pytest.raises(websockets.InvalidStatus) as refused:
                await websockets.connect(f"ws://127.0.0.1:{port}/api/stream", origin="http://evil.example")
            statuses.append(refused.value.response.status_code)
    return statuses


async def send_long_message() -> tuple[list[str], int]:
    """Open the stream as the page does and say too much; give what was agreed on, and the close code."""
    async with served_dashboard() as port:
        headers = {"authorization": f"Bearer {TOKEN}"}
        async with websockets.connect(
            f"ws://127.0.0.1:{port}/api/stream", additional_headers=headers, compression="deflate"
        ) as page:
            await page.send("x" * 1_000_000)
            with pytest.raises(websockets.ConnectionClosed):
                await page.recv()
            assert page.close_code is not None
            return [extension.name for extension in page.protocol.extensions], page.close_code


@pytest.mark.usefixtures("logging_put_back")
def test_the_stream_takes_no_long_message_and_none_that_is_packed() -> None:
    assert asyncio.run(send_long_message()) == ([], 1009)


@pytest.mark.usefixtures("logging_put_back")
def test_refused_handshakes_fill_no_log(capsys: pytest.CaptureFixture[str]) -> None:
    assert asyncio.run(hammer(20)) == [403] * 20
    assert re.findall(r"ERROR.*", capsys.readouterr().err) == []


def test_a_want_of_file_descriptors_is_one_line_a_minute(caplog: pytest.LogCaptureFixture) -> None:
    times_s = iter((0.0, 0.0, 59.0, 61.0, 62.0))
    heard = logging.getLogger("asyncio")
    seldom = SeldomOutOfFiles(clock=lambda: next(times_s))
    heard.addFilter(seldom)
    try:
        for _ in range(5):
            problem = OSError(errno.EMFILE, "Too many open files")
            heard.error("socket.accept() out of system resource\nsocket: ...", exc_info=problem)
        heard.error("something else")
    finally:
        heard.removeFilter(seldom)
    told = (
        "the dashboard can take no further connection: [Errno 24] Too many open files;"
        " raise the limit (ulimit -n) or close tabs"
    )
    assert caplog.messages == [told, told, "something else"]
    assert not any(record.exc_info for record in caplog.records)


def test_the_dashboard_tells_of_asyncio_as_of_everything_else() -> None:
    assert "asyncio" in log_settings(level="ERROR", is_dashboard=True)["loggers"]
    assert "asyncio" not in log_settings(level="ERROR")["loggers"], "an application's loggers are its own"


async def send_endless_header() -> bytes:
    """Begin a header and never end it; give the first line that is answered."""
    async with served_dashboard() as port:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX: " + b"a" * 1024 * 1024)
        async with asyncio.timeout(20):
            line = await reader.readline()
        writer.close()
    return line


@pytest.mark.usefixtures("logging_put_back")
def test_a_header_that_never_ends_is_cut_off_and_not_kept() -> None:
    assert asyncio.run(send_endless_header()).startswith(b"HTTP/1.1 400 ")


@pytest.mark.usefixtures("logging_put_back")
def test_an_answer_that_refuses_is_read_and_closed() -> None:
    async def refused() -> StartRefused:
        async with served_dashboard() as port:
            dashboard = DashboardUrl(f"http://127.0.0.1:{port}/", "another token")
            with pytest.raises(StartRefused, match="the dashboard answered 401: The token") as raised:
                await asyncio.to_thread(ask_dashboard, dashboard, "api/app", {})
        return raised.value

    answer = asyncio.run(refused()).__cause__
    assert isinstance(answer, HTTPError)
    assert answer.closed
