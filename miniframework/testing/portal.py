"""An event loop in a thread of its own, for code that has none."""

import asyncio
import inspect
import threading
from collections.abc import Callable, Coroutine, Mapping
from concurrent.futures import Future
from types import TracebackType
from typing import Any, Self, TypeVar

from miniframework.concurrency import provide_threads

T = TypeVar("T")

# How long an application that was left may take to notice, in seconds, before it is cancelled.
GRACE_S = 1.0


class Portal:
    """Runs coroutines for another thread; `close` cancels what still runs and ends the thread.

    A coroutine sees the context variables of whoever handed it in. `options` are those of `asyncio.Runner`
    (`debug`, `loop_factory`), and anyio's `use_uvloop`.
    """

    def __init__(self, options: Mapping[str, Any]) -> None:
        self._options = _read_options(options)
        self._loop: asyncio.AbstractEventLoop | None = None
        self._stop = asyncio.Event()
        self._ready = threading.Event()
        self._thread = threading.Thread(target=self._run_loop, name="miniframework-testing", daemon=True)
        self._thread.start()
        self._ready.wait()

    def start(self, coroutine: Coroutine[Any, Any, T]) -> Future[T]:
        """Run a coroutine as a task of the loop; the future is its result."""
        assert self._loop is not None
        return asyncio.run_coroutine_threadsafe(coroutine, self._loop)

    def run(self, coroutine: Coroutine[Any, Any, T]) -> T:
        """Run a coroutine and give its result, or raise what it raised."""
        future = self.start(coroutine)
        try:
            return future.result()
        except BaseException:
            future.cancel()  # the waiting thread was interrupted
            raise

    def call(self, function: Callable[..., Any], *arguments: Any) -> Any:
        """Call a function on the loop, await what it gives if that is to be awaited, and give the result."""
        return self.start_task_soon(function, *arguments).result()

    def start_task_soon(self, function: Callable[..., Any], *arguments: Any) -> Future[Any]:
        """Begin a call on the loop; the future is its result."""

        async def called() -> Any:
            result = function(*arguments)
            return await result if inspect.isawaitable(result) else result

        return self.start(called())

    def close(self) -> None:
        """Cancel every task, close the loop and wait for the thread; closing twice is no error."""
        if self._loop is not None and self._thread.is_alive():
            self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _run_loop(self) -> None:
        with asyncio.Runner(**self._options) as runner:
            runner.run(self._serve())

    async def _serve(self) -> None:
        provide_threads()
        self._loop = asyncio.get_running_loop()
        self._ready.set()
        await self._stop.wait()


def _read_options(options: Mapping[str, Any]) -> dict[str, Any]:
    known = {name: options[name] for name in ("debug", "loop_factory") if name in options}
    if options.get("use_uvloop"):
        import uvloop  # not there on every platform

        known.setdefault("loop_factory", uvloop.new_event_loop)
    if unknown := options.keys() - known.keys() - {"use_uvloop"}:
        raise ValueError(
            f"backend_options has {sorted(unknown)!r}; known are 'debug', 'loop_factory' and 'use_uvloop'"
        )
    return known
