"""When it is told where everything is: once the application has said how it fares."""

import asyncio
import socket
from collections.abc import Sequence
from typing import Literal

import pytest

from inspector.cli import announcing
from inspector.cli.announcing import wait_for_start
from inspector.journal.memory import MemoryJournal
from inspector.journal.protocol import AppStatus, StatusSaved
from inspector.model import Worker

HERE = socket.gethostname()
LATER_NS = 2_000_000_000_000_000_000


def status(
    state: Literal["starting", "running", "failed", "stopped"],
    *,
    host: str = HERE,
    pid: int = 1,
    generation: int = 0,
    at_ns: int = 0,
) -> StatusSaved:
    worker = Worker(host=host, pid=pid, generation=generation)
    return StatusSaved(AppStatus(worker=worker, state=state, target="shop:app", updated_unix_ns=at_ns))


async def said(before: Sequence[StatusSaved], after: Sequence[StatusSaved]) -> str:
    journal = MemoryJournal()
    journal.append(before)
    waiting = asyncio.create_task(wait_for_start(journal))
    for one in after:
        await asyncio.sleep(0)
        journal.append([one])
    return await waiting


@pytest.mark.parametrize("state", ["running", "failed", "stopped"])
def test_what_an_earlier_run_said_is_not_meant_though_the_clock_was_set_back(
    state: Literal["running", "failed", "stopped"],
) -> None:
    earlier = [status("failed" if state == "running" else "running", pid=7, at_ns=LATER_NS)]
    assert asyncio.run(said(earlier, [status("starting", at_ns=5), status(state, at_ns=6)])) == state


def test_another_host_and_one_that_takes_its_time_are_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(announcing, "_WITHIN_S", 0.05)
    assert asyncio.run(said([], [status("running", host="elsewhere"), status("starting")])) == "starting"
