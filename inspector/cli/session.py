"""The parent process of `inspector run`: the dashboard, the journal, and what serves the application.

The dashboard lives here, on its own port, so that it outlives every reload and can show why an application
does not start. The token is made here and never leaves this process but in the printed URL's fragment, which
no browser sends.
"""

import asyncio
import contextlib
import logging
import secrets
import signal
import time
import webbrowser
from collections.abc import Iterator
from types import FrameType

import uvicorn

from inspector.cli.announcing import announcement, wait_for_start
from inspector.cli.listening import url_of
from inspector.cli.logs import log_settings
from inspector.cli.opening import Opened, Session, open_session
from inspector.cli.plan import ServingPlan
from inspector.cli.supervisor import Supervisor
from inspector.cli.terminal import give
from inspector.journal.protocol import Journal
from inspector.web.app import create_dashboard
from miniframework.types import ASGIApp

__all__ = ["Session", "run_session"]

_TOKEN_BYTES = 32  # 256 bits; 128 would do
_LOG = logging.getLogger("inspector")


class _Server(uvicorn.Server):
    """uvicorn without its signal handlers: this command has its own, which also end the serving process."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


def run_session(session: Session) -> int:
    """Run until stopped and return the exit code. Raises StartRefused for what the user can mend."""
    with open_session(session) as opened:
        return asyncio.run(_run(session, opened))


async def _run(session: Session, opened: Opened) -> int:
    stop = asyncio.Event()
    token = secrets.token_urlsafe(_TOKEN_BYTES)
    dashboard = _Server(
        _dashboard_config(create_dashboard(opened.journal, settings=opened.settings, token=token))
    )
    plan = ServingPlan(
        dashboard_url=f"{url_of(opened.for_dashboard)}/",
        target=session.target,
        journal=str(session.journal),
        url=url_of(opened.for_app),
        host=session.host,
        port=opened.for_app.getsockname()[1],
        quiet=session.quiet,
    )
    supervisor = Supervisor(plan, opened.for_app, opened.journal, folders=session.folders)
    with _stopping_on_signals(stop):
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


def _dashboard_config(app: ASGIApp) -> uvicorn.Config:
    return uvicorn.Config(
        app,
        access_log=False,
        log_config=log_settings(level="ERROR"),
        proxy_headers=False,  # who asks is decided by the guard, never by a header
        server_header=False,
        timeout_graceful_shutdown=1,
    )


async def _beside(session: Session, journal: Journal, app_url: str, dashboard_url: str) -> None:
    """Tell where everything is once the application has said how it fares, then run the companion."""
    if await wait_for_start(journal, time.time_ns()) == "failed" and session.folders is None:
        return  # the command ends at once
    give(announcement(session.name, app_url, dashboard_url))
    if session.open_browser:
        await asyncio.to_thread(webbrowser.open, dashboard_url)
    if session.companion is not None:
        await session.companion(app_url)


def _log_failure(beside: "asyncio.Task[None]") -> None:
    if not beside.cancelled() and (error := beside.exception()) is not None:
        _LOG.error("what ran beside the application failed; the rest goes on", exc_info=error)


@contextlib.contextmanager
def _stopping_on_signals(stop: asyncio.Event) -> Iterator[None]:
    loop = asyncio.get_running_loop()

    def handle(number: int, frame: FrameType | None) -> None:
        loop.call_soon_threadsafe(stop.set)

    numbers = [signal.SIGINT, signal.SIGTERM, *([signal.SIGHUP] if hasattr(signal, "SIGHUP") else [])]
    before = {number: signal.signal(number, handle) for number in numbers}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
