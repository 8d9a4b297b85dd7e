"""Blocking calls and iterators beside the event loop, as FastAPI and Starlette name them."""

import asyncio
import contextvars
import threading
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Coroutine, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager, asynccontextmanager
from typing import Any, Final, ParamSpec, TypeVar, cast

from miniframework.anyio_scopes import Home, find_home, find_limited_threads, shield

__all__ = [
    "asynccontextmanager",
    "contextmanager_in_threadpool",
    "iterate_in_threadpool",
    "run_in_threadpool",
    "run_until_first_complete",
]

P = ParamSpec("P")
T = TypeVar("T")
AsyncFunction = Callable[..., Coroutine[Any, Any, Any]]

# As many plain functions run at a time in Starlette. Those of asyncio depend on the processors: 6 for two.
# Source: https://www.starlette.io/threadpool/
THREADS: Final = 40


def provide_threads() -> None:
    """Let the running event loop have `THREADS` threads for plain functions, as far as they are wanted.

    A loop of asyncio that somebody gave an executor keeps it.

    Another number is said later, in a lifespan: `loop.set_default_executor(ThreadPoolExecutor(100))`, or by
    anyio's `current_default_thread_limiter().total_tokens = 100`.
    """
    from concurrent.futures import ThreadPoolExecutor  # not for who only declares an application

    loop = asyncio.get_running_loop()
    if getattr(loop, "_default_executor", None) is None:
        loop.set_default_executor(ThreadPoolExecutor(THREADS, thread_name_prefix="asyncio"))


async def run_in_threadpool(func: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Call `func` in a thread that sees this task's context variables, and give what it returns.

    Who is cancelled meanwhile waits until the thread has ended: what it uses may be closed afterwards. A call
    that no thread has begun is given up, and a second cancellation does not wait.

    A StopIteration that it raises comes as a RuntimeError: no coroutine can raise one, and before Python 3.12
    whoever waits for the thread would wait for ever.
    """
    running = threading.Lock()  # held by the thread; who gives the call up keeps it from beginning
    loop, run = asyncio.get_running_loop(), contextvars.copy_context().run
    try:
        if (in_thread := find_limited_threads(THREADS)) is not None:
            return cast(T, await in_thread(run, _call, None, running, func, args, kwargs))
        return await loop.run_in_executor(None, run, _call, find_home(), running, func, args, kwargs)
    except asyncio.CancelledError:
        if not running.acquire(blocking=False):
            with shield():
                await loop.run_in_executor(None, running.acquire)
        raise


async def clean_up_in_threadpool(func: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Call `func` as `run_in_threadpool` does, in any case: one that no thread has begun is not given up, and
    goes on also when a second cancellation no longer waits for it.
    """
    loop, run = asyncio.get_running_loop(), contextvars.copy_context().run
    calling = loop.run_in_executor(None, run, _call, find_home(), threading.Lock(), func, args, kwargs)
    with shield():
        try:
            return await asyncio.shield(calling)
        except asyncio.CancelledError:
            await asyncio.wait([calling])
            raise


def _call(
    home: Home | None,
    running: threading.Lock,
    func: Callable[..., T],
    args: Sequence[Any],
    kwargs: Mapping[str, Any],
) -> T:
    if not running.acquire(blocking=False):
        raise asyncio.CancelledError  # nobody hears of it
    try:
        if home is None:
            return func(*args, **kwargs)
        with home.claimed():
            return func(*args, **kwargs)
    except StopIteration as error:
        name = getattr(func, "__qualname__", repr(func))
        raise RuntimeError(f"{name} raised StopIteration; call next() with a default") from error
    finally:
        running.release()


async def iterate_in_threadpool(iterator: Iterable[T]) -> AsyncIterator[T]:
    """Give the items of an iterable, each fetched in a thread."""
    end = object()
    items = iter(iterator)
    while (item := await run_in_threadpool(next, cast(Any, items), end)) is not end:
        yield cast(T, item)


async def run_until_first_complete(*args: tuple[AsyncFunction, dict[str, Any]]) -> None:
    """Call coroutine functions, each with its keywords, until one is done; the others are cancelled."""
    tasks = [asyncio.ensure_future(function(**keywords)) for function, keywords in args]
    try:
        done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        for task in done:
            task.result()
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.wait(tasks)


@asynccontextmanager
async def contextmanager_in_threadpool(cm: AbstractContextManager[T]) -> AsyncGenerator[T, None]:
    """Enter and leave a context manager in threads; what is raised inside the block reaches it."""
    entered: list[T] = []
    try:
        await run_in_threadpool(lambda: entered.append(cm.__enter__()))
    except asyncio.CancelledError as error:  # it may be entered all the same, and then it must be left
        if entered:
            await clean_up_in_threadpool(cm.__exit__, type(error), error, error.__traceback__)
        raise
    try:
        yield entered[0]
    except BaseException as error:
        if not await clean_up_in_threadpool(cm.__exit__, type(error), error, error.__traceback__):
            raise
    else:
        await clean_up_in_threadpool(cm.__exit__, None, None, None)
