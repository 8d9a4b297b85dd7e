"""WebSockets under the names FastAPI's users import; the code is in `miniframework.websocket`."""

from miniframework.types import Receive, Scope, Send
from miniframework.websocket import (
    NORMAL_CLOSURE,
    WebSocket,
    WebSocketDisconnect,
    WebSocketDisconnected,
    WebSocketState,
)

__all__ = ["WebSocket", "WebSocketClose", "WebSocketDisconnect", "WebSocketDisconnected", "WebSocketState"]


class WebSocketClose:
    """An ASGI application that closes a connection, or refuses it where it was not accepted."""

    def __init__(self, code: int = NORMAL_CLOSURE, reason: str | None = None) -> None:
        self.code = code
        self.reason = reason or ""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Close."""
        await send({"type": "websocket.close", "code": self.code, "reason": self.reason})
