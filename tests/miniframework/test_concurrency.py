import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from miniframework.concurrency import (
    contextmanager_in_threadpool,
    iterate_in_threadpool,
    run_in_threadpool,
    run_until_first_complete,
)


def test_a_blocking_call_runs_in_another_thread() -> None:
    def where(a: int, *, b: int) -> tuple[int, bool]:
        return a + b, threading.current_thread() is threading.main_thread()

    assert asyncio.run(run_in_threadpool(where, 1, b=2)) == (3, False)


def test_the_items_of_an_iterable_are_fetched_in_another_thread() -> None:
    def items() -> Iterator[bool]:
        for _ in range(2):
            yield threading.current_thread() is threading.main_thread()

    async def collect() -> list[bool]:
        return [item async for item in iterate_in_threadpool(items())]

    assert asyncio.run(collect()) == [False, False]


def test_a_context_manager_sees_what_is_raised_inside() -> None:
    seen: list[BaseException | None] = []

    @contextmanager
    def swallowing() -> Iterator[str]:
        try:
            yield "value"
            seen.append(None)
        except ValueError as error:
            seen.append(error)

    async def use() -> None:
        async with contextmanager_in_threadpool(swallowing()) as value:
            assert value == "value"
        async with contextmanager_in_threadpool(swallowing()):
            raise ValueError("swallowed")
        async with contextmanager_in_threadpool(swallowing()):
            raise KeyError("passes through")

    with pytest.raises(KeyError, match="passes through"):
        asyncio.run(use())
    assert [str(one) for one in seen] == ["None", "swallowed"]


def test_the_first_to_be_done_ends_the_others_and_says_how_it_failed() -> None:
    ended: list[str] = []

    async def wait(name: str) -> None:
        try:
            await asyncio.Event().wait()
        finally:
            ended.append(name)

    async def fail(error: Exception) -> None:
        await asyncio.sleep(0)
        raise error

    with pytest.raises(ValueError, match="so it is"):
        asyncio.run(
            run_until_first_complete((wait, {"name": "a"}), (fail, {"error": ValueError("so it is")}))
        )
    assert ended == ["a"]
