"""The ASGI application behind a WebSocket route: the user's function called, what it raises answered."""

import contextlib
import inspect
from collections.abc import Container, Iterator
from typing import cast

from miniframework.background import BackgroundTasks
from miniframework.dependencies.resolver import resolve_dependencies
from miniframework.dependencies.swallowed import SwallowedError
from miniframework.exception_handlers import ExceptionHandlers, forget_frames
from miniframework.http.connection import Connection
from miniframework.http.exceptions import (
    RequestValidationError,
    ValidationException,
    WebSocketRequestValidationError,
)
from miniframework.http.response import Response
from miniframework.http.sendable import is_sendable
from miniframework.serving.call import Call
from miniframework.tap import find_trace
from miniframework.types import Receive, Scope, Send
from miniframework.websocket import (
    RAISE_DISCONNECT,
    WebSocket,
    WebSocketDisconnect,
    WebSocketState,
    shorten_reason,
)

# RFC 6455 section 7.4.1: a message that violates the endpoint's policy.
_POLICY_VIOLATION = 1008


class SocketEndpoint:
    """Serves one WebSocket route; the connection is closed when the function returns, and then its
    background tasks are called.

    A handshake that was never accepted is refused (the server answers 403). What the exception handlers
    answer becomes a close or a denial; that the client left is no error.
    """

    __slots__ = ("_call", "_handlers")

    def __init__(self, call: Call, handlers: ExceptionHandlers) -> None:
        self._call = call
        self._handlers = handlers

    @property
    def call(self) -> Call:
        """The function it calls, with its plan."""
        return self._call

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Bind and call; close what the function left open. What no handler answers passes on."""
        websocket = WebSocket(scope, receive, send)
        try:
            await self._serve_or_answer(websocket)
        except WebSocketDisconnect:
            if RAISE_DISCONNECT in _extensions(scope):
                raise

    async def _serve_or_answer(self, websocket: WebSocket) -> None:
        try:
            with contextlib.suppress(SwallowedError):  # a connection needs no response
                await self._serve(websocket)
        except Exception as error:
            if not await answer_socket_error(self._handlers, websocket, error):
                raise
        else:
            await _close(websocket)

    async def _serve(self, websocket: WebSocket) -> None:
        plan, trace = self._call.plan, find_trace()
        tasks = BackgroundTasks()
        special: dict[type, object] = {WebSocket: websocket, Connection: websocket, BackgroundTasks: tasks}
        if Response in plan.wants:  # for dependencies that serve both protocols; nobody sends its headers
            special[Response] = Response()
        with _of_a_handshake():
            bound = self._call.bind(plan, websocket.scope, None, special, trace)
            needed = resolve_dependencies(plan.dependencies, bound.dependency_arguments, trace, bound.refused)
            async with needed as resolved:
                with _of_a_handshake():  # as what is cleaned up sees it
                    returned = await self._call.run_with(bound, resolved.values, trace)
                if inspect.isawaitable(returned):  # a plain function around one that is not
                    await returned
                await resolved.end_call()
                if tasks.tasks:
                    await _close(websocket)
                    await tasks()


@contextlib.contextmanager
def _of_a_handshake() -> Iterator[None]:
    try:
        yield
    except RequestValidationError as error:
        raise WebSocketRequestValidationError(error.problems) from error


async def _close(websocket: WebSocket) -> None:
    # The client may have left unnoticed: servers then raise one or the other.
    with contextlib.suppress(OSError, RuntimeError, WebSocketDisconnect):
        await websocket.close()


async def answer_socket_error(
    handlers: ExceptionHandlers, websocket: WebSocket, error: Exception, *, again: bool = True
) -> bool:
    """Do what the handler meant for `error` says; False when there is none. What it raises itself is answered
    with `again` only.

    A handler closes the connection itself, or gives a response that refuses the handshake; once that is
    accepted, or where the server cannot send one, the connection is closed with 1008 instead.
    """
    handled, response = await handlers.answer_socket(websocket, error, again=again)
    if is_sendable(response):
        refusal = cast(Response, response)
        if websocket.application_state is WebSocketState.CONNECTING and websocket.can_be_denied:
            await websocket.send_denial_response(refusal)
        elif not websocket.is_closed:
            said = error.summary if isinstance(error, ValidationException) else str(error)
            await websocket.close(_POLICY_VIOLATION, shorten_reason(said))
    if handled:
        forget_frames(error)
    return handled


def _extensions(scope: Scope) -> Container[str]:
    return scope.get("extensions") or ()
