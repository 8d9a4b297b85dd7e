"""Function-style middleware: `await function(request, call_next)`, without a task and without a buffer."""

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

from miniframework.http.request import Request
from miniframework.http.response import Response
from miniframework.middleware.held import HeldResponse, Hold, find_hold, hold_or_stop
from miniframework.middleware.passed import Running, give_up_quietly, stop_at_start
from miniframework.telling.trace import find_trace
from miniframework.types import ASGIApp, Receive, Scope, Send

CallNext = Callable[[Request], Awaitable[Response]]
MiddlewareFunction = Callable[[Request, CallNext], Awaitable[Response]]
# Starlette's names for the two.
RequestResponseEndpoint = CallNext
DispatchFunction = MiddlewareFunction


class FunctionMiddleware:
    """Runs `await function(request, call_next)` around an application; WebSockets pass it by.

    `call_next` gives the response when the inner application has sent its start; the body follows while it
    is sent on, chunk by chunk. What is asked for its response (`hold`) sends nothing before: there it is
    what the endpoint made. Everything happens in the request's own task. When the function answers with
    another response, the inner application's next `send` raises ResponseReplaced.
    """

    def __init__(self, app: ASGIApp, *, function: MiddlewareFunction) -> None:
        self.app = app
        self.dispatch_func = function  # Starlette's name for it
        self._ask = find_hold(app)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Run the function and send what it returns."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        running: Running = []
        try:
            given = _GivenRequest if find_trace() is None else _ToldRequest
            response = await begin(self, scope, receive, send, running, given)
            check_answer(self, response)
            await response(scope, receive, send)
            while running:
                await running.pop().give_up(None)
        except BaseException as error:
            await give_up_quietly(running, error)
            raise

    @property
    def hold_response(self) -> Hold | None:
        """How to ask for the response; None for a class with a way of its own to be called.

        Whoever asks has seen that nobody records the request.
        """
        return self._hold if type(self).__call__ is FunctionMiddleware.__call__ else None

    async def _hold(self, scope: Scope, receive: Receive, send: Send, running: Running) -> Response:
        """Give what the function around this one sees. When this one raises, what it began is ended."""
        before = len(running)
        try:
            response = await begin(self, scope, receive, send, running)
            if type(response) is HeldResponse and response.rest is None:
                return response
            check_answer(self, response)
        except BaseException as error:
            await give_up_quietly(running[before:], error)
            del running[before:]
            raise
        return await hold_or_stop(response, scope, receive, send, running)


class _GivenRequest(Request):
    """The request as a function is given it; `call_next` beside it is a method of the same object, which is
    also the `receive` of what is inside.
    """

    __slots__ = ("layer", "running", "send")

    layer: FunctionMiddleware
    running: Running
    send: Send

    def __init__(self) -> None:
        """Give a bare one, to be filled."""

    if not TYPE_CHECKING:
        __init__ = object.__init__  # the same in a third of the time; one is made for each function

    __call__ = Request._receive_noting  # what `make_receive` gives of a request that nobody has read

    def call_next(self, request: Request) -> Awaitable[Response]:
        """Give the response of what is inside, which is asked for it."""
        receive = self if request is self and not self._finished else self.receive_for(request)
        ask = self.layer._ask
        if ask is not None:
            held = ask(request.scope, receive, self.send, self.running)
            if held is not None:
                return held
        return stop_at_start(self.layer.app, request.scope, receive, self.send, self.running)

    def receive_for(self, request: Request) -> Receive:
        """Give what an inner application receives from. Raises RuntimeError for a body that is gone."""
        is_lost = request is self and self._was_read_inside and not hasattr(self, "_body")
        if is_lost and self.announces_body:
            raise RuntimeError(
                "call_next was called again after the body of the request was read inside; "
                "await request.body() before the first call, and each gets it"
            )
        return request.make_receive()


class _ToldRequest(_GivenRequest):
    """The same while somebody records: what is inside is called, and stopped at its start."""

    __slots__ = ()

    def call_next(self, request: Request) -> Awaitable[Response]:
        return stop_at_start(
            self.layer.app, request.scope, self.receive_for(request), self.send, self.running
        )


def begin(
    layer: FunctionMiddleware,
    scope: Scope,
    receive: Receive,
    send: Send,
    running: Running,
    given: type[_GivenRequest] = _GivenRequest,
) -> Awaitable[Response]:
    """Call the function of a layer, and give what is to be awaited, which is to be checked.

    What is `given` asks for the inner response, unless it is told otherwise: whoever calls has seen that
    nobody records the request.
    """
    request = given()
    request.scope = scope  # and so on, as `Request` does it, without a call
    request._receive = receive
    request._finished = False
    request.layer = layer
    request.send = send
    request.running = running
    function = layer.dispatch_func  # read before it is called: to look for such a method first takes longer
    return function(request, request.call_next)


def check_answer(layer: FunctionMiddleware, response: object) -> None:
    """Raise TypeError unless the function of a layer returned what can be sent."""
    if not callable(response) or isinstance(response, Request):
        name = getattr(layer.dispatch_func, "__qualname__", repr(layer.dispatch_func))
        raise TypeError(
            f"middleware {name} returned {response!r:.100}; return what call_next gave, or a Response"
        )


class BaseHTTPMiddleware(FunctionMiddleware):
    """The same as a class: override `dispatch(request, call_next)`, or give it as an option."""

    def __init__(self, app: ASGIApp, dispatch: MiddlewareFunction | None = None) -> None:
        super().__init__(app, function=self.dispatch if dispatch is None else dispatch)

    async def dispatch(self, request: Request, call_next: CallNext) -> Response:
        """Answer the request; override this."""
        raise TypeError(f"{type(self).__name__} has no dispatch(request, call_next); write one")
