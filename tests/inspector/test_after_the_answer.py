"""A server may say `http.disconnect` because it has the whole answer; that is no client that left.

Hypercorn says it while the application still waits for the `send` of the last piece, which a task that
listens for the client hears at once. Source: ASGI specification, HTTP, "Disconnect - receive event".
"""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest

from miniframework import App, StreamingResponse
from miniframework.types import ASGIApp, Message, Receive, Scope, Send
from tests.inspector.asgi_applications import Recording, body_of, request_of, start_of
from tests.miniframework.asgi_driver import http_scope

BY_EVENTS = pytest.mark.parametrize("by_events", [False, True], ids=["stories", "events"])


class BusyServer:
    """Answers the last `send` only once the application had time to hear of the end.

    With `leaves_at` the client leaves while the message of that number is on its way; with `refuses` the
    `send` of the last piece fails then.
    """

    def __init__(self, leaves_at: int | None = None, *, refuses: bool = False) -> None:
        self._refuses = refuses
        self._given = asyncio.Queue[Message]()
        self._leaves_at = leaves_at
        self.sent: list[Message] = []

    async def serve(self, app: ASGIApp) -> None:
        await self._given.put(request_of())
        async with asyncio.timeout(5):
            await app(http_scope("/"), self._given.get, self._send)

    async def _send(self, message: Message) -> None:
        self.sent.append(message)
        is_last = message["type"] == "http.response.body" and not message.get("more_body")
        if is_last or len(self.sent) == self._leaves_at:
            await self._given.put({"type": "http.disconnect"})
            for _ in range(10):
                await asyncio.sleep(0)
        if is_last and self._refuses:
            raise OSError("the client is gone")


async def gives_up_when_told(scope: Scope, receive: Receive, send: Send) -> None:
    """As Starlette's streams do: what sends is cancelled when the client is said to be gone."""

    async def stream() -> None:
        await send(start_of())
        for piece in (b"one", b"two"):
            await send(body_of(piece, more=True))
        await send(body_of(b"end"))

    await receive()
    sending, listening = asyncio.create_task(stream()), asyncio.ensure_future(receive())
    await asyncio.wait({sending, listening}, return_when=asyncio.FIRST_COMPLETED)
    for task in (sending, listening):
        task.cancel()
    await asyncio.gather(sending, listening, return_exceptions=True)


async def listens_beside(scope: Scope, receive: Receive, send: Send) -> None:
    await receive()
    listening = asyncio.ensure_future(receive())
    await send(start_of())
    await send(body_of(b"one", more=True))
    await send(body_of(b"twoend"))
    await listening


async def notices(scope: Scope, receive: Receive, send: Send) -> None:
    with contextlib.suppress(OSError):
        await listens_beside(scope, receive, send)


def streams() -> App:
    app = App()

    @app.get("/")
    async def stream() -> StreamingResponse:
        async def pieces() -> AsyncIterator[bytes]:
            for piece in (b"one", b"two", b"end"):
                yield piece
                await asyncio.sleep(0)

        return StreamingResponse(pieces())

    return app


def raw(app: ASGIApp) -> Callable[[], ASGIApp]:
    return lambda: app


def record(app: ASGIApp, server: BusyServer, *, by_events: bool) -> Any:
    recording = Recording(by_events=by_events)
    asyncio.run(server.serve(recording.wrap(app)))
    recording.recorder.flush()
    assert recording.failures() == 0
    (row,) = recording.journal.rows(10)[1]
    return recording.journal.exchange(row["id"])


@BY_EVENTS
@pytest.mark.parametrize(
    "make", [raw(gives_up_when_told), raw(listens_beside), streams], ids=["gives up", "listens", "streams"]
)
def test_an_answer_that_the_server_has_whole_is_complete(
    make: Callable[[], ASGIApp], by_events: bool
) -> None:
    exchange = record(make(), BusyServer(), by_events=by_events)
    assert exchange.state.value == "complete"
    assert (exchange.response_body.data, exchange.response_body.why_incomplete) == (b"onetwoend", None)


@BY_EVENTS
@pytest.mark.parametrize("make", [raw(gives_up_when_told), streams], ids=["gives up", "streams"])
def test_a_client_that_leaves_before_the_last_piece_is_still_said_to_have_left(
    make: Callable[[], ASGIApp], by_events: bool
) -> None:
    exchange = record(make(), BusyServer(leaves_at=2), by_events=by_events)
    assert exchange.state.value == "disconnected"


@BY_EVENTS
def test_a_server_that_does_not_take_the_last_piece_says_that_the_client_left(by_events: bool) -> None:
    exchange = record(notices, BusyServer(refuses=True), by_events=by_events)
    assert exchange.state.value == "disconnected"
    assert exchange.response_body.why_incomplete == "disconnect"
