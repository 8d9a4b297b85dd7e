"""Programs that use anyio: `from_thread` in plain functions, and clean-up below a cancelled scope."""

import asyncio
import sys
import threading
from collections.abc import AsyncIterator, Iterator
from typing import Annotated, Literal

import anyio
import anyio.from_thread
import anyio.to_thread
import pytest

from miniframework import App, BackgroundTasks, Depends, WebSocket
from miniframework.anyio_scopes import find_home
from tests.miniframework.asgi_driver import Wire, call, http_scope, socket_scope

pytestmark = pytest.mark.usefixtures("way")


async def double(number: int) -> int:
    await anyio.sleep(0)
    return number * 2


def test_plain_functions_reach_the_event_loop_by_from_thread() -> None:
    app, told = App(), list[int]()

    def resource() -> Iterator[int]:
        yield anyio.from_thread.run(double, 1)
        told.append(anyio.from_thread.run(double, 10))

    def later() -> None:
        told.append(anyio.from_thread.run_sync(int, "100"))

    @app.get("/")
    def home(one: Annotated[int, Depends(resource)], tasks: BackgroundTasks) -> int:
        tasks.add_task(later)
        anyio.from_thread.check_cancelled()
        return one + anyio.from_thread.run(double, 2)

    assert asyncio.run(call(app, http_scope())).body == b"6"
    assert told == [100, 20]


def test_a_program_without_anyio_stays_without(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "anyio")
    assert find_home() is None


@pytest.mark.parametrize("lifetime", ["function", "request"])
@pytest.mark.parametrize("kind", ["http", "websocket"])
def test_clean_up_ends_below_a_cancelled_scope(kind: str, lifetime: Literal["function", "request"]) -> None:
    app, told, scopes = App(), list[str](), list[anyio.CancelScope]()

    async def outer() -> AsyncIterator[None]:
        try:
            yield
        finally:
            await anyio.sleep(0)
            told.append("outer")

    async def inner(_: Annotated[None, Depends(outer, scope=lifetime)]) -> AsyncIterator[None]:
        with anyio.CancelScope():
            try:
                yield
            finally:
                await anyio.sleep(0)
                told.append("inner")

    async def home(_: Annotated[None, Depends(inner, scope=lifetime)]) -> None:
        scopes[0].cancel()
        await anyio.sleep(0)
        told.append("not cancelled")

    @app.websocket("/")
    async def talk(websocket: WebSocket, _: Annotated[None, Depends(inner, scope=lifetime)]) -> None:
        await home(None)

    app.get("/")(home)

    async def serve() -> bool:
        with anyio.CancelScope() as scope:
            scopes.append(scope)
            await call(app, http_scope() if kind == "http" else socket_scope())
        return scope.cancelled_caught

    assert asyncio.run(serve())
    assert told == ["inner", "outer"]


def test_clean_up_is_no_longer_than_its_own_deadline() -> None:
    app, told = App(), list[str]()

    async def resource() -> AsyncIterator[None]:
        yield
        with anyio.move_on_after(0):
            await anyio.sleep_forever()
        told.append("given up")

    @app.get("/", dependencies=[Depends(resource)])
    async def home() -> str:
        return "answered"

    async def serve() -> Wire:
        with anyio.CancelScope():
            return await call(app, http_scope())

    assert asyncio.run(serve()).body == b'"answered"'
    assert told == ["given up"]


def test_what_follows_the_clean_up_is_cancelled_as_before() -> None:
    app, told, scopes = App(), list[str](), list[anyio.CancelScope]()

    async def resource() -> AsyncIterator[None]:
        yield
        scopes[0].cancel()
        await anyio.sleep(0)
        told.append("cleaned up")

    @app.get("/", dependencies=[Depends(resource, scope="function")])
    async def home() -> str:
        return "not sent"

    async def serve() -> list[object]:
        wire = Wire()
        with anyio.CancelScope() as scope:
            scopes.append(scope)
            await app(http_scope(), wire.receive, wire.send)
        return list(wire.sent)

    assert asyncio.run(serve()) == []
    assert told == ["cleaned up"]


@pytest.mark.parametrize("most", [1, 3])
def test_the_limiter_of_anyio_says_how_many_plain_functions_run(most: int) -> None:
    app, running, peak = App(), list[int](), list[int]()
    enough = threading.Barrier(most)

    @app.get("/")
    def home() -> int:
        running.append(1)
        peak.append(len(running))
        enough.wait(5)
        running.pop()
        return anyio.from_thread.run(double, 1)

    async def serve() -> list[bytes]:
        anyio.to_thread.current_default_thread_limiter().total_tokens = most
        async with asyncio.TaskGroup() as group:
            calls = [group.create_task(call(app, http_scope())) for _ in range(2 * most)]
        return [one.result().body for one in calls]

    assert asyncio.run(serve()) == [b"2"] * 2 * most
    assert max(peak) == most


def test_a_request_that_is_cancelled_waits_for_a_thread_of_anyio() -> None:
    app, told = App(), list[str]()
    began, go_on = threading.Event(), threading.Event()

    @app.get("/")
    def home() -> None:
        began.set()
        go_on.wait(5)
        told.append("ended")

    async def serve() -> None:
        anyio.to_thread.current_default_thread_limiter().total_tokens = 2
        task = asyncio.create_task(call(app, http_scope()))
        await asyncio.get_running_loop().run_in_executor(None, began.wait, 5)
        task.cancel()
        await asyncio.sleep(0)
        go_on.set()
        with pytest.raises(asyncio.CancelledError):
            await task
        told.append("cancelled")

    asyncio.run(serve())
    assert told == ["ended", "cancelled"]
