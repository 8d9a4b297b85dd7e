"""Function-style middleware: `await function(request, call_next)`, without a task and without a buffer."""

import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence

from miniframework.driven import DrivenApp
from miniframework.http.request import Request
from miniframework.http.response import Response
from miniframework.http.streaming import Chunk, StreamingResponse
from miniframework.middleware.held import HeldResponse, Hold, Running, find_hold, hold_on
from miniframework.trace import find_trace
from miniframework.types import ASGIApp, Message, Receive, Scope, Send

_log = logging.getLogger("miniframework.middleware")

CallNext = Callable[[Request], Awaitable[Response]]
MiddlewareFunction = Callable[[Request, CallNext], Awaitable[Response]]


class FunctionMiddleware:
    """Runs `await function(request, call_next)` around an application; WebSockets pass it by.

    `call_next` gives the response when the inner application has sent its start; the body follows while it
    is sent on, chunk by chunk. What is asked for its response (`hold`) sends nothing before: there it is
    what the endpoint made. Everything happens in the request's own task. When the function answers with
    another response, the inner application's next `send` raises ResponseReplaced.
    """

    def __init__(self, app: ASGIApp, *, function: MiddlewareFunction) -> None:
        self.app = app
        self.function = function
        self._ask = find_hold(app)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Run the function and send what it returns."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        running: Running = []
        response = await self._hold(scope, receive, send, running, asks=find_trace() is None)
        try:
            await response(scope, receive, send)
        except BaseException as error:
            await give_up_quietly(running, error)
            raise
        for inner in running:
            await inner.give_up(None)

    @property
    def hold_response(self) -> Hold | None:
        """How to ask for the response; None for a class with a way of its own to be called.

        Whoever asks has seen that nobody records the request.
        """
        return self._hold if type(self).__call__ is FunctionMiddleware.__call__ else None

    async def _hold(
        self, scope: Scope, receive: Receive, send: Send, running: Running, *, asks: bool = True
    ) -> ASGIApp:
        """Give what the function returns. When it raises, what was begun for it is ended."""
        before = len(running)

        async def call_next(request: Request) -> Response:
            app, inner_scope, inner_receive = self.app, request.scope, request.make_receive()
            if self._ask is not None and asks:
                held = self._ask(inner_scope, inner_receive, send, running)
                if held is not None:
                    app = await held
                    if (whole := hold_on(app, inner_scope)) is not None:
                        return whole
            inner = DrivenApp(app, inner_scope, inner_receive, send)
            running.append(inner)
            start = await inner.next_message()
            if start is None:
                raise RuntimeError("the application returned without sending a response")
            return PassedResponse(inner, start)

        try:
            response = await self.function(Request(scope, receive), call_next)
            if type(response) is not HeldResponse:
                _check_response(response, self.function)
        except BaseException as error:
            await give_up_quietly(running[before:], error)
            del running[before:]
            raise
        return response


class BaseHTTPMiddleware(FunctionMiddleware):
    """The same as a class: override `dispatch(request, call_next)`, or give it as an option."""

    def __init__(self, app: ASGIApp, dispatch: MiddlewareFunction | None = None) -> None:
        super().__init__(app, function=self.dispatch if dispatch is None else dispatch)

    async def dispatch(self, request: Request, call_next: CallNext) -> Response:
        """Answer the request; override this."""
        raise TypeError(f"{type(self).__name__} has no dispatch(request, call_next); write one")


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
            pending = await self._driven.next_message(failure)
        await self._run_background()

    async def _chunks(self) -> AsyncIterator[Chunk]:
        while (message := await self._driven.next_message()) is not None:
            if body := message.get("body", b""):
                yield bytes(body)


async def give_up_quietly(running: Sequence[DrivenApp], error: BaseException) -> None:
    """End the applications that still run because of `error`, which goes on."""
    for inner in running:
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
