"""A Python that has imported the product once, or what it is told, and forks for each program to be run.

A program that is started anew spends nearly all its time on imports. The fork has them already; its folder,
environment, descriptors, `sys.path`, arguments and end are those of a new Python, and what a user wrote was
imported by nobody before. The other end is `tests.warm`.
"""

import gc
import importlib
import json
import os
import runpy
import select
import signal
import socket
import sys
from dataclasses import dataclass
from pathlib import Path

# What commands and test runs have in common; whatever else a program needs, the fork imports by itself.
IMPORTED = (
    "inspector.analysis.check",
    "inspector.analysis.repair",
    "inspector.cli.main",
    "inspector.cli.session",
    "inspector.cli.supervisor",
    "inspector.cli.tables",
    "inspector.journal.sqlite",
    "miniframework.app",
    "miniframework.testing",
    "pytest",
    "uvicorn",
)
HEADER_BYTES = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """A command line of Python, and its descriptors: stdin, stdout, stderr, and who hears of its end."""

    arguments: list[str]
    folder: str
    environment: dict[str, str]
    descriptors: list[int]


class Ends:
    """The forks that have not ended, and who is to hear of each: its number first, then its exit code."""

    def __init__(self) -> None:
        self._awaited: dict[int, int] = {}
        self.heard, self._hears = socket.socketpair()
        self._hears.setblocking(False)
        signal.set_wakeup_fd(self._hears.fileno())
        signal.signal(signal.SIGCHLD, lambda number, frame: None)

    def await_end(self, pid: int, order: Order) -> None:
        """Keep of the descriptors of this fork the one that hears of its end."""
        *standard, report = order.descriptors
        self._awaited[pid] = report
        os.write(report, b"%d\n" % pid)
        for descriptor in standard:
            os.close(descriptor)

    def report(self) -> None:
        """Tell of each fork that has ended how."""
        self.heard.recv(4096)
        while self._awaited:
            pid, status = os.waitpid(-1, os.WNOHANG)
            if pid == 0:
                return
            report = self._awaited.pop(pid)
            os.write(report, b"%d\n" % os.waitstatus_to_exitcode(status))
            os.close(report)

    def forget(self) -> None:
        """In a fork: let go of what belongs to the others."""
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        self.heard.close()
        self._hears.close()
        for report in self._awaited.values():
            os.close(report)


def main() -> None:
    """Import, then fork for each order that comes; ends when the other end closes."""
    connection = socket.socket(fileno=int(sys.argv[1]))
    sys.path[0] = str(Path(__file__).parent.parent)
    for name in sys.argv[2:] or IMPORTED:
        importlib.import_module(name)
    gc.freeze()  # what is here now is shared with every fork, unless a collection writes into it
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    order = serve(connection)
    if order is not None:
        become(order)


def serve(connection: socket.socket) -> Order | None:
    """Fork for each order; returns it in the fork, and None here at the end."""
    ends = Ends()
    while True:
        ready, _, _ = select.select([connection, ends.heard], [], [])
        if ends.heard in ready:
            ends.report()
        if connection in ready:
            order = receive(connection)
            if order is None:
                return None
            pid = os.fork()
            if pid == 0:
                ends.forget()
                connection.close()
                return order
            ends.await_end(pid, order)


def receive(connection: socket.socket) -> Order | None:
    """Return the next order, None when there will be no more."""
    header, descriptors, _, _ = socket.recv_fds(connection, HEADER_BYTES, 4)
    if not header:
        return None
    text = b""
    while len(text) < int.from_bytes(header, "big"):
        text += connection.recv(int.from_bytes(header, "big") - len(text))
    return Order(**json.loads(text), descriptors=list(descriptors))


def become(order: Order) -> None:
    """Be a Python with these arguments, in this folder and environment."""
    signal.signal(signal.SIGINT, signal.default_int_handler)
    for number, descriptor in enumerate(order.descriptors[:3]):
        os.dup2(descriptor, number)
    for descriptor in order.descriptors:
        os.close(descriptor)
    os.chdir(order.folder)
    os.environ.clear()
    os.environ.update(order.environment)
    added = [path for path in order.environment.get("PYTHONPATH", "").split(os.pathsep) if path]
    kind, *arguments = order.arguments
    of_program = order.folder if kind in ("-m", "-c") else str(Path(kind).parent)
    sys.path[:] = dict.fromkeys([of_program, *added, *sys.path[1:]])  # each once, as `site` has it
    if kind == "-m":
        sys.argv = [kind, *arguments[1:]]
        runpy.run_module(arguments[0], run_name="__main__", alter_sys=True)
    elif kind == "-c":
        sys.argv = [kind, *arguments[1:]]
        exec(compile(arguments[0], "<string>", "exec"), {"__name__": "__main__"})
    else:
        sys.argv = [kind, *arguments]
        runpy.run_path(kind, run_name="__main__")


if __name__ == "__main__":
    main()
