"""The journal of an embedded recorder does not answer: the application ends, and what is lost is said."""

import asyncio
import logging
import threading
from collections.abc import Sequence

import pytest

from inspector import Inspector
from inspector.errors import JournalError
from inspector.journal.memory import MemoryJournal
from inspector.journal.protocol import Record
from inspector.recording.account import Account
from inspector.wiring import parts
from miniframework import App
from miniframework.types import Message, Scope

WITHIN_S = 30.0
HTTP: Scope = {
    "type": "http",
    "asgi": {"version": "3.0"},
    "http_version": "1.1",
    "method": "GET",
    "scheme": "http",
    "path": "/hello",
    "raw_path": b"/hello",
    "query_string": b"",
    "root_path": "",
    "headers": [(b"host", b"127.0.0.1:8000")],
    "client": ("127.0.0.1", 50000),
    "server": ("127.0.0.1", 8000),
}


class StuckJournal(MemoryJournal):
    """A journal whose disk stops answering; what waits for it waits until it is let go."""

    def __init__(self) -> None:
        super().__init__()
        self.is_stuck = False
        self.let_go = threading.Event()

    def append(self, records: Sequence[Record]) -> None:
        self._wait()
        super().append(records)

    def bounds(self):  # type: ignore[no-untyped-def]  # as the one it stands for
        self._wait()
        return super().bounds()

    def _wait(self) -> None:
        if self.is_stuck:
            self.let_go.wait()
            raise JournalError("let go")


def make_app() -> App:
    app = App(openapi_url=None)

    @app.get("/hello")
    async def hello() -> str:
        return "hello"

    return app


async def receive() -> Message:
    return {"type": "http.request", "body": b"", "more_body": False}


def test_an_application_ends_though_the_journal_hangs_and_says_what_is_lost(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(parts, "_STORE_WITHIN_S", 0.05)
    monkeypatch.setattr(parts, "_LOOK_S", 0.001)
    journal = StuckJournal()
    sent: list[Message] = []

    async def send(message: Message) -> None:
        sent.append(message)

    async def serve() -> None:
        inspector = Inspector(make_app(), journal=journal)
        await inspector(HTTP, receive, send)
        journal.is_stuck = True
        for _ in range(3):
            await inspector(HTTP, receive, send)
        await inspector.stop()

    ending = threading.Thread(target=asyncio.run, args=(serve(),), daemon=True)
    with caplog.at_level(logging.ERROR, "inspector"):
        ending.start()
        ending.join(WITHIN_S)
    has_ended = not ending.is_alive()
    journal.let_go.set()
    assert has_ended
    assert [message.get("status") for message in sent[::2]] == [200] * 4
    assert "exchanges before the application stopped: it does not answer; they are lost" in caplog.text


def drive(app: Inspector, scope: Scope) -> list[Message]:
    """Call an application without an event loop of asyncio, as a server on trio does."""
    sent: list[Message] = []

    async def send(message: Message) -> None:
        sent.append(message)

    with pytest.raises(StopIteration):
        app(scope, receive, send).send(None)
    return sent


def test_on_another_event_loop_than_asyncios_the_application_is_left_alone(
    caplog: pytest.LogCaptureFixture,
) -> None:
    account = Account()
    inspector = Inspector(make_app(), account=account)
    for _ in range(2):
        start, body = drive(inspector, HTTP)
        assert (start["status"], body["body"]) == (200, b'"hello"')
    assert caplog.text.count("this server runs the application on another event loop") == 1
    (start, _) = drive(inspector, {**HTTP, "path": "/__inspector__/", "raw_path": b"/__inspector__/"})
    assert start["status"] == 404
    assert account.outstanding == 0
