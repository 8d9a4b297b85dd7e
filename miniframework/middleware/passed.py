"""A response of an application that is stopped on its way, to be seen and sent on."""

import logging
from collections.abc import AsyncIterator, Sequence
from typing import Protocol

from miniframework.http.streaming import Chunk, StreamingResponse
from miniframework.middleware.driven import DrivenApp, is_last
from miniframework.types import ASGIApp, Message, Receive, Scope, Send

_log = logging.getLogger("miniframework.middleware")


class Unfinished(Protocol):
    """What was begun for a request, and is to be ended with it."""

    async def give_up(self, error: BaseException | None) -> None:
        """End it, because of `error` if there is one."""


# What was begun for a request: the newest is ended first, for it may be what drives the one before it.
Running = list[Unfinished]


class PassedResponse(StreamingResponse):
    """The response of an inner application: its status and headers, and a body that is still being made.

    Change status and headers as you like. `body_iterator` gives the chunks, and may be replaced by a
    generator around it; left alone, the inner application's messages are passed on as they are. What that
    does after the last of them comes when the request is answered.
    """

    __slots__ = ("_driven", "_own_iterator", "_start")

    def __init__(self, driven: DrivenApp, start: Message) -> None:
        self._driven = driven
        self._start: Message | None = start
        self._own_iterator = self._chunks()
        self.body = b""
        self.background = None
        self.body_iterator = self._own_iterator
        self.status_code = start["status"]
        self.raw_headers = start["headers"] = list(start.get("headers") or ())

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send the start and let the inner application go on; what `send` raises is raised in it, as
        always.
        """
        message, self._start = self._start, None
        if message is None:
            raise RuntimeError("a response that call_next gave can be sent only once")
        message["status"], message["headers"] = self.status_code, self.raw_headers
        if self.body_iterator is not self._own_iterator:
            await send(message)
            await self._send_chunks("http.response.body", send)
            await self._run_background()
            return
        pending: Message | None = message
        while pending is not None:
            failure: BaseException | None = None
            try:
                await send(pending)
            except BaseException as error:  # noqa: BLE001  # it is raised in the application
                failure = error
            if failure is None and is_last(pending):
                break
            pending = await self._driven.next_message(failure)
        await self._run_background()

    async def _chunks(self) -> AsyncIterator[Chunk]:
        while (message := await self._driven.next_message()) is not None:
            if body := message.get("body", b""):
                yield bytes(body)
            if is_last(message):
                break


async def stop_at_start(
    app: ASGIApp, scope: Scope, receive: Receive, send: Send, running: Running
) -> PassedResponse:
    """Call an application, and give the response that it starts to send."""
    inner = DrivenApp(app, scope, receive, send)
    running.append(inner)
    start = await inner.next_message()
    if start is None:
        raise RuntimeError("the application returned without sending a response")
    return PassedResponse(inner, start)


async def give_up_quietly(running: Sequence[Unfinished], error: BaseException) -> None:
    """End what is still running because of `error`, which goes on."""
    for inner in reversed(running):
        try:
            await inner.give_up(error)
        except Exception:  # noqa: BLE001  # named boundary: `error` goes on, and it can be only one
            _log.exception("the application failed as well while it was ended after %r", error)
