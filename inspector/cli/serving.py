"""The process that serves the application of `inspector run`.

It imports the application, records it into the journal of the plan, and tells there how it fares. Exit codes:
0 stopped when asked, 1 the application did not start, 2 there is no application to start.
"""

import contextlib
import importlib
import os
import platform
import signal
import socket
import time
import traceback
from collections.abc import Callable, Mapping
from typing import Any, Literal

import uvicorn

from inspector.cli.apps import AppLoadError, forget, load_app_here, wants_no_loop
from inspector.cli.lifeline import descriptor_of, hang_on_lifeline
from inspector.cli.listener_sharing import take_shared
from inspector.cli.logs import log_settings
from inspector.cli.plan import ServingPlan
from inspector.cli.shared_account import open_account
from inspector.cli.terminal import (
    StartRefused,
    escape_controls,
    last_lines,
    let_go_of_refused_words,
    say,
)
from inspector.cli.voice import speak
from inspector.errors import InspectorError, JournalError
from inspector.journal.budget import limits_of
from inspector.journal.opening import open_journal
from inspector.journal.protocol import AppStatus, Journal, StatusSaved
from inspector.model import Worker
from inspector.recording.account import Account
from inspector.wiring import Inspector
from miniframework.types import ASGIApp, Message, Receive, Scope, Send

EXIT_NOT_STARTED = 1
EXIT_NO_APP = 2
_GRACE_S = 1  # for open responses and idle WebSockets at a reload, which would hold it up for ever


class StartupWatch:
    """An ASGI app that passes everything on and remembers why the startup failed, "" when it did not."""

    app: ASGIApp

    def __init__(self) -> None:
        """Begin without the application; it is there before the first call."""
        self.failure = ""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass one call on; of a lifespan, look at what is sent."""
        if scope["type"] != "lifespan":
            await self.app(scope, receive, send)
            return

        async def send_watched(message: Message) -> None:
            if message["type"] == "lifespan.startup.failed":
                self.failure = message.get("message") or "the application sent lifespan.startup.failed"
            await send(message)

        try:
            await self.app(scope, receive, send_watched)
        except Exception:
            # The server tells nobody why when the lifespan is required (`--lifespan on`).
            self.failure = self.failure or traceback.format_exc()
            raise


class InspectedServer(uvicorn.Server):
    """Lets the inspector live as long as the server does, also where the application knows no lifespan.

    `load` gives the application, recorded; it is called on the running event loop, as uvicorn imports what is
    named on its command line. `inspected` is None until then.
    """

    def __init__(self, config: uvicorn.Config, load: Callable[[], Inspector]) -> None:
        super().__init__(config)
        self.inspected: Inspector | None = None
        self._load = load

    def stats(self) -> Mapping[str, Any]:
        """Return what the recorder counts."""
        return {} if self.inspected is None else self.inspected.stats()

    async def serve(self, sockets: list[socket.socket] | None = None) -> None:
        """Load the application and serve it. Raises AppLoadError."""
        self.inspected = self.inspected or self._load()
        await super().serve(sockets=sockets)

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start; the server exits here when the application does not start."""
        await super().startup(sockets=sockets)
        if self.inspected is not None:
            self.inspected.start()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Stop the application first."""
        await super().shutdown(sockets=sockets)
        if self.inspected is not None:
            await self.inspected.stop()


class Reporter:
    """Tells the journal how this process fares."""

    def __init__(self, plan: ServingPlan, journal: Journal) -> None:
        self.worker = Worker(host=socket.gethostname(), pid=os.getpid(), generation=plan.generation)
        self._plan = plan
        self._journal = journal

    def report(self, state: Literal["starting", "failed"], error: str | None = None) -> None:
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
        try:
            self._journal.append([StatusSaved(status)])
        except JournalError as error:  # named boundary: the application is served, whatever the journal does
            problem = escape_controls(str(error))
            say(f"inspector: the journal did not take that this process is {state}: {problem}")


def main(argument: str) -> int:
    """Serve the plan until told to stop, and return the exit code."""
    plan = ServingPlan.from_argument(argument)
    account = Account() if plan.account_fd is None else _open_account(plan.account_fd)
    listener = _listener(plan)
    hang_on_lifeline(plan, account)
    listener.set_inheritable(False)  # a process the application starts must not hold the port
    try:
        # The command has opened it before. A disk that is full by now must not keep the application away.
        journal = open_journal(plan.journal, limits_of(plan.settings), lazily=True)
        with contextlib.closing(journal):
            return _serve(plan, journal, account, listener)
    except InspectorError as error:
        StartRefused(str(error)).show()
        return EXIT_NOT_STARTED
    finally:
        let_go_of_refused_words()  # else Python would end with a code of its own, which the command hands on


def _serve(plan: ServingPlan, journal: Journal, account: Account, listener: socket.socket) -> int:
    reporter = Reporter(plan, journal)
    reporter.report("starting")
    watch = StartupWatch()

    def load() -> Inspector:
        app = watch.app = _inspect(load_app_here(plan.target), plan, journal, reporter.worker, account)
        # uvicorn raises the signal again when it is done, which would end us before the journal is closed.
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        return app

    if plan.env_file is not None:
        _load_environment(plan.env_file)
    server = InspectedServer(_config(plan, watch), load)
    has_ear = plan.lifeline_fd is not None
    fall_silent = speak(descriptor_of(plan), server.stats) if has_ear else lambda: None
    try:
        _run(server, load, [listener])
        has_failed = bool(watch.failure)  # older versions of uvicorn end quietly then
    except AppLoadError as error:
        reporter.report("failed", error.trace or error.message)
        StartRefused(error.message, *error.ways_out, detail=last_lines(error.trace)).show()
        return EXIT_NO_APP
    except SystemExit:  # uvicorn's way to say that the startup failed
        has_failed = True
    finally:
        fall_silent()
        _tell_what_is_lost(server.stats())
    if has_failed:
        reporter.report("failed", watch.failure or "the server could not start")
        return EXIT_NOT_STARTED
    return 0


def _run(server: InspectedServer, load: Callable[[], Inspector], sockets: list[socket.socket]) -> None:
    """Serve until told to stop. Raises AppLoadError."""
    try:
        server.run(sockets=sockets)
    except AppLoadError as error:
        if not wants_no_loop(error):
            raise
        forget(error)
        server.inspected = load()
        server.run(sockets=sockets)


def _inspect(
    app: ASGIApp, plan: ServingPlan, journal: Journal, worker: Worker, account: Account
) -> Inspector:
    return Inspector(
        app,
        dashboard=False,
        journal=journal,
        settings=plan.settings,
        worker=worker,
        target=plan.target.text,
        url=plan.url,
        dashboard_url=plan.dashboard_url,
        account=account,
    )


def _tell_what_is_lost(numbers: Mapping[str, Any]) -> None:
    if numbers.get("unsaved") and (problem := numbers.get("journal_problem")):
        say(f"inspector: {numbers['unsaved']} records were never stored: {escape_controls(problem)}")


def _load_environment(path: str) -> None:
    """Read a file of variables into the environment; what is set there already wins, as with servers."""
    load = importlib.import_module("dotenv").load_dotenv  # the command has seen to it that it is there
    load(dotenv_path=path)


def _config(plan: ServingPlan, app: ASGIApp) -> uvicorn.Config:
    options = {"timeout_graceful_shutdown": _GRACE_S, "access_log": False, **plan.server}
    level = str(options.pop("log_level", "warning")).upper()
    return uvicorn.Config(
        app,
        host=plan.host,
        port=plan.port,
        interface="asgi3",
        workers=1,  # this process is one; WEB_CONCURRENCY counts those of the command
        log_config=log_settings(
            level="CRITICAL" if plan.quiet else "WARNING",
            server_level="CRITICAL" if plan.quiet else level,
            with_access=bool(options["access_log"]),
        ),
        **options,
    )


def _open_account(descriptor: int) -> Account:
    account = open_account(descriptor)
    os.close(descriptor)
    return account


def _listener(plan: ServingPlan) -> socket.socket:
    if plan.listener_fd is None:
        return take_shared(descriptor_of(plan))
    return socket.socket(fileno=plan.listener_fd)
