"""One serving process as its parent sees it: start it, hear from it, wait for it, end it for certain."""

import asyncio
import contextlib
import json
import os
import socket
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import field, replace
from pathlib import Path
from typing import Any

import inspector
from inspector.cli.listener_sharing import shared_line
from inspector.cli.plan import ServingPlan
from inspector.cli.shared_account import open_account, shared_memory
from inspector.recording.account import Account
from miniframework.records import dataclass

# Ctrl-C, and a terminal that is closed, reach every process there. The command hears it too and ends this one
# in good order, so that what was recorded is stored. From the very first on: importing takes its time. And
# by a handler that does nothing: what is ignored is so in every program that the application starts, too.
# Then it finds us where this process found us, also in a checkout that is not installed. Our arguments are
# gone before an application looks at the command line.
_BOOTSTRAP = """
import signal, sys
for name in {"SIGINT", "SIGHUP"} & set(dir(signal)):
    signal.signal(getattr(signal, name), lambda number, frame: None)
sys.path.append(sys.argv.pop(1))
from inspector.cli.serving import main
sys.exit(main(sys.argv.pop(1)))
"""
_END_WITHIN_S = 2.0  # asked nicely; then it is killed, so that a hanging shutdown cannot hold up a reload
# Unless it is storing what was recorded, as after a flood of requests. Docker and supervisord kill whoever
# has not ended after 10 s; the rest of them is for telling the journal what was lost.
_STORE_WITHIN_S = 6.0


@dataclass(slots=True, kw_only=True)
class ServingProcess:
    """A started process; whoever started it must `stop` it. `numbers` are what its recorder last counted.

    `lifeline` is our end of the pair of sockets whose closing ends the process, `account` what it recorded,
    which can be read when it is no more.
    """

    process: asyncio.subprocess.Process
    plan: ServingPlan
    lifeline: asyncio.StreamWriter | None = None
    account: Account | None = None
    numbers: Mapping[str, Any] = field(default_factory=dict)
    _hearing: "asyncio.Task[None] | None" = None

    @classmethod
    async def start(cls, plan: ServingPlan, listener: socket.socket) -> "ServingProcess":
        """Start the plan in a new process that inherits the listening socket and cannot outlive this one."""
        # -P: a file of the user's folder, say click.py, must not be imported in place of what we need.
        command = [sys.executable, "-P", "-c", _BOOTSTRAP, str(Path(inspector.__file__).parent.parent)]
        if os.name == "nt":
            return await cls._start_with_pipe(command, plan, listener)
        ours, theirs = socket.socketpair()
        with contextlib.ExitStack() as if_it_fails, theirs, shared_memory() as shared:
            account = open_account(shared)
            if_it_fails.callback(ours.close)
            process = await asyncio.create_subprocess_exec(
                *command,
                replace(
                    plan, listener_fd=listener.fileno(), lifeline_fd=theirs.fileno(), account_fd=shared
                ).to_argument(),
                pass_fds=(listener.fileno(), theirs.fileno(), shared),
            )
            if_it_fails.pop_all()
        reader, writer = await asyncio.open_connection(sock=ours)
        started = cls(process=process, plan=plan, lifeline=writer, account=account)
        started._hearing = asyncio.create_task(started._hear(reader))
        return started

    @classmethod
    async def _start_with_pipe(
        cls, command: Sequence[str], plan: ServingPlan, listener: socket.socket
    ) -> "ServingProcess":
        """Start it where no descriptor can be inherited: a pipe at stdin brings the listener, and stays."""
        process = await asyncio.create_subprocess_exec(
            *command, plan.to_argument(), stdin=asyncio.subprocess.PIPE
        )
        assert process.stdin is not None
        with contextlib.suppress(ConnectionError):  # it has ended by now; that is told where it is waited for
            process.stdin.write(shared_line(listener, process.pid))
            await process.stdin.drain()
        return cls(process=process, plan=plan)

    @property
    def pid(self) -> int:
        """Its process id."""
        return self.process.pid

    async def wait(self) -> int:
        """Return its exit code once it has ended; negative for the signal that ended it."""
        return await self.process.wait()

    @property
    def waiting(self) -> int:
        """How many exchanges it has not stored, or had not when it was last heard."""
        if self.account is not None:
            return self.account.outstanding
        return int(self.numbers.get("waiting", 0))

    @property
    def lost(self) -> int:
        """How many exchanges it took with it; meant for one that has ended."""
        is_known = self.account is not None or self.process.returncode != 0
        return self.waiting if is_known else 0

    async def stop(self) -> None:
        """Ask it to end, kill it when it has not ended in time, and let go of what belongs to it."""
        try:
            if self.process.returncode is None:
                self._ask_to_end()
                await self._wait_while_it_stores()
        except ProcessLookupError:
            await self.process.wait()
        except TimeoutError:
            self.process.kill()
            await self.process.wait()
        finally:
            if self.lifeline is not None:
                self.lifeline.close()
            if self._hearing is not None:
                self._hearing.cancel()

    def _ask_to_end(self) -> None:
        """Raises ProcessLookupError for one that has ended."""
        if self.process.stdin is not None:
            self.process.stdin.close()  # the lifeline; terminate() is no question on Windows
        else:
            self.process.terminate()

    async def _wait_while_it_stores(self) -> None:
        """Wait for its end, longer while it has something to store. Raises TimeoutError."""
        deadline = time.monotonic() + _STORE_WITHIN_S
        while True:
            left_s = deadline - time.monotonic()
            try:
                await asyncio.wait_for(self.process.wait(), min(_END_WITHIN_S, max(left_s, 0.0)))
                return
            except TimeoutError:
                if not self.waiting or left_s <= _END_WITHIN_S:
                    raise

    async def _hear(self, reader: asyncio.StreamReader) -> None:
        while line := await reader.readline():
            self.numbers = json.loads(line)
