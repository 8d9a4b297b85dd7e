"""Texts that the journal keeps as JSON, out of a column that damage may have made something else."""

import json
import sqlite3
from typing import Any


def parse_text(value: object) -> Any:
    """Return what the JSON text says.

    Raises json.JSONDecodeError for another text, and sqlite3.DatabaseError, as for any other damage, where
    there is none: SQLite gives any value from any column.
    """
    return json.loads(require_text(value))


def require_text(value: object) -> str:
    """Return the value, which is a text. Raises sqlite3.DatabaseError where it is none."""
    if not isinstance(value, str):
        raise sqlite3.DatabaseError(f"holds a {type(value).__name__} where a text belongs")
    return value
