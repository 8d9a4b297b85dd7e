"""WebSockets under the names FastAPI's users import; the code is in `miniframework.websocket`."""

from miniframework.websocket import WebSocket, WebSocketDisconnect, WebSocketDisconnected, WebSocketState

__all__ = ["WebSocket", "WebSocketDisconnect", "WebSocketDisconnected", "WebSocketState"]
