"""Middleware: ASGI classes as they are, and functions with `call_next`, without a task and without a
buffer.
"""

import logging
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from miniframework.driven import DrivenApp
from miniframework.events import MiddlewareEntered, MiddlewareLeft
from miniframework.http.request import Request
from miniframework.http.response import Response
from miniframework.http.streaming import Chunk, StreamingResponse
from miniframework.tap import find_trace
from miniframework.types import ASGIApp, Message, Receive, Scope, Send

_log = logging.getLogger("miniframework.middleware")

CallNext = Callable[[Request], Awaitable[Response]]
MiddlewareFunction = Callable[[Request, CallNext], Awaitable[Response]]


@dataclass(frozen=True, slots=True)
class Middleware:
    """A middleware to be made: `factory(app, **options)` gives the ASGI application around `app`."""

    factory: Callable[..., ASGIApp]
    options: dict[str, Any] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """What the events call it: the function of a function-style one, else the class."""
        named = (
            self.options.get("function", self.factory) if self.factory is FunctionMiddleware else self.factory
        )
        return str(getattr(named, "__qualname__", type(named).__qualname__)).replace("<locals>.", "")


def build_stack(app: ASGIApp, middleware: Sequence[Middleware]) -> ASGIApp:
    """Wrap `app`; the first of `middleware` is the outermost."""
    for depth, one in reversed(list(enumerate(middleware))):
        app = _Layer(one.factory(app, **one.options), one.name, depth)
    return app


class _Layer:
    """Tells a recorded request when a middleware is entered and left; costs one look otherwise."""

    __slots__ = ("_app", "_depth", "_name")

    def __init__(self, app: ASGIApp, name: str, depth: int) -> None:
        self._app = app
        self._name = name
        self._depth = depth

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        trace = find_trace()
        if trace is None:
            await self._app(scope, receive, send)
            return
        name, depth, of = self._name, self._depth, trace.exchange_id
        trace.emit(MiddlewareEntered(exchange_id=of, at_ns=time.monotonic_ns(), name=name, depth=depth))
        try:
            await self._app(scope, receive, send)
        finally:
            trace.emit(MiddlewareLeft(exchange_id=of, at_ns=time.monotonic_ns(), name=name, depth=depth))


class FunctionMiddleware:
    """Runs `await function(request, call_next)` around an application; WebSockets pass it by.

    `call_next` gives the response when the inner application has sent its start; the body follows while it
    is sent on, chunk by chunk. Everything happens in the request's own task. When the function answers with
    another response, the inner application's next `send` raises ResponseReplaced.
    """

    def __init__(self, app: ASGIApp, *, function: MiddlewareFunction) -> None:
        self.app = app
        self.function = function

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Run the function and send what it returns."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        running: list[DrivenApp] = []

        async def call_next(request: Request) -> Response:
            inner = DrivenApp(self.app, request.scope, request.make_receive(), send)
            running.append(inner)
            start = await inner.next_message()
            if start is None:
                raise RuntimeError("the application returned without sending a response")
            return PassedResponse(inner, start)

        try:
            response = await self.function(Request(scope, receive), call_next)
            _check_response(response, self.function)
            await response(scope, receive, send)
        except BaseException as error:
            for inner in running:
                await _give_up_quietly(inner, error)
            raise
        for inner in running:
            await inner.give_up(None)


class PassedResponse(StreamingResponse):
    """The response of an inner application: its status and headers, and a body that is still being made.

    Change status and headers as you like. `body_iterator` gives the chunks, and may be replaced by a
    generator around it; left alone, the inner application's messages are passed on as they are.
    """

    __slots__ = ("_driven", "_own_iterator", "_start")

    def __init__(self, driven: DrivenApp, start: Message) -> None:
        self._driven = driven
        self._start: Message | None = start
        self._own_iterator = self._chunks()
        self.body = b""
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
            return
        pending: Message | None = message
        while pending is not None:
            failure: BaseException | None = None
            try:
                await send(pending)
            except BaseException as error:  # noqa: BLE001  # it is raised in the application
                failure = error
            pending = await self._driven.next_message(failure)

    async def _chunks(self) -> AsyncIterator[Chunk]:
        while (message := await self._driven.next_message()) is not None:
            if body := message.get("body", b""):
                yield bytes(body)


async def _give_up_quietly(inner: DrivenApp, error: BaseException) -> None:
    try:
        await inner.give_up(error)
    except Exception:  # noqa: BLE001  # named boundary: `error` goes on, and it can be only one
        _log.exception("the application failed as well while it was ended after %r", error)


def _check_response(response: object, function: MiddlewareFunction) -> None:
    if not callable(response):
        name = getattr(function, "__qualname__", repr(function))
        raise TypeError(
            f"middleware {name} returned {response!r:.100}; return what call_next gave, or a Response"
        )
