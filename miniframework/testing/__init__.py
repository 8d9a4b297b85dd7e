"""Call an ASGI application from plain test code: no server, no socket, no other library."""

from miniframework.testing.client import TestClient
from miniframework.testing.errors import (
    ProtocolViolation,
    SocketRefused,
    StartupFailed,
    WebSocketDenialResponse,
)
from miniframework.testing.response import HTTPStatusError, TestResponse
from miniframework.testing.sent import SentRequest
from miniframework.testing.socket import SocketSession

__all__ = [
    "HTTPStatusError",
    "ProtocolViolation",
    "SentRequest",
    "SocketRefused",
    "SocketSession",
    "StartupFailed",
    "TestClient",
    "TestResponse",
    "WebSocketDenialResponse",
]
