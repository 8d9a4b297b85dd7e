"""Logging of the processes the command starts: to stderr, and nothing in it can move the cursor."""

import logging
import sys
import time
from collections.abc import Callable
from typing import Any

from inspector.cli.terminal import escape_block

_SELDOM_S = 60.0
_OUT_OF_FILES = "the dashboard can take no further connection: %s; raise the limit (ulimit -n) or close tabs"


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


class SeldomOutOfFiles(logging.Filter):
    """Tells once a minute, in one line, that no connection can be accepted for want of file descriptors.

    asyncio tells it with a traceback for each place in the backlog, some two thousand times a second.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        super().__init__()
        self._clock = clock
        self._told_s: float | None = None

    def filter(self, record: logging.LogRecord) -> bool:
        """Say whether the record is told; of such a one the words are ours."""
        if not record.getMessage().startswith("socket.accept() out of system resource"):
            return True
        now_s = self._clock()
        if self._told_s is not None and now_s - self._told_s < _SELDOM_S:
            return False
        self._told_s = now_s
        problem = record.exc_info[1] if record.exc_info else "out of system resource"
        record.msg, record.args, record.exc_info = _OUT_OF_FILES, (problem,), None
        return True


def log_settings(
    *, level: str, server_level: str = "", with_access: bool = False, is_dashboard: bool = False
) -> dict[str, Any]:
    """Return the `logging.config` dictionary for uvicorn, the framework and the inspector.

    `server_level` is uvicorn's own, `level` unless given; `with_access` lets its line a request through. With
    `is_dashboard` refused handshakes are not told, and that no file can be opened seldom; asyncio is heard
    there as the others are.
    """
    stderr = {"class": "logging.StreamHandler", "formatter": "safe", "stream": sys.stderr}
    ours = {"handlers": ["stderr"], "level": level, "propagate": False}
    server = {**ours, "level": server_level or level}
    access = {**ours, "level": "INFO" if with_access else server["level"]}
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"safe": {"()": SafeFormatter, "fmt": "%(levelname)s:     %(message)s"}},
        "filters": {"without refusals": {"()": WithoutRefusals}, "seldom": {"()": SeldomOutOfFiles}},
        "handlers": {"stderr": {**stderr, "filters": ["without refusals"] if is_dashboard else []}},
        "loggers": {
            "uvicorn": server,
            "uvicorn.access": access,
            "miniframework": ours,
            "inspector": ours,
            **({"asyncio": {**ours, "filters": ["seldom"]}} if is_dashboard else {}),
        },
    }
