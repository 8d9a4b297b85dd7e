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


def log_settings(*, level: str) -> dict[str, Any]:
    """Return the `logging.config` dictionary for uvicorn, the framework and the inspector."""
    ours = {"handlers": ["stderr"], "level": level, "propagate": False}
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"safe": {"()": SafeFormatter, "fmt": "%(levelname)s:     %(message)s"}},
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "safe", "stream": sys.stderr}},
        "loggers": {"uvicorn": ours, "miniframework": ours, "inspector": ours},
    }
