"""Keeps the application of `inspector run` served: starts its process, and again after each change of a file.

The listening socket belongs to the command, so a connection that arrives during a reload waits instead of
being refused. What happens is told to the journal, where the dashboard reads it.
"""

import asyncio
import signal
import socket
import time
from collections.abc import Coroutine, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal, assert_never

from inspector.cli.plan import ServingPlan
from inspector.cli.serving_process import ServingProcess
from inspector.cli.terminal import escape_controls, say
from inspector.cli.watch import changed, look
from inspector.journal.protocol import AppStatus, Journal, StatusSaved
from inspector.model import Worker

_LOOK_EVERY_S = 0.3  # a reload is to be done within three seconds; the looks are a small part of that


@dataclass(frozen=True, slots=True)
class Ended:
    """The process ended on its own."""

    code: int


@dataclass(frozen=True, slots=True)
class Changed:
    """Files changed."""

    paths: Sequence[str]


@dataclass(frozen=True, slots=True)
class Stopped:
    """The user wants to stop."""


Outcome = Ended | Changed | Stopped


class Supervisor:
    """Serves one plan until stopped. `folders` are watched for changes; with None it is served once."""

    def __init__(
        self, plan: ServingPlan, listener: socket.socket, journal: Journal, *, folders: Sequence[Path] | None
    ) -> None:
        self._plan = plan
        self._listener = listener
        self._journal = journal
        self._folders = folders
        self._generation = 0

    async def run(self, stop: asyncio.Event) -> int:
        """Serve until `stop` is set, or, without reloading, until the process ends; return the exit code."""
        while True:
            seen = await self._look()
            child = await ServingProcess.start(
                replace(self._plan, generation=self._generation), self._listener
            )
            try:
                outcome = await self._first(child.wait(), seen, stop)
                if isinstance(outcome, Ended) and self._folders is not None:
                    self._note_end(child.pid, outcome.code)
                    say("waiting for a file to change ...")
                    outcome = await self._first(None, seen, stop)
            finally:
                await child.stop()
            match outcome:
                case Stopped():
                    return 0
                case Ended(code):
                    self._note_end(child.pid, code)
                    return code if code >= 0 else 128 - code  # as a shell gives the code of a signal
                case Changed(paths):
                    say(f"reloading: {_names(paths)} changed")
                    self._generation += 1
                case _:
                    assert_never(outcome)

    async def _first(
        self, ending: Coroutine[Any, Any, int] | None, seen: dict[str, tuple[int, int]], stop: asyncio.Event
    ) -> Outcome:
        """Return what happens first; a stop wins over an end, which the same Ctrl-C may have caused."""
        stopping = asyncio.ensure_future(stop.wait())
        waiting: set[asyncio.Future[Any]] = {stopping}
        ended = asyncio.ensure_future(ending) if ending is not None else None
        change = asyncio.ensure_future(self._wait_for_change(seen)) if self._folders is not None else None
        waiting |= {future for future in (ended, change) if future is not None}
        try:
            await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
            if stopping.done():
                return Stopped()
            if change is not None and change.done():
                return Changed(change.result())
            assert ended is not None
            return Ended(ended.result())
        finally:
            for future in waiting:
                future.cancel()
            await asyncio.gather(*waiting, return_exceptions=True)

    async def _look(self) -> dict[str, tuple[int, int]]:
        return dict(await asyncio.to_thread(look, self._folders or ()))

    async def _wait_for_change(self, seen: dict[str, tuple[int, int]]) -> list[str]:
        while True:
            await asyncio.sleep(_LOOK_EVERY_S)
            if paths := changed(seen, await self._look()):
                return paths

    def _note_end(self, pid: int, code: int) -> None:
        """Record how a process ended that could not say so itself, as one that was killed cannot."""
        last = [status for status in self._journal.status() if status.worker.pid == pid]
        if last and last[-1].state in ("failed", "stopped"):
            return
        state: Literal["failed", "stopped"] = "failed" if code else "stopped"
        error = f"the serving process ended: {_reason(code)}" if code else None
        if error:
            say(error)
        worker = Worker(host=socket.gethostname(), pid=pid, generation=self._generation)
        before = last[-1] if last else AppStatus(worker=worker, state=state, target=self._plan.target.text)
        after = replace(before, state=state, error=error, updated_unix_ns=time.time_ns())
        self._journal.append([StatusSaved(after)])


def _reason(code: int) -> str:
    if code >= 0:
        return f"exit code {code}"
    try:
        return f"signal {signal.Signals(-code).name}"
    except ValueError:
        return f"signal {-code}"


def _names(paths: Sequence[str]) -> str:
    names = [escape_controls(Path(path).name) for path in paths]
    return ", ".join(names[:3]) + (f" and {len(names) - 3} more" if len(names) > 3 else "")
