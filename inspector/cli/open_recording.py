"""`inspector open`: an old recording in the dashboard, read-only, with no application behind it."""

import asyncio
import contextlib
import secrets
import socket
import sys
import webbrowser
from pathlib import Path
from typing import TYPE_CHECKING

import click

from inspector.cli.options import DEFAULT_DASHBOARD_PORT, PORT
from inspector.cli.terminal import StartRefused, escape_controls, give

if TYPE_CHECKING:
    from inspector.journal.recorded import RecordedJournal

_TOKEN_BYTES = 32  # as of a run


@click.command("open")
@click.argument("file", metavar="FILE", type=click.Path(path_type=Path))
@click.option(
    "--dashboard-host",
    default="127.0.0.1",
    show_default=True,
    help="Address of the dashboard; only this machine's own.",
)
@click.option(
    "--dashboard-port",
    type=PORT,
    help=f"Port of the dashboard, 0 for any.  [default: {DEFAULT_DASHBOARD_PORT}, or a free one]",
)
@click.option("--open/--no-open", "open_browser", default=False, help="Open the dashboard in a browser.")
def open_recording(file: Path, dashboard_host: str, dashboard_port: int | None, open_browser: bool) -> None:
    """Show a recording, as .inspector/journal.db, in the dashboard. The file is only read.

    No application is served: what was recorded can be looked at and explained, and not replayed.
    """
    # Imported here: `inspector --help` needs neither a server nor the dashboard.
    from inspector.cli.listening import bind, bind_near, require_loopback
    from inspector.errors import JournalError
    from inspector.journal.recorded import RecordedJournal

    require_loopback(dashboard_host)
    try:
        journal = RecordedJournal(file)
    except JournalError as error:
        raise StartRefused(f"the recording cannot be opened: {error}") from error
    if dashboard_port is None:
        listener = bind_near(dashboard_host, DEFAULT_DASHBOARD_PORT)
    else:
        listener = bind(dashboard_host, dashboard_port, option="--dashboard-port")
    with contextlib.closing(journal), contextlib.closing(listener):
        sys.exit(asyncio.run(_show(journal, listener, file.name, open_browser=open_browser)))


async def _show(journal: "RecordedJournal", listener: socket.socket, name: str, *, open_browser: bool) -> int:
    from inspector.cli.dashboard_server import DashboardServer, stopping_on_signals
    from inspector.cli.listening import url_of
    from inspector.web.app import create_dashboard

    token = secrets.token_urlsafe(_TOKEN_BYTES)
    stop = asyncio.Event()
    server = DashboardServer(create_dashboard(journal, token=token, mode="open"))
    with stopping_on_signals(stop):
        serving = asyncio.create_task(server.serve(sockets=[listener]))
        url = f"{url_of(listener)}/#token={token}"
        give(_announcement(name, journal.bounds().exchanges, url))
        if open_browser:
            await asyncio.to_thread(webbrowser.open, url)
        await stop.wait()
        server.should_exit = True
        await serving
    return 0


def _announcement(name: str, exchanges: int, url: str) -> str:
    lines = [
        "",
        f"  {click.style('Route Inspector', bold=True)}",
        f"  {'recording':<12} {escape_controls(name)}, {exchanges} exchanges, read-only",
        f"  {'dashboard':<12} {click.style(url, fg='cyan')}",
        "",
    ]
    return "\n".join(lines)
