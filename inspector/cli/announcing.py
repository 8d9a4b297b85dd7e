"""Tells where the application and the dashboard are, once it is known how the application fares."""

import asyncio
import contextlib
import socket

import click

from inspector.cli.terminal import escape_controls
from inspector.errors import JournalError
from inspector.journal.protocol import Journal

_WITHIN_S = 10.0  # an application that is slow to import must not hold back the dashboard's URL
_STARTED = ("running", "failed", "stopped")


async def wait_for_start(journal: Journal, since_unix_ns: int) -> str:
    """Return the state of the process that was started since then, "starting" when it takes its time.

    The journal may tell of earlier runs and of other hosts, too.
    """
    here = socket.gethostname()
    with contextlib.suppress(TimeoutError, JournalError):  # its trouble is told elsewhere
        async with asyncio.timeout(_WITHIN_S):
            while True:
                seq = journal.bounds().head
                for status in journal.status():
                    is_new = status.worker.host == here and status.updated_unix_ns >= since_unix_ns
                    if is_new and status.state in _STARTED:
                        return status.state
                await journal.wait_after(seq, _WITHIN_S)
    return "starting"


def announcement(name: str, app_url: str, dashboard_url: str) -> str:
    """Return the block that says where the application and the dashboard are."""
    return "\n".join(
        [
            "",
            f"  {click.style('Route Inspector', bold=True)}",
            f"  {escape_controls(name):<12} {app_url}",
            f"  {'dashboard':<12} {click.style(dashboard_url, fg='cyan')}",
            "",
        ]
    )
