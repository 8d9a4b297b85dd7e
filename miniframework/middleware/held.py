"""A response that is held in the hand before anything of it is sent.

Where nothing but functions stands around a route, its response need not be sent to be seen: what the endpoint
makes is handed up from function to function, and sent at the end. No application is stopped in between, as
`miniframework.middleware.driven` has to do it with any other.
"""

from collections.abc import AsyncIterable, AsyncIterator, Awaitable, Callable
from typing import TYPE_CHECKING, Any, Final, Protocol

from miniframework.background import BackgroundTask
from miniframework.http.headers import MutableHeadersView
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


class Rest:
    """What there is of a held response beside status, headers and a body that is still to be sent."""

    __slots__ = ("background", "iterator", "was_sent")

    def __init__(self, *, was_sent: bool = False) -> None:
        self.background: BackgroundTask | None = None
        self.iterator: AsyncIterable[Chunk] | None = None
        self.was_sent = was_sent


# Of all that were sent, and did nothing since.
SENT: Final = Rest(was_sent=True)


class HeldResponse(StreamingResponse):
    """What `call_next` gives of a response that is whole: its status and headers to be changed, and its body.

    As with any other that `call_next` gives, `body_iterator` gives the body in its chunks and may be replaced
    by a generator around it, and it can be sent once. `background`, which is the function's own, comes after
    its body, and the background tasks of the route after all. `whole_body` is its body while nobody has asked
    for one. Most of them are nothing else: their `rest` is None, and who has one may send it, which makes it
    SENT.
    """

    __slots__ = ("headers", "rest", "whole_body")

    headers: MutableHeadersView  # made with it: most functions set some, and would make theirs each time
    rest: Rest | None
    whole_body: bytes
    body = b""

    def __init__(self) -> None:
        """Give a bare one, to be filled."""

    if not TYPE_CHECKING:
        __init__ = object.__init__  # the same in a third of the time

    @property
    def raw_headers(self) -> RawHeaders:
        """The headers as pairs of bytes."""
        return self.headers.raw

    @raw_headers.setter
    def raw_headers(self, raw: RawHeaders) -> None:
        self.headers.raw = raw

    def _own_rest(self) -> Rest:
        """Give the rest, which may be changed."""
        if self.rest is None or self.rest is SENT:
            self.rest = Rest(was_sent=self.rest is SENT)
        return self.rest

    @property
    def background(self) -> BackgroundTask | None:
        """What comes after its body."""
        return None if self.rest is None else self.rest.background

    @background.setter
    def background(self, background: BackgroundTask | None) -> None:
        self._own_rest().background = background

    @property
    def body_iterator(self) -> AsyncIterable[Chunk]:
        """The body."""
        rest = self._own_rest()
        if rest.iterator is None:
            rest.iterator = self._chunks()
        return rest.iterator

    @body_iterator.setter
    def body_iterator(self, iterator: AsyncIterable[Chunk]) -> None:
        self._own_rest().iterator = iterator

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send it, then run its own tasks."""
        rest = self._own_rest()
        if rest.was_sent:
            raise RuntimeError("a response that call_next gave can be sent only once")
        rest.was_sent = True
        await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
        if rest.iterator is not None:
            await self._send_chunks("http.response.body", send)
        else:
            await send({"type": "http.response.body", "body": self.whole_body})
        await self._run_background()

    async def _chunks(self) -> AsyncIterator[Chunk]:
        if self.whole_body:
            yield self.whole_body


class _Tasks:
    """What comes after a response that is held, once the request is answered."""

    __slots__ = ("_background",)

    def __init__(self, background: BackgroundTask) -> None:
        self._background = background

    async def give_up(self, error: BaseException | None) -> None:
        """Run them, unless the request failed."""
        if error is None:
            await self._background()


def hold_on(response: object, scope: Scope, running: Running) -> HeldResponse | None:
    """Give what a function sees of a response; None unless that is one body and nothing else is sent.

    Its tasks are left in `running`.
    """
    if type(response) is HeldResponse:
        if response.rest is None:
            return response
        if response.rest.was_sent or response.rest.iterator is not None:
            return None
        body = response.whole_body
    elif type(response).__call__ is Response.__call__:
        assert isinstance(response, Response)
        body = b"" if scope.get("method") == "HEAD" else response.body
    else:
        return None
    held = HeldResponse()
    held.status_code = response.status_code
    held.headers = MutableHeadersView()
    held.headers.raw = response.raw_headers.copy()  # an endpoint may return one response many times
    held.whole_body = body
    held.rest = None
    if response.background is not None:
        running.append(_Tasks(response.background))
    return held


async def hold_or_stop(
    response: ASGIApp, scope: Scope, receive: Receive, send: Send, running: Running
) -> Response:
    """Give what a function sees of any response."""
    held = hold_on(response, scope, running)
    return await stop_at_start(response, scope, receive, send, running) if held is None else held
