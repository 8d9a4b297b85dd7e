"""Which exceptions are answers, and what they answer."""

import asyncio
import inspect
import traceback
from collections.abc import Callable, Mapping
from typing import Any

from miniframework.declarations import find_caller
from miniframework.errors import RegistrationError
from miniframework.http.exceptions import ClientDisconnect, HTTPException, RequestValidationError
from miniframework.http.mounting import apps_around
from miniframework.http.request import Request
from miniframework.http.response import JSONResponse, PlainTextResponse, Response

# An exception class or a status code, and what answers it: a function or coroutine function.
HandlerKey = type[Exception] | int
ExceptionHandler = Callable[[Request, Any], Any]

# Given the response of a default handler; what it returns is sent instead, None leaves the response.
ErrorPage = Callable[[Request, Exception, Response], Response | None]

_SERVER_ERROR = 500


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
        }
        self._by_status: dict[int, ExceptionHandler] = {}
        self._last: ExceptionHandler | None = None
        for key, handler in (handlers or {}).items():
            self.add(key, handler)

    def add(self, key: HandlerKey, handler: ExceptionHandler) -> None:
        """Register `handler` for an exception class or a status. Raises RegistrationError for anything
        else.
        """
        is_class = isinstance(key, type) and issubclass(key, Exception)
        if not is_class and not (isinstance(key, int) and 400 <= key <= 599):
            raise RegistrationError(
                where=str(find_caller()),
                problem=f"exception handler for {key!r}: no exception class, and no status from 400 to 599",
                way_out="as in exception_handler(404) or exception_handler(ValueError)",
            )
        if key in (Exception, _SERVER_ERROR):
            self._last = handler
        if isinstance(key, int):
            self._by_status[key] = handler
        elif key is not Exception:
            self._by_class[key] = handler

    async def answer(self, request: Request, error: Exception) -> Response | None:
        """Give the response for `error`, None when nothing short of the last handler is meant for it."""
        handler = self._find(error)
        if handler is None:
            return None
        response = await _call(handler, request, error)
        if handler in _WITH_PAGE and (page := _find_error_page(request)) is not None:
            return page(request, error, response) or response
        return response

    async def answer_failure(self, request: Request, error: Exception, *, debug: bool) -> Response:
        """Give the response for an exception that nobody expected: 500, with the traceback when `debug`."""
        if self._last is not None:
            return await _call(self._last, request, error)
        if debug:
            return PlainTextResponse("".join(traceback.format_exception(error)), _SERVER_ERROR)
        return JSONResponse({"detail": "Internal Server Error"}, _SERVER_ERROR)

    def _find(self, error: Exception) -> ExceptionHandler | None:
        if isinstance(error, HTTPException) and error.status_code in self._by_status:
            return self._by_status[error.status_code]
        for kind in type(error).__mro__:
            if kind in self._by_class:
                return self._by_class[kind]
        return None


def answer_http_exception(request: Request, error: HTTPException) -> Response:
    """Answer with the exception's status, headers and `{"detail": ...}`; a 204 or 304 has no body."""
    if error.status_code in (204, 304):
        return Response(b"", error.status_code, error.headers)
    return JSONResponse({"detail": error.detail}, error.status_code, error.headers)


def answer_validation_error(request: Request, error: RequestValidationError) -> Response:
    """Answer 422 with every problem. Source: FastAPI, which set the shape."""
    return JSONResponse({"detail": error.problems}, 422)


def answer_disconnect(request: Request, error: ClientDisconnect) -> Response:
    """Answer a client that left while sending its body; nobody hears it, and it is no failure of the
    server.
    """
    return Response(b"", 400)


async def _call(handler: ExceptionHandler, request: Request, error: Exception) -> Response:
    if inspect.iscoroutinefunction(handler):
        response = await handler(request, error)
    elif handler in _OUR_OWN:
        response = handler(request, error)
    else:
        response = await asyncio.to_thread(handler, request, error)
    if not isinstance(response, Response):
        name = getattr(handler, "__qualname__", repr(handler))
        raise TypeError(f"exception handler {name} returned {response!r:.100}; return a Response") from error
    return response


def _find_error_page(request: Request) -> ErrorPage | None:
    """Give the page of the innermost application that has one; none before any route was asked."""
    if "app" not in request.scope:
        return None
    pages = (app.error_page for app, _ in apps_around(request.scope))
    return next((page for page in pages if page is not None), None)


_WITH_PAGE: tuple[ExceptionHandler, ...] = (answer_http_exception, answer_validation_error)
_OUR_OWN: tuple[ExceptionHandler, ...] = (answer_http_exception, answer_validation_error, answer_disconnect)
