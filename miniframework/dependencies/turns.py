"""At most so many calls of a dependency at the same time."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any
from weakref import WeakKeyDictionary


class Turns:
    """The turns of one `Depends(..., max_concurrency=most)`; who comes when all are taken waits, in order.

    Each event loop has its own, for a semaphore belongs to one; a loop that is gone takes them with it.
    """

    __slots__ = ("_by_loop", "most")

    def __init__(self, most: int) -> None:
        if type(most) is not int or most < 1:
            raise ValueError(f"max_concurrency={most!r} must be a positive integer or None")
        self.most = most
        self._by_loop: WeakKeyDictionary[asyncio.AbstractEventLoop, asyncio.Semaphore] = WeakKeyDictionary()

    def of_this_loop(self) -> asyncio.Semaphore:
        """Give the semaphore of the running event loop; `async with` it takes a turn and gives it back."""
        loop = asyncio.get_running_loop()
        semaphore = self._by_loop.get(loop)
        if semaphore is None:
            semaphore = self._by_loop[loop] = asyncio.Semaphore(self.most)
        return semaphore

    @asynccontextmanager
    async def around(self, manager: AbstractAsyncContextManager[Any]) -> AsyncIterator[Any]:
        """Hold a turn from before `manager` is entered until it is left."""
        async with self.of_this_loop(), manager as value:
            yield value
