"""Answers in fewer bytes, for clients that say they can unpack them."""

import gzip
import io

from miniframework.datastructures import Headers, MutableHeaders
from miniframework.types import ASGIApp, Message, Receive, Scope, Send

# Server-sent events must reach the client one by one, and a packer holds them back.
_NEVER_PACKED = ("text/event-stream",)


class GZipMiddleware:
    """Packs answers of at least `minimum_size` bytes, and streamed ones, when Accept-Encoding names gzip.

    `compresslevel` is 1 (fast) to 9 (small). What has a Content-Encoding already passes as it is.
    """

    def __init__(self, app: ASGIApp, minimum_size: int = 500, compresslevel: int = 9) -> None:
        self.app = app
        self._minimum_bytes = minimum_size
        self._level = compresslevel

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Stand between the application and the client."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        accepts = "gzip" in Headers(scope.get("headers") or ()).get("accept-encoding", "")
        packer = _Packer(send, self._minimum_bytes, self._level, accepts=accepts)
        try:
            await self.app(scope, receive, packer.send)
        finally:
            packer.close()


class _Packer:
    """One answer on its way out; its start waits for the first piece of body, which decides."""

    def __init__(self, send: Send, minimum_bytes: int, level: int, *, accepts: bool) -> None:
        self._send = send
        self._minimum_bytes = minimum_bytes
        self._accepts = accepts
        self._buffer = io.BytesIO()
        self._file = gzip.GzipFile(mode="wb", fileobj=self._buffer, compresslevel=level)
        self._start: Message | None = None
        self._packs = False

    def close(self) -> None:
        """Give the buffers back."""
        self._file.close()
        self._buffer.close()

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self._start = message
        elif message["type"] == "http.response.body":
            await self._send_body(message)
        else:
            await self._flush_start()
            await self._send(message)

    async def _send_body(self, message: Message) -> None:
        body, more = message.get("body", b""), message.get("more_body", False)
        if self._start is not None:
            self._decide(self._start, body, more)
        if self._packs:
            message = {**message, "body": self._pack(body, last=not more)}
            if self._start is not None:
                self._fix_length(self._start, len(message["body"]), more)
        await self._flush_start()
        await self._send(message)

    async def _flush_start(self) -> None:
        start, self._start = self._start, None
        if start is not None:
            await self._send(start)

    def _decide(self, start: Message, body: bytes, more: bool) -> None:
        start["headers"] = list(start.get("headers") or ())
        headers = MutableHeaders(start["headers"])
        kind = headers.get("content-type", "").partition(";")[0].strip().lower()
        large = more or len(body) >= self._minimum_bytes
        if "content-encoding" in headers or kind in _NEVER_PACKED or not large or start["status"] == 206:
            return
        headers.add_vary("Accept-Encoding")
        if self._accepts:
            self._packs = True
            headers["content-encoding"] = "gzip"

    def _fix_length(self, start: Message, length: int, more: bool) -> None:
        headers = MutableHeaders(start["headers"])
        if not more:
            headers["content-length"] = str(length)
        elif "content-length" in headers:
            del headers["content-length"]

    def _pack(self, body: bytes, *, last: bool) -> bytes:
        self._file.write(body)
        if last:
            self._file.close()
        packed = self._buffer.getvalue()
        self._buffer.seek(0)
        self._buffer.truncate()
        return packed
