"""The dashboard put together: an ordinary miniframework app, a guard around it, a stream inside."""

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Callable
from typing import Any

from inspector.assets import load_assets
from inspector.errors import JournalError, JournalReadOnlyError
from inspector.journal.protocol import Journal
from inspector.settings import Settings
from inspector.streaming.limits import StreamLimits
from inspector.streaming.stream import Stream
from inspector.web.answers import (
    ApiError,
    answer_api_error,
    answer_http_exception,
    answer_journal_error,
    answer_json,
    answer_read_only,
    answer_validation_error,
)
from inspector.web.api.ask import AskApi
from inspector.web.api.check import CheckApi
from inspector.web.api.commands import CommandDesk
from inspector.web.api.exchanges import ExchangesApi
from inspector.web.api.exports import ExportsApi
from inspector.web.api.hits import HitsApi
from inspector.web.api.now import NowApi
from inspector.web.api.pinned import PinnedApi
from inspector.web.api.pins import PinsApi
from inspector.web.api.plan import PlanApi
from inspector.web.api.regex import RegexApi
from inspector.web.api.reloads import ReloadsApi
from inspector.web.api.replays import ReplaysApi
from inspector.web.api.routes import RoutesApi
from inspector.web.api.whatif import WhatIfApi
from inspector.web.description import Description, Heard, Mode, Recording, Stats
from inspector.web.guard import Guard
from inspector.web.pinned_rounds import OFF, RECORDING, PinnedRounds
from inspector.web.security import Policy
from inspector.web.socket import StreamEndpoint
from inspector.web.statics import StaticRoutes
from inspector.web.tables import Tables
from miniframework import App, HTTPException, RequestValidationError, Response, Router
from miniframework.types import Receive, Scope, Send

# What a page sends: a replay's body above all, which as base64 is a third longer than what was kept.
_MOST_WRITTEN_BYTES = 16 * 1024 * 1024
_PROBLEMS: dict[type[Exception] | int, Callable[[Any, Any], Any]] = {
    ApiError: answer_api_error,
    HTTPException: answer_http_exception,
    JournalError: answer_journal_error,
    JournalReadOnlyError: answer_read_only,
    RequestValidationError: answer_validation_error,
}


class Dashboard:
    """The dashboard as one ASGI app. `app` is the inside, without the guard; `close` lets every viewer go.

    Its own requests are recorded by nobody: nothing listens on its bus. Its lifespan runs `rounds`; whoever
    serves it without one does that.
    """

    def __init__(self, app: App, stream: Stream, rounds: PinnedRounds, policy: Policy) -> None:
        self.app = app
        self.stream = stream
        self.rounds = rounds
        self.guard = Guard(app, policy)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request that passes the guard."""
        await self.guard(scope, receive, send)

    def close(self) -> None:
        """Let every viewer go with the code for a restart of the service."""
        self.stream.close()


def create_dashboard(
    journal: Journal,
    *,
    settings: Settings | None = None,
    token: str,
    mode: Mode = "run",
    stats: Stats | None = None,
    recording: Recording | None = None,
    heard: Heard | None = None,
    limits: StreamLimits | None = None,
) -> Dashboard:
    """Return the dashboard over a journal, which the caller goes on owning.

    It answers at whatever `root_path` it is called with. `stats` are the numbers of a recorder in this
    process, `recording` says what it is called there; `heard` gives those of serving processes on this host
    by process id. Raises AssetsMissing when the installation lacks the page.
    """
    settings = settings or Settings()
    describe = Description(journal, settings, mode=mode, stats=stats, recording=recording, heard=heard)
    stream = Stream(journal, describe=describe, limits=limits)

    desk = CommandDesk(journal, is_recording=mode == "open")
    off = RECORDING if mode == "open" else OFF if settings.replay == "off" else None
    rounds = PinnedRounds(journal, desk, since_unix_ns=time.time_ns(), off=off)

    @contextlib.asynccontextmanager
    async def living(app: App) -> AsyncIterator[None]:
        watching = asyncio.create_task(rounds.run(), name="pinned")
        yield
        watching.cancel()
        await asyncio.wait({watching})
        stream.close()

    most_bytes = max(_MOST_WRITTEN_BYTES, 2 * settings.keep_bytes)
    app = App(openapi_url=None, lifespan=living, exception_handlers=_PROBLEMS, max_body_size=most_bytes)
    tables = Tables(journal)
    for router in (
        StaticRoutes(load_assets()).router(),
        ExportsApi(journal, is_importable=mode == "run").router(),
        ReplaysApi(journal, desk, settle=rounds.compare).router(),
        PinnedApi(rounds).router(),
        *_readers(journal, tables),
        *_askers(journal, tables, desk),
    ):
        app.include_router(router)

    @app.get("/api/app")
    async def show_app() -> Response:
        return answer_json(await asyncio.to_thread(describe))

    app.websocket("/api/stream")(StreamEndpoint(stream).serve)
    return Dashboard(app, stream, rounds, Policy(token=token, allowed_hosts=settings.allowed_hosts))


def _readers(journal: Journal, tables: Tables) -> list[Router]:
    """What is answered from the journal alone, whether or not an application runs."""
    return [
        ExchangesApi(journal, tables).router(),
        PinsApi(journal).router(),
        RoutesApi(journal, tables).router(),
        HitsApi(journal, tables).router(),
        RegexApi(tables).router(),
        WhatIfApi(journal, tables).router(),
        ReloadsApi(journal, tables).router(),
    ]


def _askers(journal: Journal, tables: Tables, desk: CommandDesk) -> list[Router]:
    """What a serving process answers, or is asked about what was found."""
    return [
        AskApi(desk).router(),
        NowApi(journal, tables, desk).router(),
        PlanApi(desk).router(),
        CheckApi(tables, desk).router(),
    ]
