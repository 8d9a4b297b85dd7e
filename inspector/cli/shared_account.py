"""An account of recorded exchanges in memory that a serving process and its parent share."""

import contextlib
import mmap
import os
import tempfile
from collections.abc import Iterator
from typing import BinaryIO

from inspector.recording.account import ACCOUNT_BYTES, Account


@contextlib.contextmanager
def shared_memory() -> Iterator[int]:
    """Give the descriptor of new memory for an account; it stays as long as somebody has it open or mapped.

    It has no name anywhere, so nobody can cut it short below a process that writes there.
    """
    with _nameless() as file:
        file.write(bytes(ACCOUNT_BYTES))
        yield file.fileno()


def _nameless() -> BinaryIO:
    if hasattr(os, "memfd_create"):
        return open(os.memfd_create("inspector-account"), "r+b", buffering=0)
    return tempfile.TemporaryFile(buffering=0)


def open_account(descriptor: int) -> Account:
    """Return the account in this memory; the descriptor may be closed then."""
    return Account(memoryview(mmap.mmap(descriptor, ACCOUNT_BYTES)))
