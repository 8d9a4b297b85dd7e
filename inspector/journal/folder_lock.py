"""Whoever makes a journal's file, or takes a damaged one away, does so alone."""

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

try:
    from fcntl import LOCK_EX, LOCK_NB, flock
except ImportError:  # no such locks here; nor can a file be deleted that is open
    _CAN_LOCK = False
else:
    _CAN_LOCK = True

# Making a file takes a millisecond; somebody else's lock on the folder must not keep the journal away.
_PATIENCE_S = 2.0
_PAUSE_S = 0.01


@contextmanager
def alone_in(folder: Path) -> Iterator[None]:
    """Keep other processes that ask the same out of the folder; the lock ends with its holder.

    Goes on without it after `_PATIENCE_S`, and where the file system knows no such locks. Raises OSError for
    a folder that cannot be opened.
    """
    if not _CAN_LOCK:
        yield
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        with suppress(OSError):
            _lock(descriptor)
        yield
    finally:
        os.close(descriptor)


def _lock(descriptor: int) -> None:
    deadline = time.monotonic() + _PATIENCE_S
    while True:
        try:
            flock(descriptor, LOCK_EX | LOCK_NB)
            return
        except BlockingIOError:
            if time.monotonic() > deadline:
                raise
            time.sleep(_PAUSE_S)
