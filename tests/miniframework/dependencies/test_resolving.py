import asyncio
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import suppress
from contextvars import ContextVar
from typing import Annotated, Any

import pytest

from miniframework.dependencies.depends import Depends
from miniframework.dependencies.resolver import resolve_dependencies
from miniframework.dependencies.swallowed import SwallowedError
from miniframework.events import DependencyResolved, Event
from miniframework.params.bind import bind
from miniframework.params.markers import Header
from miniframework.params.plan import plan_parameters
from miniframework.tap import Trace

SEEN: ContextVar[str] = ContextVar("seen", default="nothing")


def call(
    endpoint: Callable[..., Any], query: str = "", *, log: list[str] | None = None, trace: Trace | None = None
) -> dict[str, Any]:
    """Bind and resolve as the framework does; the log notes when the response would be sent."""

    async def run() -> dict[str, Any]:
        plan = plan_parameters(endpoint, None)
        bound = bind(plan, {"query_string": query.encode(), "headers": []}, {}, None, {}, False)
        assert bound.problems == []
        run = resolve_dependencies(plan.dependencies, bound.dependency_arguments, trace, bound.refused)
        async with run as resolved:
            result = endpoint(**bound.arguments, **resolved.values)
            if asyncio.iscoroutine(result):
                result = await result
            await resolved.end_call()
            if log is not None:
                log.append("response")
        return resolved.values

    return asyncio.run(run())


def plain(limit: int = 10) -> int:
    return limit


async def coroutine(limit: int = 10) -> int:
    return limit


class Pages:
    def __init__(self, limit: int = 10) -> None:
        self.limit = limit

    def __eq__(self, other: object) -> bool:
        return other == self.limit


class Service:
    def __call__(self, limit: int = 10) -> int:
        return limit


def generator(limit: int = 10) -> Iterator[int]:
    yield limit


async def async_generator(limit: int = 10) -> AsyncIterator[int]:
    yield limit


def returns_coroutine(limit: int = 10) -> Any:
    return coroutine(limit)


@pytest.mark.parametrize(
    "dependency",
    [plain, coroutine, Pages, Service(), generator, async_generator, returns_coroutine],
    ids=[
        "def",
        "async def",
        "class",
        "callable object",
        "yield",
        "async yield",
        "def that gives a coroutine",
    ],
)
def test_every_kind_of_dependency_gets_its_parameters_and_gives_its_value(dependency: Any) -> None:
    def endpoint(value: Annotated[Any, Depends(dependency)]) -> None: ...

    assert call(endpoint) == {"value": 10}
    assert call(endpoint, "limit=3") == {"value": 3}


def counting(log: list[str], *, use_cache: bool) -> Callable[..., Any]:
    def counted() -> int:
        log.append("called")
        return len(log)

    def needs(x: Annotated[int, Depends(counted, use_cache=use_cache)]) -> int:
        return x

    def endpoint(
        a: Annotated[int, Depends(needs)], b: Annotated[int, Depends(counted, use_cache=use_cache)]
    ) -> None: ...

    return endpoint


@pytest.mark.parametrize(
    ("use_cache", "values"),
    [(True, {"a": 1, "b": 1}), (False, {"a": 1, "b": 2})],
    ids=["cached", "not cached"],
)
def test_one_request_calls_a_dependency_once_unless_told_otherwise(
    use_cache: bool, values: dict[str, int]
) -> None:
    log: list[str] = []
    endpoint = counting(log, use_cache=use_cache)
    assert call(endpoint) == values
    log.clear()
    assert call(endpoint) == values


def test_who_wants_a_call_of_its_own_gets_one_beside_the_cached() -> None:
    log: list[str] = []

    def counted() -> int:
        log.append("called")
        return len(log)

    def endpoint(
        a: Annotated[int, Depends(counted)], b: Annotated[int, Depends(counted, use_cache=False)]
    ) -> None: ...

    assert call(endpoint) == {"a": 1, "b": 2}


def test_a_plain_def_runs_in_a_thread_that_sees_the_requests_context() -> None:
    seen: list[Any] = []

    def dependency() -> None:
        seen.extend((threading.current_thread() is threading.main_thread(), SEEN.get()))

    def endpoint(x: Annotated[None, Depends(dependency)]) -> None: ...

    SEEN.set("the request's")
    call(endpoint)
    assert seen == [False, "the request's"]


def logging_pair(log: list[str], *, is_async: bool) -> Callable[..., Any]:
    def outer() -> Iterator[str]:
        log.append("outer opens")
        try:
            yield "outer"
        except ValueError as error:
            log.append(f"outer sees {error}")
            raise
        finally:
            log.append("outer closes")

    async def inner(x: Annotated[str, Depends(outer)]) -> AsyncIterator[str]:
        log.append("inner opens")
        try:
            yield f"{x}.inner"
        finally:
            log.append("inner closes")

    def plain_inner(x: Annotated[str, Depends(outer)]) -> Iterator[str]:
        log.append("inner opens")
        try:
            yield f"{x}.inner"
        finally:
            log.append("inner closes")

    chosen = inner if is_async else plain_inner

    def endpoint(x: Annotated[str, Depends(chosen)], fail: bool = False) -> None:
        log.append(f"endpoint {x}")
        if fail:
            raise ValueError("boom")

    return endpoint


@pytest.mark.parametrize("is_async", [True, False], ids=["async", "plain"])
def test_what_follows_a_yield_runs_after_the_response_in_reverse(is_async: bool) -> None:
    log: list[str] = []
    call(logging_pair(log, is_async=is_async), log=log)
    assert log == [
        "outer opens",
        "inner opens",
        "endpoint outer.inner",
        "response",
        "inner closes",
        "outer closes",
    ]


@pytest.mark.parametrize("is_async", [True, False], ids=["async", "plain"])
def test_an_endpoints_exception_reaches_every_yield_and_goes_on(is_async: bool) -> None:
    log: list[str] = []
    with pytest.raises(ValueError, match="boom"):
        call(logging_pair(log, is_async=is_async), "fail=1", log=log)
    assert log[3:] == ["inner closes", "outer sees boom", "outer closes"]


@pytest.mark.parametrize("is_async", [True, False], ids=["async", "plain"])
def test_what_a_dependency_swallows_is_told_as_the_cause(is_async: bool) -> None:
    def swallows() -> Iterator[None]:
        with suppress(ValueError):
            yield

    async def swallows_too() -> AsyncIterator[None]:
        with suppress(ValueError):
            yield

    def endpoint(x: Annotated[None, Depends(swallows_too if is_async else swallows)]) -> None:
        raise ValueError("boom")

    with pytest.raises(SwallowedError) as raised:
        call(endpoint)
    assert repr(raised.value.__cause__) == "ValueError('boom')"


def test_what_was_opened_is_closed_when_a_later_dependency_fails() -> None:
    log: list[str] = []

    def opened() -> Iterator[None]:
        try:
            yield
        finally:
            log.append("closed")

    def fails() -> None:
        raise LookupError("no")

    def endpoint(a: Annotated[None, Depends(opened)], b: Annotated[None, Depends(fails)]) -> None:
        log.append("called")

    with pytest.raises(LookupError):
        call(endpoint)
    assert log == ["closed"]


def test_every_problem_of_every_dependency_is_told_before_any_is_called() -> None:
    called: list[str] = []

    def user(x_token: Annotated[str, Header()]) -> None:
        called.append("user")

    def pages(limit: int) -> None:
        called.append("pages")

    def endpoint(
        item: int, a: Annotated[None, Depends(user)], b: Annotated[None, Depends(pages)]
    ) -> None: ...

    plan = plan_parameters(endpoint, None)
    bound = bind(plan, {"query_string": b"limit=x", "headers": []}, {}, None, {}, False)
    assert [problem["loc"] for problem in bound.problems] == [
        ["header", "x-token"],
        ["query", "limit"],
        ["query", "item"],
    ]
    assert called == []


def test_each_resolution_is_told_with_its_depth_and_whether_it_was_cached() -> None:
    events: list[Event] = []
    call(counting([], use_cache=True), trace=Trace("id", events.append))
    told = [
        (e.name.rpartition(".")[2], e.depth, e.cached) for e in events if isinstance(e, DependencyResolved)
    ]
    assert told == [("counted", 1, False), ("needs", 0, False), ("counted", 0, True)]
    assert all(event.exchange_id == "id" for event in events)
