"""Saying which exceptions an application answers, and how; and answering those that nobody expected."""

from collections.abc import Callable, Mapping
from typing import TypeVar

from miniframework.exception_handlers import (
    ExceptionHandler,
    ExceptionHandlers,
    HandlerKey,
    answer_http_exception,
    check_handled,
)
from miniframework.http.limits import BodyTooLarge
from miniframework.http.request import Request
from miniframework.middleware.passed import Running, give_up_quietly
from miniframework.types import Receive, Scope, Send

Handler = TypeVar("Handler", bound=ExceptionHandler)


class Handling:
    """Takes exception handlers; `_handlers` keeps them. `debug`: an unexpected one is shown."""

    debug: bool
    _handlers: ExceptionHandlers

    def exception_handler(self, exc_class_or_status_code: HandlerKey) -> Callable[[Handler], Handler]:
        """Answer an exception class (and its subclasses) or a status with the decorated function."""

        check_handled(exc_class_or_status_code)  # now: without brackets the function stands here

        def register(handler: Handler) -> Handler:
            self._handlers.add(exc_class_or_status_code, handler)
            return handler

        return register

    def add_exception_handler(self, exc_class_or_status_code: HandlerKey, handler: ExceptionHandler) -> None:
        """Answer an exception class or a status with `handler`, without a decorator."""
        self._handlers.add(exc_class_or_status_code, handler)

    @property
    def exception_handlers(self) -> Mapping[HandlerKey, ExceptionHandler]:
        """The handlers by what they are for; `add_exception_handler` adds one."""
        return self._handlers.registered

    async def _end_failed(
        self,
        error: BaseException,
        running: Running,
        begun: bool,
        scope: Scope,
        receive: Receive,
        send: Send,
    ) -> None:
        """End what still runs behind a function that failed, and answer where nothing was; then raise, unless
        that was the whole answer.
        """
        await give_up_quietly(running, error)
        running.clear()
        if isinstance(error, BodyTooLarge) and not begun:
            await answer_http_exception(Request(scope, receive), error)(scope, receive, send)
            return
        if isinstance(error, Exception):
            await self._answer_failure(error, begun, scope, receive, send)
        raise error

    async def _answer_failure(
        self, error: Exception, begun: bool, scope: Scope, receive: Receive, send: Send
    ) -> None:
        """Answer what nobody expected; raises RuntimeError where a handler was meant, and comes too late."""
        if scope["type"] != "http":
            return
        scope.setdefault("app", self)
        request = Request(scope, receive)
        if begun:
            await self._handlers.hear_late(request, error)
        else:
            response = await self._handlers.answer_failure(request, error, debug=self.debug)
            await response(scope, receive, send)
