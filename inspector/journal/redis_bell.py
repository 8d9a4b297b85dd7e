"""Waking waiters when any process has written to the recording: one thread that listens to its channel."""

import threading
from typing import Any

import redis

from inspector.journal.bell import Bell

_LISTENING_S = 0.5  # how long the first waiter waits for the ear
_LOOK_S = 0.5  # how often the thread looks whether it shall end
_RETRY_S = 1.0


class RedisBell:
    """Counts the rings of a channel in `rung`. Listens from the first `listen` on, until it is closed."""

    def __init__(self, client: Any, channel: str) -> None:
        self._client = client
        self._channel = channel
        self._bell = Bell()
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        self._hears = threading.Event()
        self._closed = threading.Event()
        self.rung = 0

    def listen(self) -> None:
        """Begin to listen, and wait a moment until that is so; may be called often."""
        with self._lock:
            if self._thread is None and not self._closed.is_set():
                self._thread = threading.Thread(target=self._run, name="inspector-redis", daemon=True)
                self._thread.start()
        if not self._hears.is_set():
            self._hears.wait(_LISTENING_S)

    async def wait(self, since: int, timeout_s: float) -> None:
        """Wait until it has rung since `rung` was `since`, at most so long."""
        await self._bell.wait(lambda: self.rung != since, timeout_s)

    def close(self) -> None:
        """End the thread soon; it holds nothing that outlives the process."""
        self._closed.set()

    def _run(self) -> None:
        while not self._closed.is_set():
            try:
                with self._client.pubsub() as ear:
                    ear.subscribe(self._channel)
                    self._hear(ear)
            except (redis.RedisError, OSError, ValueError):
                # Redis is away, or the client is closed: waiters look by themselves now and then.
                self._hears.clear()
                self._closed.wait(_RETRY_S)

    def _hear(self, ear: Any) -> None:
        while not self._closed.is_set():
            message = ear.get_message(timeout=_LOOK_S)
            if message is None:
                continue
            self._hears.set()  # the first message says that the subscription stands
            self.rung += 1  # by this thread alone
            self._bell.ring()
