"""The tables of a SQLite journal, and the way from one format to the next."""

import re
import sqlite3
import uuid
from pathlib import Path
from typing import Any

from inspector.errors import JournalError, JournalVersionError

# "RtIn": file(1) and SQLite's own tools show it.
APPLICATION_ID = 0x5274496E
VERSION = 3

_TABLES = """
CREATE TABLE meta (key TEXT PRIMARY KEY, value) WITHOUT ROWID;
CREATE TABLE exchanges (
    ordinal INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    seq INTEGER NOT NULL UNIQUE,
    stored_ns INTEGER NOT NULL,
    size INTEGER NOT NULL,
    finished INTEGER NOT NULL,
    host TEXT NOT NULL,
    pid INTEGER NOT NULL,
    row TEXT NOT NULL,
    document TEXT NOT NULL,
    bodies BLOB NOT NULL
);
CREATE INDEX exchanges_by_age ON exchanges (finished, ordinal);
CREATE TABLE notices (seq INTEGER PRIMARY KEY, kind TEXT NOT NULL, exchange_id TEXT, detail TEXT);
CREATE TABLE route_tables (fingerprint TEXT PRIMARY KEY, seq INTEGER NOT NULL, snapshot TEXT NOT NULL);
CREATE TABLE statuses (
    host TEXT NOT NULL, pid INTEGER NOT NULL, seq INTEGER NOT NULL, document TEXT NOT NULL,
    PRIMARY KEY (host, pid)
);
CREATE TABLE commands (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    kind TEXT NOT NULL,
    body TEXT NOT NULL,
    claimed_by TEXT,
    answer TEXT
);
"""

# Since version 2: when which application came up with another route table.
_SERVED = """
CREATE TABLE tables_served (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    at_ns INTEGER NOT NULL,
    generation INTEGER NOT NULL,
    target TEXT NOT NULL,
    fingerprint TEXT NOT NULL
);
"""

# Since version 3: what the limits leave alone, and which process a command is for.
_PINS_AND_ADDRESSES = """
ALTER TABLE exchanges ADD COLUMN pinned INTEGER NOT NULL DEFAULT 0;
CREATE INDEX exchanges_pinned ON exchanges (pinned) WHERE pinned = 1;
DROP INDEX exchanges_by_age;
CREATE INDEX exchanges_by_age ON exchanges (finished DESC, ordinal) WHERE pinned = 0;
CREATE INDEX exchanges_unfinished ON exchanges (host, pid) WHERE finished = 0;
ALTER TABLE commands ADD COLUMN host TEXT;
ALTER TABLE commands ADD COLUMN pid INTEGER;
"""
_STEPS = {2: _SERVED, 3: _PINS_AND_ADDRESSES}
_NAMES = frozenset(re.findall(r"CREATE TABLE (\w+)", _TABLES + _SERVED))
# What is counted from the beginning; later versions have added more, which may be missing.
_META = {"log": "", "head": 0, "tail": 1, "trimmed": 0, "count": 0, "bytes": 0, "notices": 0}


def prepare_schema(connection: sqlite3.Connection, path: Path) -> None:
    """Make the tables in an empty file, or add to an older format what it lacks; nothing in it is lost.

    One transaction: whoever is killed in the middle leaves the file as it was. Two may come at once.
    """
    if require_known(connection, path) < VERSION:
        _bring_up_to_date(connection, path)
    _require_whole(connection)


def _bring_up_to_date(connection: sqlite3.Connection, path: Path) -> None:
    connection.execute("BEGIN IMMEDIATE")
    try:
        found = require_known(connection, path)
        if found == 0:
            _make_tables(connection)
        for version, statements in _STEPS.items():
            if version > found:
                _run(connection, statements)
        connection.execute(f"PRAGMA user_version={VERSION}")
        connection.execute("COMMIT")
    except BaseException:
        connection.execute("ROLLBACK")
        raise


def require_known(connection: sqlite3.Connection, path: Path) -> int:
    """Give the file's format, 0 for an empty one, and write nothing.

    Raises JournalVersionError for a newer format, JournalError for another program's database.
    """
    version = int(connection.execute("PRAGMA user_version").fetchone()[0])
    if version > VERSION:
        raise JournalVersionError(path=path, found=version, known=VERSION)
    owner = int(connection.execute("PRAGMA application_id").fetchone()[0])
    has_tables = connection.execute("SELECT 1 FROM sqlite_master LIMIT 1").fetchone() is not None
    if has_tables and owner != APPLICATION_ID:
        raise JournalError("is a database of another program; name another file", path=path)
    return version


def _require_whole(connection: sqlite3.Connection) -> None:
    """Raise sqlite3.DatabaseError, as for any other damage, when something is missing that belongs in it."""
    there = {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    if missing := sorted(_NAMES - there):
        raise sqlite3.DatabaseError(f"has no table {missing[0]!r}")
    read_meta(connection)


def read_meta(connection: sqlite3.Connection) -> dict[str, Any]:
    """Give the counters and the id of the log. Raises sqlite3.DatabaseError, as for any other damage."""
    meta = dict(connection.execute("SELECT key, value FROM meta"))
    if missing := sorted(_META.keys() - meta.keys()):
        raise sqlite3.DatabaseError(f"has no {missing[0]!r} among its counters")
    return meta


def _make_tables(connection: sqlite3.Connection) -> None:
    _run(connection, _TABLES)
    values = {**_META, "log": uuid.uuid4().hex}
    connection.executemany("INSERT INTO meta VALUES (?, ?)", values.items())
    connection.execute(f"PRAGMA application_id={APPLICATION_ID}")


def _run(connection: sqlite3.Connection, statements: str) -> None:
    """Run them one by one: `executescript` would commit what has begun."""
    for statement in statements.split(";"):
        if statement.strip():
            connection.execute(statement)
