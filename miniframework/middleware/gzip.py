"""Answers in fewer bytes, for clients that say they can unpack them."""

import asyncio
import zlib
from collections.abc import Sequence

from miniframework.http.headers import Headers, MutableHeaders, view_headers
from miniframework.types import ASGIApp, Message, Receive, Scope, Send

# What is packed already, and server-sent events, which are read one by one. The list is Starlette's.
DEFAULT_EXCLUDED_CONTENT_TYPES = (
    "application/grpc",
    "application/gzip",
    "application/x-gzip",
    "application/zip",
    "audio/*",
    "font/woff",
    "font/woff2",
    "image/avif",
    "image/gif",
    "image/jpeg",
    "image/png",
    "image/webp",
    "text/event-stream",
    "video/*",
)


class GZipMiddleware:
    """Packs answers of at least `minimum_size` bytes, and streamed ones, when Accept-Encoding names gzip.

    `compresslevel` is 1 (fast) to 9 (small). A piece of `thread_minimum_size` bytes is packed in a thread.
    What has a Content-Encoding already passes as it is, and so do `exclude_content_types` (`"video/*"` is all
    of them) and parts of files.
    """

    def __init__(
        self,
        app: ASGIApp,
        minimum_size: int = 500,
        compresslevel: int = 9,
        thread_minimum_size: int = 128 * 1024,
        *,
        exclude_content_types: Sequence[str] = DEFAULT_EXCLUDED_CONTENT_TYPES,
    ) -> None:
        self.app = app
        self._minimum_bytes = minimum_size
        self._level = compresslevel
        self._thread_bytes = thread_minimum_size
        self._excluded = frozenset(_media_type(one) for one in exclude_content_types)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Stand between the application and the client."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        packs = "gzip" in view_headers(scope).get("accept-encoding", "")
        packer = _Packer(self._level, self._thread_bytes) if packs else None
        await self.app(scope, receive, _Answer(send, self._minimum_bytes, self._excluded, packer).send)


class _Packer:
    """A gzip stream; each piece can be unpacked when it has come."""

    def __init__(self, level: int, thread_bytes: int) -> None:
        self._stream = zlib.compressobj(level, zlib.DEFLATED, 16 + zlib.MAX_WBITS)  # 16: with gzip's head
        self._thread_bytes = thread_bytes

    async def pack(self, body: bytes, *, last: bool) -> bytes:
        if len(body) >= self._thread_bytes:
            return await asyncio.to_thread(self._pack, body, last)
        return self._pack(body, last)

    def _pack(self, body: bytes, last: bool) -> bytes:
        return self._stream.compress(body) + self._stream.flush(zlib.Z_FINISH if last else zlib.Z_SYNC_FLUSH)


class _Answer:
    """One answer on its way out; its start waits for the first piece of body, which decides."""

    def __init__(
        self, send: Send, minimum_bytes: int, excluded: frozenset[str], packer: _Packer | None
    ) -> None:
        self._send = send
        self._minimum_bytes = minimum_bytes
        self._excluded = excluded
        self._packer = packer
        self._start: Message | None = None
        self._packs = False

    async def send(self, message: Message) -> None:
        match message["type"]:
            case "http.response.start":
                if self._passes(message):
                    await self._send(message)
                else:
                    self._start = message
            case "http.response.body":
                await self._send_body(message)
            case "http.response.early_hint":  # comes before the start
                await self._send(message)
            case _:
                await self._flush_start()
                await self._send(message)

    def _passes(self, start: Message) -> bool:
        headers = Headers(start.get("headers") or ())
        kind = _media_type(headers.get("content-type", ""))
        kinds = {kind, kind.partition("/")[0] + "/*"}
        if kind.startswith("application/grpc+"):
            kinds.add("application/grpc")
        return "content-encoding" in headers or start["status"] == 206 or not kinds.isdisjoint(self._excluded)

    async def _send_body(self, message: Message) -> None:
        body, more = message.get("body", b""), message.get("more_body", False)
        start = self._start
        if start is not None and (more or len(body) >= self._minimum_bytes):
            start["headers"] = list(start.get("headers") or ())
            MutableHeaders(start["headers"]).add_vary("Accept-Encoding")
            self._packs = self._packer is not None
        if self._packs and self._packer is not None:
            packed = await self._packer.pack(body, last=not more)
            message = {**message, "body": packed}
            if start is not None:
                _say_packed(start, None if more else len(packed))
        await self._flush_start()
        await self._send(message)

    async def _flush_start(self) -> None:
        start, self._start = self._start, None
        if start is not None:
            await self._send(start)


def _say_packed(start: Message, length: int | None) -> None:
    headers = MutableHeaders(start["headers"])
    headers["content-encoding"] = "gzip"
    if length is None or start.get("trailers", False):
        del headers["content-length"]
    else:
        headers["content-length"] = str(length)


def _media_type(content_type: str) -> str:
    return content_type.partition(";")[0].strip().lower()
