"""A response whose body is made while it is sent."""

import asyncio
import contextlib
import sys
from collections.abc import (
    AsyncIterable,
    AsyncIterator,
    Awaitable,
    Callable,
    Coroutine,
    Iterable,
    Iterator,
    Mapping,
    Sequence,
)
from typing import Any, Final, cast

from miniframework.background import BackgroundTask
from miniframework.concurrency import clean_up_in_threadpool, run_in_threadpool
from miniframework.errors import NoTextError
from miniframework.http.response import Response, make_headers
from miniframework.types import Message, Receive, Scope, Send

Chunk = str | bytes | memoryview

_BODY: Final = "http.response.body"


class StreamingResponse(Response):
    """Sends every chunk as soon as `content` gives it; nothing is held back.

    An async iterable is run in the request's task, a plain iterator in a thread (a list is not: it never
    waits). When the client leaves, the iterable is cancelled where it waits, and closed. To a HEAD request
    only the headers go out.
    """

    __slots__ = ("body_iterator",)

    def __init__(
        self,
        content: AsyncIterable[Chunk] | Iterable[Chunk],
        status_code: int = 200,
        headers: Mapping[str, str] | None = None,
        media_type: str | None = None,
        background: BackgroundTask | None = None,
    ) -> None:
        self.status_code = status_code
        self.background = background
        self.body = b""
        if media_type is not None:
            self.media_type = media_type
        self.raw_headers = make_headers(headers, self.media_type, self.charset)
        self.body_iterator: AsyncIterable[Chunk] = as_async(content)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send the start, then each chunk, then the end; stop when the client leaves."""
        if scope["type"] == "websocket":
            send = _as_denial(send)
        if scope.get("method") == "HEAD":
            await send(self._make_start())
            await self._close()
            await send({"type": _BODY, "body": b""})
            await self._run_background()
            return
        try:
            await until_disconnect(self.stream_response(send), receive, self.listen_for_disconnect)
        finally:
            await self._close()  # out here, where a client that leaves no longer interrupts it
        await self._run_background()

    async def stream_response(self, send: Send) -> None:
        """Send the start, each chunk and the end; a subclass may do so in a way of its own."""
        await send(self._make_start())
        await self._send_pieces(_BODY, send)
        await send({"type": _BODY, "body": b"", "more_body": False})

    async def listen_for_disconnect(self, receive: Receive) -> object:
        """Return when the client has left, False when that cannot be learnt; a subclass may note it."""
        return await wait_for_disconnect(receive)

    def _make_start(self) -> Message:
        return {"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers}

    async def _run_background(self) -> None:
        if self.background is not None:
            await self.background()

    async def _send_chunks(self, kind: str, send: Send) -> None:
        try:
            await self._send_pieces(kind, send)
        finally:
            await self._close()
        await send({"type": kind, "body": b"", "more_body": False})

    async def _send_pieces(self, kind: str, send: Send) -> None:
        async for chunk in self.body_iterator:
            await send({"type": kind, "body": self._as_bytes(chunk), "more_body": True})

    def _as_bytes(self, chunk: Any) -> bytes:
        if isinstance(chunk, str):
            return chunk.encode(self.charset)
        if isinstance(chunk, bytes | memoryview):
            return bytes(chunk)
        said = f"{type(self).__name__} sends text or bytes, not {chunk!r:.100}"
        raise NoTextError(f"{said}; make it one of them")

    async def _close(self) -> None:
        await close_iterator(self.body_iterator)


def _as_denial(send: Send) -> Send:
    """Give a `send` that answers a WebSocket handshake. Source: ASGI, websocket.http.response extension."""

    async def send_denial(message: Message) -> None:
        await send({**message, "type": f"websocket.{message['type']}"})

    return send_denial


async def wait_for_disconnect(receive: Receive) -> bool:
    """Wait for the client to leave; False for a `receive` that never waits, as in simple test drivers: there
    is nothing to be learnt from it.
    """
    message: Message = await receive()
    while not message["type"].endswith(".disconnect"):
        last = not message.get("more_body", False)
        message = await receive()
        if last and message["type"] == "http.request":
            return False
    return True


async def until_disconnect(
    sending: Coroutine[Any, Any, None],
    receive: Receive,
    listen: Callable[[Receive], Awaitable[object]] = wait_for_disconnect,
) -> None:
    """Wait for `sending` to end; when the client leaves before, cancel it where it waits."""
    try:
        async with asyncio.timeout(None) as deadline:
            watcher = asyncio.create_task(_watch(receive, listen, deadline))
            try:
                await sending
            finally:
                if not deadline.expired():
                    deadline.reschedule(None)  # a client that leaves only now hides no failure
                await _end(watcher)
    except TimeoutError:
        if not deadline.expired():
            raise


async def _watch(
    receive: Receive, listen: Callable[[Receive], Awaitable[object]], deadline: asyncio.Timeout
) -> None:
    """Wait for the client to leave, then let the deadline of the sending side pass."""
    if await listen(receive) is not False:
        deadline.reschedule(asyncio.get_running_loop().time())


async def _end(watcher: asyncio.Task[None]) -> None:
    failed = sys.exception() is not None  # what failed while sending says more than what `receive` raised
    watcher.cancel()
    await asyncio.wait([watcher])
    if not watcher.cancelled() and (error := watcher.exception()) is not None and not failed:
        raise error


async def close_iterator(items: AsyncIterable[Any]) -> None:
    """Close what can be closed, as a generator."""
    close = getattr(items, "aclose", None)
    if close is not None:
        await close()


def iterate_written(
    items: AsyncIterable[Any] | Iterator[Any], write: Callable[[Any], bytes]
) -> AsyncIterator[bytes] | Iterator[bytes]:
    """Give what `write` makes of each item of a generator, async or plain; closing it closes both."""
    if isinstance(items, AsyncIterable):
        return _iterate_written_async(items, write)
    return _iterate_written(items, write)


async def _iterate_written_async(
    items: AsyncIterable[Any], write: Callable[[Any], bytes]
) -> AsyncIterator[bytes]:
    try:
        async for item in items:
            yield write(item)
            # A generator that never waits, and a send that never does, would let nobody else run.
            await asyncio.sleep(0)
    finally:
        await close_iterator(items)


def _iterate_written(items: Iterator[Any], write: Callable[[Any], bytes]) -> Iterator[bytes]:
    try:
        for item in items:
            yield write(item)
    finally:
        close = getattr(items, "close", None)
        if close is not None:
            close()


def as_async(content: AsyncIterable[Any] | Iterable[Any]) -> AsyncIterable[Any]:
    """Give an async iterable: the same, or one that fetches each item of an iterator in a thread. A text is
    one chunk.
    """
    if isinstance(content, AsyncIterable):
        return content
    if isinstance(content, str):
        return _iterate_sequence([content])
    return _iterate_sequence(content) if isinstance(content, Sequence) else _iterate_in_threads(content)


async def _iterate_sequence(content: Sequence[Chunk]) -> AsyncIterator[Chunk]:
    for chunk in content:
        yield chunk


async def _iterate_in_threads(content: Iterable[Chunk]) -> AsyncIterator[Chunk]:
    end = object()
    iterator = cast(Iterator[Any], iter(content))
    try:
        while (chunk := await run_in_threadpool(next, iterator, end)) is not end:
            yield cast(Chunk, chunk)
    finally:
        close = getattr(iterator, "close", None)
        if close is not None:
            # ValueError: cancelled twice while a thread is inside next(); that thread drops the last one.
            with contextlib.suppress(ValueError):
                await clean_up_in_threadpool(close)
