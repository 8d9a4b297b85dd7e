"""Logging of the processes the command starts: to stderr, and nothing in it can move the cursor."""

import logging
import sys
from typing import Any

from inspector.cli.terminal import escape_block


class SafeFormatter(logging.Formatter):
    """Formats a record, its traceback included, with control characters spelled out."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the record as text that is safe for a terminal."""
        return escape_block(super().format(record))


def log_settings(*, level: str, server_level: str = "", with_access: bool = False) -> dict[str, Any]:
    """Return the `logging.config` dictionary for uvicorn, the framework and the inspector.

    `server_level` is uvicorn's own, `level` unless given; `with_access` lets its line a request through.
    """
    ours = {"handlers": ["stderr"], "level": level, "propagate": False}
    server = {**ours, "level": server_level or level}
    access = {**ours, "level": "INFO" if with_access else server["level"]}
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"safe": {"()": SafeFormatter, "fmt": "%(levelname)s:     %(message)s"}},
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "safe", "stream": sys.stderr}},
        "loggers": {
            "uvicorn": server,
            "uvicorn.access": access,
            "miniframework": ours,
            "inspector": ours,
        },
    }
