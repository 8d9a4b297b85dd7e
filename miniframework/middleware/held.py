"""A response that is held in the hand before anything of it is sent.

Where nothing but functions stands around a route, its response need not be sent to be seen: what the endpoint
makes is handed up from function to function, and sent at the end. No application is stopped in between, as
`miniframework.driven` has to do it with any other.
"""

from collections.abc import AsyncIterable, AsyncIterator, Awaitable, Callable
from typing import TYPE_CHECKING, Any, Protocol

from miniframework.http.response import Response
from miniframework.http.streaming import Chunk, StreamingResponse
from miniframework.middleware.passed import Running as Running
from miniframework.middleware.passed import stop_at_start
from miniframework.types import ASGIApp, RawHeaders, Receive, Scope, Send

# Give what `call_next` gives of an application; None where it has to be called.
Hold = Callable[[Scope, Receive, Send, Running], Awaitable[Response] | None]


class Holding(Protocol):
    """An application that can be asked for its response."""

    @property
    def hold_response(self) -> Hold | None:
        """How to ask; None when it cannot after all."""


def find_hold(app: Any) -> Hold | None:
    """Give how to ask an application for its response, None for one that only sends."""
    # Of the class: a wrapper of another author may pass on every attribute of what it wraps.
    if not hasattr(type(app), "hold_response"):
        return None
    holding: Holding = app
    return holding.hold_response


class HeldResponse(StreamingResponse):
    """What `call_next` gives of a response that is whole: its status and headers to be changed, and its body.

    As with any other that `call_next` gives, `body_iterator` gives the body in its chunks and may be replaced
    by a generator around it, and it can be sent once. The background tasks of the route come after its body,
    then `background`, which is the function's own. While nobody has asked for its body it has no `iterator`,
    and `whole_body` is its body; `of` is the response it stands for, if there is one.
    """

    __slots__ = ("iterator", "of", "was_sent", "whole_body")

    iterator: AsyncIterable[Chunk] | None
    of: Response | None
    was_sent: bool
    whole_body: bytes

    def __init__(self) -> None:
        """Give a bare one, for `hold_new` to fill."""

    if not TYPE_CHECKING:
        __init__ = object.__init__  # the same in a third of the time

    @property
    def body_iterator(self) -> AsyncIterable[Chunk]:
        """The body."""
        if self.iterator is None:
            self.iterator = self._chunks()
        return self.iterator

    @body_iterator.setter
    def body_iterator(self, iterator: AsyncIterable[Chunk]) -> None:
        self.iterator = iterator

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send it, then do what comes after it."""
        if self.was_sent:
            raise RuntimeError("a response that call_next gave can be sent only once")
        self.was_sent = True
        await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
        if self.iterator is not None:
            await self._send_chunks("http.response.body", send)
            await self._run_background()
            return
        await send({"type": "http.response.body", "body": self.whole_body})
        await self.end()

    async def end(self) -> None:
        """Do what comes after the body: of what is inside first."""
        if self.of is not None:
            await _end(self.of)
        if self.background is not None:
            await self.background()

    async def _chunks(self) -> AsyncIterator[Chunk]:
        if self.whole_body:
            yield self.whole_body
        if self.of is not None:
            await _end(self.of)


def hold_new(
    status_code: int, raw_headers: RawHeaders, body: bytes, of: Response | None = None
) -> HeldResponse:
    """Hold a body with its status and headers; after it comes what follows the body of `of`."""
    held = HeldResponse()
    held.status_code = status_code
    held.raw_headers = raw_headers
    held.whole_body = body
    held.body = b""
    held.background = held.iterator = None
    held.of = of
    held.was_sent = False
    return held


def hold_on(response: object, scope: Scope) -> HeldResponse | None:
    """Give what a function sees of a response; None unless that is one body and nothing else is sent."""
    if type(response) is HeldResponse:
        if response.was_sent or response.iterator is not None:
            return None
        body = response.whole_body
    elif type(response).__call__ is Response.__call__:
        assert isinstance(response, Response)
        body = b"" if scope.get("method") == "HEAD" else response.body
    else:
        return None
    # A copy of the headers: an endpoint may return one response many times.
    return hold_new(response.status_code, response.raw_headers.copy(), body, response)


async def hold_or_stop(
    response: ASGIApp, scope: Scope, receive: Receive, send: Send, running: Running
) -> Response:
    """Give what a function sees of any response."""
    held = hold_on(response, scope)
    return await stop_at_start(response, scope, receive, send, running) if held is None else held


async def _end(response: Response) -> None:
    if type(response) is HeldResponse:
        await response.end()
    elif response.background is not None:
        await response.background()
