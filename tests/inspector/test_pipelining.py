"""Requests that come on one connection before the one before them is done are exchanges of their own.

A server may begin such a request inside the task that sends the last piece of the answer before it, where
that exchange is still going on. It begins a request that is pushed inside the task that asks for that.
"""

import asyncio
import socket
from typing import Any

import pytest

from inspector import Inspector
from inspector.journal.memory import MemoryJournal
from miniframework import App, BackgroundTasks, PlainTextResponse, Request, StreamingResponse
from miniframework.events import Event
from miniframework.tap import find_trace
from miniframework.telling import notes
from miniframework.telling.story import Notes, Story
from miniframework.types import ASGIApp, Message, Receive, Scope, Send
from tests.inspector.asgi_applications import Recording, plain
from tests.inspector.web.serving import DEADLINE_S, TOKEN, serve
from tests.miniframework.asgi_driver import Wire, call, http_scope

PATHS = ["/json/1", "/text/2", "/json/3", "/late/4", "/json/5", "/stream/6", "/none/7", "/json/x", "/json/8"]
STATUSES = [200, 200, 200, 200, 200, 200, 404, 422, 200]


def make_app() -> App:
    app = App()

    @app.get("/json/{number}")
    async def as_json(number: int) -> dict[str, int]:
        return {"number": number}

    @app.get("/text/{number}")
    async def as_text(number: int) -> PlainTextResponse:
        return PlainTextResponse("x" * 5000)

    @app.get("/late/{number}")
    async def goes_on(number: int, tasks: BackgroundTasks) -> PlainTextResponse:
        tasks.add_task(asyncio.sleep, 0.01)
        return PlainTextResponse("late")

    @app.get("/stream/{number}")
    async def streams(number: int) -> StreamingResponse:
        return StreamingResponse(iter([b"a", b"b"]))

    return app


def make_app_with_middleware() -> App:
    app = make_app()

    @app.middleware("http")
    async def pass_on(request: Request, call_next: Any) -> Any:
        return await call_next(request)

    return app


class Foreign:
    """An application whose router tells nothing."""

    def __init__(self) -> None:
        self._app = make_app()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self._app(scope, receive, send)


class Lingering:
    """What stands between an application and its server, and is not done when an answer is."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def send_and_linger(message: Message) -> None:
            await send(message)
            if message["type"] == "http.response.body" and not message.get("more_body"):
                await asyncio.sleep(0.01)

        await self._app(scope, receive, send_and_linger)


def ask_at_once(port: int, paths: list[str]) -> bytes:
    requests = [f"GET {path} HTTP/1.1\r\nhost: 127.0.0.1:{port}\r\n\r\n" for path in paths]
    last = requests.pop().removesuffix("\r\n") + "connection: close\r\n\r\n"
    with socket.create_connection(("127.0.0.1", port), timeout=DEADLINE_S) as connection:
        connection.sendall("".join([*requests, last]).encode())
        return b"".join(iter(lambda: connection.recv(65536), b""))


@pytest.mark.parametrize("by_events", [False, True], ids=["stories", "events"])
@pytest.mark.parametrize("http", ["h11", "httptools"])
@pytest.mark.parametrize("outside", [plain, Lingering])
@pytest.mark.parametrize("make", [make_app, make_app_with_middleware, Foreign])
def test_each_of_them_is_recorded_for_itself(make: Any, outside: Any, http: str, by_events: bool) -> None:
    recording = Recording(by_events=by_events)
    with serve(outside(recording.wrap(make())), http=http) as served:
        answers = ask_at_once(served.port, PATHS)
    assert answers.count(b"HTTP/1.1 ") == len(PATHS)
    recording.recorder.flush()
    rows = recording.journal.rows(100)[1]
    assert sorted((row["path"], row["status"]) for row in rows) == sorted(zip(PATHS, STATUSES, strict=True))
    assert not {row["state"] for row in rows} & {"pending", "streaming", "lost"}
    assert recording.failures() == 0


class TakesOne:
    """A keeper with room for one story."""

    def __init__(self) -> None:
        self.taken: list[Notes] = []

    def __call__(self, event: Event) -> None:
        raise AssertionError("it is alone on its bus")

    def begin(self, story: Story) -> bool:
        self.taken.append(story.notes)
        return len(self.taken) == 1

    def keep(self, story: Story, event: Event) -> None:
        story.notes.append(event)


def test_one_that_is_not_taken_leaves_nothing_with_the_one_before_it() -> None:
    app, keeper = make_app(), TakesOne()
    app.bus.keep(keeper)
    with serve(Lingering(app)) as served:
        ask_at_once(served.port, PATHS[:3])
    told, *refused = keeper.taken
    assert refused == [[], []]
    kinds = [note[0] for note in told[1:]]
    assert kinds == [notes.started_usually, notes.matched, notes.bound_and_called, notes.answered_and_sent]


class PushingServer:
    """Begins a request that is pushed where it is asked to: inside the application's send, in its context."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._pushed: list[asyncio.Task[Wire]] = []

    async def serve(self, path: str) -> None:
        await self._app(http_scope(path), Wire().receive, self._send)
        await asyncio.gather(*self._pushed)

    async def _send(self, message: Message) -> None:
        if message["type"] == "http.response.push":
            self._pushed.append(asyncio.create_task(call(self._app, http_scope(message["path"]))))
            await self._pushed[-1]


@pytest.mark.parametrize("by_events", [False, True], ids=["stories", "events"])
def test_a_pushed_request_is_one_of_its_own(by_events: bool) -> None:
    inside_after_push: list[bool] = []

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["path"] == "/page":
            await send({"type": "http.response.push", "path": "/style", "headers": []})
            inside_after_push.append(find_trace() is not None)
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body"})

    recording = Recording(by_events=by_events)
    asyncio.run(PushingServer(recording.wrap(app)).serve("/page"))
    recording.recorder.flush()
    rows = recording.journal.rows(10)[1]
    told = sorted((row["path"], row["state"]) for row in rows)
    assert told == [("/page", "complete"), ("/style", "complete")]
    assert inside_after_push == [True]
    assert recording.failures() == 0


def test_the_dashboard_between_them_is_not_recorded() -> None:
    journal = MemoryJournal()
    with serve(Inspector(make_app(), journal=journal, token=TOKEN)) as served:
        answers = ask_at_once(served.port, ["/late/4", "/__inspector__/", "/json/1"])
    assert answers.count(b"HTTP/1.1 200 ") == 3
    rows = {row["path"]: row for row in journal.rows(10)[1]}
    assert rows.keys() == {"/late/4", "/json/1"}
    for path in rows:
        exchange = journal.exchange(rows[path]["id"])
        assert exchange is not None
        assert [step.path for step in exchange.steps] == [path]
