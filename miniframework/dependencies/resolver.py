"""One request's run of its dependencies: called in order, once each, cleaned up in reverse."""

import asyncio
import inspect
import time
from collections.abc import AsyncIterator, Hashable, Mapping
from contextlib import AbstractContextManager, AsyncExitStack, asynccontextmanager, contextmanager
from typing import Any, assert_never

from miniframework.dependencies.graph import CallKind, Dependency
from miniframework.events import DependencyResolved
from miniframework.tap import Trace


@asynccontextmanager
async def resolve_dependencies(
    dependencies: tuple[Dependency, ...],
    arguments: Mapping[Hashable, Mapping[str, Any]],
    trace: Trace | None = None,
) -> AsyncIterator[dict[str, Any]]:
    """Give the value of each dependency by the name of its parameter; clean up when the block is left.

    `arguments` are the bound parameters of each dependency's callable (`BindResult.dependency_arguments`).
    Send the response inside the block: what follows a dependency's `yield` runs after it, in reverse order.
    An exception of the block is raised at each `yield`; one that a dependency swallows goes on all the
    same, for there would be no response. `trace` hears a DependencyResolved each.
    """
    failure: BaseException | None = None
    async with AsyncExitStack() as stack:
        run = _Run(stack, arguments, trace)
        values = {one.parameter: await run.resolve(one, 0) for one in dependencies}
        try:
            yield values
        except BaseException as error:
            failure = error
            raise
    if failure is not None:
        raise failure


class _Run:
    """The values of one request so far."""

    __slots__ = ("_arguments", "_cache", "_stack", "_trace")

    def __init__(
        self, stack: AsyncExitStack, arguments: Mapping[Hashable, Mapping[str, Any]], trace: Trace | None
    ) -> None:
        self._stack = stack
        self._arguments = arguments
        self._trace = trace
        self._cache: dict[Hashable, Any] = {}

    async def resolve(self, dependency: Dependency, depth: int) -> Any:
        if dependency.use_cache and dependency.key in self._cache:
            value = self._cache[dependency.key]
            self._report(dependency, depth, 0, cached=True)
            return value
        needed = {one.parameter: await self.resolve(one, depth + 1) for one in dependency.needs}
        started_ns = time.monotonic_ns()
        value = await self._call(dependency, {**self._arguments.get(dependency.key, {}), **needed})
        self._report(dependency, depth, time.monotonic_ns() - started_ns, cached=False)
        if dependency.use_cache:
            self._cache[dependency.key] = value
        return value

    async def _call(self, dependency: Dependency, keywords: dict[str, Any]) -> Any:
        call = dependency.call
        match dependency.kind:
            case CallKind.COROUTINE:
                return await call(**keywords)
            case CallKind.CLASS:
                return call(**keywords)
            case CallKind.FUNCTION:
                value = await asyncio.to_thread(call, **keywords)
                return await value if inspect.isawaitable(value) else value
            case CallKind.GENERATOR:
                return await self._stack.enter_async_context(_in_thread(contextmanager(call)(**keywords)))
            case CallKind.ASYNC_GENERATOR:
                return await self._stack.enter_async_context(asynccontextmanager(call)(**keywords))
            case _:
                assert_never(dependency.kind)

    def _report(self, dependency: Dependency, depth: int, took_ns: int, *, cached: bool) -> None:
        if self._trace is not None:
            self._trace.emit(
                DependencyResolved(
                    exchange_id=self._trace.exchange_id,
                    at_ns=time.monotonic_ns(),
                    name=dependency.name,
                    depth=depth,
                    took_ns=took_ns,
                    cached=cached,
                )
            )


@asynccontextmanager
async def _in_thread(manager: AbstractContextManager[Any]) -> AsyncIterator[Any]:
    """Run both halves of a plain generator in a thread, as any plain `def` is."""
    value = await asyncio.to_thread(manager.__enter__)
    try:
        yield value
    except BaseException as error:
        if not await asyncio.to_thread(manager.__exit__, type(error), error, error.__traceback__):
            raise
    else:
        await asyncio.to_thread(manager.__exit__, None, None, None)
