"""One `inspector run` at a time for one recording: a replay must reach the run whose page asked for it."""

import contextlib
import errno
import os
from collections.abc import Iterator
from pathlib import Path

from inspector.cli.terminal import StartRefused

try:
    import fcntl
except ImportError:  # no such locks here; two runs in one folder are then not noticed
    fcntl = None  # type: ignore[assignment]  # a module or nothing
# NFS without a lock daemon, FUSE and others without locks at all.
_NO_LOCKS = {errno.ENOLCK, errno.ENOSYS, errno.EOPNOTSUPP, errno.EINVAL}


@contextlib.contextmanager
def only_run(journal: Path) -> Iterator[None]:
    """Hold the recording for this process; the lock ends with it, however it ends.

    Raises StartRefused, naming the process, when another one holds it.
    """
    descriptor = _open(journal.with_name(journal.name + ".lock"))
    try:
        if fcntl is not None:
            _lock(descriptor, journal)
        os.truncate(descriptor, 0)
        os.write(descriptor, str(os.getpid()).encode())
        yield
    finally:
        os.close(descriptor)


def _open(path: Path) -> int:
    """Open the lock's file; a link that somebody laid there would lead to a file that is then emptied."""
    try:
        return os.open(path, os.O_RDWR | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0), 0o600)
    except OSError as error:
        raise StartRefused(
            f"the recording's lock {str(path)!r} cannot be opened: {error.strerror}",
            "remove it when it is not yours to write, or name another recording: --journal PATH",
        ) from error


def _lock(descriptor: int, journal: Path) -> None:
    """Lock it, if the file system knows locks: one of a network may have no server for them."""
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        holder = os.read(descriptor, 20).decode("ascii", "replace") or "unknown"
        raise StartRefused(
            f"the recording {str(journal)!r} is in use by another inspector (process {holder})",
            "end that one, or give this one a file of its own: --journal PATH",
        ) from error
    except OSError as error:
        if error.errno not in _NO_LOCKS:
            raise
