"""A response that is read while the application still sends it."""

import asyncio
from collections.abc import Iterable, Iterator
from concurrent.futures import CancelledError, Future

from miniframework.testing.conversation import Answer, HttpConversation
from miniframework.testing.portal import GRACE_S, Portal
from miniframework.types import ASGIApp, Scope


class ResponseStream:
    """Runs one conversation in a portal; whoever opened it calls `close`, read to the end or not."""

    def __init__(
        self,
        portal: Portal,
        app: ASGIApp,
        scope: Scope,
        chunks: Iterable[bytes],
        *,
        disconnect_after: int | None,
        timeout_s: float,
    ) -> None:
        self._portal = portal
        self._pieces: asyncio.Queue[bytes | None] = asyncio.Queue(1)
        self._conversation = HttpConversation(app, scope, chunks, disconnect_after, self._pieces)
        self._timeout_s = timeout_s
        self._closed = False
        self._ended = asyncio.Event()
        self._finished = asyncio.Event()
        self._running: Future[None] = portal.start(self._run())

    def wait_for_start(self) -> Answer:
        """Give status and headers as soon as they are sent; a status of None when the application ended."""
        self._portal.run(self._start())
        return self._conversation.answer

    def pieces(self) -> Iterator[bytes]:
        """Give the body's pieces as they come, but empty ones; ends when the application does, which waits
        for each to be taken.
        """
        while (piece := self._portal.run(self._take_piece())) is not None:
            if piece:
                yield piece

    def close(self) -> Exception | None:
        """Leave, wait for the application's end, and give what it raised, once; cancel one that does not
        notice.
        """
        if self._closed:
            return None
        self._closed = True
        self._portal.run(self._leave())
        try:
            return _only_exceptions(self._running.exception())
        except CancelledError:
            return None

    async def _run(self) -> None:
        try:
            await self._conversation.run(self._timeout_s)
        finally:
            self._ended.set()
            await self._pieces.put(None)
            self._finished.set()

    async def _start(self) -> None:
        waits = {asyncio.create_task(one.wait()) for one in (self._conversation.started, self._ended)}
        try:
            await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for one in waits:
                one.cancel()

    async def _leave(self) -> None:
        self._conversation.leave()
        draining = asyncio.create_task(self._drain())
        try:
            async with asyncio.timeout(self._timeout_s):
                if not await self._finishes_within_grace():
                    self._running.cancel()
                await self._finished.wait()
        finally:
            draining.cancel()

    async def _finishes_within_grace(self) -> bool:
        try:
            async with asyncio.timeout(GRACE_S):
                return await self._finished.wait()
        except TimeoutError:
            return False

    async def _take_piece(self) -> bytes | None:
        piece = await self._pieces.get()
        self._pieces.task_done()
        return piece

    async def _drain(self) -> None:
        while True:  # lets a sender that waits go on
            await self._take_piece()


def _only_exceptions(error: BaseException | None) -> Exception | None:
    if error is not None and not isinstance(error, Exception):
        raise error
    return error
