"""The parent process of `inspector run`: the dashboard, the journal, and what serves the application.

The dashboard lives here, on its own port, so that it outlives every reload and can show why an application
does not start. The token is made here and never leaves this process but in the printed URL's fragment, which
no browser sends.
"""

import asyncio
import logging
import secrets
import webbrowser

from inspector.cli.announcing import announce, announcement, wait_for_start
from inspector.cli.dashboard_server import DashboardServer, stopping_on_signals
from inspector.cli.listening import url_of
from inspector.cli.opening import Opened, Session, open_session
from inspector.cli.plan import ServingPlan
from inspector.cli.supervisor import Supervisor
from inspector.journal.opening import absolute_place
from inspector.journal.protocol import Journal
from inspector.web.app import create_dashboard

__all__ = ["Session", "run_session"]

_TOKEN_BYTES = 32  # 256 bits; 128 would do
_LOG = logging.getLogger("inspector")


def run_session(session: Session) -> int:
    """Run until stopped and return the exit code. Raises StartRefused for what the user can mend."""
    with open_session(session) as opened:
        return asyncio.run(_run(session, opened))


async def _run(session: Session, opened: Opened) -> int:
    stop = asyncio.Event()
    token = secrets.token_urlsafe(_TOKEN_BYTES)
    plan = _plan(session, opened)
    supervisor = Supervisor(
        plan, opened.for_app, opened.journal, workers=session.workers, watched=session.watched
    )
    dashboard = DashboardServer(
        create_dashboard(opened.journal, settings=session.settings, token=token, heard=supervisor.numbers)
    )
    with stopping_on_signals(stop):
        serving = asyncio.create_task(dashboard.serve(sockets=[opened.for_dashboard]))
        beside = asyncio.create_task(
            _beside(session, opened.journal, plan.url, f"{url_of(opened.for_dashboard)}/#token={token}")
        )
        beside.add_done_callback(_log_failure)
        try:
            return await supervisor.run(stop)
        finally:
            beside.cancel()
            await asyncio.wait({beside})
            dashboard.should_exit = True
            await serving


def _plan(session: Session, opened: Opened) -> ServingPlan:
    address = opened.for_app.getsockname()
    scheme = "https" if session.server.get("ssl_certfile") else "http"
    return ServingPlan(
        dashboard_url=f"{url_of(opened.for_dashboard)}/",
        target=session.target,
        settings=session.settings,
        journal=absolute_place(session.journal),  # the application may go to another folder
        url=url_of(opened.for_app, scheme=scheme),
        host=session.host,
        port=address[1] if isinstance(address, tuple) else 0,
        server=dict(session.server),
        env_file=session.env_file,
        quiet=session.quiet,
    )


async def _beside(session: Session, journal: Journal, app_url: str, dashboard_url: str) -> None:
    """Tell where everything is once the application has said how it fares, then run the companion."""
    if await wait_for_start(journal) == "failed" and session.watched is None:
        return  # the command ends at once
    announce(announcement(session.name, app_url, dashboard_url))
    if session.open_browser:
        await asyncio.to_thread(webbrowser.open, dashboard_url)
    if session.companion is not None:
        await session.companion(app_url)


def _log_failure(beside: "asyncio.Task[None]") -> None:
    if not beside.cancelled() and (error := beside.exception()) is not None:
        _LOG.error("what ran beside the application failed; the rest goes on", exc_info=error)
