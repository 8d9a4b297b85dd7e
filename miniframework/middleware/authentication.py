"""Asks once a request who the client is: `request.user` and `request.auth`."""

from collections.abc import Callable

from miniframework.authentication import (
    AuthCredentials,
    AuthenticationBackend,
    AuthenticationError,
    UnauthenticatedUser,
)
from miniframework.http.connection import Connection
from miniframework.http.response import PlainTextResponse, Response
from miniframework.types import ASGIApp, Receive, Scope, Send
from miniframework.websocket import NORMAL_CLOSURE


class AuthenticationMiddleware:
    """Puts what `backend` says of the client into the scope, nobody known where it says nothing.

    What it refuses is answered by `on_error(connection, error)`, which gives a Response (400 if there is
    none); a WebSocket is refused.
    """

    def __init__(
        self,
        app: ASGIApp,
        backend: AuthenticationBackend,
        on_error: Callable[[Connection, AuthenticationError], Response] | None = None,
    ) -> None:
        self.app = app
        self.backend = backend
        self.on_error = on_error or self.default_on_error

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Ask, then pass the call on."""
        if scope["type"] not in ("http", "websocket"):
            await self.app(scope, receive, send)
            return
        connection = Connection(scope)
        try:
            said = await self.backend.authenticate(connection)
        except AuthenticationError as error:
            response = self.on_error(connection, error)
            if scope["type"] == "websocket":
                await send({"type": "websocket.close", "code": NORMAL_CLOSURE, "reason": ""})
            else:
                await response(scope, receive, send)
            return
        scope["auth"], scope["user"] = said or (AuthCredentials(), UnauthenticatedUser())
        await self.app(scope, receive, send)

    @staticmethod
    def default_on_error(conn: Connection, exc: Exception) -> Response:
        """Answer 400 with the error's text."""
        return PlainTextResponse(str(exc), 400)
