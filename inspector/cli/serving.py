"""The process that serves the application of `inspector run`.

It imports the application, records it into the journal of the plan, and tells there how it fares. Exit codes:
0 stopped when asked, 1 the application did not start, 2 there is no application to start.
"""

import contextlib
import os
import platform
import signal
import socket
import sys
import threading
import time
from collections.abc import Callable
from typing import Literal

import uvicorn

from inspector.cli.apps import AppLoadError, load_app
from inspector.cli.logs import log_settings
from inspector.cli.plan import ServingPlan
from inspector.cli.terminal import StartRefused, last_lines
from inspector.errors import InspectorError
from inspector.journal.protocol import AppStatus, Journal, StatusSaved
from inspector.journal.sqlite import SqliteJournal
from inspector.model import Worker
from inspector.wiring import Inspector
from miniframework.types import ASGIApp, Message, Receive, Scope, Send

EXIT_NOT_STARTED = 1
EXIT_NO_APP = 2
_LEFT_TO_END_S = 3.0  # after the lifeline broke; uvicorn gets a second of it to finish responses
_GRACE_S = 1  # for open responses and idle WebSockets at a reload, which would hold it up for ever


class StartupWatch:
    """An ASGI app that passes everything on and remembers why the startup failed, "" when it did not.

    `on_silence` is called when the application says nothing of its startup: it knows no lifespan, and is
    taken for started, as servers do.
    """

    def __init__(self, app: ASGIApp, on_silence: Callable[[], None]) -> None:
        self.app = app
        self.failure = ""
        self._on_silence = on_silence

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass one call on; of a lifespan, look at what is sent."""
        if scope["type"] != "lifespan":
            await self.app(scope, receive, send)
            return

        told = False

        async def send_watched(message: Message) -> None:
            nonlocal told
            told = True
            if message["type"] == "lifespan.startup.failed":
                self.failure = message.get("message") or "the application sent lifespan.startup.failed"
            await send(message)

        try:
            await self.app(scope, receive, send_watched)
        finally:
            if not told:
                self._on_silence()


class Reporter:
    """Tells the journal how this process fares."""

    def __init__(self, plan: ServingPlan, journal: Journal) -> None:
        self.worker = Worker(host=socket.gethostname(), pid=os.getpid(), generation=plan.generation)
        self._plan = plan
        self._journal = journal

    def report(self, state: Literal["starting", "running", "failed"], error: str | None = None) -> None:
        """Replace what the journal says of this process."""
        status = AppStatus(
            worker=self.worker,
            state=state,
            target=self._plan.target.text,
            url=self._plan.url,
            error=error,
            python=platform.python_version(),
            updated_unix_ns=time.time_ns(),
            recording="requests_only",  # until the inspector itself has looked for a route table
        )
        self._journal.append([StatusSaved(status)])


def main(argument: str) -> int:
    """Serve the plan until told to stop, and return the exit code."""
    plan = ServingPlan.from_argument(argument)
    # Ctrl-C reaches every process of the terminal; the command hears it too and ends this one in good order.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _watch_lifeline(plan)
    try:
        with contextlib.closing(SqliteJournal(plan.journal)) as journal:
            return _serve(plan, journal)
    except InspectorError as error:
        StartRefused(str(error)).show()
        return EXIT_NOT_STARTED


def _serve(plan: ServingPlan, journal: Journal) -> int:
    reporter = Reporter(plan, journal)
    reporter.report("starting")
    try:
        app = load_app(plan.target)
    except AppLoadError as error:
        reporter.report("failed", error.trace or error.message)
        StartRefused(error.message, *error.ways_out, detail=last_lines(error.trace)).show()
        return EXIT_NO_APP
    inspected = Inspector(
        app,
        dashboard=False,
        journal=journal,
        worker=reporter.worker,
        target=plan.target.text,
        url=plan.url,
        dashboard_url=plan.dashboard_url,
    )
    watch = StartupWatch(inspected, on_silence=lambda: reporter.report("running"))
    server = uvicorn.Server(_config(plan, watch))
    # uvicorn raises the signal again when it is done, which would end us before the journal is closed.
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    try:
        server.run(sockets=_sockets(plan))
    except SystemExit:  # uvicorn's way to say that the startup failed
        reporter.report("failed", watch.failure or "the server could not start")
        return EXIT_NOT_STARTED
    return 0


def _config(plan: ServingPlan, app: ASGIApp) -> uvicorn.Config:
    return uvicorn.Config(
        app,
        host=plan.host,
        port=plan.port,
        access_log=False,  # the dashboard is the access log
        log_config=log_settings(level="CRITICAL" if plan.quiet else "WARNING"),
        timeout_graceful_shutdown=_GRACE_S,
    )


def _sockets(plan: ServingPlan) -> list[socket.socket] | None:
    if plan.listener_fd is None:
        return None
    os.set_inheritable(plan.listener_fd, False)  # a process the application starts must not hold the port
    return [socket.socket(fileno=plan.listener_fd)]


def _watch_lifeline(plan: ServingPlan) -> None:
    lifeline = plan.lifeline_fd if plan.lifeline_fd is not None else sys.stdin.fileno()
    os.set_inheritable(lifeline, False)
    threading.Thread(target=_end_with, args=(lifeline,), name="inspector-lifeline", daemon=True).start()


def _end_with(lifeline: int) -> None:
    """Wait for the command to end, however it ends, and end this process too."""
    while os.read(lifeline, 1):
        pass
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(_LEFT_TO_END_S)
    os._exit(EXIT_NOT_STARTED)
