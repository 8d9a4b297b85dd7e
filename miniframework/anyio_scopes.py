"""What programs that use anyio expect: `from_thread` in plain functions, clean-up that no scope cuts off.

Nothing of anyio is imported for a program that has not done so. A cancelled scope cancels its task anew at
every `await`, which a cancellation by asyncio does not. The names with an underscore are anyio's: it has no
public way to ask for the scope of a task, or to say that a thread belongs to an event loop.
"""

import asyncio
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping
from contextlib import (
    AbstractAsyncContextManager,
    AbstractContextManager,
    asynccontextmanager,
    contextmanager,
    nullcontext,
)
from typing import Any, Protocol

_NO_TASKS: Mapping[object, Any] = {}


class Scope(Protocol):
    """A `CancelScope` of anyio; while it is a `shield`, those around it cancel nothing inside."""

    shield: bool


class Home:
    """The event loop of the task that waits for a thread, and the scope in which it waits."""

    __slots__ = ("_loop", "_scope")

    def __init__(self, loop: asyncio.AbstractEventLoop, scope: Scope | None) -> None:
        self._loop = loop
        self._scope = scope

    @contextmanager
    def claimed(self) -> Iterator[None]:
        """Let `anyio.from_thread` find the way home from the running thread."""
        try:
            from anyio._backends._asyncio import backend_class
            from anyio._core._eventloop import claim_worker_thread, threadlocals
        except ImportError:  # a version that is made otherwise: as if it were not there
            yield
            return
        with claim_worker_thread(backend_class, self._loop):
            threadlocals.current_cancel_scope = self._scope
            try:
                yield
            finally:
                del threadlocals.current_cancel_scope


def find_home() -> Home | None:
    """Give where a thread's calls of `anyio.from_thread` go; None where the program has no anyio."""
    if "anyio" not in sys.modules:
        return None
    return Home(asyncio.get_running_loop(), find_scope())


def find_limited_threads(usual: int) -> Callable[..., Awaitable[Any]] | None:
    """Give what runs a function in a thread of anyio, where the program said how many there are.

    It says so by `current_default_thread_limiter().total_tokens`, which is `usual` from the start.
    """
    module = sys.modules.get("anyio.to_thread")
    if module is None or module.current_default_thread_limiter().total_tokens == usual:
        return None
    run: Callable[..., Awaitable[Any]] = module.run_sync
    return run


def find_scope() -> Scope | None:
    """Give the innermost scope in which the running task is."""
    backend = sys.modules.get("anyio._backends._asyncio")  # whoever makes a scope has imported it
    if backend is None:
        return None
    state = getattr(backend, "_task_states", _NO_TASKS).get(asyncio.current_task())
    return None if state is None else state.cancel_scope


def shield() -> AbstractContextManager[object]:
    """Keep cancelled scopes away from what is awaited inside."""
    if find_scope() is None:
        return nullcontext()
    from anyio import CancelScope

    return CancelScope(shield=True)


def open_scope() -> AbstractContextManager[Scope | None]:
    """Give a scope to enter before what `shield_exit` is to shield; None where the task is in none."""
    if find_scope() is None:
        return nullcontext()
    from anyio import CancelScope

    return CancelScope()


@asynccontextmanager
async def shield_exit(manager: AbstractAsyncContextManager[Any], around: Scope) -> AsyncIterator[Any]:
    """Leave `manager` while `around` is a shield, so that what it awaits then is not cancelled.

    `around` was entered before what `manager` enters itself, and so may be left after that.
    """
    from anyio.lowlevel import checkpoint_if_cancelled

    was_shield = around.shield
    try:
        async with manager as value:
            try:
                yield value
            finally:
                around.shield = True
    finally:
        around.shield = was_shield
    await checkpoint_if_cancelled()
