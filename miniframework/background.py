"""Work that is done after the response was sent."""

import inspect
import time
from collections.abc import Callable, Sequence
from typing import Any, ParamSpec

from miniframework.callables import qualified_name_of, without_partial
from miniframework.concurrency import run_in_threadpool
from miniframework.events import BackgroundTaskFinished, BackgroundTaskRaised, BackgroundTaskStarted
from miniframework.tap import Trace, find_trace

P = ParamSpec("P")


class BackgroundTask:
    """One call to be made after the response: a coroutine function awaited, a plain `def` run in a thread.

    What it raises reaches the server like any failure after a response; the client never hears of it.
    """

    def __init__(self, func: Callable[P, Any], *args: P.args, **kwargs: P.kwargs) -> None:
        if not callable(func):
            raise TypeError(
                f"a background task is a function, not {func!r:.100}; give its arguments behind it, as in "
                "add_task(send_mail, address)"
            )
        self.func = func
        self.args = args
        self.kwargs = kwargs
        self.is_async = _is_async(func)

    async def __call__(self) -> None:
        """Make the call, and tell a recorded request about it."""
        trace = find_trace()
        if trace is None:
            await self._call()
        else:
            await self._call_told(trace)

    async def _call(self) -> None:
        if self.is_async:
            await self.func(*self.args, **self.kwargs)
        else:
            await run_in_threadpool(self.func, *self.args, **self.kwargs)

    async def _call_told(self, trace: Trace) -> None:
        name = qualified_name_of(self.func)
        of, began_ns = trace.exchange_id, time.monotonic_ns()
        trace.emit(
            BackgroundTaskStarted(exchange_id=of, at_ns=began_ns, name=name, in_thread=not self.is_async)
        )
        try:
            await self._call()
        except BaseException as error:
            now = time.monotonic_ns()
            took_ns = now - began_ns
            trace.emit(
                BackgroundTaskRaised(exchange_id=of, at_ns=now, name=name, took_ns=took_ns, error=error)
            )
            raise
        now = time.monotonic_ns()
        trace.emit(BackgroundTaskFinished(exchange_id=of, at_ns=now, name=name, took_ns=now - began_ns))


class BackgroundTasks(BackgroundTask):
    """Calls to be made after the response, one after the other; one that raises ends the rest.

    A parameter of this type is the same object in the endpoint and all its dependencies.
    """

    def __init__(self, tasks: Sequence[BackgroundTask] | None = None) -> None:
        self.tasks = list(tasks or ())

    def add_task(self, func: Callable[P, Any], *args: P.args, **kwargs: P.kwargs) -> None:
        """Call `func` with these arguments after the response."""
        self.tasks.append(BackgroundTask(func, *args, **kwargs))

    async def __call__(self) -> None:
        """Make the calls."""
        for task in self.tasks:
            await task()


def _is_async(func: Any) -> bool:
    func = without_partial(func)
    return inspect.iscoroutinefunction(func) or inspect.iscoroutinefunction(getattr(func, "__call__", None))  # noqa: B004  # an object with an async __call__
