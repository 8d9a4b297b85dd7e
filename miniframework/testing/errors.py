"""What can go wrong between a test client and an application, beside the application's own exceptions."""

from typing import Any

from miniframework.errors import MiniframeworkError
from miniframework.testing.headers import ResponseHeaders
from miniframework.testing.response import TestResponse
from miniframework.websocket import WebSocketDisconnect


class ProtocolViolation(MiniframeworkError):
    """The application sent what the ASGI specification does not allow here, or left without an answer."""


class StartupFailed(MiniframeworkError):
    """The application answered `lifespan.startup.failed` or `lifespan.shutdown.failed`."""


class SocketRefused(WebSocketDisconnect):
    """The application refused a WebSocket handshake; `response` is what a server would have answered."""

    def __init__(self, response: TestResponse, code: int, reason: str) -> None:
        super().__init__(code, reason)
        self.response = response
        self.args = (f"the application refused the handshake with {response.status_code}: {code} {reason}",)


class WebSocketDenialResponse(SocketRefused):
    """The application refused a handshake with a whole HTTP response of its own."""

    @property
    def status_code(self) -> int:
        """The response's status."""
        return self.response.status_code

    @property
    def headers(self) -> ResponseHeaders:
        """The response's headers."""
        return self.response.headers

    @property
    def content(self) -> bytes:
        """The response's body."""
        return self.response.content

    @property
    def text(self) -> str:
        """The response's body as text."""
        return self.response.text

    def json(self) -> Any:
        """The response's body read as JSON."""
        return self.response.json()
