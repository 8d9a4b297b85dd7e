"""How a serving process is ended, and what is said of what it took with it."""

import asyncio
from collections.abc import Callable

import pytest

from inspector.cli import serving_process
from inspector.cli.apps import AppTarget
from inspector.cli.endings import Endings
from inspector.cli.plan import ServingPlan
from inspector.cli.serving_process import ServingProcess
from inspector.journal.memory import MemoryJournal
from inspector.settings import Settings

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


def started() -> ServingProcess:
    return ServingProcess(process=Process(), plan=PLAN)  # type: ignore[arg-type]  # as much as is used


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


@pytest.mark.parametrize(("code", "losses"), [(-9, [7]), (0, [])], ids=["killed", "ended by itself"])
def test_what_a_killed_process_had_yet_to_store_is_a_loss(code: int, losses: list[int]) -> None:
    journal = MemoryJournal()

    async def end() -> None:
        child = started()
        child.numbers = {"waiting": 7}
        child.process.end(code)  # type: ignore[attr-defined]  # the double's
        await Endings(journal, "shop:app").note_stopped(child)

    asyncio.run(end())
    found = [change.detail for change in journal.read_after(0, 10) if change.kind == "loss"]
    assert [detail and detail["count"] for detail in found] == losses
