"""A response that is held in the hand before anything of it is sent.

Where nothing but functions stands around a route, its response need not be sent to be seen: what the endpoint
makes is handed up from function to function, and sent at the end. No application is stopped in between, as
`miniframework.driven` has to do it with any other.
"""

from collections.abc import AsyncIterable, AsyncIterator, Awaitable, Callable
from typing import Any, Protocol

from miniframework.driven import DrivenApp
from miniframework.http.response import Response
from miniframework.http.streaming import Chunk, StreamingResponse
from miniframework.types import ASGIApp, RawHeaders, Receive, Scope, Send

# The applications that were stopped at a message for a request, to be ended with it.
Running = list[DrivenApp]
# Give what answers instead of sending it; None where the application has to be called.
Hold = Callable[[Scope, Receive, Send, Running], Awaitable[ASGIApp] | None]


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
    then `background`, which is the function's own.
    """

    __slots__ = ("_is_used", "_iterator", "_of", "_whole", "is_new")

    def __init__(
        self, status_code: int, raw_headers: RawHeaders, body: bytes, of: Response | None = None
    ) -> None:
        """Hold a response, or a body with its status and headers; `is_new` until a function sees it."""
        self.status_code = status_code
        self.raw_headers = raw_headers
        self._whole = body
        self._of = of
        self._iterator: AsyncIterable[Chunk] | None = None
        self._is_used = False
        self.is_new = True
        self.background = None
        self.body = b""

    @property
    def body_iterator(self) -> AsyncIterable[Chunk]:
        """The body."""
        if self._iterator is None:
            self._iterator = self._chunks()
        return self._iterator

    @body_iterator.setter
    def body_iterator(self, iterator: AsyncIterable[Chunk]) -> None:
        self._iterator = iterator

    @property
    def whole_body(self) -> bytes:
        """What is sent as the body."""
        return self._whole

    @property
    def is_untouched(self) -> bool:
        """Whether nobody asked for its body, or sent it."""
        return self._iterator is None and not self._is_used

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send it, then do what comes after it."""
        if self._is_used:
            raise RuntimeError("a response that call_next gave can be sent only once")
        self._is_used = True
        await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
        if self._iterator is not None:
            await self._send_chunks("http.response.body", send)
            await self._run_background()
            return
        await send({"type": "http.response.body", "body": self._whole})
        if self._of is not None or self.background is not None:
            await self.end()

    async def end(self) -> None:
        """Do what comes after the body: of what is inside first."""
        if self._of is not None:
            await _end(self._of)
        if self.background is not None:
            await self.background()

    async def _chunks(self) -> AsyncIterator[Chunk]:
        if self._whole:
            yield self._whole
        if self._of is not None:
            await _end(self._of)


async def _end(response: Response) -> None:
    if type(response) is HeldResponse:
        await response.end()
    elif response.background is not None:
        await response.background()


def hold_on(response: object, scope: Scope) -> HeldResponse | None:
    """Give what a function sees of a response; None unless that is one body and nothing else is sent."""
    if type(response) is HeldResponse:
        if response.is_new:
            response.is_new = False
            return response
        if not response.is_untouched:
            return None
        body = response.whole_body
    elif type(response).__call__ is Response.__call__:
        assert isinstance(response, Response)
        body = b"" if scope.get("method") == "HEAD" else response.body
    else:
        return None
    # A copy of the headers: an endpoint may return one response many times.
    held = HeldResponse(response.status_code, response.raw_headers.copy(), body, response)
    held.is_new = False
    return held
