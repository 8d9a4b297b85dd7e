"""Fans the journal's changes out to the pages that watch. Reads only while somebody does."""

import asyncio
import contextlib
import logging

from inspector.errors import InspectorError
from inspector.journal.outage import Outage
from inspector.journal.protocol import Journal
from inspector.streaming.connection import SERVICE_RESTART, TRY_AGAIN_LATER, Connection, ViewerCut
from inspector.streaming.limits import StreamLimits
from inspector.streaming.reading import read_journal
from inspector.streaming.viewer import Describe, Viewer, run_until_first_ends

_LOG = logging.getLogger("inspector")
_READ_LIMIT = 500  # changes a look; more wait in the journal, which is the larger buffer
_WAIT_S = 5.0  # how long one wait for a change lasts before the next begins
_RETRY_S = 1.0  # after the journal could not be read


class Stream:
    """Serves viewers on one event loop. Whoever makes it calls `close` when the server stops.

    `failures` counts the times the journal could not be read; viewers then wait and lose nothing.
    """

    def __init__(self, journal: Journal, *, describe: Describe, limits: StreamLimits | None = None) -> None:
        self.failures = 0
        self._outage = Outage(_LOG, "the dashboard's pages")
        self._journal = journal
        self._describe = describe
        self._limits = limits or StreamLimits()
        self._joined: set[Viewer] = set()
        self._served = 0
        self._position = 0
        self._reader: asyncio.Task[None] | None = None
        self._closing = asyncio.Event()

    @property
    def viewers(self) -> int:
        """How many pages are being served."""
        return self._served

    async def serve(self, connection: Connection) -> None:
        """Serve one accepted connection until it or the stream ends, and close it."""
        if self._served >= self._limits.viewers:
            await self._let_go(connection, ViewerCut(TRY_AGAIN_LATER, "too many viewers"))
            return
        viewer = Viewer(connection, self._journal, self, describe=self._describe, limits=self._limits)
        self._served += 1
        try:
            await run_until_first_ends(viewer.run(), _cut_when_set(self._closing))
        except ViewerCut as cut:
            await self._let_go(connection, cut)
        except OSError:
            pass  # the page is gone: there is nobody to tell
        except InspectorError as error:  # named boundary: one viewer's journal reads
            self._count_failure(error)
            await self._let_go(connection, ViewerCut(TRY_AGAIN_LATER, "the journal cannot be read"))
        finally:
            self._served -= 1

    def close(self) -> None:
        """Let every viewer that is being served go with "service restart"."""
        closing, self._closing = self._closing, asyncio.Event()
        closing.set()

    def join(self, viewer: Viewer) -> bool:
        """Hand on every change after `viewer.subscription.head`; False when the stream is further already."""
        if not self._joined:
            self._position = viewer.subscription.head
            self._reader = asyncio.ensure_future(self._read())
        elif self._position > viewer.subscription.head:
            return False
        self._joined.add(viewer)
        return True

    def leave(self, viewer: Viewer) -> None:
        """Hand on nothing more; the last one to leave stops the reading."""
        self._joined.discard(viewer)
        if not self._joined and self._reader:
            self._reader.cancel()
            self._reader = None

    async def _read(self) -> None:
        while True:
            try:
                if await self._journal.wait_after(self._position, _WAIT_S):
                    reading = await asyncio.to_thread(
                        read_journal, self._journal, self._position, _READ_LIMIT
                    )
                    self._outage.end()
                    self._position = reading.head
                    for viewer in self._joined:
                        viewer.take(reading)
            except InspectorError as error:  # named boundary: the reading for all viewers
                self._count_failure(error)
                await asyncio.sleep(_RETRY_S)

    def _count_failure(self, error: InspectorError) -> None:
        self.failures += 1
        self._outage.note(error)

    async def _let_go(self, connection: Connection, cut: ViewerCut) -> None:
        with contextlib.suppress(OSError, TimeoutError):  # closing a connection that takes no bytes
            async with asyncio.timeout(self._limits.send_s):
                await connection.close(cut.code, cut.reason)


async def _cut_when_set(closing: asyncio.Event) -> None:
    await closing.wait()
    raise ViewerCut(SERVICE_RESTART, "the server stops")
