"""The handlers of one application or router: which is meant for an exception, and its answer."""

import traceback
from collections.abc import Mapping

from miniframework.exception_handlers.defaults import (
    OUR_OWN,
    WITH_PAGE,
    answer_disconnect,
    answer_http_exception,
    answer_validation_error,
    close_with_exception,
    close_with_problems,
)
from miniframework.exception_handlers.error_page import find_error_page
from miniframework.exception_handlers.handled import forget_frames, name_route
from miniframework.exception_handlers.handler import (
    ExceptionHandler,
    HandlerKey,
    call_for_response,
    call_handler,
    check_handled,
    check_handler,
)
from miniframework.http.exceptions import (
    ClientDisconnect,
    HTTPException,
    RequestValidationError,
    WebSocketException,
    WebSocketRequestValidationError,
)
from miniframework.http.request import Request
from miniframework.http.response import PlainTextResponse, Response
from miniframework.http.started import RESPONSE_STARTED
from miniframework.types import Receive, Scope, Send
from miniframework.websocket import WebSocket

# In the scope when a handler was called for what another one raised, the ExceptionHandlers that had it: what
# that one raises is answered by those of an application around only.
ANSWERED_AGAIN = "miniframework.answered_again"

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
        check_handler(key, handler)
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
        if handler in OUR_OWN:
            response: Response = handler(request, error)
        else:
            name_route(error, request.scope)
            call = self._call if again else call_for_response
            response = await call(handler, request, error)
        if handler in WITH_PAGE and (page := find_error_page(request.scope)) is not None:
            response = page(request, error, response) or response
        if handler in OUR_OWN:  # another's may still want to see where it came from, until that is sent
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
            return await call_for_response(handler, request, error)
        except Exception as raised:
            second = self._find(raised)
            if second is None:
                raise
            request.scope[ANSWERED_AGAIN] = self
            return await call_for_response(second, request, raised)

    async def hear_late(self, request: Request, error: Exception) -> None:
        """Call the last handler for what failed after the response began; what it answers goes nowhere.

        Raises RuntimeError for an exception that another handler was meant for.
        """
        handler, late = self._find(error), error
        name_route(error, request.scope)
        if handler is not None and handler is not answer_disconnect:
            late = RuntimeError("Caught handled exception, but response already started.")
            late.__cause__ = error
        if self._last is not None:
            await call_handler(self._last, request, late)
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
        name_route(error, websocket.scope)
        try:
            return True, await call_handler(handler, websocket, error)
        except Exception as raised:
            second = self._find(raised) if again else None
            if second is None:
                raise
            websocket.scope[ANSWERED_AGAIN] = self
            return True, await call_handler(second, websocket, raised)

    async def answer_failure(self, request: Request, error: Exception, *, debug: bool) -> Response:
        """Give the response for an exception that nobody expected: 500, with the traceback when `debug`,
        which its author wants to see in any case.
        """
        name_route(error, request.scope)
        if debug:
            return PlainTextResponse("".join(traceback.format_exception(error)), _SERVER_ERROR)
        if self._last is not None:
            return await call_for_response(self._last, request, error)
        return PlainTextResponse("Internal Server Error", _SERVER_ERROR)

    def _find(self, error: Exception) -> ExceptionHandler | None:
        if isinstance(error, HTTPException) and error.status_code in self._by_status:
            return self._by_status[error.status_code]
        for kind in type(error).__mro__:
            if kind in self._by_class:
                return self._by_class[kind]
        return None
