"""One open connection, kept for as long as it still leads to the file of that name."""

import os
import sqlite3
import threading
from collections.abc import Callable
from pathlib import Path


class KeptConnection:
    """Opens when first needed, and anew in a forked process or when the file was deleted or replaced.

    Use it with `lock` held.
    """

    def __init__(self, path: Path, open_connection: Callable[[], sqlite3.Connection]) -> None:
        self.lock = threading.RLock()
        self._path = path
        self._open = open_connection
        self._connection: sqlite3.Connection | None = None
        self._belongs_to: tuple[int, int] | None = None
        self._left_behind: list[sqlite3.Connection] = []

    def get(self) -> sqlite3.Connection:
        """Give the connection. Raises what opening raises."""
        if self._connection is None or self._belongs_to != self._here():
            self.drop()
            self._connection = self._open()
            self._belongs_to = self._here()
        return self._connection

    def is_current(self) -> bool:
        """Say whether the file of that name is the one that is open."""
        return self._connection is not None and self._belongs_to == self._here()

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

    def _here(self) -> tuple[int, int]:
        try:
            inode = self._path.stat().st_ino
        except FileNotFoundError:
            inode = -1
        return os.getpid(), inode
