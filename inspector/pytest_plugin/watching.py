"""Hears of each request in this process while a test runs, by standing in for methods of known classes.

Outside of a test the classes are as they were. Nothing that passes is changed: the same scope and receive,
a send that looks and passes on, exceptions as they are. Imports nothing of the inspector.
"""

import functools
import sys
from collections.abc import Awaitable, Callable, MutableMapping
from contextvars import ContextVar
from typing import Any

from inspector.pytest_plugin.django_clients import HANDLER, DjangoClients
from inspector.pytest_plugin.seen import SeenRequest

_Message = MutableMapping[str, Any]
_Send = Callable[[_Message], Awaitable[None]]

# Where the frameworks that can be explained have their applications; a subclass that calls none of these with
# super() is not heard.
APPLICATIONS = (
    ("miniframework.app", "App"),
    ("starlette.applications", "Starlette"),
    ("fastapi.applications", "FastAPI"),
    ("litestar.app", "Litestar"),
    ("quart.app", "Quart"),
    ("django.core.handlers.asgi", "ASGIHandler"),
    ("datasette.app", "DatasetteRouter"),
    ("blacksheep.server.application", "Application"),
    ("sanic.app", "Sanic"),
    ("falcon.asgi.app", "App"),
)
_KEPT_BODY_BYTES = 4096  # of a 422, which says what was wrong
_KEPT_REQUESTS = 10_000  # of one test


class Watcher:
    """Stands in for methods between `begin` and `end`, and keeps what it hears until the next `begin`."""

    def __init__(self) -> None:
        self.seen: list[SeenRequest] = []
        self._replaced: list[tuple[type, str, Any, Any]] = []
        self._inside: ContextVar[bool] = ContextVar("inspector_inside", default=False)
        self._clients = DjangoClients(self._inside)

    def begin(self) -> None:
        """Forget what was seen and begin to listen."""
        self.seen = []
        self.look()

    def look(self) -> None:
        """Listen to classes that were imported since, too."""
        for module, name in APPLICATIONS:
            application = getattr(sys.modules.get(module), name, None)
            owner = _owner_of_call(application) if isinstance(application, type) else None
            if owner is not None:
                self._replace(owner, "__call__", self._heard)
        handler = getattr(sys.modules.get(HANDLER[0]), HANDLER[1], None)
        if isinstance(handler, type):
            for name, make in self._clients.stand_ins(self._noting()):
                self._replace(handler, name, make)

    def end(self) -> None:
        """Put the classes back; one that somebody else has changed since stays as it is."""
        for owner, name, original, ours in reversed(self._replaced):
            if owner.__dict__.get(name) is ours:
                setattr(owner, name, original)
        self._replaced.clear()

    def refused(self) -> list[SeenRequest]:
        """The requests that were answered with 404, 405 or 422, refused handshakes, and redirects that the
        test did not follow.
        """
        found, later = [], set[str]()
        for request in reversed(self.seen):
            if request.is_refused or (request.is_redirected and request.leads_to not in later):
                found.append(request)
            later.add(request.path)
        return found[::-1]

    def _replace(self, owner: type, name: str, make: Callable[[Any], Any]) -> None:
        if any(owner is place[0] and name == place[1] for place in self._replaced):
            return
        original = owner.__dict__[name]
        ours = make(original)
        setattr(owner, name, ours)
        self._replaced.append((owner, name, original, ours))

    def _noting(self) -> Callable[[SeenRequest], None]:
        """What keeps a request for the test that runs now, also when it is answered after that."""
        seen = self.seen

        def note(request: SeenRequest) -> None:
            if len(seen) < _KEPT_REQUESTS:
                seen.append(request)

        return note

    def _heard(self, original: Callable[..., Awaitable[None]]) -> Callable[..., Awaitable[None]]:
        inside, note = self._inside, self._noting()

        @functools.wraps(original)
        async def call(
            self: Any, scope: Any, receive: Any, send: Any
        ) -> None:  # Falcon counts by these names
            if inside.get() or scope.get("type") not in ("http", "websocket"):
                await original(self, scope, receive, send)
                return
            request = _begin(self, scope)
            token = inside.set(True)
            try:
                await original(self, scope, receive, _looking(request, send))
            finally:
                inside.reset(token)
                note(request)

        return call


def _owner_of_call(application: type) -> type | None:
    """The class that `__call__` is written in: the application's own, or one that it is made of."""
    return next((base for base in application.__mro__ if "__call__" in base.__dict__), None)


def _begin(app: object, scope: Any) -> SeenRequest:
    is_socket = scope["type"] == "websocket"
    return SeenRequest(
        app=app,
        method="WEBSOCKET" if is_socket else str(scope.get("method", "GET")),
        path=str(scope.get("path", "")),
        raw_path=scope.get("raw_path"),
        root_path=str(scope.get("root_path") or ""),
    )


def _looking(request: SeenRequest, send: _Send) -> _Send:
    async def send_on(message: _Message) -> None:
        match message.get("type"):
            case "http.response.start" | "websocket.http.response.start":
                request.status = message.get("status")
                request.location = _location(message) if request.is_redirected else ""
            case "websocket.accept":
                request.status = 101
            case "websocket.close" if request.status is None:
                request.status = 403
            case "http.response.body" if request.status == 422:
                request.body = (request.body + bytes(message.get("body") or b""))[:_KEPT_BODY_BYTES]
        await send(message)

    return send_on


def _location(message: _Message) -> str:
    found = (value for name, value in message.get("headers") or () if bytes(name).lower() == b"location")
    return bytes(next(found, b"")).decode("latin-1")
