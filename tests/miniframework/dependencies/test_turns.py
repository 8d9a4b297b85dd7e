"""`Depends(..., max_concurrency=n)`: at most so many calls at a time, the others wait their turn."""

import asyncio
import gc
import threading
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from typing import Annotated, Any

import pytest

from miniframework import App, Depends, StreamingResponse
from miniframework.dependencies.turns import Turns
from tests.miniframework.asgi_driver import call, http_scope

pytestmark = pytest.mark.usefixtures("way")


class Resource:
    """Counts who uses it at once; each use lasts until `release`."""

    def __init__(self, expected: int) -> None:
        self.active = self.peak = self.calls = 0
        self.full = asyncio.Event()
        self.release = asyncio.Event()
        self._expected = expected

    def enter(self) -> None:
        self.active += 1
        self.calls += 1
        self.peak = max(self.peak, self.active)
        if self.active == self._expected:
            self.full.set()

    def leave(self) -> None:
        self.active -= 1

    async def plain(self) -> str:
        self.enter()
        await self.release.wait()
        self.leave()
        return "ok"

    async def yields(self) -> AsyncIterator[str]:
        self.enter()
        try:
            yield "ok"
            await self.release.wait()
        finally:
            self.leave()


async def ask(app: App, path: str = "/") -> Any:
    return (await call(app, http_scope(path))).body


def serve(*paths: str, dependency: Any) -> App:
    app = App()
    for path in paths:

        @app.get(path)
        async def endpoint(value: Annotated[str, dependency]) -> str:
            return value

    return app


@pytest.mark.parametrize("kind", ["plain", "yields"])
def test_a_limit_is_shared_by_the_routes_that_share_the_depends(kind: str) -> None:
    async def main() -> None:
        resource = Resource(2)
        app = serve("/a", "/b", dependency=Depends(getattr(resource, kind), max_concurrency=2))
        asked = [asyncio.create_task(ask(app, ("/a", "/b")[number % 2])) for number in range(6)]
        await resource.full.wait()
        for _ in range(50):
            await asyncio.sleep(0)
        assert (resource.active, resource.calls) == (2, 2)
        resource.release.set()
        assert await asyncio.gather(*asked) == [b'"ok"'] * 6
        assert (resource.peak, resource.calls, resource.active) == (2, 6, 0)

    asyncio.run(main())


def test_each_depends_has_a_limit_of_its_own() -> None:
    async def main() -> None:
        resource = Resource(2)
        app = App()

        @app.get("/")
        async def one(value: Annotated[str, Depends(resource.plain, max_concurrency=1)]) -> str:
            return value

        @app.get("/two")
        async def two(value: Annotated[str, Depends(resource.plain, max_concurrency=1)]) -> str:
            return value

        asked = [asyncio.create_task(ask(app, path)) for path in ("/", "/", "/two")]
        await resource.full.wait()
        resource.release.set()
        await asyncio.gather(*asked)
        assert resource.peak == 2

    asyncio.run(main())


def test_plain_functions_wait_without_a_thread() -> None:
    inside, go_on = threading.Semaphore(0), threading.Event()
    threads: list[str] = []

    def slow() -> str:
        threads.append(threading.current_thread().name)
        inside.release()
        go_on.wait(10)
        return "ok"

    async def main() -> None:
        app = serve("/", dependency=Depends(slow, max_concurrency=1))
        asked = [asyncio.create_task(ask(app)) for _ in range(4)]
        assert await asyncio.to_thread(inside.acquire, timeout=10)
        for _ in range(50):
            await asyncio.sleep(0)
        assert len(threads) == 1
        go_on.set()
        assert await asyncio.gather(*asked) == [b'"ok"'] * 4

    asyncio.run(main())
    assert len(threads) == 4


@pytest.mark.parametrize(("scope", "held"), [("request", True), ("function", False)])
def test_a_turn_is_held_until_the_clean_up(scope: Any, held: bool) -> None:
    async def main() -> list[bool]:
        seen: list[bool] = []

        def opened() -> Iterator[str]:
            yield "x"

        marker = Depends(opened, scope=scope, max_concurrency=1)
        app = App()

        @app.get("/")
        async def endpoint(value: Annotated[str, marker]) -> StreamingResponse:
            async def content() -> AsyncIterator[str]:
                seen.append(marker.turns.of_this_loop().locked())
                yield value

            return StreamingResponse(content())

        await ask(app)
        seen.append(marker.turns.of_this_loop().locked())
        return seen

    assert asyncio.run(main()) == [held, False]


@pytest.mark.parametrize("where", ["dependency", "endpoint"])
def test_an_error_gives_the_turn_back(where: str) -> None:
    async def main() -> None:
        async def opened() -> AsyncIterator[str]:
            if where == "dependency":
                raise ValueError
            yield "x"

        marker = Depends(opened, max_concurrency=1)
        app = App()

        @app.get("/")
        async def endpoint(value: Annotated[str, marker]) -> str:
            raise ValueError

        for _ in range(3):
            with pytest.raises(ValueError):  # noqa: PT011  # it has no message
                await call(app, http_scope())
        assert not marker.turns.of_this_loop().locked()

    asyncio.run(main())


def test_a_value_used_twice_in_a_request_takes_one_turn() -> None:
    async def main() -> Any:
        async def number() -> str:
            return "x"

        Number = Annotated[str, Depends(number, max_concurrency=1)]

        async def first(value: Number) -> str:
            return value

        app = App()

        @app.get("/")
        async def endpoint(a: Annotated[str, Depends(first)], b: Number) -> str:
            return a + b

        async with asyncio.timeout(5):
            return await ask(app)

    assert asyncio.run(main()) == b'"xx"'


def test_each_event_loop_has_turns_of_its_own_and_takes_them_with_it() -> None:
    turns = Turns(1)

    async def take() -> None:
        async with turns.of_this_loop():
            assert turns.of_this_loop().locked()

    asyncio.run(take())
    asyncio.run(take())
    gc.collect()
    assert len(turns._by_loop) == 0


@pytest.mark.parametrize("value", [0, -1, True, 1.5, "2"])
def test_a_limit_that_is_none_is_refused(value: Any) -> None:
    with pytest.raises(ValueError, match="must be a positive integer or None"):
        Depends(lambda: None, max_concurrency=value)


def test_a_marker_that_is_replaced_keeps_its_turns_unless_the_number_is_another() -> None:
    limited = Depends(int, max_concurrency=2)
    assert replace(limited, dependency=str).turns is limited.turns
    assert replace(limited, use_cache=False, scope="function") == replace(
        limited, scope="function", use_cache=False
    )
    assert replace(limited, max_concurrency=1).turns is not limited.turns
    assert replace(limited, max_concurrency=1).turns.most == 1
    assert replace(limited, max_concurrency=None).turns is None
    assert replace(Depends(int), max_concurrency=3).turns.most == 3
