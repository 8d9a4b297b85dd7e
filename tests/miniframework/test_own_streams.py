"""A subclass of `StreamingResponse` may send in a way of its own, by Starlette's two methods."""

import asyncio
from collections.abc import AsyncIterator

from miniframework.responses import StreamingResponse
from miniframework.types import Receive, Send
from tests.miniframework.asgi_driver import Wire, call, http_scope, socket_scope


async def numbers() -> AsyncIterator[str]:
    yield "404"
    yield "nothing here"


async def idle() -> AsyncIterator[str]:
    yield "x"
    await asyncio.Event().wait()


class StatusFirst(StreamingResponse):
    """The first item says the status."""

    async def stream_response(self, send: Send) -> None:
        self.status_code = int(await anext(aiter(self.body_iterator)))
        await super().stream_response(send)


class Forgiving(StreamingResponse):
    """What fails ends the body in words."""

    async def stream_response(self, send: Send) -> None:
        try:
            await super().stream_response(send)
        except ZeroDivisionError:
            await send({"type": "http.response.body", "body": b"failed", "more_body": False})


class Noting(StreamingResponse):
    """Knows whether the client left."""

    has_left = False

    async def listen_for_disconnect(self, receive: Receive) -> None:
        await super().listen_for_disconnect(receive)
        self.has_left = True


def test_it_may_look_at_the_first_item_before_it_says_the_status() -> None:
    wire = asyncio.run(call(StatusFirst(numbers()), http_scope()))
    assert (wire.status, wire.body) == (404, b"nothing here")


def test_it_may_answer_for_what_fails() -> None:
    async def failing() -> AsyncIterator[str]:
        yield "so far, "
        raise ZeroDivisionError

    wire = asyncio.run(call(Forgiving(failing()), http_scope()))
    assert (wire.status, wire.body) == (200, b"so far, failed")
    assert not wire.sent[-1]["more_body"]


def test_it_may_hear_that_the_client_leaves_which_ends_it_all_the_same() -> None:
    async def main() -> Noting:
        wire, response = Wire(), Noting(idle())
        task = asyncio.create_task(response(http_scope(), wire.receive, wire.send))
        await wire.wait_for(2)
        assert not response.has_left
        wire.leave()
        async with asyncio.timeout(5):
            await task
        return response

    assert asyncio.run(main()).has_left


def test_on_a_websocket_handshake_its_messages_are_a_denial() -> None:
    wire = asyncio.run(call(StatusFirst(numbers()), socket_scope()))
    assert [message["type"] for message in wire.sent] == [
        "websocket.http.response.start",
        "websocket.http.response.body",
        "websocket.http.response.body",
    ]
    assert wire.sent[0]["status"] == 404
