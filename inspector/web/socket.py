"""The stream's WebSocket: joins the framework's connection to what a viewer needs."""

from inspector.streaming.messages import MessageError
from inspector.streaming.stream import Stream
from inspector.web.security import SUBPROTOCOL
from miniframework import WebSocket
from miniframework.websocket import WebSocketDisconnect, WebSocketDisconnected


class SocketConnection:
    """An accepted WebSocket as the stream sees it."""

    def __init__(self, socket: WebSocket) -> None:
        self._socket = socket

    async def send(self, text: str) -> None:
        """Send one text message. Raises OSError when the page is gone."""
        try:
            await self._socket.send_text(text)
        except (WebSocketDisconnect, WebSocketDisconnected) as gone:
            raise ConnectionError(str(gone)) from gone

    async def receive(self) -> str | None:
        """Return the next text message, None when the page is gone. Raises MessageError for bytes."""
        try:
            message = await self._socket.receive()
        except (WebSocketDisconnect, WebSocketDisconnected):
            return None
        if message["type"] == "websocket.disconnect":
            return None
        text = message.get("text")
        if not isinstance(text, str):
            raise MessageError("is not text", message.get("bytes"))
        return text

    async def close(self, code: int, reason: str) -> None:
        """Close the connection. Raises OSError when the page is gone."""
        if not self._socket.is_closed:
            await self._socket.close(code, reason)


class StreamEndpoint:
    """Serves `api/stream`; the guard has checked Host, Origin and token before."""

    def __init__(self, stream: Stream) -> None:
        self._stream = stream

    async def serve(self, socket: WebSocket) -> None:
        """Accept the handshake and serve the page until it goes."""
        chosen = SUBPROTOCOL if SUBPROTOCOL in socket.subprotocols else None
        await socket.accept(subprotocol=chosen)
        await self._stream.serve(SocketConnection(socket))
