"""Hears of each ASGI call in this process while a test runs, by standing in for `__call__` of known classes.

Outside of a test the classes are as they were. Nothing that passes is changed: the same scope and receive,
a send that looks and passes on, exceptions as they are. Imports nothing of the inspector.
"""

import functools
import sys
from collections.abc import Awaitable, Callable, MutableMapping
from contextvars import ContextVar
from typing import Any

from miniframework.records import dataclass

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
_REFUSALS = frozenset({404, 405, 422})
_KEPT_BODY_BYTES = 4096  # of a 422, which says what was wrong
_KEPT_REQUESTS = 10_000  # of one test


@dataclass(slots=True)
class SeenRequest:
    """One request as the outermost application was given it, and what it answered.

    `status` of a handshake that was closed before it was accepted is 403, as servers answer it.
    """

    app: object
    method: str
    path: str
    raw_path: bytes | None
    root_path: str
    status: int | None = None
    body: bytes = b""

    @property
    def is_refused(self) -> bool:
        """Whether the answer may have come from routing."""
        return self.status in _REFUSALS or (self.status == 403 and self.method == "WEBSOCKET")


class Watcher:
    """Stands in for `__call__` between `begin` and `end`, and keeps what it hears until the next `begin`."""

    def __init__(self) -> None:
        self.seen: list[SeenRequest] = []
        self._replaced: list[tuple[type, Any, Any]] = []
        self._inside: ContextVar[bool] = ContextVar("inspector_inside", default=False)

    def begin(self) -> None:
        """Forget what was seen and begin to listen."""
        self.seen = []
        self.look()

    def look(self) -> None:
        """Listen to classes that were imported since, too."""
        for module, name in APPLICATIONS:
            application = getattr(sys.modules.get(module), name, None)
            if isinstance(application, type):
                self._replace(_owner_of_call(application))

    def end(self) -> None:
        """Put the classes back; one that somebody else has changed since stays as it is."""
        for application, original, ours in reversed(self._replaced):
            if application.__dict__.get("__call__") is ours:
                setattr(application, "__call__", original)  # noqa: B010 - mypy knows no assignment to it
        self._replaced.clear()

    def refused(self) -> list[SeenRequest]:
        """The requests that were answered with 404, 405 or 422, and refused handshakes."""
        return [request for request in self.seen if request.is_refused]

    def _replace(self, application: type | None) -> None:
        if application is None or any(application is place[0] for place in self._replaced):
            return
        original = application.__dict__["__call__"]
        ours = self._heard(original)
        setattr(application, "__call__", ours)  # noqa: B010 - as above
        self._replaced.append((application, original, ours))

    def _heard(self, original: Callable[..., Awaitable[None]]) -> Callable[..., Awaitable[None]]:
        inside, seen = self._inside, self.seen

        @functools.wraps(original)
        async def call(app: Any, scope: Any, receive: Any, send: Any) -> None:
            if inside.get() or scope.get("type") not in ("http", "websocket"):
                await original(app, scope, receive, send)
                return
            request = _begin(app, scope)
            token = inside.set(True)
            try:
                await original(app, scope, receive, _looking(request, send))
            finally:
                inside.reset(token)
                if len(seen) < _KEPT_REQUESTS:
                    seen.append(request)

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
            case "websocket.accept":
                request.status = 101
            case "websocket.close" if request.status is None:
                request.status = 403
            case "http.response.body" if request.status == 422:
                request.body = (request.body + bytes(message.get("body") or b""))[:_KEPT_BODY_BYTES]
        await send(message)

    return send_on
