"""One serving process as its parent sees it: start it, wait for it, end it for certain."""

import asyncio
import os
import sys
from dataclasses import dataclass, replace
from pathlib import Path
from socket import socket

import inspector
from inspector.cli.plan import ServingPlan

# Finds us where this process found us, also in a checkout that is not installed.
_BOOTSTRAP = (
    "import sys; sys.path.append(sys.argv.pop(1));"
    " from inspector.cli.serving import main; sys.exit(main(sys.argv[1]))"
)
_END_WITHIN_S = 2.0  # asked nicely; then it is killed, so that a hanging shutdown cannot hold up a reload


@dataclass(frozen=True, slots=True, kw_only=True)
class ServingProcess:
    """A started process; whoever started it must `stop` it."""

    process: asyncio.subprocess.Process
    lifeline: int | None  # our end of the pipe whose closing ends the process

    @classmethod
    async def start(cls, plan: ServingPlan, listener: socket) -> "ServingProcess":
        """Start the plan in a new process that inherits the listening socket and cannot outlive this one."""
        # -P: a file of the user's folder, say click.py, must not be imported in place of what we need.
        command = [sys.executable, "-P", "-c", _BOOTSTRAP, str(Path(inspector.__file__).parent.parent)]
        if os.name == "nt":  # no descriptor can be inherited; the pipe at stdin is the lifeline
            process = await asyncio.create_subprocess_exec(
                *command, plan.to_argument(), stdin=asyncio.subprocess.PIPE
            )
            return cls(process=process, lifeline=None)
        theirs, ours = os.pipe()
        try:
            plan = replace(plan, listener_fd=listener.fileno(), lifeline_fd=theirs)
            process = await asyncio.create_subprocess_exec(
                *command, plan.to_argument(), pass_fds=(listener.fileno(), theirs)
            )
        except BaseException:
            os.close(ours)
            raise
        finally:
            os.close(theirs)
        return cls(process=process, lifeline=ours)

    @property
    def pid(self) -> int:
        """Its process id."""
        return self.process.pid

    async def wait(self) -> int:
        """Return its exit code once it has ended; negative for the signal that ended it."""
        return await self.process.wait()

    async def stop(self) -> None:
        """Ask it to end, kill it when it has not ended in time, and let go of what belongs to it."""
        try:
            if self.process.returncode is None:
                self.process.terminate()
                await asyncio.wait_for(self.process.wait(), _END_WITHIN_S)
        except ProcessLookupError:
            await self.process.wait()
        except TimeoutError:
            self.process.kill()
            await self.process.wait()
        finally:
            if self.lifeline is not None:
                os.close(self.lifeline)
