"""Tells where the application and the dashboard are, once it is known how the application fares."""

import asyncio
import contextlib
import socket

import click

from inspector.cli.terminal import StartRefused, escape_controls, give, say
from inspector.errors import JournalError
from inspector.journal.codec import decode_status
from inspector.journal.protocol import Journal

_WITHIN_S = 10.0  # an application that is slow to import must not hold back the dashboard's URL
_AT_ONCE = 1000  # changes that are looked through between waits
_STARTED = ("running", "failed", "stopped")


async def wait_for_start(journal: Journal) -> str:
    """Return the state of the process that starts after this call, "starting" when it takes its time.

    The journal may tell of earlier runs, which come before in it, and of other hosts.
    """
    here = socket.gethostname()
    with contextlib.suppress(TimeoutError, JournalError):  # its trouble is told elsewhere
        async with asyncio.timeout(_WITHIN_S):
            seq = journal.bounds().head
            while True:
                for change in journal.read_after(seq, _AT_ONCE):
                    seq = change.seq
                    if change.kind != "status" or change.detail is None:
                        continue
                    status = decode_status(change.detail)
                    if status.worker.host == here and status.state in _STARTED:
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


def announce(where: str) -> None:
    """Tell it on stdout, or on stderr where that takes nothing: nobody else knows the token in it."""
    try:
        give(where)
    except (StartRefused, OSError) as error:
        say(f"inspector: standard output takes nothing ({error}); what it was to say:\n{where}")
