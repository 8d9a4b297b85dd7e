"""The file under a SQLite journal: made private, refused when it is not, put aside when it is damaged."""

import json
import logging
import os
import sqlite3
import stat
import tempfile
import time
from pathlib import Path

from inspector.errors import CodecError, JournalError, JournalPermissionError
from inspector.journal.folder_lock import alone_in
from inspector.journal.sqlite_schema import prepare_schema, require_known

# Longer than any transaction here takes; a writer that waits longer reports it.
BUSY_MS = 2000
# Above this a full check at start would be felt (1.1 s for 205,000 rows).
CHECK_BELOW_BYTES = 64 * 1024 * 1024
_LOG = logging.getLogger("inspector")
# What Python's sqlite3 says of text that is no UTF-8, and SQLite's functions of what is no JSON.
_BROKEN_TEXT = ("Could not decode to UTF-8", "malformed JSON")
# What a question may meet in a file: damage, and documents that another program has written into it.
UNREADABLE = (sqlite3.Error, json.JSONDecodeError, UnicodeDecodeError, CodecError, RecursionError)
_SIDE_FILES = ("-wal", "-shm")
_SETTINGS = (
    "journal_mode=WAL",
    "synchronous=NORMAL",
    "foreign_keys=ON",
    "secure_delete=ON",
    "trusted_schema=OFF",
    "cell_size_check=ON",
    f"journal_size_limit={16 * 1024 * 1024}",
)


def open_writer(path: Path, *, is_again: bool = False) -> sqlite3.Connection:
    """Open the journal's file for writing; makes it, or replaces it when it is damaged.

    `is_again` says that another file of that name was open a moment ago. Raises JournalPermissionError when
    others can read it, JournalVersionError when it is too new, and JournalError when there is no such place
    to write.
    """
    deadline = time.monotonic() + BUSY_MS / 1000
    while True:
        if make_private_file(path) and is_again:
            _LOG.warning("the recording %r is not there any more: a new one is begun", str(path))
        inode = inode_of(path)
        try:
            return _open_checked(path)
        except (sqlite3.DatabaseError, UnicodeDecodeError) as error:
            is_broken = is_damage(error) or is_schema_damage(error)
            if time.monotonic() > deadline or not (is_broken or is_busy(error)):
                raise JournalError(f"cannot be opened: {error}", path=path) from error
            if is_broken:
                is_again = False  # that a new one is begun is said with what was wrong
                put_aside(path, inode)
            else:
                # Switching to WAL wants the file alone and does not wait by itself.
                time.sleep(0.01)


def open_reader(path: Path, busy_ms: int, *, is_alone: bool = False) -> sqlite3.Connection:
    """Open a second connection that cannot write.

    `is_alone` says that nobody writes and no log stands beside the file; then nothing is made beside it
    either, and it may lie on a medium that cannot be written.
    """
    mode = "immutable=1" if is_alone else "mode=ro"
    connection = sqlite3.connect(
        f"{path.absolute().as_uri()}?{mode}", uri=True, isolation_level=None, check_same_thread=False
    )
    connection.execute(f"PRAGMA busy_timeout={busy_ms}")
    connection.execute("PRAGMA trusted_schema=OFF")
    return connection


def is_damage(error: Exception) -> bool:
    """Say whether the file itself is broken, or a text in it, rather than busy, full or missing.

    Every text in it is JSON that was written by us; pages that are whole may still hold other bytes.
    """
    is_broken_text = isinstance(error, sqlite3.OperationalError) and str(error).startswith(_BROKEN_TEXT)
    # Of a damaged schema SQLite speaks in bytes of it, which Python's sqlite3 cannot decode.
    is_no_text = isinstance(error, (json.JSONDecodeError, UnicodeDecodeError))
    return type(error) is sqlite3.DatabaseError or is_broken_text or is_no_text


def problem_of(error: Exception) -> str:
    """What is wrong, without the recorded text that Python repeats in it."""
    return str(error).partition(" with text ")[0]


def is_busy(error: Exception) -> bool:
    """Say whether another process holds the file."""
    return getattr(error, "sqlite_errorcode", None) == sqlite3.SQLITE_BUSY


def is_read_only(error: Exception) -> bool:
    """Say whether the file could not be written when it was opened, for want of the right to."""
    code = getattr(error, "sqlite_errorcode", None)
    return code is not None and code & 0xFF == sqlite3.SQLITE_READONLY


def is_schema_damage(error: Exception) -> bool:
    """Say whether a table is not there, as of a file that another one was copied over."""
    return isinstance(error, sqlite3.OperationalError) and str(error).startswith("no such ")


def inode_of(path: Path) -> int:
    """Give what tells the file from another one of that name, -1 when there is none or it is out of reach."""
    try:
        return path.stat().st_ino
    except OSError:
        return -1


def put_aside(path: Path, inode: int) -> None:
    """Rename a damaged file and those beside it to `*.corrupt-<milliseconds>`, and log it.

    Does nothing when it is not this file any more: another process has done so already. Raises JournalError.
    """
    aside = path.with_name(f"{path.name}.corrupt-{time.time_ns() // 1_000_000}")
    try:
        with alone_in(path.parent):
            if inode_of(path) != inode:
                return
            path.rename(aside)
            for source, side in zip(_beside(path), _beside(aside), strict=True):
                if source.exists():
                    source.rename(side)
    except OSError as error:
        raise JournalError(f"is damaged and cannot be put aside: {error.strerror}", path=path) from error
    _LOG.error("the recording %r is damaged: put aside as %r, and a new one begun", str(path), aside.name)


def make_private_file(path: Path) -> bool:
    """Make the file, 0600 before SQLite opens it, in a directory that is made 0700 if it is not there.

    Says whether it was made; one that is there must be private. What a deleted file left beside it is
    removed: read with a new file, it makes every use of that an error.
    """
    try:
        if not path.parent.exists():
            _make_directory(path.parent)
        with alone_in(path.parent):
            if not os.path.lexists(path):
                for side in _beside(path):
                    side.unlink(missing_ok=True)
            os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
            # The umask can only take away; SQLite gives -wal and -shm the mode of the file.
            path.chmod(0o600)
    except FileExistsError:
        _require_private(path)
        return False
    except OSError as error:
        raise JournalError(f"cannot be made: {error.strerror}; name another place", path=path) from error
    return True


def _beside(path: Path) -> tuple[Path, ...]:
    return tuple(path.with_name(path.name + suffix) for suffix in _SIDE_FILES)


def _make_directory(directory: Path) -> None:
    directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    directory.chmod(0o700)
    # What was recorded must not end in a repository, whoever's it is.
    (directory / ".gitignore").write_text("*\n", encoding="ascii")


def _require_private(path: Path) -> None:
    found = path.lstat()
    if not stat.S_ISREG(found.st_mode):
        raise JournalPermissionError("is no regular file; name another file", path=path)
    if not hasattr(os, "getuid"):  # Windows: what the user's own folders let others do is not in the mode
        return
    if found.st_uid != os.getuid():
        raise JournalPermissionError(f"belongs to user {found.st_uid}; name another file", path=path)
    if found.st_mode & 0o077 and keeps_modes(path.parent):
        mode = stat.S_IMODE(found.st_mode)
        raise JournalPermissionError(
            f"can be read by others (mode {mode:04o}); run: chmod 600 {path}", path=path
        )


def keeps_modes(folder: Path) -> bool:
    """Say whether a file in this folder can be kept from others; not so on FAT and on the drives of WSL.

    There all files have one mode, which `chmod` does not change.
    """
    try:
        with tempfile.TemporaryFile(dir=folder) as made:  # 0600, as far as the file system knows
            return not os.fstat(made.fileno()).st_mode & 0o077
    except OSError:  # it takes no file: nothing is known of it that would excuse a mode
        return True


def _open_checked(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    try:
        connection.execute(f"PRAGMA busy_timeout={BUSY_MS}")
        if require_known(connection, path) == 0:
            # Lets deleted pages go back to the file system; has no effect once anything is written.
            connection.execute("PRAGMA auto_vacuum=INCREMENTAL")
        for setting in _SETTINGS:
            connection.execute(f"PRAGMA {setting}")
        prepare_schema(connection, path)
        if path.stat().st_size < CHECK_BELOW_BYTES:
            verdict = connection.execute("PRAGMA quick_check(1)").fetchone()[0]
            if verdict != "ok":
                raise sqlite3.DatabaseError(verdict)
    except BaseException:
        connection.close()
        raise
    return connection
