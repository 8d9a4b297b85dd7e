import asyncio
import threading
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Annotated, Any

import pytest

from miniframework import App, Depends, StreamingResponse
from miniframework.concurrency import (
    THREADS,
    clean_up_in_threadpool,
    contextmanager_in_threadpool,
    iterate_in_threadpool,
    run_in_threadpool,
    run_until_first_complete,
)
from miniframework.http.file import FileResponse
from miniframework.testing import TestClient
from miniframework.types import ASGIApp, Message
from tests.miniframework.asgi_driver import Wire, http_scope


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


class Work:
    """A blocking call: it says when it began, and goes on when it is let."""

    def __init__(self) -> None:
        self.story: list[str] = []
        self._began, self._may_end = threading.Event(), threading.Event()

    def __call__(self) -> str:
        self._began.set()
        assert self._may_end.wait(30)
        self.story.append("worked")
        return "done"

    @asynccontextmanager
    async def cancelled_in(self, task: "asyncio.Task[Any]") -> AsyncIterator[None]:
        """Cancel `task` while the call lasts; at the end of the block the call ends, and then the task."""
        assert await asyncio.to_thread(self._began.wait, 30)
        task.cancel()
        for _ in range(20):  # turns of the loop in which the task could end, if it did not wait
            await asyncio.sleep(0)
        yield
        self._may_end.set()
        with pytest.raises(asyncio.CancelledError):
            await asyncio.wait_for(asyncio.shield(task), 30)
        self.story.append("cancelled")

    def end(self) -> None:
        self._may_end.set()


def test_who_is_cancelled_waits_for_the_thread() -> None:
    async def main() -> None:
        work = Work()
        task = asyncio.create_task(run_in_threadpool(work))
        async with work.cancelled_in(task):
            assert not task.done()
        assert work.story == ["worked", "cancelled"]

    asyncio.run(main())


def test_who_is_cancelled_twice_does_not_wait() -> None:
    async def main() -> None:
        work = Work()
        task = asyncio.create_task(run_in_threadpool(work))
        async with work.cancelled_in(task):
            task.cancel()
            await asyncio.wait([task], timeout=30)
            assert task.cancelled()

    asyncio.run(main())


def test_what_no_thread_has_begun_is_not_called_when_it_is_cancelled() -> None:
    async def main() -> None:
        asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor(1))
        work, called = Work(), list[int]()
        busy = asyncio.create_task(run_in_threadpool(work))
        waiting = asyncio.create_task(run_in_threadpool(called.append, 1))
        await asyncio.sleep(0)
        waiting.cancel()
        await asyncio.wait([waiting], timeout=30)
        work.end()
        assert (waiting.cancelled(), await busy) == (True, "done")
        await run_in_threadpool(int)  # behind the one that was cancelled
        assert called == []

    asyncio.run(main())


def test_what_a_thread_raises_after_its_caller_was_cancelled_is_no_news() -> None:
    async def main() -> None:
        told: list[Any] = []
        asyncio.get_running_loop().set_exception_handler(lambda loop, context: told.append(context))
        work = Work()

        def fail() -> None:
            work()
            raise ValueError("too late")

        async with work.cancelled_in(asyncio.create_task(run_in_threadpool(fail))):
            pass
        assert told == []

    asyncio.run(main())


def make_cancelled_app(work: Work) -> App:
    app = App()

    def slow_to_begin() -> Iterator[None]:
        work()
        try:
            yield
        finally:
            work.story.append("closed")

    def held() -> Iterator[None]:
        try:
            yield
        finally:
            work.story.append("closed")

    @app.get("/dependency")
    async def dependency(entered: Annotated[None, Depends(slow_to_begin)]) -> None:
        work.story.append("called")

    @app.get("/endpoint")
    def endpoint(entered: Annotated[None, Depends(held)]) -> str:
        return work()

    @app.get("/stream")
    def stream(entered: Annotated[None, Depends(held)]) -> StreamingResponse:
        def pieces() -> Iterator[str]:
            try:
                yield work()
            finally:
                work.story.append("ended")

        return StreamingResponse(pieces())

    return app


@pytest.mark.parametrize(
    ("path", "story"),
    [
        pytest.param("/dependency", ["worked", "closed", "cancelled"], id="dependency"),
        pytest.param("/endpoint", ["worked", "closed", "cancelled"], id="endpoint"),
        pytest.param("/stream", ["worked", "ended", "closed", "cancelled"], id="stream"),
    ],
)
def test_a_dependency_is_closed_when_no_thread_uses_it_any_more(path: str, story: list[str]) -> None:
    async def main() -> None:
        work, wire = Work(), Wire()
        task = asyncio.create_task(_serve(make_cancelled_app(work), path, wire))
        async with work.cancelled_in(task):
            assert work.story == []
        assert work.story == story

    asyncio.run(main())


class SlowPath:
    """The path of a file, which takes its time to be opened."""

    def __init__(self, path: Path, work: Work) -> None:
        self._path = path
        self._work = work

    def __fspath__(self) -> str:
        self._work()
        return str(self._path)


def test_a_file_that_was_being_opened_when_its_reader_was_cancelled_is_closed(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_text("content")

    async def main() -> None:
        work = Work()
        response = FileResponse(SlowPath(path, work), media_type="text/plain", stat_result=path.stat())
        async with work.cancelled_in(asyncio.create_task(_serve(response, "/", Wire()))):
            pass

    asyncio.run(main())  # one that is left to the collector is a ResourceWarning, and so a failure


async def _serve(app: ASGIApp, path: str, wire: Wire) -> None:
    await app(http_scope(path), wire.receive, wire.send)


async def _cancelled_before_a_thread_is_free(
    serving: Callable[[asyncio.Event], Coroutine[Any, Any, Any]],
) -> None:
    """Begin `serving`, let it go on while the only thread is busy, and cancel it where it waits for that."""
    asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor(1))
    go_on, work = asyncio.Event(), Work()
    task = asyncio.create_task(serving(go_on))
    await asyncio.sleep(0)
    await run_in_threadpool(int)  # behind what it began with
    busy = asyncio.create_task(run_in_threadpool(work))
    go_on.set()
    for _ in range(20):  # turns of the loop in which it comes to where it waits
        await asyncio.sleep(0)
    task.cancel()
    for _ in range(20):
        await asyncio.sleep(0)
    work.end()
    await busy
    with pytest.raises(asyncio.CancelledError):
        await asyncio.wait_for(task, 30)


def test_what_was_entered_is_left_also_when_no_thread_was_free_for_it() -> None:
    story: list[str] = []

    @contextmanager
    def held() -> Iterator[None]:
        try:
            yield
        finally:
            story.append("left")

    async def use(go_on: asyncio.Event) -> None:
        try:
            async with contextmanager_in_threadpool(held()):
                await go_on.wait()
        finally:
            story.append("ended")

    asyncio.run(_cancelled_before_a_thread_is_free(use))
    assert story == ["left", "ended"]


def test_what_cleans_up_is_called_though_nobody_waits_for_it_any_more() -> None:
    async def main() -> None:
        asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor(1))
        work, called = Work(), list[int]()
        busy = asyncio.create_task(run_in_threadpool(work))
        await asyncio.sleep(0)
        cleaning = asyncio.create_task(clean_up_in_threadpool(called.append, 1))
        for _ in range(2):
            await asyncio.sleep(0)
            cleaning.cancel()
        await asyncio.wait([cleaning], timeout=30)
        assert (cleaning.cancelled(), called) == (True, [])
        work.end()
        await busy
        await run_in_threadpool(int)  # behind it
        assert called == [1]

    asyncio.run(main())


def _make_meeting_app(guests: int) -> App:
    """An application whose plain endpoint answers when `guests` requests are in it at the same time."""
    meeting = threading.Barrier(guests)
    app = App(openapi_url=None)

    @app.get("/")
    def meet() -> bool:
        try:
            meeting.wait(10)
        except threading.BrokenBarrierError:
            return False
        return True

    return app


async def _answers(app: App, guests: int) -> list[bytes]:
    wires = [Wire() for _ in range(guests)]
    await asyncio.gather(*(_serve(app, "/", wire) for wire in wires))
    return [wire.sent[1]["body"] for wire in wires]


async def _live_and_answer(app: App, guests: int) -> list[bytes]:
    """Start the application as a server does, and ask it."""
    started = asyncio.Event()
    steps: asyncio.Queue[Message] = asyncio.Queue()
    steps.put_nowait({"type": "lifespan.startup"})

    async def send(message: Message) -> None:
        started.set()

    life = asyncio.create_task(app({"type": "lifespan", "state": {}}, steps.get, send))
    await started.wait()
    answers = await _answers(app, guests)
    steps.put_nowait({"type": "lifespan.shutdown"})
    await life
    return answers


def test_forty_plain_functions_run_at_a_time_however_few_processors_there_are() -> None:
    assert asyncio.run(_live_and_answer(_make_meeting_app(THREADS), THREADS)) == [b"true"] * THREADS


def test_a_lifespan_may_want_another_number_of_threads() -> None:
    app = _make_meeting_app(THREADS + 5)

    @app.lifespan
    @asynccontextmanager
    async def more_threads(app: App) -> AsyncIterator[None]:
        asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor(THREADS + 5))
        yield

    assert asyncio.run(_live_and_answer(app, THREADS + 5)) == [b"true"] * (THREADS + 5)


def test_an_executor_that_somebody_gave_the_loop_is_kept() -> None:
    async def main() -> list[bytes]:
        asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor(THREADS + 5))
        return await _live_and_answer(_make_meeting_app(THREADS + 5), THREADS + 5)

    assert asyncio.run(main()) == [b"true"] * (THREADS + 5)


def test_the_test_client_has_as_many_threads() -> None:
    app = _make_meeting_app(THREADS)
    with TestClient(app) as client, ThreadPoolExecutor(THREADS) as senders:
        answers = list(senders.map(lambda _: client.get("/").json(), range(THREADS)))
    assert answers == [True] * THREADS
