"""A Python program at a tenth of its price: a fork of a Python that has imported the product already.

What is asked of the fork cannot show that the product imports what it needs: each command has a test that
starts it as a user does, with `run_anew`.
"""

import atexit
import functools
import json
import os
import select
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import IO, TextIO

SERVER = Path(__file__).parent / "warm_server.py"
ENDED_WITHIN_S = 100.0


class WarmProcess:
    """A program that was started; as far as it goes, this is `subprocess.Popen`."""

    def __init__(self, report: IO[bytes], stdout: TextIO | None = None, stderr: TextIO | None = None) -> None:
        self._report = report
        self.stdout = stdout
        self.stderr = stderr
        told = report.readline()
        assert told, f"{SERVER.name} has ended; what it said stands on stderr"
        self.pid = int(told)
        self.returncode: int | None = None

    def poll(self) -> int | None:
        """The exit code, negative for a signal; None while it runs."""
        if self.returncode is None and select.select([self._report], [], [], 0)[0]:
            with self._report:
                self.returncode = int(self._report.readline())
        return self.returncode

    def wait(self, timeout: float | None = None) -> int:
        """Wait for the exit code. Raises subprocess.TimeoutExpired."""
        if self.returncode is None:
            select.select([self._report], [], [], timeout)
        code = self.poll()
        if code is None:
            raise subprocess.TimeoutExpired(f"process {self.pid}", timeout or 0)
        return code

    def send_signal(self, number: int) -> None:
        """Send a signal, unless it has ended."""
        if self.poll() is None:
            os.kill(self.pid, number)

    def terminate(self) -> None:
        """Ask it to end."""
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        """End it."""
        self.send_signal(signal.SIGKILL)


class WarmPython:
    """The process that forks; it ends when it is closed, or with the one that made it.

    Python gets `options` and the environment as they are given; `modules` are imported, without them the
    product.
    """

    def __init__(
        self, *modules: str, options: Sequence[str] = (), environment: Mapping[str, str] | None = None
    ) -> None:
        self._orders, theirs = socket.socketpair()
        if environment is None:
            environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, *options, str(SERVER), str(theirs.fileno()), *modules],
                env=environment,
                stdin=subprocess.DEVNULL,
                pass_fds=[theirs.fileno()],
            )
        atexit.register(self.close)

    def close(self) -> None:
        """End it; programs that it has begun run on, and nobody hears of their end."""
        atexit.unregister(self.close)
        self._orders.close()
        self._process.wait()

    def order(self, order: Mapping[str, object], standard: Sequence[IO[str]]) -> IO[bytes]:
        """Have a program run with these as stdin, stdout and stderr; what is returned hears of it."""
        hears, report = os.pipe()
        text = json.dumps(order).encode()
        try:
            descriptors = [*(stream.fileno() for stream in standard), report]
            socket.send_fds(self._orders, [len(text).to_bytes(8, "big")], descriptors)
            self._orders.sendall(text)
        except BrokenPipeError as error:
            raise RuntimeError(f"{SERVER.name} has ended; what it said stands on stderr") from error
        finally:
            os.close(report)
        return os.fdopen(hears, "rb", buffering=0)


@functools.cache
def warm_python() -> WarmPython:
    """One for this process."""
    return WarmPython()


def run(
    *arguments: str,
    folder: Path,
    environment: Mapping[str, str],
    stdin_text: str = "",
    python: WarmPython | None = None,
) -> subprocess.CompletedProcess[str]:
    """Run `python -m MODULE ...`, `-c CODE ...` or `FILE.py ...` to its end, all of its environment given."""
    with (
        tempfile.TemporaryFile("w+", encoding="utf-8") as stdin,
        tempfile.TemporaryFile("w+", encoding="utf-8") as stdout,
        tempfile.TemporaryFile("w+", encoding="utf-8") as stderr,
    ):
        stdin.write(stdin_text)
        stdin.seek(0)
        report = (python or warm_python()).order(
            _order(arguments, folder, environment), [stdin, stdout, stderr]
        )
        code = WarmProcess(report).wait(ENDED_WITHIN_S)
        stdout.seek(0)
        stderr.seek(0)
        return subprocess.CompletedProcess(arguments, code, stdout.read(), stderr.read())


def run_anew(
    *arguments: str, folder: Path, environment: Mapping[str, str]
) -> subprocess.CompletedProcess[str]:
    """The same in a new Python, which takes a second to import what the fork has."""
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=folder,
        env=environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=ENDED_WITHIN_S,
        check=False,
    )


def start(*arguments: str, folder: Path, environment: Mapping[str, str]) -> WarmProcess:
    """Start `python -m MODULE ...`; its output comes through pipes that the caller reads and closes."""
    (stdout, out), (stderr, err) = _pipe(), _pipe()
    with open(os.devnull, encoding="utf-8") as stdin, out, err:
        report = warm_python().order(_order(arguments, folder, environment), [stdin, out, err])
        return WarmProcess(report, stdout, stderr)


def _order(arguments: Sequence[str], folder: Path, environment: Mapping[str, str]) -> dict[str, object]:
    return {"arguments": arguments, "folder": str(folder), "environment": dict(environment)}


def _pipe() -> tuple[TextIO, TextIO]:
    reads, writes = os.pipe()
    return os.fdopen(reads, encoding="utf-8"), os.fdopen(writes, "w", encoding="utf-8")
