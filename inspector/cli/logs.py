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


class WithoutRefusals(logging.Filter):
    """Leaves out what uvicorn says of each handshake that was refused with an answer: a page that hammers the
    port must not fill the terminal, and the guard tells of it once a minute.
    """

    def filter(self, record: logging.LogRecord) -> bool:
        """Say whether the record is told."""
        return record.msg != "ASGI callable returned without completing handshake."


def log_settings(
    *, level: str, server_level: str = "", with_access: bool = False, with_refusals: bool = True
) -> dict[str, Any]:
    """Return the `logging.config` dictionary for uvicorn, the framework and the inspector.

    `server_level` is uvicorn's own, `level` unless given; `with_access` lets its line a request through, and
    `with_refusals` the one for each handshake that was answered with a status.
    """
    stderr = {"class": "logging.StreamHandler", "formatter": "safe", "stream": sys.stderr}
    ours = {"handlers": ["stderr"], "level": level, "propagate": False}
    server = {**ours, "level": server_level or level}
    access = {**ours, "level": "INFO" if with_access else server["level"]}
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"safe": {"()": SafeFormatter, "fmt": "%(levelname)s:     %(message)s"}},
        "filters": {"without refusals": {"()": WithoutRefusals}},
        "handlers": {"stderr": {**stderr, "filters": [] if with_refusals else ["without refusals"]}},
        "loggers": {
            "uvicorn": server,
            "uvicorn.access": access,
            "miniframework": ours,
            "inspector": ours,
        },
    }
