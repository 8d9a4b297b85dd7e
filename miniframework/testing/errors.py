"""What can go wrong between a test client and an application, beside the application's own exceptions."""

from typing import Any

from miniframework.errors import MiniframeworkError
from miniframework.testing.response import TestResponse
from miniframework.websocket import WebSocketDisconnect


class ProtocolViolation(MiniframeworkError, AssertionError):
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

    def __getattr__(self, name: str) -> Any:
        """Give what the response has of this name: `status_code`, `headers`, `json()` and the rest."""
        return getattr(self.__dict__["response"], name)
