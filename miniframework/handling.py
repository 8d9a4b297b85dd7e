"""Saying which exceptions an application answers, and how."""

from collections.abc import Callable, Mapping
from typing import TypeVar

from miniframework.exception_handlers import (
    ExceptionHandler,
    ExceptionHandlers,
    HandlerKey,
    check_handled,
)

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
