"""The test client under the name FastAPI's users import; the code is in `miniframework.testing`."""

from miniframework.testing import SocketSession as WebSocketTestSession
from miniframework.testing import TestClient, WebSocketDenialResponse
from miniframework.websocket import WebSocketDisconnect

__all__ = ["TestClient", "WebSocketDenialResponse", "WebSocketDisconnect", "WebSocketTestSession"]
