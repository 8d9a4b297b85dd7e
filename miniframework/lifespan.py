"""Startup and shutdown: an async context manager driven by the ASGI lifespan protocol."""

import inspect
import traceback
from collections.abc import AsyncGenerator, Callable, Iterable, Mapping, Sequence
from contextlib import (
    AbstractAsyncContextManager,
    AbstractContextManager,
    AsyncExitStack,
    asynccontextmanager,
    contextmanager,
)
from typing import Any

from miniframework.call_fit import find_misfit
from miniframework.concurrency import provide_threads
from miniframework.errors import RegistrationError
from miniframework.routing.source import Source, find_caller
from miniframework.types import Receive, Scope, Send

# Made from the application; what it yields (a mapping, or None) becomes the state of every request.
Lifespan = Callable[[Any], AbstractAsyncContextManager[Mapping[str, Any] | None]]

# What is called at startup or at shutdown; a coroutine function is awaited.
LifeFunction = Callable[[], Any]


_AS_LIFESPAN = "give a function of the application with @asynccontextmanager that yields once"


def check_event(kind: object, where: Source) -> None:
    """Raise RegistrationError for what is neither "startup" nor "shutdown", as the function is in
    `@app.on_event` without brackets.
    """
    if kind not in ("startup", "shutdown"):
        raise RegistrationError(
            where=where,
            problem=f"event {kind!r:.100}: only 'startup' and 'shutdown' are known",
            way_out="write on_event('startup'); for what happens in a request use a dependency or middleware",
        )


class LifeEvents:
    """What a router or an application does at its start and its end: FastAPI's two ways to say it.

    With a `lifespan` the functions for "startup" and "shutdown" are not called, as in FastAPI; `functions`
    are they alone, for who includes the router and has no lifespan: there they are called. Without a lifespan
    `functions` is this itself.
    """

    __slots__ = ("functions", "lifespan", "shutdown", "startup")

    def __init__(
        self,
        lifespan: Lifespan | None = None,
        startup: Iterable[LifeFunction] | None = None,
        shutdown: Iterable[LifeFunction] | None = None,
    ) -> None:
        if lifespan is not None and not callable(lifespan):
            raise TypeError(f"lifespan={lifespan!r:.100} cannot be called; {_AS_LIFESPAN}")
        if lifespan is not None and (misfit := find_misfit(lifespan, ("app",))):
            raise TypeError(f"the lifespan {misfit}; {_AS_LIFESPAN}")
        self.lifespan = lifespan
        self.functions: LifeEvents = self
        self.startup: list[LifeFunction] = []
        self.shutdown: list[LifeFunction] = []
        for kind, functions in (("startup", startup), ("shutdown", shutdown)):
            for function in functions or ():
                self.add(kind, function, find_caller())
        if lifespan is not None:
            self.functions = LifeEvents()
            self.functions.startup, self.functions.shutdown = self.startup, self.shutdown

    def add(self, kind: str, function: LifeFunction, where: Source) -> None:
        """Call `function` at "startup" or "shutdown". Raises RegistrationError for another word, and for a
        function that asks for something.
        """
        check_event(kind, where)
        if misfit := find_misfit(function, ()):
            raise RegistrationError(
                where=where,
                problem=f"the function for {kind!r}: {misfit}",
                way_out="give it no parameters; a lifespan is given the application",
            )
        (self.startup if kind == "startup" else self.shutdown).append(function)

    @property
    def is_empty(self) -> bool:
        """Whether nothing is to be done."""
        return self.lifespan is None and not self.startup and not self.shutdown

    @asynccontextmanager
    async def around(self, app: object) -> AsyncGenerator[Mapping[str, Any] | None, None]:
        """Do what is to be done before and after."""
        if self.lifespan is not None:
            async with _enter(self.lifespan, app) as state:
                yield _check_state(self.lifespan, state)
            return
        await _call_all(self.startup)
        try:
            yield None
        finally:
            await _call_all(self.shutdown)


def _enter(lifespan: Lifespan, app: object) -> AbstractAsyncContextManager[Mapping[str, Any] | None]:
    """Call a lifespan; a generator function without `@asynccontextmanager` is understood too."""
    if inspect.isasyncgenfunction(lifespan):
        return asynccontextmanager(lifespan)(app)
    if inspect.isgeneratorfunction(lifespan):
        return _enter_sync(contextmanager(lifespan)(app))
    return _check_entered(lifespan, lifespan(app))


def _check_entered(lifespan: Lifespan, entered: Any) -> AbstractAsyncContextManager[Mapping[str, Any] | None]:
    if isinstance(entered, AbstractAsyncContextManager):
        return entered
    if inspect.iscoroutine(entered):
        entered.close()  # or Python warns that nobody awaited it
    raise TypeError(f"the lifespan {_name(lifespan)} gave {entered!r:.100}; {_AS_LIFESPAN}")


def _check_state(lifespan: Lifespan, state: Any) -> Mapping[str, Any] | None:
    if state is None or isinstance(state, Mapping):
        return state
    raise TypeError(f"the lifespan {_name(lifespan)} yielded {state!r:.100}; yield a dict, or nothing")


def _name(lifespan: Lifespan) -> object:
    return getattr(lifespan, "__qualname__", lifespan)


@asynccontextmanager
async def _enter_sync(
    manager: AbstractContextManager[Mapping[str, Any] | None],
) -> AsyncGenerator[Mapping[str, Any] | None, None]:
    with manager as state:
        yield state


async def _call_all(functions: Sequence[LifeFunction]) -> None:
    for function in functions:
        result = function()
        if inspect.isawaitable(result):
            await result


def nest(lives: Sequence[LifeEvents]) -> Lifespan | None:
    """Give one lifespan that enters them in order and leaves them in reverse; None when there is nothing to
    do. What they yield is joined, the earlier ones overrule.
    """
    busy = [one for one in lives if not one.is_empty]
    if not busy:
        return None

    @asynccontextmanager
    async def nested(app: object) -> AsyncGenerator[Mapping[str, Any] | None, None]:
        async with AsyncExitStack() as stack:
            states = [await stack.enter_async_context(one.around(app)) for one in busy]
            said = [state for state in reversed(states) if state is not None]
            yield {key: value for state in said for key, value in state.items()} if said else None

    return nested


async def run_lifespan(
    lifespan: Lifespan | None, app: object, scope: Scope, receive: Receive, send: Send
) -> None:
    """Enter the context manager at startup and leave it at shutdown; before it, see to the loop's threads.

    A failure is reported to the server as `lifespan.startup.failed` or `lifespan.shutdown.failed` with its
    traceback as text, and then raised: who runs the application without being a server, as a test does, may
    look for the exception alone. Source: ASGI lifespan specification 2.0.
    """
    await receive()
    provide_threads()
    started = False
    try:
        if lifespan is None:
            started = True
            await _serve(receive, send)
        else:
            async with lifespan(app) as state:
                if state is not None:
                    _share_state(scope, state)
                started = True
                await _serve(receive, send)
    except BaseException:  # raised again; a server that hears nothing of a sys.exit() would go on and serve
        step = "shutdown" if started else "startup"
        await send({"type": f"lifespan.{step}.failed", "message": traceback.format_exc()})
        raise
    else:
        await send({"type": "lifespan.shutdown.complete"})


async def _serve(receive: Receive, send: Send) -> None:
    await send({"type": "lifespan.startup.complete"})
    await receive()


def _share_state(scope: Scope, state: Mapping[str, Any]) -> None:
    if "state" not in scope:
        raise RuntimeError(
            "the lifespan yields state, but the server does not support it (ASGI lifespan 2.0); "
            "yield nothing and keep it on app.state"
        )
    scope["state"].update(state)
