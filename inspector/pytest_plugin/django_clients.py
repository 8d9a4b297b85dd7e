"""Hears of the requests of Django's own test clients, which call its handler and no ASGI application."""

import functools
from collections.abc import Awaitable, Callable, Iterator
from contextvars import ContextVar
from typing import Any

from inspector.pytest_plugin.seen import SeenRequest

# The class of which all handlers are, and the module where it is.
HANDLER = ("django.core.handlers.base", "BaseHandler")

_Note = Callable[[SeenRequest], None]


class DjangoClients:
    """What is heard of them. While `inside` is true a request is heard already, as one of an application.

    Each client has a handler of its own, and what they route by is in Django's settings: the first handler
    stands for all, so that the routes are read once.
    """

    def __init__(self, inside: ContextVar[bool]) -> None:
        self._inside = inside
        self._first: object = None

    def stand_ins(self, note: _Note) -> Iterator[tuple[str, Callable[[Any], Any]]]:
        """The methods of a handler by which requests go, and for each what makes its stand-in from it."""
        yield "get_response", functools.partial(self._heard, note)
        yield "get_response_async", functools.partial(self._heard_async, note)

    def _heard(self, note: _Note, original: Callable[..., Any]) -> Callable[..., Any]:
        @functools.wraps(original)
        def get_response(handler: Any, request: Any) -> Any:
            response = original(handler, request)
            self._hear(note, handler, request, response)
            return response

        return get_response

    def _heard_async(
        self, note: _Note, original: Callable[..., Awaitable[Any]]
    ) -> Callable[..., Awaitable[Any]]:
        @functools.wraps(original)
        async def get_response_async(handler: Any, request: Any) -> Any:
            response = await original(handler, request)
            self._hear(note, handler, request, response)
            return response

        return get_response_async

    def _hear(self, note: _Note, handler: object, request: Any, response: Any) -> None:
        if self._inside.get():
            return
        if self._first is None:
            self._first = handler
        note(
            SeenRequest(
                app=self._first,
                method=str(request.method),
                path=str(request.path_info),
                raw_path=None,
                root_path="",
                status=response.status_code,
                location=response.headers.get("Location", ""),
            )
        )
