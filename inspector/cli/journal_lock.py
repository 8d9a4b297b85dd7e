"""One `inspector run` at a time for one recording: a replay must reach the run whose page asked for it."""

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path

from inspector.cli.terminal import StartRefused

try:
    import fcntl
except ImportError:  # no such locks here; two runs in one folder are then not noticed
    fcntl = None  # type: ignore[assignment]  # a module or nothing


@contextlib.contextmanager
def only_run(journal: Path) -> Iterator[None]:
    """Hold the recording for this process; the lock ends with it, however it ends.

    Raises StartRefused, naming the process, when another one holds it.
    """
    path = journal.with_name(journal.name + ".lock")
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        if fcntl is not None:
            _lock(descriptor, journal)
        os.truncate(descriptor, 0)
        os.pwrite(descriptor, str(os.getpid()).encode(), 0)
        yield
    finally:
        os.close(descriptor)


def _lock(descriptor: int, journal: Path) -> None:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        holder = os.pread(descriptor, 20, 0).decode("ascii", "replace") or "unknown"
        raise StartRefused(
            f"the recording {str(journal)!r} is in use by another inspector (process {holder})",
            "end that one, or give this one a file of its own: --journal PATH",
        ) from error
