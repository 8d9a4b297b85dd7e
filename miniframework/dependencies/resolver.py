"""One request's run of its dependencies: called in order, once each, cleaned up in reverse."""

import inspect
import time
from collections.abc import AsyncIterator, Hashable, Mapping
from contextlib import (
    AbstractAsyncContextManager,
    AsyncExitStack,
    asynccontextmanager,
    contextmanager,
)
from types import TracebackType
from typing import Any, Final, assert_never

from miniframework.anyio_scopes import Scope, open_scope, shield_exit
from miniframework.concurrency import contextmanager_in_threadpool, run_in_threadpool
from miniframework.dependencies.graph import CallKind, Dependency
from miniframework.dependencies.refused import NONE_REFUSED, Refused
from miniframework.dependencies.swallowed import after_swallowing
from miniframework.events import DependencyCleanedUp, DependencyRaised
from miniframework.telling import notes
from miniframework.telling.trace import Trace

Arguments = Mapping[Hashable, Mapping[str, Any]]
_Manager = AbstractAsyncContextManager[Any]
# Their turn is held until they are cleaned up.
_HELD_KINDS: Final = (CallKind.GENERATOR, CallKind.ASYNC_GENERATOR)


class _NotCalled:
    """The type of `_REFUSED`: the dependency was not called, for it or what it needs lacks a parameter."""

    __slots__ = ()


_REFUSED: Final = _NotCalled()


class Resolved:
    """The `values` of the endpoint's dependencies by the name of their parameter."""

    __slots__ = ("_until_end_of_call", "values")

    def __init__(self, until_end_of_call: AsyncExitStack) -> None:
        self.values: dict[str, Any] = {}
        self._until_end_of_call = until_end_of_call

    async def end_call(self) -> None:
        """Clean up what lives until the endpoint has returned; the rest is, when the block is left."""
        await self._until_end_of_call.aclose()


@asynccontextmanager
async def resolve_dependencies(
    dependencies: tuple[Dependency, ...],
    arguments: Arguments,
    trace: Trace | None = None,
    refused: Refused = NONE_REFUSED,
) -> AsyncIterator[Resolved]:
    """Give the value of each dependency; clean up when the block is left.

    `arguments` are the bound parameters of each dependency's callable (`BindResult.dependency_arguments`);
    those that are `refused`, and those that need them, are not called, and their values are missing; what a
    validator raised is raised here, each in its turn. Send the
    response inside the block: what follows a dependency's `yield` runs after it, in reverse order. An
    exception of the block is raised at each `yield`; where a dependency swallows it there is no response,
    and SwallowedError is raised. `trace` hears a DependencyResolved each.
    """
    failure: BaseException | None = None
    async with AsyncExitStack() as request_stack, AsyncExitStack() as call_stack:
        around = request_stack.enter_context(open_scope())
        run = _Run(request_stack, call_stack, arguments, refused, trace, around)
        resolved = Resolved(call_stack)
        try:
            resolved.values = await run.resolve_all(dependencies)
            yield resolved
        except BaseException as error:
            failure = error
            raise
    if failure is not None:
        raise after_swallowing(failure)


async def call_dependencies(
    dependencies: tuple[Dependency, ...],
    arguments: Arguments,
    trace: Trace | None = None,
    refused: Refused = NONE_REFUSED,
) -> dict[str, Any]:
    """Give the value of each dependency by its parameter; none of them may have anything to clean up."""
    return await _Run(None, None, arguments, refused, trace).resolve_all(dependencies)


class _Run:
    """The values of one request so far; without stacks when nothing is to be cleaned up.

    `around` is a scope of anyio that becomes a shield while an async generator is cleaned up.
    """

    __slots__ = ("_arguments", "_around", "_cache", "_call_stack", "_refused", "_request_stack", "_trace")

    def __init__(
        self,
        request_stack: AsyncExitStack | None,
        call_stack: AsyncExitStack | None,
        arguments: Arguments,
        refused: Refused,
        trace: Trace | None,
        around: Scope | None = None,
    ) -> None:
        self._around = around
        self._request_stack = request_stack
        self._call_stack = call_stack
        self._arguments = arguments
        self._refused = refused
        self._trace = trace
        self._cache: dict[Hashable, Any] = {}

    async def resolve_all(self, dependencies: tuple[Dependency, ...]) -> dict[str, Any]:
        values: dict[str, Any] = {}
        for one in dependencies:
            value = await self._resolve(one, 0)
            if one.parameter is not None and value is not _REFUSED:
                values[one.parameter] = value
        if self._refused.failure is not None:
            raise self._refused.failure
        return values

    async def _resolve(self, dependency: Dependency, depth: int) -> Any:
        if dependency.use_cache and dependency.key in self._cache:
            value = self._cache[dependency.key]
            if value is not _REFUSED and self._trace is not None:
                self._trace.note((notes.shared, time.monotonic_ns(), dependency.name, depth))
            return value
        needed: dict[str, Any] = {}
        is_refused = dependency.key in self._refused.lacking
        for one in dependency.needs:
            value = await self._resolve(one, depth + 1)
            is_refused = is_refused or value is _REFUSED
            if one.parameter is not None:
                needed[one.parameter] = value
        if (failure := self._refused.failures.get(dependency.key)) is not None:
            raise failure
        if is_refused:
            self._cache[dependency.key] = _REFUSED
            return _REFUSED
        started_ns = time.monotonic_ns()
        try:
            keywords = {**self._arguments.get(dependency.key, {}), **needed}
            value = await self._call_in_turn(dependency, keywords, depth)
        except BaseException as error:
            self._report_raised(dependency, depth, started_ns, error)
            raise
        self._report(dependency, depth, started_ns)
        self._cache.setdefault(dependency.key, value)
        return value

    async def _call_in_turn(self, dependency: Dependency, keywords: dict[str, Any], depth: int) -> Any:
        if dependency.turns is None or dependency.kind in _HELD_KINDS:
            return await self._call(dependency, keywords, depth)
        async with dependency.turns.of_this_loop():
            return await self._call(dependency, keywords, depth)

    async def _call(self, dependency: Dependency, keywords: dict[str, Any], depth: int) -> Any:
        call = dependency.call
        match dependency.kind:
            case CallKind.COROUTINE:
                return await call(**keywords)
            case CallKind.CLASS:
                return call(**keywords)
            case CallKind.FUNCTION:
                value = await run_in_threadpool(call, **keywords)
                return await value if inspect.isawaitable(value) else value
            case CallKind.GENERATOR:
                manager: _Manager = contextmanager_in_threadpool(contextmanager(call)(**keywords))
            case CallKind.ASYNC_GENERATOR:
                manager = asynccontextmanager(call)(**keywords)
                if self._around is not None:
                    manager = shield_exit(manager, self._around)
            case _:
                assert_never(dependency.kind)
        if dependency.turns is not None:
            manager = dependency.turns.around(manager)
        stack = self._call_stack if dependency.lifetime == "function" else self._request_stack
        assert stack is not None, "call_dependencies was given something to clean up"
        if self._trace is not None:
            manager = _ToldCleanUp(manager, dependency.name, depth, self._trace)
        return await stack.enter_async_context(manager)

    def _report(self, dependency: Dependency, depth: int, began_ns: int) -> None:
        if self._trace is not None:
            self._trace.note((notes.resolved, time.monotonic_ns(), dependency.name, depth, began_ns))

    def _report_raised(self, dependency: Dependency, depth: int, began_ns: int, error: BaseException) -> None:
        if self._trace is not None:
            note_dependency_raised(self._trace, dependency.name, depth, began_ns, error)


def note_dependency_raised(trace: Trace, name: str, depth: int, began_ns: int, error: BaseException) -> None:
    """Tell that a dependency raised instead of giving a value."""
    now = time.monotonic_ns()
    took_ns, of = now - began_ns, trace.exchange_id
    trace.emit(
        DependencyRaised(exchange_id=of, at_ns=now, name=name, depth=depth, took_ns=took_ns, error=error)
    )


class _ToldCleanUp(AbstractAsyncContextManager[Any]):
    """A dependency with a `yield`, whose second half is told to a recorded request."""

    __slots__ = ("_depth", "_manager", "_name", "_trace")

    def __init__(self, manager: _Manager, name: str, depth: int, trace: Trace) -> None:
        self._manager = manager
        self._name = name
        self._depth = depth
        self._trace = trace

    async def __aenter__(self) -> Any:
        return await self._manager.__aenter__()

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> bool | None:
        began_ns = time.monotonic_ns()
        try:
            swallowed = await self._manager.__aexit__(kind, error, trace)
        except BaseException as raised:
            self._tell(began_ns, raised)
            raise
        self._tell(began_ns, None)
        return swallowed

    def _tell(self, began_ns: int, raised: BaseException | None) -> None:
        now = time.monotonic_ns()
        self._trace.emit(
            DependencyCleanedUp(
                exchange_id=self._trace.exchange_id,
                at_ns=now,
                name=self._name,
                depth=self._depth,
                took_ns=now - began_ns,
                error=raised,
            )
        )
