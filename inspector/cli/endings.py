"""How a serving process ended: told to the journal and the terminal, and whether another one follows it."""

import asyncio
import signal
import socket
import threading
import time
from dataclasses import replace

from inspector.cli.serving_process import ServingProcess
from inspector.cli.terminal import escape_controls, say
from inspector.errors import JournalError
from inspector.journal.protocol import AppStatus, Journal, LossNoted, StatusSaved
from inspector.model import Worker


class Endings:
    """Judges and records the ends of processes that nobody asked to end."""

    def __init__(self, journal: Journal, target: str) -> None:
        self._journal = journal
        self._target = target
        self._untold = 0  # losses that the journal did not take yet
        self._telling = threading.Lock()  # several processes may end at once, each judged in a thread

    async def is_to_be_followed(self, child: ServingProcess, code: int, *, is_one_of: int) -> bool:
        """Record how the process ended; say whether another one is to be started in its place.

        One that served its `limit_max_requests` is followed, and so is one of several that came up and then
        died. Whoever never came up would not the next time either, unless a signal ended it and others of the
        same generation serve.
        """
        try:
            return await asyncio.to_thread(self._judge, child, code, is_one_of > 1)
        except JournalError as error:  # named boundary: the application is served, whatever the journal does
            say(f"{_described(child, code)}; the journal does not take it: {escape_controls(str(error))}")
            return is_one_of > 1 and bool(child.numbers)

    async def note_stopped(self, child: ServingProcess) -> None:
        """Record that a process stopped because it was told to, should it not have said so itself."""
        try:
            await asyncio.to_thread(self._note_stopped, child)
        except JournalError as error:  # named boundary, as above
            say(f"inspector: the journal did not take that a process stopped: {escape_controls(str(error))}")

    def _note_stopped(self, child: ServingProcess) -> None:
        self._note_lost(child)
        before = self._find(child.pid)
        if before is not None and not before.has_ended:
            after = replace(before, state="stopped", updated_unix_ns=time.time_ns())
            self._journal.append([StatusSaved(after)])

    def _note_lost(self, child: ServingProcess) -> None:
        """Tell what a process took with it that could not store to its end; nobody else can."""
        if lost := child.lost:
            say(f"the serving process {child.pid} had {lost} exchanges to store; all lost")
        with self._telling:
            self._untold += lost
            if self._untold:
                self._journal.append([LossNoted(self._untold, "process_killed")])
                self._untold = 0

    def _judge(self, child: ServingProcess, code: int, is_one_of_several: bool) -> bool:
        self._note_lost(child)
        before = self._find(child.pid)
        has_served = before is not None and before.state in ("running", "stopped")
        reached_limit = code == 0 and "limit_max_requests" in child.plan.server
        is_able = has_served or (code < 0 and self._have_others_come_up(child.plan.generation))
        is_followed = is_able and (is_one_of_several or reached_limit)
        if is_followed:
            said = _described(child, code)
            if reached_limit:
                said = f"the serving process {child.pid} served its limit of requests"
            say(f"{said}; another one is started")
        if before is None or not before.has_ended:
            self._record(child, code, before, is_followed=is_followed)
        return is_followed

    def _find(self, pid: int) -> AppStatus | None:
        ours = [one for one in self._statuses_here() if one.worker.pid == pid]
        return ours[-1] if ours else None

    def _have_others_come_up(self, generation: int) -> bool:
        return any(
            (one.state, one.worker.generation) == ("running", generation) for one in self._statuses_here()
        )

    def _statuses_here(self) -> list[AppStatus]:
        here = socket.gethostname()  # other hosts may write to the journal, too
        return [one for one in self._journal.status() if one.worker.host == here]

    def _record(
        self, child: ServingProcess, code: int, before: AppStatus | None, *, is_followed: bool
    ) -> None:
        """Say for the process what it could not say itself, as one that was killed cannot."""
        error = _described(child, code) if code else None
        if error and not is_followed:
            say(error)
        worker = Worker(host=socket.gethostname(), pid=child.pid, generation=child.plan.generation)
        before = before or AppStatus(worker=worker, state="stopped", target=self._target)
        # A worker that is replaced is no application that failed: the others serve on.
        is_failure = bool(code) and not is_followed
        after = replace(
            before,
            state="failed" if is_failure else "stopped",
            error=error,
            updated_unix_ns=time.time_ns(),
        )
        self._journal.append([StatusSaved(after)])


def _described(child: ServingProcess, code: int) -> str:
    return f"the serving process {child.pid} ended: {_reason(code)}"


def _reason(code: int) -> str:
    if code >= 0:
        return f"exit code {code}"
    try:
        return f"signal {signal.Signals(-code).name}"
    except ValueError:
        return f"signal {-code}"
