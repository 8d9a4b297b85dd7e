"""What a handler of exceptions is, what it may be registered for, and how one is called."""

import inspect
import time
from collections.abc import Callable
from typing import Any, cast

from miniframework.call_fit import find_misfit
from miniframework.callables import qualified_name_of
from miniframework.concurrency import run_in_threadpool
from miniframework.errors import RegistrationError
from miniframework.events import ExceptionHandled
from miniframework.exception_handlers.defaults import DEFAULT, OUR_OWN
from miniframework.http.connection import Connection
from miniframework.http.request import Request
from miniframework.http.response import Response
from miniframework.params.signature import describe_call, find_source
from miniframework.routing.source import find_caller
from miniframework.starlette_endpoints import is_asgi
from miniframework.telling.trace import Trace, find_trace

# An exception class or a status code, and what answers it: a function or coroutine function, given the
# Request or the WebSocket.
HandlerKey = type[Exception] | int
ExceptionHandler = Callable[[Any, Any], Any]

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


def check_handler(key: HandlerKey, handler: object) -> None:
    """Raise RegistrationError for a handler that cannot be called with the request and the exception."""
    if not callable(handler):
        problem = f"the exception handler for {key!r} is {handler!r:.100}, which cannot be called"
    elif misfit := find_misfit(handler, ("request", "error")):
        problem = f"the exception handler for {key!r}: {misfit}"
    else:
        return
    raise RegistrationError(where=find_caller(), problem=problem, way_out=_AS_HANDLER)


async def call_for_response(handler: ExceptionHandler, request: Request, error: Exception) -> Response:
    """Give what the handler answers. Raises TypeError, with its place, when that is no response."""
    response: Any = await call_handler(handler, request, error)
    if not isinstance(response, Response) and not is_asgi(response):  # one of another framework sends itself
        raise TypeError(_tell_no_response(handler, response)) from error
    return cast(Response, response)


async def call_handler(handler: ExceptionHandler, connection: Connection, error: Exception) -> object:
    """Give what the handler returns: a coroutine function is awaited, a function runs in a thread."""
    began_ns = time.monotonic_ns()
    if inspect.iscoroutinefunction(handler):
        answer = await handler(connection, error)
    elif handler in OUR_OWN:
        answer = handler(connection, error)
    else:
        answer = await run_in_threadpool(handler, connection, error)
    if handler not in DEFAULT and (trace := find_trace()) is not None:
        _tell_handled(trace, handler, error, began_ns)
    return answer


def _tell_no_response(handler: ExceptionHandler, response: object) -> str:
    source = find_source(handler)
    place = "" if source is None else f"{source}: "
    is_json = isinstance(response, (dict, list))
    way_out = "a Response, as JSONResponse(...) around it" if is_json else "a Response"
    return f"{place}exception handler {describe_call(handler)} returned {response!r:.100}; return {way_out}"


def _tell_handled(trace: Trace, handler: ExceptionHandler, error: Exception, began_ns: int) -> None:
    now, of = time.monotonic_ns(), trace.exchange_id
    name = qualified_name_of(handler)
    took_ns = now - began_ns
    trace.emit(ExceptionHandled(exchange_id=of, at_ns=now, name=name, took_ns=took_ns, error=error))
