"""Which exceptions are answers, and what they answer."""

import inspect
import time
import traceback
from collections.abc import Callable, Mapping, Sequence
from typing import Any, cast

from miniframework.call_fit import find_misfit
from miniframework.callables import qualified_name_of
from miniframework.concurrency import run_in_threadpool
from miniframework.errors import EncodeError, RegistrationError
from miniframework.events import ExceptionHandled
from miniframework.http.connection import Connection
from miniframework.http.exceptions import (
    ClientDisconnect,
    HTTPException,
    RequestValidationError,
    ValidationException,
    WebSocketException,
    WebSocketRequestValidationError,
)
from miniframework.http.mounting import OUTER_APPS, apps_around
from miniframework.http.request import Request
from miniframework.http.response import JSONResponse, PlainTextResponse, Response
from miniframework.http.started import RESPONSE_STARTED
from miniframework.params.encode import json_encode
from miniframework.params.signature import describe_call, find_source
from miniframework.routing.source import find_caller
from miniframework.starlette_endpoints import is_asgi
from miniframework.telling.trace import Trace, find_trace
from miniframework.types import Receive, Scope, Send
from miniframework.websocket import WebSocket, shorten_reason

# An exception class or a status code, and what answers it: a function or coroutine function, given the
# Request or the WebSocket.
HandlerKey = type[Exception] | int
ExceptionHandler = Callable[[Any, Any], Any]

# Given the response of a default handler; what it returns is sent instead, None leaves the response.
ErrorPage = Callable[[Request, Exception, Response], Response | None]

# In the scope when a handler was called for what another one raised, the ExceptionHandlers that had it: what
# that one raises is answered by those of an application around only.
ANSWERED_AGAIN = "miniframework.answered_again"

_SERVER_ERROR = 500
# RFC 6455 section 7.4.1: a message that violates the endpoint's policy.
_POLICY_VIOLATION = 1008

_AS_HANDLER = "give it a function of the request and the exception"


def check_handled(key: object) -> None:
    """Raise RegistrationError for what is neither an exception class nor a status that an answer has."""
    is_class = isinstance(key, type) and issubclass(key, Exception)
    if not is_class and not (isinstance(key, int) and 100 <= key <= 599):
        raise RegistrationError(
            where=find_caller(),
            problem=f"exception handler for {key!r}: no exception class, and no status from 100 to 599",
            way_out="as in exception_handler(404) or exception_handler(ValueError)",
        )


class ExceptionHandlers:
    """Finds the handler of an exception: an HTTPException's by status, then by class along the MRO.

    A handler for `Exception` or 500 answers what nobody else does; such an exception still goes on to the
    server after the answer, so that it is logged.
    """

    def __init__(self, handlers: Mapping[HandlerKey, ExceptionHandler] | None = None) -> None:
        self._by_class: dict[type[Exception], ExceptionHandler] = {
            HTTPException: answer_http_exception,
            RequestValidationError: answer_validation_error,
            ClientDisconnect: answer_disconnect,
            WebSocketException: close_with_exception,
            WebSocketRequestValidationError: close_with_problems,
        }
        self._by_status: dict[int, ExceptionHandler] = {}
        self._last: ExceptionHandler | None = None
        self.answer_problems_plainly = True  # and every RequestValidationError
        self.answer_http_plainly = True  # every HTTPException gets the default answer, whatever its status
        for key, handler in (handlers or {}).items():
            self.add(key, handler)

    def add(self, key: HandlerKey, handler: ExceptionHandler) -> None:
        """Register `handler` for an exception class or a status. Raises RegistrationError for anything
        else.
        """
        check_handled(key)
        if not callable(handler):
            raise RegistrationError(
                where=find_caller(),
                problem=f"the exception handler for {key!r} is {handler!r:.100}, which cannot be called",
                way_out=_AS_HANDLER,
            )
        if misfit := find_misfit(handler, ("request", "error")):
            raise RegistrationError(
                where=find_caller(),
                problem=f"the exception handler for {key!r}: {misfit}",
                way_out=_AS_HANDLER,
            )
        if key in (Exception, _SERVER_ERROR):
            self._last = handler
        if isinstance(key, int):
            # As in Starlette, that for 500 is for what nobody raised on purpose.
            if key != _SERVER_ERROR:
                self._by_status[key] = handler
        elif key is not Exception:
            self._by_class[key] = handler
        plain = self._by_class[HTTPException] is answer_http_exception
        self.answer_http_plainly = plain and not self._by_status
        self.answer_problems_plainly = self._by_class[RequestValidationError] is answer_validation_error

    @property
    def registered(self) -> Mapping[HandlerKey, ExceptionHandler]:
        """Every handler by what it is for, the default ones too."""
        handlers: dict[HandlerKey, ExceptionHandler] = dict(self._by_class.items())
        handlers.update(self._by_status.items())
        if self._last is not None:
            handlers[Exception] = self._last
        return handlers

    async def answer(self, request: Request, error: Exception, *, again: bool = True) -> Response | None:
        """Give the response for `error`, None when nothing short of the last handler is meant for it.

        What the handler raises is answered in its turn, once; not at all without `again`, as for what no
        route raised. Source: Starlette, which answers around each route, and around all of them.
        """
        handler = self._find(error)
        if handler is None:
            return None
        if handler in _OUR_OWN:
            response: Response = handler(request, error)
        else:
            _name_route(error, request.scope)
            call = self._call if again else _call
            response = await call(handler, request, error)
        if handler in _WITH_PAGE and (page := find_error_page(request.scope)) is not None:
            response = page(request, error, response) or response
        if handler in _OUR_OWN:  # another's may still want to see where it came from, until that is sent
            forget_frames(error)
        return response

    async def send_answer(
        self, error: Exception, scope: Scope, receive: Receive, send: Send, *, again: bool = True
    ) -> None:
        """Send what `answer` gives; raise `error` when nothing is meant for it."""
        response = await self.answer(Request(scope, receive), error, again=again)
        if response is None:
            raise error
        scope[RESPONSE_STARTED] = True
        await response(scope, receive, send)
        forget_frames(error)

    async def _call(self, handler: ExceptionHandler, request: Request, error: Exception) -> Response:
        """Give the handler's response; what it raises itself is answered by the one meant for that, once."""
        try:
            return await _call(handler, request, error)
        except Exception as raised:
            second = self._find(raised)
            if second is None:
                raise
            request.scope[ANSWERED_AGAIN] = self
            return await _call(second, request, raised)

    async def hear_late(self, request: Request, error: Exception) -> None:
        """Call the last handler for what failed after the response began; what it answers goes nowhere.

        Raises RuntimeError for an exception that another handler was meant for.
        """
        handler, late = self._find(error), error
        _name_route(error, request.scope)
        if handler is not None and handler is not answer_disconnect:
            late = RuntimeError("Caught handled exception, but response already started.")
            late.__cause__ = error
        if self._last is not None:
            await _call_any(self._last, request, late)
        if late is not error:
            raise late

    async def answer_socket(
        self, websocket: WebSocket, error: Exception, *, again: bool = True
    ) -> tuple[bool, object]:
        """Call the handler for what a WebSocket endpoint raised: (True, what it returned), (False, None)
        when none is meant for it. It may close the connection itself or return a Response that refuses.
        What it raises itself is answered as in `answer`.
        """
        handler = self._find(error)
        if handler is None:
            return False, None
        _name_route(error, websocket.scope)
        try:
            return True, await _call_any(handler, websocket, error)
        except Exception as raised:
            second = self._find(raised) if again else None
            if second is None:
                raise
            websocket.scope[ANSWERED_AGAIN] = self
            return True, await _call_any(second, websocket, raised)

    async def answer_failure(self, request: Request, error: Exception, *, debug: bool) -> Response:
        """Give the response for an exception that nobody expected: 500, with the traceback when `debug`,
        which its author wants to see in any case.
        """
        _name_route(error, request.scope)
        if debug:
            return PlainTextResponse("".join(traceback.format_exception(error)), _SERVER_ERROR)
        if self._last is not None:
            return await _call(self._last, request, error)
        return PlainTextResponse("Internal Server Error", _SERVER_ERROR)

    def _find(self, error: Exception) -> ExceptionHandler | None:
        if isinstance(error, HTTPException) and error.status_code in self._by_status:
            return self._by_status[error.status_code]
        for kind in type(error).__mro__:
            if kind in self._by_class:
                return self._by_class[kind]
        return None


def forget_frames(error: Exception) -> None:
    """Let go of the frames that an answered exception has passed: one that is raised again and again would
    keep those of every request. What is recorded keeps them for who reads it.

    Source: Starlette 1.10, which does it when the response was sent.
    """
    if find_trace() is None:
        error.__traceback__ = None


def _name_route(error: Exception, scope: Scope) -> None:
    """Say in an error about values which route was asked, for the handler or the log that shows it: its
    traceback has no line of the endpoint.
    """
    route = scope.get("route")
    if isinstance(error, EncodeError) and route is not None:
        error.add_note(f"returned by {route.name} ({route.source})")
    if isinstance(error, ValidationException) and route is not None and "path" not in error.endpoint_ctx:
        path = f"{scope.get('method', 'WS')} {scope.get('root_path', '').rstrip('/')}{route.path_format}"
        source = {"function": route.name, "file": route.source.file, "line": route.source.line}
        error.endpoint_ctx = {**source, "path": path, **error.endpoint_ctx}


def answer_http_exception(request: Request, error: HTTPException) -> Response:
    """Answer with the exception's status, headers and `{"detail": ...}`; a 204 or 304 has no body."""
    if error.status_code in (204, 304):
        return Response(b"", error.status_code, error.headers)
    return JSONResponse({"detail": error.detail}, error.status_code, error.headers)


def answer_validation_error(request: Request, error: RequestValidationError) -> Response:
    """Answer 422 with every problem. Source: FastAPI, which set the shape."""
    return answer_problems(error.problems)


def answer_problems(problems: Sequence[Mapping[str, Any]]) -> Response:
    """Answer 422 with these problems."""
    return JSONResponse.of_json(json_encode({"detail": problems}), 422)


def answer_disconnect(request: Request, error: ClientDisconnect) -> Response:
    """Answer a client that left while sending its body; nobody hears it, and it is no failure of the
    server.
    """
    return Response(b"", 400)


async def http_exception_handler(request: Request, exc: HTTPException) -> Response:
    """Answer as `answer_http_exception`: FastAPI's name, to be awaited in a handler of one's own."""
    return answer_http_exception(request, exc)


async def request_validation_exception_handler(request: Request, exc: RequestValidationError) -> Response:
    """Answer as `answer_validation_error`: FastAPI's name, to be awaited in a handler of one's own."""
    return answer_validation_error(request, exc)


async def close_with_exception(websocket: WebSocket, error: WebSocketException) -> None:
    """Close with the exception's code and reason; before the accept that refuses the handshake."""
    if not websocket.is_closed:
        await websocket.close(error.code, shorten_reason(error.reason))


async def close_with_problems(websocket: WebSocket, error: WebSocketRequestValidationError) -> None:
    """Close with 1008 and the problems as the reason, as far as it holds them."""
    if not websocket.is_closed:
        await websocket.close(_POLICY_VIOLATION, shorten_reason(error.summary))


async def websocket_request_validation_exception_handler(
    websocket: WebSocket, exc: WebSocketRequestValidationError
) -> None:
    """Close as `close_with_problems`: FastAPI's name, to be awaited in a handler of one's own."""
    await close_with_problems(websocket, exc)


async def _call(handler: ExceptionHandler, request: Request, error: Exception) -> Response:
    response: Any = await _call_any(handler, request, error)
    if not isinstance(response, Response) and not is_asgi(response):  # one of another framework sends itself
        raise TypeError(_tell_no_response(handler, response)) from error
    return cast(Response, response)


def _tell_no_response(handler: ExceptionHandler, response: object) -> str:
    source = find_source(handler)
    place = "" if source is None else f"{source}: "
    is_json = isinstance(response, (dict, list))
    way_out = "a Response, as JSONResponse(...) around it" if is_json else "a Response"
    return f"{place}exception handler {describe_call(handler)} returned {response!r:.100}; return {way_out}"


async def _call_any(handler: ExceptionHandler, connection: Connection, error: Exception) -> object:
    began_ns = time.monotonic_ns()
    if inspect.iscoroutinefunction(handler):
        answer = await handler(connection, error)
    elif handler in _OUR_OWN:
        answer = handler(connection, error)
    else:
        answer = await run_in_threadpool(handler, connection, error)
    if handler not in _DEFAULT and (trace := find_trace()) is not None:
        _tell_handled(trace, handler, error, began_ns)
    return answer


def _tell_handled(trace: Trace, handler: ExceptionHandler, error: Exception, began_ns: int) -> None:
    now, of = time.monotonic_ns(), trace.exchange_id
    name = qualified_name_of(handler)
    took_ns = now - began_ns
    trace.emit(ExceptionHandled(exchange_id=of, at_ns=now, name=name, took_ns=took_ns, error=error))


def find_error_page(scope: Scope) -> ErrorPage | None:
    """Give the page of the innermost application that has one; none before any route was asked."""
    if "app" not in scope:
        return None
    if OUTER_APPS not in scope:  # by far the most common, and soon told
        page: ErrorPage | None = scope["app"].error_page
        return page
    for app, _ in apps_around(scope):
        page = app.error_page
        if page is not None:
            return page
    return None


_WITH_PAGE: tuple[ExceptionHandler, ...] = (answer_http_exception, answer_validation_error)
_OUR_OWN: tuple[ExceptionHandler, ...] = (answer_http_exception, answer_validation_error, answer_disconnect)
_DEFAULT: tuple[ExceptionHandler, ...] = (*_OUR_OWN, close_with_exception, close_with_problems)
