"""How a serving process is ended, and what is said of what it took with it."""

import asyncio
import contextlib
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from inspector.cli import serving_process
from inspector.cli.apps import AppTarget
from inspector.cli.dashboard_server import stopping_on_signals
from inspector.cli.endings import Endings
from inspector.cli.plan import ServingPlan
from inspector.cli.serving_process import ServingProcess
from inspector.journal.memory import MemoryJournal
from inspector.journal.protocol import AppStatus, Record, StatusSaved
from inspector.journal.sqlite import SqliteJournal
from inspector.model import Worker
from inspector.recording.account import SETTLED, STORIES, Account
from inspector.settings import Settings
from tests.inspector.recording.full_journal import FullJournal

PLAN = ServingPlan(
    target=AppTarget(text="shop:app"),
    settings=Settings(),
    journal="unused",
    url="http://127.0.0.1:1",
    host="127.0.0.1",
    port=1,
    dashboard_url="http://127.0.0.1:2/",
)


class Process:
    """Meets what is used of a process of asyncio: ends when it is let, or killed."""

    pid = 4711

    def __init__(self) -> None:
        self.returncode: int | None = None
        self.stdin = None
        self._over = asyncio.Event()

    def end(self, code: int) -> None:
        self.returncode = code
        self._over.set()

    def terminate(self) -> None:
        """Go on, as one whose shutdown takes its time."""

    def kill(self) -> None:
        self.end(-9)

    async def wait(self) -> int | None:
        await self._over.wait()
        return self.returncode


class SharedJournal(MemoryJournal):
    """A journal that takes its time when another one may come in between."""

    def __init__(self) -> None:
        super().__init__()
        self._met = threading.Barrier(2)

    def append(self, records: Sequence[Record]) -> None:
        with contextlib.suppress(threading.BrokenBarrierError):  # nobody comes, or did before
            self._met.wait(timeout=0.1)
        super().append(records)


def started(account: Account | None = None) -> ServingProcess:
    process = Process()
    return ServingProcess(process=process, plan=PLAN, account=account)  # type: ignore[arg-type]  # as is used


def ended(code: int, *, began: int = 0, settled: int = 0) -> ServingProcess:
    """A process that has ended, and what its account says then."""
    account = Account()
    account.cells[STORIES], account.cells[SETTLED] = began, settled
    child = started(account)
    child.process.end(code)  # type: ignore[attr-defined]  # the double's
    return child


def losses(journal: MemoryJournal) -> list[int]:
    """The counts of the losses that were noted."""
    changes = [change for change in journal.read_after(0, 10) if change.kind == "loss"]
    return [change.detail["count"] for change in changes if change.detail]


async def stopped_after(hear: Callable[[int], dict[str, int]]) -> int | None:
    """Stop a process while it says 40 times how many exchanges it has stored; then it would end by itself."""

    child = started()

    async def go_on() -> None:
        for number in range(40):
            child.numbers = hear(number)
            await asyncio.sleep(0.005)
        if child.process.returncode is None:
            child.process.end(0)  # type: ignore[attr-defined]  # the double's

    going = asyncio.create_task(go_on())
    await child.stop()
    await going
    return child.process.returncode


@pytest.mark.parametrize(
    ("hear", "code"),
    [
        pytest.param(lambda number: {"recorded": number, "waiting": 40 - number}, 0, id="it stores"),
        pytest.param(lambda number: {"recorded": number, "waiting": 0}, -9, id="it has nothing to store"),
    ],
)
def test_a_process_that_goes_on_storing_is_not_killed(
    monkeypatch: pytest.MonkeyPatch, hear: Callable[[int], dict[str, int]], code: int
) -> None:
    monkeypatch.setattr(serving_process, "_END_WITHIN_S", 0.05)
    assert asyncio.run(stopped_after(hear)) == code


def test_a_process_that_stores_for_ever_is_killed_in_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(serving_process, "_STORE_WITHIN_S", 0.05)
    child = started()
    child.numbers = {"waiting": 7000}

    async def stop() -> None:
        async with asyncio.timeout(1):  # a second wait of `_END_WITHIN_S` would be longer
            await child.stop()

    asyncio.run(stop())
    assert child.process.returncode == -9
    assert child.lost == 7000


def test_a_process_whose_lifeline_is_its_stdin_is_asked_to_end_by_it() -> None:
    """As on Windows, where terminate() leaves no time to store anything."""

    class Pipe:
        def close(self) -> None:
            child.process.end(0)  # type: ignore[attr-defined]  # the double's

    child = started()
    child.process.stdin = Pipe()  # type: ignore[assignment]  # as is used
    asyncio.run(child.stop())
    assert child.process.returncode == 0


@pytest.mark.parametrize(("code", "lost"), [(-9, [7]), (0, [])], ids=["killed", "ended by itself"])
def test_what_a_killed_process_had_yet_to_store_is_a_loss(code: int, lost: list[int]) -> None:
    journal = MemoryJournal()

    async def end() -> None:
        child = started()
        child.numbers = {"waiting": 7}
        child.process.end(code)  # type: ignore[attr-defined]  # the double's
        await Endings(journal, "shop:app").note_stopped(child)

    asyncio.run(end())
    assert losses(journal) == lost


@pytest.mark.parametrize("code", [-9, 0], ids=["killed", "ended by itself"])
def test_what_the_account_of_an_ended_process_says_is_the_loss(code: int) -> None:
    journal = MemoryJournal()
    asyncio.run(Endings(journal, "shop:app").note_stopped(ended(code, began=12, settled=9)))
    asyncio.run(Endings(journal, "shop:app").note_stopped(ended(code, began=12, settled=12)))
    assert losses(journal) == [3]


def test_a_loss_that_the_journal_does_not_take_is_told_with_the_next_one() -> None:
    journal = FullJournal()
    endings = Endings(journal, "shop:app")
    asyncio.run(endings.note_stopped(ended(-9, began=3)))
    journal.is_full = False
    asyncio.run(endings.note_stopped(ended(0)))
    assert losses(journal) == [3]


def test_the_losses_of_two_processes_that_end_at_once_are_each_told_once() -> None:
    journal = SharedJournal()
    endings = Endings(journal, "shop:app")

    async def end_both() -> None:
        await asyncio.gather(*(endings.note_stopped(ended(-9, began=began)) for began in (3, 4)))

    asyncio.run(end_both())
    assert sorted(losses(journal)) == [3, 4]


@pytest.mark.parametrize(
    ("others_serve", "code", "is_followed"),
    [
        pytest.param(True, -9, True, id="killed, others serve"),
        pytest.param(False, -9, False, id="killed, the first of all"),
        pytest.param(True, 2, False, id="there is no application"),
    ],
)
def test_a_process_killed_before_it_came_up_is_followed_where_others_serve(
    others_serve: bool, code: int, is_followed: bool
) -> None:
    journal = MemoryJournal()
    if others_serve:
        worker = Worker(host=socket.gethostname(), pid=4712, generation=PLAN.generation)
        journal.append([StatusSaved(AppStatus(worker=worker, state="running", target="shop:app"))])
    endings = Endings(journal, "shop:app")
    assert asyncio.run(endings.is_to_be_followed(ended(code), code, is_one_of=2)) is is_followed


LEFT_ALONE = """
import os, signal, sys
from inspector.cli import lifeline
from inspector.recording.account import STORIES, Account

account = Account()
account.cells[STORIES] = 5
lifeline._LEFT_TO_END_S = lifeline._STORE_WITHIN_S = 0
signal.signal(signal.SIGTERM, lambda number, frame: None)
lifeline._end_with(int(sys.argv[1]), sys.argv[2], account)
"""


def test_a_process_ends_when_its_command_was_killed_in_the_middle_and_says_what_is_lost(
    tmp_path: Path,
) -> None:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        theirs.send(b"numbers that nobody reads: the other end is reset and not closed")
        place = tmp_path / "kept" / "journal.db"
        process = subprocess.Popen(
            [sys.executable, "-c", LEFT_ALONE, str(theirs.fileno()), str(place)],
            pass_fds=[theirs.fileno()],
            stderr=subprocess.PIPE,
            text=True,
        )
        ours.close()
        _, said = process.communicate(timeout=60)
    assert process.returncode == 1
    assert "5 exchanges that this process had yet to store are lost" in said
    journal = SqliteJournal(place)
    assert journal.bounds().lost == 5
    journal.close()


def test_a_hangup_that_is_ignored_stays_so_and_any_other_one_stops() -> None:
    async def stops() -> bool:
        stop = asyncio.Event()
        with stopping_on_signals(stop):
            signal.raise_signal(signal.SIGHUP)
            await asyncio.sleep(0)
            await asyncio.sleep(0)
            return stop.is_set()

    before = signal.getsignal(signal.SIGHUP)
    try:
        signal.signal(signal.SIGHUP, signal.SIG_DFL)
        assert asyncio.run(stops())
        signal.signal(signal.SIGHUP, signal.SIG_IGN)
        assert not asyncio.run(stops())
    finally:
        signal.signal(signal.SIGHUP, before)
