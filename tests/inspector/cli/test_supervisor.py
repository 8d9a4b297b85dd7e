"""What the command does when the system has no process to give."""

import asyncio
import errno
import os
import socket
import sys
from pathlib import Path

import pytest

from inspector.cli.apps import AppTarget
from inspector.cli.plan import ServingPlan
from inspector.cli.supervisor import Supervisor
from inspector.cli.terminal import StartRefused
from inspector.cli.watch import Watched
from inspector.journal.memory import MemoryJournal
from inspector.settings import Settings

WITHIN_S = 60.0
PLAN = ServingPlan(
    target=AppTarget(text="nothing_there:app"),
    settings=Settings(),
    journal=os.devnull,
    url="http://127.0.0.1:1",
    host="127.0.0.1",
    port=1,
    dashboard_url="http://127.0.0.1:2/",
)


class Starved:
    """Starts a process that serves, but for so many turns in which the system has none to give."""

    def __init__(self, turns: int, error: Exception, started: asyncio.Event) -> None:
        self._turns = turns
        self._error = error
        self._started = started
        self._start = asyncio.create_subprocess_exec

    async def __call__(self, *command: str, pass_fds: tuple[int, ...]) -> asyncio.subprocess.Process:
        self._turns -= 1
        if self._turns >= 0:
            raise self._error
        process = await self._start(sys.executable, "-c", "input()", stdin=asyncio.subprocess.PIPE)
        self._started.set()
        return process


NO_MORE = OSError(errno.EAGAIN, "Resource temporarily unavailable")
NO_THREAD = RuntimeError("can't start new thread")


BOTH = pytest.mark.parametrize("error", [NO_MORE, NO_THREAD], ids=["no process", "no thread"])


@BOTH
def test_a_system_without_a_process_to_give_is_told_at_the_start(
    error: Exception, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(asyncio, "create_subprocess_exec", Starved(1, error, asyncio.Event()))
    with socket.socket() as listener:
        supervisor = Supervisor(PLAN, listener, MemoryJournal())
        with pytest.raises(StartRefused, match=f"no process can be started.*{reason(error)}") as refused:
            asyncio.run(supervisor.run(asyncio.Event()))
    assert "ulimit -a" in refused.value.ways_out[0]


@BOTH
def test_a_reload_waits_until_the_system_has_a_process_to_give(
    error: Exception, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    async def reload() -> int:
        stop, first, second = asyncio.Event(), asyncio.Event(), asyncio.Event()
        monkeypatch.setattr(asyncio, "create_subprocess_exec", Starved(0, error, first))
        with socket.socket() as listener:
            watched = Watched(folders=[tmp_path], every_s=0)
            supervisor = Supervisor(PLAN, listener, MemoryJournal(), watched=watched)
            running = asyncio.create_task(supervisor.run(stop))
            async with asyncio.timeout(WITHIN_S):
                await first.wait()
                monkeypatch.undo()
                monkeypatch.setattr(asyncio, "create_subprocess_exec", Starved(2, error, second))
                (tmp_path / "shop.py").touch()
                await second.wait()
                stop.set()
                return await running

    assert asyncio.run(reload()) == 0
    said = f"no process can be started to serve the application: {reason(error)}; it is tried again"
    assert capsys.readouterr().err.count(said) == 1


def reason(error: Exception) -> str:
    """What the message says of it."""
    return str(error.strerror) if isinstance(error, OSError) else str(error)
