import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest

from miniframework import App, Request
from miniframework.testing import TestClient
from miniframework.types import ASGIApp, Message, Receive, Scope, Send
from tests.miniframework.asgi_driver import call

LIFE = ({"type": "lifespan.startup"}, {"type": "lifespan.shutdown"})


def live(app: App, **scope: Any) -> list[Any]:
    return asyncio.run(call(app, {"type": "lifespan", "state": {}} | scope, *LIFE)).sent


def test_startup_and_shutdown_surround_the_requests_and_state_reaches_them() -> None:
    story: list[str] = []

    @asynccontextmanager
    async def lifespan(app: App) -> AsyncIterator[dict[str, Any]]:
        app.state.name = "app"
        story.append("up")
        yield {"db": "database"}
        story.append("down")

    app = App(lifespan=lifespan)

    @app.get("/")
    async def root(request: Request) -> list[str]:
        story.append("request")
        return [request.state.db, request.app.state.name]

    with TestClient(app) as client:
        assert client.get("/").json() == ["database", "app"]
    assert story == ["up", "request", "down"]


def test_an_application_without_a_lifespan_still_speaks_the_protocol() -> None:
    assert [m["type"] for m in live(App())] == ["lifespan.startup.complete", "lifespan.shutdown.complete"]


def test_a_failing_startup_is_reported_with_its_traceback() -> None:
    app = App()

    @app.lifespan
    @asynccontextmanager
    async def lifespan(app: App) -> AsyncIterator[None]:
        raise ConnectionError("no database at 5432")
        yield

    (failed,) = live(app)
    assert failed["type"] == "lifespan.startup.failed"
    assert "no database at 5432" in failed["message"]
    assert "Traceback" in failed["message"]


def test_a_failing_shutdown_is_reported_as_one() -> None:
    @asynccontextmanager
    async def lifespan(app: App) -> AsyncIterator[None]:
        yield
        raise ConnectionError("half closed")

    complete, failed = live(App(lifespan=lifespan))
    assert complete["type"] == "lifespan.startup.complete"
    assert failed["type"] == "lifespan.shutdown.failed"
    assert "half closed" in failed["message"]


def test_state_on_a_server_without_it_says_so() -> None:
    @asynccontextmanager
    async def lifespan(app: App) -> AsyncIterator[dict[str, int]]:
        yield {"a": 1}

    sent = asyncio.run(call(App(lifespan=lifespan), {"type": "lifespan"}, *LIFE)).sent
    assert sent[0]["type"] == "lifespan.startup.failed"
    assert "app.state" in sent[0]["message"]


def test_cancelling_a_lifespan_cleans_up() -> None:
    story: list[str] = []

    @asynccontextmanager
    async def lifespan(app: App) -> AsyncIterator[None]:
        try:
            yield
        finally:
            story.append("down")

    async def main() -> None:
        started = asyncio.Event()

        async def receive() -> Any:
            if not started.is_set():
                return LIFE[0]
            return await asyncio.Event().wait()

        async def send(message: Any) -> None:
            started.set()

        task = asyncio.create_task(App(lifespan=lifespan)({"type": "lifespan", "state": {}}, receive, send))
        await started.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    asyncio.run(main())
    assert story == ["down"]


def test_an_asgi_middleware_sees_the_messages_of_start_and_end_and_may_add_to_the_state() -> None:
    story: list[str] = []

    class Watching:
        def __init__(self, app: ASGIApp) -> None:
            self.app = app

        async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
            assert isinstance(scope["app"], App)

            async def tell(message: Message) -> None:
                story.append(message["type"])
                await send(message)

            if scope["type"] == "lifespan":
                scope["state"]["pool"] = "of the middleware"
            await self.app(scope, receive, tell)

    @asynccontextmanager
    async def lifespan(app: App) -> AsyncIterator[dict[str, Any]]:
        story.append("up")
        yield {"db": "database"}
        story.append("down")

    app = App(lifespan=lifespan)
    app.add_middleware(Watching)
    app.host("{name:path}", App())

    @app.middleware("http")
    async def around(request: Request, call_next: Any) -> Any:
        return await call_next(request)

    with TestClient(app) as client:
        assert client.app_state == {"pool": "of the middleware", "db": "database"}
    assert story == ["up", "lifespan.startup.complete", "down", "lifespan.shutdown.complete"]


def test_a_middleware_that_cannot_be_made_is_a_failed_start() -> None:
    def make(app: ASGIApp) -> ASGIApp:
        raise ValueError("no number")

    app = App()
    app.add_middleware(make)
    (failed,) = live(app)
    assert failed["type"] == "lifespan.startup.failed"
    assert "no number" in failed["message"]
