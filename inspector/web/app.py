"""The dashboard put together: an ordinary miniframework app, a guard around it, a stream inside."""

import asyncio
import contextlib
from collections.abc import AsyncIterator

from inspector.assets import load_assets
from inspector.errors import JournalError
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
    answer_validation_error,
)
from inspector.web.api.check import CheckApi
from inspector.web.api.exchanges import ExchangesApi
from inspector.web.api.hits import HitsApi
from inspector.web.api.regex import RegexApi
from inspector.web.api.reloads import ReloadsApi
from inspector.web.api.replays import ReplaysApi
from inspector.web.api.routes import RoutesApi
from inspector.web.api.whatif import WhatIfApi
from inspector.web.description import Description, Mode, Stats
from inspector.web.guard import Guard
from inspector.web.security import Policy
from inspector.web.socket import StreamEndpoint
from inspector.web.statics import StaticRoutes
from inspector.web.tables import Tables
from miniframework import App, HTTPException, RequestValidationError, Response
from miniframework.types import Receive, Scope, Send


class Dashboard:
    """The dashboard as one ASGI app. `app` is the inside, without the guard; `close` lets every viewer go.

    Its own requests are recorded by nobody: nothing listens on its bus.
    """

    def __init__(self, app: App, stream: Stream, policy: Policy) -> None:
        self.app = app
        self.stream = stream
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
    limits: StreamLimits | None = None,
) -> Dashboard:
    """Return the dashboard over a journal, which the caller goes on owning.

    It answers at whatever `root_path` it is called with. `stats` are the numbers of a recorder in this
    process. Raises AssetsMissing when the installation lacks the page.
    """
    settings = settings or Settings()
    describe = Description(journal, settings, mode=mode, stats=stats)
    stream = Stream(journal, describe=describe, limits=limits)

    @contextlib.asynccontextmanager
    async def closing(app: App) -> AsyncIterator[None]:
        yield
        stream.close()

    app = App(
        openapi_url=None,
        lifespan=closing,
        exception_handlers={
            ApiError: answer_api_error,
            HTTPException: answer_http_exception,
            JournalError: answer_journal_error,
            RequestValidationError: answer_validation_error,
        },
    )
    tables = Tables(journal)
    for router in (
        StaticRoutes(load_assets()).router(),
        ExchangesApi(journal, tables).router(),
        RoutesApi(journal, tables).router(),
        HitsApi(journal, tables).router(),
        RegexApi(tables).router(),
        ReplaysApi(journal).router(),
        CheckApi(tables).router(),
        WhatIfApi(journal, tables).router(),
        ReloadsApi(journal, tables).router(),
    ):
        app.include_router(router)

    @app.get("/api/app")
    async def show_app() -> Response:
        return answer_json(await asyncio.to_thread(describe))

    app.websocket("/api/stream")(StreamEndpoint(stream).serve)
    return Dashboard(app, stream, Policy(token=token, allowed_hosts=settings.allowed_hosts))
