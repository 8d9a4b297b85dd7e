"""Recorder, journal, replay agent and dashboard joined to one application."""

import asyncio
import contextlib
import logging
import os
import platform
import time
import weakref
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Literal

from inspector.adapters.adapter import READ_OF_SCOPE
from inspector.errors import InspectorError
from inspector.journal.budget import limits_of
from inspector.journal.memory import MemoryJournal
from inspector.journal.protocol import AppStatus, Journal, Record, StatusSaved, TableSaved
from inspector.model import Worker
from inspector.recording.account import Account
from inspector.recording.foreign import LendingTap
from inspector.recording.limits import RecordingLimits
from inspector.recording.recorder import Recorder
from inspector.settings import Settings
from inspector.web.error_pages import ErrorPages
from inspector.wiring.agent import Agent
from inspector.wiring.aside import aside
from inspector.wiring.asking import RouterQuestions
from inspector.wiring.chores import run_chores
from inspector.wiring.finding import ServedRouting
from inspector.wiring.numbers import tell_numbers
from miniframework.app import App
from miniframework.bus import EventBus, Keeper, Subscription
from miniframework.routing.table import RouteTable
from miniframework.tap import Tap, current_exchange
from miniframework.types import ASGIApp, Receive, Scope, Send

if TYPE_CHECKING:
    from inspector.web.app import Dashboard

_LOG = logging.getLogger("inspector")
_LOOK_S = 1.0  # how often a changed route table is looked for
_STORE_WITHIN_S = 6.0  # at the end of the application; Docker and supervisord kill whoever takes 10
_SETTLED_AFTER = 5  # looks that found nothing new; then other routes are tested as the first ones were
_UNSTORED = (
    "the journal did not take %d exchanges before the application stopped: %s;"
    " they are lost when this process ends"
)
_ALONE = (
    " It shows what this process (%d) serves; where a server has several, give them one journal and one token"
    " (docs/reference/settings.md, Servers with several processes)."
)


class Parts:
    """What an `Inspector` is made of once it is switched on. Starts with the application, on its event loop.

    `recorded` is the application with the recorder listening, `enter` the same for who awaits it at once.
    `dashboard` is None without a token. `loop` is where it was started: a request that runs there need not
    start it.
    """

    def __init__(
        self,
        app: ASGIApp,
        *,
        journal: Journal | None,
        settings: Settings,
        token: str | None,
        worker: Worker | None,
        target: str | None,
        url: str | None,
        dashboard_url: str | None,
        account: Account | None,
    ) -> None:
        self._app = app
        self._journal = journal or MemoryJournal(limits_of(settings))
        self._is_alone = journal is None  # nobody else writes to what it made itself
        self._settings = settings
        self._token = token
        self._target = target or name_of(app)
        self._url = url
        self._routing = ServedRouting(app)
        self._tells_losses = account is None  # else whoever gave it does
        self._account = account or Account()
        self._recorder = Recorder(
            self._journal,
            worker=worker,
            limits=_recording_limits(settings),
            redact=settings.redact,
            routing=self._routing.reader,
            account=self._account,
        )
        # A server without lifespan tells nobody that it ends; what is pending is stored at exit then.
        weakref.finalize(self, self._recorder.close)
        self.recorded, self._listening = listen_to(app, self._recorder)
        # The same without a coroutine in between, unless a subclass has a way of its own to be called.
        is_usual = type(self.recorded).__call__ in (App.__call__, Tap.__call__)
        self.enter: ASGIApp = self.recorded.enter if is_usual else self.recorded
        self._questions = RouterQuestions(app)
        self._agent = Agent(
            self.recorded,
            self._journal,
            self._recorder,
            mode=settings.replay,
            questions=self._questions,
        )
        self.dashboard = None if token is None else self._make_dashboard(token)
        if settings.error_pages and isinstance(app, App) and app.error_page is None:
            mount = None if self.dashboard is None else settings.mount
            app.error_page = ErrorPages(
                mount=mount, dashboard_url=dashboard_url, allowed_hosts=settings.allowed_hosts
            )
        self._task: asyncio.Task[None] | None = None
        self.loop: asyncio.AbstractEventLoop | None = None
        self._told: RouteTable | None = None
        self._is_told = True
        self._log: str | None = None

    def _make_dashboard(self, token: str) -> "Dashboard":
        from inspector.web.app import create_dashboard  # a serving process of `inspector run` has none

        return create_dashboard(
            self._journal,
            settings=self._settings,
            token=token,
            mode="embedded",
            stats=self._recorder.stats,
            recording=lambda: self._recorder.worker,
        )

    def start(self, *, state: Mapping[str, Any] | None = None) -> None:
        """Begin to serve replays on the running loop; does nothing when that has begun. Waits for nothing."""
        if state is not None:
            self._agent.state = state
        self._routing.find()  # before a request comes: the application may have made itself in its lifespan
        if self._task is not None and not self._task.get_loop().is_closed():
            return
        if self._task is None and self.dashboard is not None:
            self._announce()
        self.loop = asyncio.get_running_loop()
        self._task = self.loop.create_task(self._live(), name="inspector")

    def give_up(self) -> None:
        """Record nothing of what begins from now on."""
        self._listening.close()

    async def show(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer for the dashboard. Nothing of that is recorded, though a server may begin it in the context
        of a recorded request, or the application ask for it in one.
        """
        assert self.dashboard is not None
        self.start()
        token = current_exchange.set(None)
        try:
            await self.dashboard(scope, receive, send)
        finally:
            current_exchange.reset(token)

    def let_viewers_go(self) -> None:
        """Close every viewer's connection: the server stops."""
        if self.dashboard is not None:
            self.dashboard.close()

    async def stop(self) -> None:
        """Store what is pending, say that this process stopped; it can be started again.

        A journal that does not take it is waited for 6 s at most, and what is lost then is logged.
        """
        task, self._task, self.loop = self._task, None, None
        if task is None:
            return
        await _end(task)
        with contextlib.suppress(TimeoutError, RuntimeError):  # it takes too long, or no thread is left
            async with asyncio.timeout(_STORE_WITHIN_S):
                await aside(self._recorder.flush)
                await self._report("stopped")
        if self._tells_losses and (waiting := self._account.outstanding):
            problem = self._recorder.stats()["journal_problem"] or "it does not answer"
            _LOG.error(_UNSTORED, waiting, problem)

    def stats(self) -> dict[str, Any]:
        """Give the numbers of the recorder."""
        return self._recorder.stats()

    async def _live(self) -> None:
        await self._report("running")  # first of all: a test client's loop may not last for more
        await self._is_another_log()
        chores = [self._test_routing, self._agent.run, self._watch_table, self._tell_numbers]
        if self.dashboard is not None:
            chores.append(self.dashboard.rounds.run)
        await run_chores(*chores)

    async def _tell_numbers(self) -> None:
        await tell_numbers(self._journal, self._recorder)

    async def _watch_table(self) -> None:
        looks = _SETTLED_AFTER
        while True:
            await asyncio.sleep(_LOOK_S)
            looks = 0 if await asyncio.to_thread(self._look_again) else looks + 1
            if looks == _SETTLED_AFTER:
                await self._test_routing()
            is_news = not self._is_told or self._routing.table() is not self._told
            if await self._is_another_log() or is_news:
                await self._report("running")

    def _look_again(self) -> bool:
        """Look for other routes of another framework's, and say whether there are any."""
        are_others = self._routing.look_again()
        if are_others:
            self._questions.look_again()
        return are_others

    async def _is_another_log(self) -> bool:
        """Whether the journal began anew since it was asked last; an emptied one knows no process."""
        try:
            log = (await aside(self._journal.bounds)).log
        except InspectorError:  # named boundary: asked again at the next look
            return False
        before, self._log = self._log, log
        return before not in (None, log)

    async def _test_routing(self) -> None:
        if await asyncio.to_thread(self._routing.test_itself):
            await self._report("running")

    async def _report(self, state: Literal["running", "stopped"]) -> None:
        # In one go: a test client's loop may end at once, and what a thread has begun is not given up.
        await aside(self._tell, state)

    def _tell(self, state: Literal["running", "stopped"]) -> None:
        if state == "running":
            self._look_again()
        table = self._told = self._routing.table()
        status = AppStatus(
            worker=self._recorder.worker,
            state=state,
            target=self._target,
            url=self._url,
            table=table.fingerprint if table else None,
            python=platform.python_version(),
            updated_unix_ns=time.time_ns(),
            recording="full" if table else "requests_only",
            stats=self._recorder.stats(),
            framework=self._routing.framework,
            fidelity=self._routing.fidelity,
        )
        records: list[Record] = [TableSaved(table.snapshot())] if table else []
        try:
            self._journal.append([*records, StatusSaved(status)])
        except InspectorError as error:  # named boundary: the application runs whatever becomes of it
            if self._is_told:
                _LOG.error("the journal did not take this process's status, it is told again: %s", error)
            self._is_told = False
        else:
            self._is_told = True

    def _announce(self) -> None:
        _LOG.warning(
            "Route Inspector records this application. Its dashboard answers below the application's own"
            " address, at %s#token=%s. It shares the application's origin: scripts of the application's pages"
            " could reach it, so use `inspector run` for pages you do not trust.%s",
            self._settings.mount,
            self._token,
            _ALONE % os.getpid() if self._is_alone else "",
        )


async def _end(task: "asyncio.Task[None]") -> None:
    """Cancel a task and wait for its end; one of another event loop, which may be closed, is only told."""
    loop = task.get_loop()
    if loop is asyncio.get_running_loop():
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
    else:
        with contextlib.suppress(RuntimeError):  # it is closed
            loop.call_soon_threadsafe(task.cancel)


def listen_to(app: ASGIApp, keeper: Keeper) -> tuple[App | Tap, Subscription]:
    """Return the application to call so that the keeper is told all of it, and what ends that when closed."""
    if isinstance(app, App):
        return app, app.bus.keep(keeper)
    bus = EventBus()
    listening = bus.keep(keeper)
    return LendingTap(app, bus, READ_OF_SCOPE), listening


def name_of(app: object) -> str:
    """Return what to call an application of which nothing but the object is known."""
    named = app if hasattr(app, "__qualname__") else type(app)
    return f"{named.__module__}:{named.__qualname__}"


def _recording_limits(settings: Settings) -> RecordingLimits:
    return RecordingLimits(
        body_bytes=settings.keep_bytes,
        frames=settings.keep_frames,
        frame_bytes=settings.frame_preview_bytes,
        messages=settings.keep_messages,
    )
