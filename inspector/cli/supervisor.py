"""Keeps the application of `inspector run` served: starts its workers, and again after each change of a file.

The listening socket belongs to the command, so a connection that arrives during a reload waits instead of
being refused. What happens is told to the journal, where the dashboard reads it.
"""

import asyncio
import contextlib
import socket
import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, assert_never

from inspector.cli.endings import Endings
from inspector.cli.plan import ServingPlan
from inspector.cli.serving_process import ServingProcess
from inspector.cli.terminal import StartRefused, escape_controls, say
from inspector.cli.watch import Look, Watched, changed
from inspector.journal.protocol import Journal
from miniframework.records import dataclass

_FIRST_PAUSE_S = 0.1  # before a worker that has died is started again; doubled each time up to the last
_LAST_PAUSE_S = 5.0
_MORE_OF_IT = ("see what `ulimit -a` says of open files, processes and memory",)
_SOUND_AFTER_S = 60.0  # a worker that served so long and then died has had bad luck; no pause grows for it


@dataclass(frozen=True, slots=True)
class Ended:
    """A worker ended on its own, and will not be started again."""

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
    """Serves one plan in several processes until stopped. With `watched` None it is served once."""

    def __init__(
        self,
        plan: ServingPlan,
        listener: socket.socket,
        journal: Journal,
        *,
        workers: int = 1,
        watched: Watched | None = None,
    ) -> None:
        self._plan = plan
        self._listener = listener
        self._endings = Endings(journal, plan.target.text)
        self._workers = workers
        self._watched = watched
        self._generation = 0
        self._serving: dict[int, ServingProcess] = {}
        self._has_started = False

    def numbers(self) -> Mapping[int, Mapping[str, Any]]:
        """Return what the recorder of each serving process last counted, by process id."""
        return {pid: child.numbers for pid, child in self._serving.items() if child.numbers}

    async def run(self, stop: asyncio.Event) -> int:
        """Serve until `stop` is set, or, without reloading, until a worker gives up; return the exit code."""
        while True:
            seen = await self._look()
            outcome = await self._serve_until(seen, stop)
            if isinstance(outcome, Ended) and self._watched is not None:
                say("waiting for a file to change ...")
                outcome = await self._first(seen, stop, [])
            match outcome:
                case Stopped():
                    return 0
                case Ended(code):
                    return code if code >= 0 else 128 - code  # as a shell gives the code of a signal
                case Changed(paths):
                    say(f"reloading: {_names(paths)} changed")
                    self._generation += 1
                case _:
                    assert_never(outcome)

    async def _serve_until(self, seen: Look, stop: asyncio.Event) -> Outcome:
        """Serve with all workers until something happens; none of them is left then."""
        keepers = [asyncio.ensure_future(self._keep()) for _ in range(self._workers)]
        try:
            return await self._first(seen, stop, keepers)
        finally:
            for keeper in keepers:
                keeper.cancel()
            await asyncio.gather(*keepers, return_exceptions=True)

    async def _keep(self) -> Ended:
        """Keep one worker served: start it again when it dies, give up when it does not even come up."""
        plan, pause_s = replace(self._plan, generation=self._generation), _FIRST_PAUSE_S
        while True:
            child = await self._start(plan)
            started_s = time.monotonic()
            self._serving[child.pid] = child
            is_asked_to_end = True
            try:
                code = await child.wait()
                is_asked_to_end = False
            finally:
                del self._serving[child.pid]
                await child.stop()
                if is_asked_to_end:
                    await self._endings.note_stopped(child)
            if not await self._endings.is_to_be_followed(child, code, is_one_of=self._workers):
                return Ended(code)
            if time.monotonic() - started_s > _SOUND_AFTER_S:
                pause_s = _FIRST_PAUSE_S
            await asyncio.sleep(pause_s)
            pause_s = min(pause_s * 2, _LAST_PAUSE_S)

    async def _start(self, plan: ServingPlan) -> ServingProcess:
        """Start a process, trying again while the system has none to give, once one could be started.

        Raises StartRefused where it has none for the very first.
        """
        pause_s = _FIRST_PAUSE_S
        while True:
            try:
                child = await ServingProcess.start(plan, self._listener)
            except (OSError, RuntimeError) as error:  # no descriptor, process, memory; no thread to wait with
                reason = error.strerror if isinstance(error, OSError) else error
                said = f"no process can be started to serve the application: {reason}"
                if not self._has_started:
                    raise StartRefused(said, *_MORE_OF_IT) from error
                if pause_s == _FIRST_PAUSE_S:
                    say(f"inspector: {said}; it is tried again")
                await asyncio.sleep(pause_s)
                pause_s = min(pause_s * 2, _LAST_PAUSE_S)
            else:
                self._has_started = True
                return child

    async def _first(
        self, seen: Look, stop: asyncio.Event, keepers: Sequence["asyncio.Future[Ended]"]
    ) -> Outcome:
        """Return what happens first; a stop wins over an end, which the same Ctrl-C may have caused."""
        stopping = asyncio.ensure_future(stop.wait())
        change = asyncio.ensure_future(self._wait_for_change(seen)) if self._watched is not None else None
        waiting: list[asyncio.Future[Any]] = [stopping] if change is None else [stopping, change]
        try:
            await asyncio.wait([*waiting, *keepers], return_when=asyncio.FIRST_COMPLETED)
            if stopping.done():
                return Stopped()
            if change is not None and change.done():
                return Changed(change.result())
            return next(keeper.result() for keeper in keepers if keeper.done())
        finally:
            for future in waiting:
                future.cancel()
            await asyncio.gather(*waiting, return_exceptions=True)

    async def _look(self) -> Look:
        return {} if self._watched is None else await asyncio.to_thread(self._watched.look)

    async def _wait_for_change(self, seen: Look) -> list[str]:
        assert self._watched is not None
        while True:
            await asyncio.sleep(self._watched.every_s)
            with contextlib.suppress(RuntimeError):  # no thread is left to look with; there will be one
                if paths := changed(seen, await self._look()):
                    return paths


def _names(paths: Sequence[str]) -> str:
    names = [escape_controls(Path(path).name) for path in paths]
    return ", ".join(names[:3]) + (f" and {len(names) - 3} more" if len(names) > 3 else "")
