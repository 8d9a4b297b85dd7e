"""An entered client runs the application's lifespan, in a loop that can be asked for."""

import asyncio
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from contextvars import ContextVar
from typing import Any

import pytest

from miniframework import App
from miniframework.testing import StartupFailed, TestClient
from miniframework.types import Receive, Scope, Send
from tests.miniframework.testing.applications import Boom, app_of, echo, failing, respond, talking

SEEN: ContextVar[str] = ContextVar("seen", default="nothing")


def lifespan_app(log: list[Any], *, fail_at: str | None = None) -> Any:
    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "lifespan":
            log.append((scope["state"].get("db"), id(asyncio.get_running_loop())))
            await respond(send)
            return
        for event in ("startup", "shutdown"):
            assert (await receive())["type"] == f"lifespan.{event}"
            log.append(event)
            if fail_at == event:
                await send({"type": f"lifespan.{event}.failed", "message": "no database"})
                return
            scope["state"]["db"] = "open"
            await send({"type": f"lifespan.{event}.complete"})

    return app


def test_entering_starts_the_application_and_leaving_ends_it() -> None:
    log: list[Any] = []
    with TestClient(lifespan_app(log)) as client:
        client.get("/")
        client.get("/")
    assert [log[0], log[-1]] == ["startup", "shutdown"]
    assert log[1] == log[2]
    assert log[1][0] == "open"


def test_without_entering_there_is_no_lifespan() -> None:
    log: list[Any] = []
    TestClient(lifespan_app(log)).get("/")
    assert [one[0] for one in log] == [None]


@pytest.mark.parametrize("fail_at", ["startup", "shutdown"])
def test_a_failed_lifespan_is_raised(fail_at: str) -> None:
    with (
        pytest.raises(StartupFailed, match=f"{fail_at} failed: no database"),
        TestClient(lifespan_app([], fail_at=fail_at)),
    ):
        pass


def test_an_application_without_a_lifespan_can_be_entered() -> None:
    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            await respond(send, b"ok")

    with TestClient(app) as client:
        assert client.get("/").text == "ok"


def test_an_exception_while_starting_is_raised() -> None:
    with pytest.raises(Boom), TestClient(app_of(failing)):
        pass


def test_the_application_sees_the_tests_context_and_runs_in_another_thread() -> None:
    seen: list[Any] = []

    async def look(receive: Receive, send: Send) -> None:
        seen.extend((SEEN.get(), threading.current_thread() is threading.main_thread()))
        await respond(send)

    SEEN.set("the test's")
    TestClient(app_of(look)).get("/")
    assert seen == ["the test's", False]


def test_no_thread_is_left_behind() -> None:
    before = threading.active_count()
    with TestClient(lifespan_app([])) as client:
        client.get("/")
    TestClient(echo).get("/")
    with TestClient(talking).websocket_connect("/"):
        pass
    assert threading.active_count() == before


@pytest.mark.parametrize("step", ["startup", "shutdown"])
def test_what_the_lifespan_raises_is_raised_where_the_client_is_entered_or_left(step: str) -> None:
    @asynccontextmanager
    async def life(app: App) -> AsyncIterator[None]:
        if step == "startup":
            raise ConnectionError("no database")
        yield
        raise ConnectionError("half closed")

    with pytest.raises(ConnectionError), TestClient(App(lifespan=life)):
        assert step == "shutdown"


def test_the_event_loop_can_be_asked_for() -> None:
    kinds: list[tuple[type, bool]] = []

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        loop = asyncio.get_running_loop()
        kinds.append((type(loop), loop.get_debug()))
        await respond(send)

    TestClient(app, backend_options={"debug": True}).get("/")
    TestClient(app, backend_options={"loop_factory": asyncio.SelectorEventLoop}).get("/")
    TestClient(app, backend_options={"use_uvloop": True}).get("/")
    assert kinds[0][1]
    assert kinds[1][0] is asyncio.SelectorEventLoop
    assert kinds[2][0].__module__ == "uvloop"
    with pytest.raises(ValueError, match="'fast'"):
        TestClient(app, backend_options={"fast": True}).get("/")


def test_the_portal_calls_on_the_loop_of_the_application() -> None:
    loops = []

    async def note(name: str) -> str:
        loops.append(asyncio.get_running_loop())
        return name

    @asynccontextmanager
    async def life(app: App) -> AsyncIterator[None]:
        await note("start")
        yield

    client = TestClient(App(lifespan=life))
    assert client.portal is None
    with client:
        assert client.portal is not None
        assert client.portal.call(note, "a") == "a"
        assert client.portal.call(str.upper, "b") == "B"
        assert client.portal.start_task_soon(note, "c").result() == "c"
    assert len(set(loops)) == 1
    assert client.portal is None
