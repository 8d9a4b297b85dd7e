"""The ASGI applications behind routes: request in, the user's function called, response out."""

import asyncio
import contextlib
import functools
import inspect
import time
from collections.abc import Callable
from typing import Any

from miniframework import events
from miniframework.dependencies.resolver import resolve_dependencies
from miniframework.exception_handlers import ExceptionHandlers
from miniframework.http.exceptions import HTTPException, RequestValidationError
from miniframework.http.request import Request
from miniframework.http.response import JSONResponse, Response
from miniframework.http.streaming import StreamingResponse
from miniframework.params.bind import BindResult, bind
from miniframework.params.plan import ParameterPlan
from miniframework.tap import Trace, find_trace
from miniframework.types import Message, Receive, Scope, Send
from miniframework.websocket import SocketState, WebSocket, WebSocketDisconnect

# Set in the scope when a response can no longer be replaced by a 500.
RESPONSE_STARTED = "miniframework.response_started"
# RFC 6455 section 7.4.1: a message that violates the endpoint's policy.
_POLICY_VIOLATION = 1008
# RFC 6455 section 5.5: a control frame has at most 125 bytes, two of which are the close code.
_REASON_BYTES = 123


class Call:
    """The user's function with its plan: binds, calls, and tells a recorded request about it."""

    __slots__ = ("_function", "_in_thread", "_name", "plan")

    def __init__(self, function: Callable[..., Any], plan: ParameterPlan) -> None:
        self._function = function
        self._in_thread = not is_async(function)
        self._name = str(getattr(function, "__qualname__", type(function).__qualname__))
        self.plan = plan

    def bind(
        self, scope: Scope, body: bytes | None, special: dict[type, object], trace: Trace | None
    ) -> BindResult:
        """Give the arguments. Raises RequestValidationError when there are problems."""
        bound = bind(self.plan, scope, scope["path_params"], body, special, trace is not None)
        if trace is not None:
            _report_binding(bound, trace)
        if bound.problems:
            raise RequestValidationError(bound.problems)
        return bound

    async def run(self, arguments: dict[str, Any], trace: Trace | None) -> Any:
        """Call the function; a plain `def` in a thread that sees the request's context variables."""
        if trace is None:
            return await self._call(arguments)
        of = trace.exchange_id
        trace.emit(
            events.EndpointStarted(
                exchange_id=of, at_ns=time.monotonic_ns(), name=self._name, in_thread=self._in_thread
            )
        )
        try:
            value = await self._call(arguments)
        except BaseException as error:
            trace.emit(events.EndpointRaised(exchange_id=of, at_ns=time.monotonic_ns(), error=error))
            raise
        trace.emit(events.EndpointFinished(exchange_id=of, at_ns=time.monotonic_ns()))
        return value

    async def _call(self, arguments: dict[str, Any]) -> Any:
        if self._in_thread:
            return await asyncio.to_thread(self._function, **arguments)
        return await self._function(**arguments)


class HttpEndpoint:
    """Answers one HTTP route."""

    __slots__ = ("_call", "_handlers", "_make_response", "_status_code", "_wants_request", "_wants_response")

    def __init__(
        self,
        call: Call,
        handlers: ExceptionHandlers,
        *,
        status_code: int = 200,
        response_class: type[Response] = JSONResponse,
    ) -> None:
        self._call = call
        self._handlers = handlers
        self._make_response = response_class
        self._status_code = status_code
        self._wants_request = call.plan.needs_body or Request in call.plan.wants
        self._wants_response = Response in call.plan.wants

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Bind, call, send. What no handler answers passes on; it is marked when a response has begun."""
        trace = find_trace()
        request = Request(scope, receive) if self._wants_request else None
        try:
            response = await self._respond(scope, receive, send, request, trace)
        except Exception as error:
            if RESPONSE_STARTED in scope:
                raise
            response = await self._handlers.answer(request or Request(scope, receive), error)
            if response is None:
                raise
        if response is not None:
            await _send_response(response, request, scope, receive, send)

    async def _respond(
        self, scope: Scope, receive: Receive, send: Send, request: Request | None, trace: Trace | None
    ) -> Response | None:
        """Give the response to send; None when it was sent already, inside its dependencies' block."""
        special: dict[type, object] = {} if request is None else {Request: request}
        draft = special[Response] = Response(b"", self._status_code) if self._wants_response else None
        body = await request.body() if request is not None and self._call.plan.needs_body else None
        bound = self._call.bind(scope, body, special, trace)
        needed = self._call.plan.dependencies
        if not needed:
            return self._to_response(await self._call.run(bound.arguments, trace), draft)
        async with resolve_dependencies(needed, bound.dependency_arguments, trace) as values:
            value = await self._call.run({**bound.arguments, **values}, trace)
            response = self._to_response(value, draft)
            scope[RESPONSE_STARTED] = True
            await _send_response(response, request, scope, receive, send)
        return None

    def _to_response(self, value: Any, draft: Response | None) -> Response:
        if isinstance(value, Response):
            return value
        status = self._status_code if draft is None else draft.status_code
        if value is None and (status < 200 or status in (204, 304)):
            response = Response(b"", status)
        else:
            response = self._make_response(value, status)
        if draft is not None:
            response.raw_headers += [pair for pair in draft.raw_headers if pair[0] != b"content-length"]
        return response


class SocketEndpoint:
    """Serves one WebSocket route; the connection is closed when the function returns.

    A handshake that was never accepted is refused (the server answers 403). An HTTPException or a parameter
    problem refuses too, or closes with 1008 once accepted; that the client left is no error.
    """

    __slots__ = ("_call",)

    def __init__(self, call: Call) -> None:
        self._call = call

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Bind and call; close what the function left open."""
        trace = find_trace()
        websocket = WebSocket(scope, receive, send)
        try:
            bound = self._call.bind(scope, None, {WebSocket: websocket}, trace)
            needed = self._call.plan.dependencies
            async with resolve_dependencies(needed, bound.dependency_arguments, trace) as values:
                await self._call.run({**bound.arguments, **values}, trace)
        except WebSocketDisconnect:
            return
        except (HTTPException, RequestValidationError) as error:
            await _refuse(websocket, error)
            return
        # The client may have left unnoticed: servers then raise one or the other.
        with contextlib.suppress(OSError, RuntimeError):
            await websocket.close()


def is_async(function: Callable[..., Any]) -> bool:
    """Tell whether calling `function` gives something to await."""
    while isinstance(function, functools.partial):
        function = function.func
    return inspect.iscoroutinefunction(function) or inspect.iscoroutinefunction(
        getattr(function, "__call__", None)  # noqa: B004  # an object with an async __call__
    )


async def _send_response(
    response: Response, request: Request | None, scope: Scope, receive: Receive, send: Send
) -> None:
    if request is not None and isinstance(response, StreamingResponse) and request.has_unread_body:
        receive = _wait_forever  # the handler still reads the body; two readers would steal from each other
    try:
        await response(scope, receive, send)
    except BaseException:
        scope[RESPONSE_STARTED] = True
        raise


async def _wait_forever() -> Message:
    await asyncio.Event().wait()
    raise AssertionError("nobody sets this event")


async def _refuse(websocket: WebSocket, error: HTTPException | RequestValidationError) -> None:
    if websocket.state_of_connection is SocketState.CONNECTING and isinstance(error, HTTPException):
        await websocket.deny(JSONResponse({"detail": error.detail}, error.status_code, error.headers))
    else:
        reason = str(error).encode()[:_REASON_BYTES].decode(errors="ignore")
        await websocket.close(_POLICY_VIOLATION, reason)


def _report_binding(bound: BindResult, trace: Trace) -> None:
    of, now = trace.exchange_id, time.monotonic_ns()
    if bound.problems:
        problems = tuple(bound.problems)
        event: events.Event = events.ParametersRejected(
            exchange_id=of, at_ns=now, parameters=bound.parameters, problems=problems
        )
    else:
        event = events.ParametersBound(exchange_id=of, at_ns=now, parameters=bound.parameters)
    trace.emit(event)
