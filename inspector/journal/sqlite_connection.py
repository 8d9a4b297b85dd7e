"""One open connection, kept for as long as it still leads to the file of that name."""

import os
import sqlite3
import threading
from collections.abc import Callable
from pathlib import Path

from inspector.journal.sqlite_file import inode_of


class KeptConnection:
    """Opens when first needed, and anew in a forked process or when the file was deleted or replaced.

    Use it with `lock` held. `open_connection` is told whether another file of that name was open before.
    """

    def __init__(self, path: Path, open_connection: Callable[[bool], sqlite3.Connection]) -> None:
        self.lock = threading.RLock()
        self._path = path
        self._open = open_connection
        self._connection: sqlite3.Connection | None = None
        self._belongs_to: tuple[int, int] | None = None
        self._is_lost = False  # the file that was open; until another one is
        self._left_behind: list[sqlite3.Connection] = []

    def get(self) -> sqlite3.Connection:
        """Give the connection. Raises what opening raises."""
        if self._connection is None or self._belongs_to != self._here():
            self._is_lost = self._is_lost or self._has_lost_its_file()
            self.drop()
            self._connection = self._open(self._is_lost)
            self._belongs_to = self._here()
            self._is_lost = False
        return self._connection

    def inode(self) -> int | None:
        """Give what tells the open file from others of that name, None when none is open."""
        return None if self._connection is None or self._belongs_to is None else self._belongs_to[1]

    def drop(self) -> None:
        """Close the connection, if it is this process's."""
        connection, self._connection = self._connection, None
        if connection is None:
            return
        if self._belongs_to is not None and self._belongs_to[0] == os.getpid():
            connection.close()
        else:
            # Closing what a parent process opened could take away the log it still writes.
            self._left_behind.append(connection)

    def _has_lost_its_file(self) -> bool:
        """Whether this process has had a file of that name open that is not there any more."""
        if self._connection is None or self._belongs_to is None:
            return False
        pid, inode = self._belongs_to
        return pid == os.getpid() and inode != inode_of(self._path)

    def _here(self) -> tuple[int, int]:
        return os.getpid(), inode_of(self._path)
