"""Saying which exceptions an application answers, and how."""

from collections.abc import Callable, Iterator, MutableMapping
from typing import TypeVar

from miniframework.errors import RegistrationError
from miniframework.exception_handlers import (
    ExceptionHandler,
    ExceptionHandlers,
    HandlerKey,
    check_handled,
)
from miniframework.routing.source import find_caller

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
    def exception_handlers(self) -> MutableMapping[HandlerKey, ExceptionHandler]:
        """The handlers by what they are for; to set one is to add it."""
        return _Registered(self._handlers)


class _Registered(MutableMapping[HandlerKey, ExceptionHandler]):
    """The handlers as the dict that FastAPI keeps them in: what is set there is registered, and checked."""

    def __init__(self, handlers: ExceptionHandlers) -> None:
        self._handlers = handlers

    def __getitem__(self, key: HandlerKey) -> ExceptionHandler:
        return self._handlers.registered[key]

    def __setitem__(self, key: HandlerKey, handler: ExceptionHandler) -> None:
        self._handlers.add(key, handler)

    def __delitem__(self, key: HandlerKey) -> None:
        raise RegistrationError(
            where=find_caller(),
            problem=f"the exception handler for {key!r} cannot be taken away",
            way_out="register another in its place",
        )

    def __iter__(self) -> Iterator[HandlerKey]:
        return iter(self._handlers.registered)

    def __len__(self) -> int:
        return len(self._handlers.registered)

    def __repr__(self) -> str:
        return repr(self._handlers.registered)
