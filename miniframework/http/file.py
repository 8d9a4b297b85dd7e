"""A file as a response: in pieces, with its date and its mark, and in part when only a part is asked for."""

import asyncio
import hashlib
import os
import secrets
import stat
from collections.abc import AsyncGenerator, Iterator, Mapping
from contextlib import aclosing
from email.utils import formatdate
from mimetypes import guess_type
from typing import BinaryIO, Literal, NamedTuple
from urllib.parse import quote

from miniframework.background import BackgroundTask
from miniframework.concurrency import run_in_threadpool
from miniframework.http.headers import view_headers
from miniframework.http.ranges import BadRange, UnsatisfiableRange, parse_ranges
from miniframework.http.response import PlainTextResponse, Response, make_headers
from miniframework.http.streaming import until_disconnect
from miniframework.types import RawHeaders, Receive, Scope, Send


class FileResponse(Response):
    """Sends the file at `path`; ranges, ETag and Last-Modified included.

    With `filename` the browser is told that name, and to save the file unless `content_disposition_type` is
    "inline". The file is looked at when it is sent, unless `stat_result` is given: RuntimeError when it is
    not there then. A large one is not read on when the client leaves. `chunk_size` bytes are read and sent at
    once. Of more ranges than `max_ranges` none counts: the file is sent whole.
    """

    __slots__ = ("filename", "path", "stat_result")
    chunk_size = 64 * 1024
    # More in one request serve nobody; they cost memory (CVE-2011-3192).
    max_ranges = 100

    def __init__(
        self,
        path: str | os.PathLike[str],
        status_code: int = 200,
        headers: Mapping[str, str] | None = None,
        media_type: str | None = None,
        background: BackgroundTask | None = None,
        filename: str | None = None,
        stat_result: os.stat_result | None = None,
        content_disposition_type: Literal["attachment", "inline"] = "attachment",
    ) -> None:
        self.path = path
        self.filename = filename
        self.stat_result = stat_result
        kind = media_type or guess_type(filename or path)[0] or "application/octet-stream"
        super().__init__(b"", status_code, headers, kind, background)
        self.raw_headers = make_headers(headers, kind)
        self.headers.setdefault("accept-ranges", "bytes")
        if filename is not None:
            self.headers.setdefault("content-disposition", _dispose(filename, content_disposition_type))
        if stat_result is not None:
            self.describe(stat_result)

    def describe(self, found: os.stat_result) -> None:
        """Set the headers that tell size, date and version of the file."""
        self.stat_result = found
        # Not for secrecy: two versions of a file must get two marks.
        mark = hashlib.md5(f"{found.st_mtime}-{found.st_size}".encode(), usedforsecurity=False).hexdigest()
        self.headers.setdefault("content-length", str(found.st_size))
        self.headers.setdefault("last-modified", formatdate(found.st_mtime, usegmt=True))
        self.headers.setdefault("etag", f'"{mark}"')

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send the file, the parts that are asked for, or why not; on a WebSocket handshake as the denial.

        Source: RFC 9110 section 14.2; a method other than GET and HEAD knows no parts.
        """
        if self.stat_result is None:
            self.describe(await self._look())
        assert self.stat_result is not None
        size = self.stat_result.st_size
        try:
            ranges = self._find_ranges(scope, size)
        except BadRange as error:
            await PlainTextResponse(str(error), 400)(scope, receive, send)
            return
        except UnsatisfiableRange:
            await PlainTextResponse("", 416, {"content-range": f"bytes */{size}"})(scope, receive, send)
            return
        parts = self._whole(size) if not ranges else self._parts(ranges, size)
        if size > self.chunk_size and not _is_head(scope):
            await until_disconnect(parts.send(self.path, self.chunk_size, scope, send), receive)
        else:
            await parts.send(self.path, self.chunk_size, scope, send)
        if self.background is not None:
            await self.background()

    def _find_ranges(self, scope: Scope, size: int) -> list[tuple[int, int]]:
        asked = view_headers(scope)
        header = asked.get("range")
        method = scope.get("method", "GET").upper()
        if header is None or self.status_code != 200 or method not in ("GET", "HEAD"):
            return []
        current = self._is_current(asked.get("if-range"))
        return parse_ranges(header, size, self.max_ranges) if current else []

    async def _look(self) -> os.stat_result:
        try:
            found = await asyncio.to_thread(os.stat, self.path)
        except FileNotFoundError:
            raise RuntimeError(f"File at path {os.fspath(self.path)} does not exist.") from None
        if not stat.S_ISREG(found.st_mode):
            raise RuntimeError(f"File at path {os.fspath(self.path)} is not a file.")
        return found

    def _is_current(self, if_range: str | None) -> bool:
        # A weak mark does not promise the same bytes. Source: RFC 9110 section 13.1.5.
        strong = None if if_range is None or if_range.startswith("W/") else if_range
        return if_range is None or strong in (self.headers["etag"], self.headers["last-modified"])

    def _whole(self, size: int) -> "_Parts":
        return _Parts(self.status_code, self.raw_headers, [(b"", 0, size)])

    def _parts(self, ranges: list[tuple[int, int]], size: int) -> "_Parts":
        headers = self.headers.mutablecopy()
        if len(ranges) == 1:
            start, end = ranges[0]
            headers["content-range"] = f"bytes {start}-{end - 1}/{size}"
            headers["content-length"] = str(end - start)
            return _Parts(206, headers.raw, [(b"", start, end)])
        boundary = secrets.token_hex(13)
        pieces = list(_multipart(ranges, size, headers["content-type"], boundary))
        headers["content-type"] = f"multipart/byteranges; boundary={boundary}"
        headers["content-length"] = str(sum(len(before) + end - start for before, start, end in pieces))
        return _Parts(206, headers.raw, pieces)


def _is_head(scope: Scope) -> bool:
    return bool(scope.get("method", "").upper() == "HEAD")  # some who call it by hand write it small


class _Parts(NamedTuple):
    """What is sent of a file: of each piece the bytes before it and its bytes of the file."""

    status: int
    headers: RawHeaders
    pieces: list[tuple[bytes, int, int]]

    async def send(self, path: str | os.PathLike[str], chunk_bytes: int, scope: Scope, send: Send) -> None:
        """Send the start, and each chunk as soon as it is read."""
        kind = "websocket.http.response" if scope["type"] == "websocket" else "http.response"
        await send({"type": f"{kind}.start", "status": self.status, "headers": self.headers})
        left = sum(len(before) + end - start for before, start, end in self.pieces)
        if _is_head(scope) or left == 0:
            await send({"type": f"{kind}.body", "body": b"", "more_body": False})
            return
        async with aclosing(_read(path, self.pieces, chunk_bytes)) as chunks:
            async for chunk in chunks:
                left -= len(chunk)
                await send({"type": f"{kind}.body", "body": chunk, "more_body": left > 0})


async def _read(
    path: str | os.PathLike[str], pieces: list[tuple[bytes, int, int]], chunk_bytes: int
) -> AsyncGenerator[bytes, None]:
    """Give what stands before each piece, and the piece, read in a thread."""
    opened: list[BinaryIO] = []
    try:
        # Kept by the thread: who is cancelled meanwhile is not given the file, and closes it all the same.
        await run_in_threadpool(lambda: opened.append(open(path, "rb")))  # noqa: SIM115  # closed below
        [file] = opened
        for before, at, end in pieces:
            if before:
                yield before
            if at < end:
                await run_in_threadpool(file.seek, at)
            while at < end:
                chunk = await run_in_threadpool(file.read, min(chunk_bytes, end - at))
                if not chunk:
                    raise RuntimeError(f"File at path {os.fspath(path)} is shorter than expected.")
                at += len(chunk)
                yield chunk
    finally:
        for file in opened:
            file.close()


def _dispose(filename: str, kind: str) -> str:
    """Give the Content-Disposition. Source: RFC 6266 section 4.3."""
    encoded = quote(filename)
    return f'{kind}; filename="{filename}"' if encoded == filename else f"{kind}; filename*=utf-8''{encoded}"


def _multipart(
    ranges: list[tuple[int, int]], size: int, content_type: str, boundary: str
) -> Iterator[tuple[bytes, int, int]]:
    """Give each range with the head of its part before it, and the end. Source: RFC 9110 section 14.6."""
    line_end = ""
    for start, end in ranges:
        head = (
            f"{line_end}--{boundary}\r\nContent-Type: {content_type}\r\n"
            f"Content-Range: bytes {start}-{end - 1}/{size}\r\n\r\n"
        )
        yield head.encode("latin-1"), start, end
        line_end = "\r\n"
    yield f"\r\n--{boundary}--".encode("latin-1"), 0, 0
