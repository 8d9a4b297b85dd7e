"""Blocking calls and iterators beside the event loop, as FastAPI and Starlette name them."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Coroutine, Iterable
from contextlib import AbstractContextManager, asynccontextmanager
from typing import Any, ParamSpec, TypeVar, cast

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


async def run_in_threadpool(func: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Call `func` in a thread that sees this task's context variables, and give what it returns."""
    return await asyncio.to_thread(func, *args, **kwargs)


async def iterate_in_threadpool(iterator: Iterable[T]) -> AsyncIterator[T]:
    """Give the items of an iterable, each fetched in a thread."""
    end = object()
    items = iter(iterator)
    while (item := await asyncio.to_thread(next, cast(Any, items), end)) is not end:
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
    value = await asyncio.to_thread(cm.__enter__)
    try:
        yield value
    except BaseException as error:
        if not await asyncio.to_thread(cm.__exit__, type(error), error, error.__traceback__):
            raise
    else:
        await asyncio.to_thread(cm.__exit__, None, None, None)
