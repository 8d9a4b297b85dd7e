"""Waking the tasks of any event loop from any thread."""

import asyncio
import threading
from collections.abc import Callable


class Bell:
    """Wakes everyone who waits; `ring` may be called from any thread and never waits."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._waiting: set[asyncio.Future[None]] = set()

    def ring(self) -> None:
        """Wake everyone who waits now."""
        with self._lock:
            waiting, self._waiting = self._waiting, set()
        for future in waiting:
            _wake(future)

    async def wait(self, is_ready: Callable[[], bool], timeout_s: float, poll_s: float | None = None) -> bool:
        """Return True as soon as `is_ready()` says so, False when it still does not after `timeout_s`.

        `is_ready` is asked at each ring, and also every `poll_s` when others than this bell may change it.
        """
        loop = asyncio.get_running_loop()
        deadline = loop.time() + timeout_s
        while True:
            future = loop.create_future()
            with self._lock:
                self._waiting.add(future)
            try:
                if is_ready():
                    return True
                remaining = deadline - loop.time()
                if remaining <= 0:
                    return False
                await asyncio.wait((future,), timeout=min(remaining, poll_s or remaining))
            finally:
                with self._lock:
                    self._waiting.discard(future)


def _wake(future: asyncio.Future[None]) -> None:
    loop = future.get_loop()
    try:
        loop.call_soon_threadsafe(_resolve, future)
    except RuntimeError:
        # The waiter's loop is closed, so nobody waits there any more.
        return


def _resolve(future: asyncio.Future[None]) -> None:
    if not future.done():
        future.set_result(None)
