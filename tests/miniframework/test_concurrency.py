import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from miniframework import App, Depends
from miniframework.concurrency import (
    contextmanager_in_threadpool,
    iterate_in_threadpool,
    run_in_threadpool,
    run_until_first_complete,
)
from miniframework.testing import TestClient


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


def _find_none() -> Any:
    return next(iter([]))


def test_a_stop_iteration_in_a_thread_does_not_hang_whoever_waits() -> None:
    with pytest.raises(RuntimeError, match="_find_none raised StopIteration") as caught:
        asyncio.run(asyncio.wait_for(run_in_threadpool(_find_none), 30))
    assert isinstance(caught.value.__cause__, StopIteration)


def test_an_endpoint_and_a_dependency_that_find_nothing_are_answered() -> None:
    app = App()
    app.get("/endpoint")(lambda: next(iter([])))
    app.get("/dependency", dependencies=[Depends(_find_none)])(lambda: 1)
    client = TestClient(app, raise_server_exceptions=False)
    assert [client.get(path).status_code for path in ("/endpoint", "/dependency")] == [500, 500]
