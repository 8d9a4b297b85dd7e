"""What a bookshop is started with."""

import os
from dataclasses import dataclass

DEFAULT_DATABASE = "sqlite+aiosqlite:///bookshop.db"  # in the folder it is started from


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Where the database is, and the key that staff show; without one nobody is staff."""

    database_url: str = DEFAULT_DATABASE
    staff_key: str | None = None

    @classmethod
    def from_environment(cls) -> "Settings":
        """Read BOOKSHOP_DATABASE and BOOKSHOP_STAFF_KEY."""
        return cls(
            database_url=os.environ.get("BOOKSHOP_DATABASE", DEFAULT_DATABASE),
            staff_key=os.environ.get("BOOKSHOP_STAFF_KEY"),
        )
