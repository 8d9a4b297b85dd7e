"""A request that an application makes of itself inside a request is an exchange of its own; one that goes on
inward, through whatever middleware, is not.
"""

import asyncio
import functools
from collections.abc import Awaitable, Callable
from typing import Any

import httpx
import pytest

from inspector import Inspector
from inspector.journal.memory import MemoryJournal
from miniframework import App, BackgroundTasks, Depends, Request, StreamingResponse, WebSocket
from miniframework.bus import EventBus
from miniframework.tap import Tap, find_trace
from miniframework.testing import TestClient
from miniframework.types import ASGIApp, Message, Receive, Scope, Send
from tests.inspector.asgi_applications import Recording
from tests.miniframework.asgi_driver import Wire, call, http_scope, socket_scope

BY_EVENTS = pytest.mark.parametrize("by_events", [False, True], ids=["stories", "events"])
AT_ONCE = 50


async def ask(app: ASGIApp, path: str) -> httpx.Response:
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://x") as client:
        return await client.get(path)


class Shop:
    """An application, the way into it from outside, and what its requests ask of it."""

    def __init__(self, recording: Recording, *, is_foreign: bool) -> None:
        self.app = App(openapi_url=None)
        self._declare(self.app)
        self.entry = recording.wrap(self._hidden if is_foreign else self.app)
        self.after: list[asyncio.Task[Any]] = []

    async def _hidden(self, scope: Scope, receive: Receive, send: Send) -> None:
        """The application without its kind, so that its router tells whoever listens outside."""
        await self.app(scope, receive, send)

    def _declare(self, app: App) -> None:
        async def hold() -> Any:
            yield 1

        @app.get("/leaf/{number}")
        async def leaf(number: int) -> dict[str, int]:
            return {"leaf": number}

        @app.get("/httpx")
        async def by_httpx(held: int = Depends(hold)) -> Any:
            return (await ask(self.entry, "/leaf/1")).json()

        @app.get("/client")
        def by_test_client() -> Any:
            return TestClient(self.entry).get("/leaf/1").json()

        @app.get("/scope")
        async def by_scope(request: Request) -> Any:
            wire = await call(self.entry, {**request.scope, "path": "/leaf/1"})
            return {"status": wire.status}

        @app.get("/gather")
        async def at_once() -> int:
            return len(await asyncio.gather(*(ask(self.entry, f"/leaf/{n}") for n in range(AT_ONCE))))

        @app.get("/deep/{depth}")
        async def deep(depth: int) -> Any:
            return (await ask(self.entry, f"/deep/{depth - 1}" if depth else "/leaf/1")).json()

        @app.get("/fails")
        async def fails() -> Any:
            await ask(self.entry, "/none")
            raise ValueError("after it")

        @app.get("/stream")
        async def stream() -> StreamingResponse:
            async def pieces() -> Any:
                for number in range(3):
                    yield (await ask(self.entry, f"/leaf/{number}")).content

            return StreamingResponse(pieces())

        @app.get("/background")
        async def background(tasks: BackgroundTasks) -> str:
            tasks.add_task(ask, self.entry, "/leaf/1")
            tasks.add_task(ask, self.entry, "/leaf/2")
            return "later"

        @app.get("/task")
        async def in_a_task() -> str:
            self.after.append(asyncio.create_task(ask(self.entry, "/leaf/1")))
            return "perhaps later"

        @app.websocket("/socket")
        async def socket(socket: WebSocket) -> None:
            await socket.accept()
            await socket.send_text((await ask(self.entry, "/leaf/1")).text)
            await socket.close()

    async def serve(self, scope: Scope, *messages: Message) -> Wire:
        wire = await call(self.entry, scope, *messages)
        await asyncio.gather(*self.after)
        return wire


def rows_of(recording: Recording) -> list[tuple[str, int | None, str]]:
    recording.recorder.flush()
    assert recording.failures() == 0
    rows = recording.journal.rows(1000)[1]
    return sorted((row["path"], row["status"], row["state"]) for row in rows)


def exchange_of(recording: Recording, path: str) -> Any:
    (row,) = (row for row in recording.journal.rows(1000)[1] if row["path"] == path)
    return recording.journal.exchange(row["id"])


LEAF = ("/leaf/1", 200, "complete")
CALLS = {
    "/httpx": [LEAF],
    "/client": [LEAF],
    "/scope": [LEAF],
    "/gather": [(f"/leaf/{number}", 200, "complete") for number in range(AT_ONCE)],
    "/deep/2": [("/deep/1", 200, "complete"), ("/deep/0", 200, "complete"), LEAF],
    "/stream": [(f"/leaf/{number}", 200, "complete") for number in range(3)],
    "/background": [LEAF, ("/leaf/2", 200, "complete")],
    "/task": [LEAF],
}


@BY_EVENTS
@pytest.mark.parametrize("is_foreign", [False, True], ids=["own", "foreign"])
@pytest.mark.parametrize("path", CALLS)
def test_each_of_them_is_recorded_for_itself(path: str, is_foreign: bool, by_events: bool) -> None:
    recording = Recording(by_events=by_events)
    shop = Shop(recording, is_foreign=is_foreign)
    assert asyncio.run(shop.serve(http_scope(path))).status == 200
    assert rows_of(recording) == sorted([(path, 200, "complete"), *CALLS[path]])
    for asked in [path, *(leaf for leaf, _, _ in CALLS[path])]:
        exchange = exchange_of(recording, asked)
        assert [step.path for step in exchange.steps] == [asked], "no step of another request"
        assert exchange.response_body.complete


@BY_EVENTS
def test_what_comes_after_it_is_told_of_the_request_that_made_it(by_events: bool) -> None:
    recording = Recording(by_events=by_events)
    shop = Shop(recording, is_foreign=False)
    asyncio.run(shop.serve(http_scope("/httpx")))
    recording.recorder.flush()
    kinds = [moment.kind for moment in exchange_of(recording, "/httpx").timeline]
    assert kinds.count("RouteMatched") == kinds.count("EndpointStarted") == 1
    assert kinds.index("EndpointFinished") > kinds.index("EndpointStarted")
    assert "DependencyCleanedUp" in kinds


@BY_EVENTS
def test_both_tasks_after_an_answer_are_told_though_the_first_asked_itself(by_events: bool) -> None:
    recording = Recording(by_events=by_events)
    shop = Shop(recording, is_foreign=False)
    asyncio.run(shop.serve(http_scope("/background")))
    recording.recorder.flush()
    kinds = [moment.kind for moment in exchange_of(recording, "/background").timeline]
    assert (kinds.count("BackgroundTaskStarted"), kinds.count("BackgroundTaskFinished")) == (2, 2)


def test_an_application_may_ask_for_its_dashboard() -> None:
    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        seen.append(find_trace())
        answered = await ask(inspector, f"{inspector.url_path}api/app")
        seen.append(find_trace())
        await send({"type": "http.response.start", "status": answered.status_code, "headers": []})
        await send({"type": "http.response.body"})

    seen: list[Any] = []
    journal = MemoryJournal()
    inspector = Inspector(app, journal=journal)

    async def main() -> None:
        assert (await call(inspector, http_scope("/ask"))).status == 403
        await inspector.stop()

    asyncio.run(main())
    assert seen[0] is not None
    assert seen[0] is seen[1]
    assert [(row["path"], row["status"]) for row in journal.rows(10)[1]] == [("/ask", 403)]


@BY_EVENTS
def test_a_failure_after_it_is_the_failure_of_the_request_that_made_it(by_events: bool) -> None:
    recording = Recording(by_events=by_events)
    shop = Shop(recording, is_foreign=False)
    with pytest.raises(ValueError, match="after it"):
        asyncio.run(shop.serve(http_scope("/fails")))
    assert rows_of(recording) == [("/fails", 500, "error"), ("/none", 404, "complete")]


@BY_EVENTS
def test_a_connection_may_ask_too(by_events: bool) -> None:
    recording = Recording(by_events=by_events)
    shop = Shop(recording, is_foreign=False)
    asyncio.run(shop.serve(socket_scope("/socket"), {"type": "websocket.connect"}))
    assert rows_of(recording) == [LEAF, ("/socket", 101, "complete")]
    assert exchange_of(recording, "/socket").closed_by == "application"


class ByAttributes:
    """Wraps both ways in methods, and copies the scope."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        call = _Call(receive, send)
        await self._app(dict(scope), call.receive, call.send)


class _Call:
    __slots__ = ("_receive", "_send")

    def __init__(self, receive: Receive, send: Send) -> None:
        self._receive = receive
        self._send = send

    async def receive(self) -> Message:
        return await self._receive()

    async def send(self, message: Message) -> None:
        await self._send(message)


def by_closures(app: ASGIApp) -> ASGIApp:
    async def wrapped(scope: Scope, receive: Receive, send: Send) -> None:
        async def receive_on() -> Message:
            return await receive()

        async def send_on(message: Message) -> None:
            await send(message)

        await app({**scope, "headers": [*scope["headers"], (b"x", b"1")]}, receive_on, send_on)

    return wrapped


def by_partials(app: ASGIApp) -> ASGIApp:
    async def hand_on(hand: Callable[..., Awaitable[Any]], *message: Message) -> Any:
        return await hand(*message)

    async def wrapped(scope: Scope, receive: Receive, send: Send) -> None:
        await app(dict(scope), functools.partial(hand_on, receive), functools.partial(hand_on, hand := send))
        del hand

    return wrapped


def by_buffers(app: ASGIApp) -> ASGIApp:
    """Neither way leads on while the application is called; the scope is the same."""

    async def wrapped(scope: Scope, receive: Receive, send: Send) -> None:
        came, gone = await receive(), list[Message]()

        async def give() -> Message:
            return came

        async def take(message: Message) -> None:
            gone.append(message)

        await app(scope, give, take)
        for message in gone:
            await send(message)

    return wrapped


def by_half_a_buffer(app: ASGIApp) -> ASGIApp:
    """Another path, and the answer is kept back: only the receive leads on."""

    async def wrapped(scope: Scope, receive: Receive, send: Send) -> None:
        gone = list[Message]()

        async def take(message: Message) -> None:
            gone.append(message)

        await app({**scope, "path": scope["path"] + "1"}, receive, take)
        for message in gone:
            await send(message)

    return wrapped


def with_function(app: ASGIApp) -> ASGIApp:
    outer = App(openapi_url=None)
    outer.mount("", app)

    @outer.middleware("http")
    async def pass_on(request: Request, call_next: Any) -> Any:
        return await call_next(request)

    return outer


WRAPPERS = [ByAttributes, by_closures, by_partials, by_buffers, by_half_a_buffer, with_function]


def names_of(wrapper: Any) -> str:
    return str(wrapper.__name__)


@BY_EVENTS
@pytest.mark.parametrize("outer", [by_closures, ByAttributes], ids=names_of)
@pytest.mark.parametrize("inner", WRAPPERS, ids=names_of)
def test_a_request_that_goes_on_inward_through_taps_is_one_exchange(
    inner: Any, outer: Any, by_events: bool
) -> None:
    app = App(openapi_url=None)

    @app.get("/leaf/{number}")
    async def leaf(number: str) -> str:
        return number

    near, far = Recording(by_events=by_events), Recording(by_events=by_events)
    twice = Tap(outer(far.wrap(inner(near.wrap(app)))), far.bus)
    wire = asyncio.run(call(twice, http_scope("/leaf/1")))
    assert wire.status == 200
    assert [row[1:] for row in rows_of(far)] == [(200, "complete")]
    assert [row[1:] for row in rows_of(near)] == [(200, "complete")]
    (there,), (here,) = far.journal.rows(10)[1], near.journal.rows(10)[1]
    assert there["id"] == here["id"]


@BY_EVENTS
def test_a_request_that_is_handed_on_to_another_path_is_one_exchange(by_events: bool) -> None:
    recording = Recording(by_events=by_events)
    app = App(openapi_url=None)

    class HandsOn:
        async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
            await app({**scope, "path": "/leaf", "root_path": ""}, receive, send)

    @app.get("/leaf")
    async def leaf() -> str:
        return "leaf"

    app.mount("/old", HandsOn())
    recording.wrap(app)
    assert asyncio.run(call(app, http_scope("/old/leaf"))).status == 200
    assert rows_of(recording) == [("/old/leaf", 200, "complete")]


@BY_EVENTS
def test_another_dashboards_application_that_is_asked_records_for_itself_alone(by_events: bool) -> None:
    near, far = Recording(by_events=by_events), Recording(by_events=by_events)
    inner, outer = App(openapi_url=None), App(openapi_url=None)

    @inner.get("/leaf/{number}")
    async def leaf(number: int) -> int:
        return number

    @outer.get("/ask")
    async def ask_inner() -> Any:
        return (await ask(inner, "/leaf/1")).json()

    near.wrap(inner)
    asyncio.run(call(far.wrap(outer), http_scope("/ask")))
    assert rows_of(far) == [("/ask", 200, "complete")]
    assert rows_of(near) == [LEAF]
    assert [step.path for step in exchange_of(far, "/ask").steps] == ["/ask"]


class Full:
    """A keeper that takes the first story only."""

    def __init__(self) -> None:
        self.count = 0

    def __call__(self, event: Any) -> None:
        raise AssertionError("it is alone on its bus")

    def begin(self, story: Any) -> bool:
        self.count += 1
        return self.count == 1

    def keep(self, story: Any, event: Any) -> None: ...


def test_one_that_is_not_taken_leaves_the_request_around_it_alone() -> None:
    seen: list[bool] = []

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        seen.append(find_trace() is not None)
        if scope["path"] == "/ask":
            await call(tap, http_scope("/leaf"))
            seen.append(find_trace() is not None)

    bus, keeper = EventBus(), Full()
    bus.keep(keeper)
    tap = Tap(app, bus)
    asyncio.run(call(tap, http_scope("/ask")))
    assert (seen, keeper.count) == ([True, False, True], 2)


class AnswersItself:
    """Stands outside of what is recorded, and answers where that only begins to."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def answer(message: Message) -> None:
            if message["type"] == "http.response.start":
                await send(message)
                await send({"type": "http.response.body", "body": b"of its own"})

        await self._app(scope, receive, answer)


class PipeliningServer:
    """Begins the next request where it gets the last piece of the answer before it, in that task."""

    def __init__(self, app: ASGIApp, paths: list[str]) -> None:
        self._app = app
        self._paths = paths

    async def serve(self) -> None:
        if self._paths:
            await self._app(http_scope(self._paths.pop(0)), Wire().receive, self._send)

    async def _send(self, message: Message) -> None:
        if message["type"] == "http.response.body" and not message.get("more_body"):
            await self.serve()


@BY_EVENTS
@pytest.mark.parametrize("is_foreign", [False, True], ids=["own", "foreign"])
def test_the_next_request_is_none_of_one_that_only_began_to_answer(is_foreign: bool, by_events: bool) -> None:
    recording = Recording(by_events=by_events)
    shop = Shop(recording, is_foreign=is_foreign)
    paths = ["/leaf/1", "/leaf/2", "/none", "/leaf/3"]
    asyncio.run(PipeliningServer(AnswersItself(shop.entry), list(paths)).serve())
    assert [row[0] for row in rows_of(recording)] == sorted(paths)
    for path in paths:
        exchange = exchange_of(recording, path)
        assert [step.path for step in exchange.steps] == [path]
        assert (exchange.state.value, exchange.response_body.complete) == ("complete", True)
