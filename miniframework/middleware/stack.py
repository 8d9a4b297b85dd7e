"""The middleware of an application, one around the other."""

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

from miniframework.middleware.base import FunctionMiddleware
from miniframework.middleware.held import find_hold
from miniframework.middleware.scope import note_entered, tell_scope_changes
from miniframework.tap import find_trace
from miniframework.telling import notes
from miniframework.types import ASGIApp, Receive, Scope, Send


class Middleware:
    """A middleware to be made: `cls(app, *arguments, **options)` gives the ASGI application."""

    __slots__ = ("arguments", "factory", "options")

    def __init__(self, cls: Callable[..., ASGIApp], *arguments: Any, **options: Any) -> None:
        if not callable(cls):
            raise TypeError(f"a middleware is a class, or a function of the application; not {cls!r:.100}")
        self.factory = cls
        self.arguments = arguments
        self.options = options

    @property
    def cls(self) -> Callable[..., ASGIApp]:
        """The factory; Starlette's name."""
        return self.factory

    @property
    def args(self) -> tuple[Any, ...]:
        """The arguments; Starlette's name."""
        return self.arguments

    @property
    def kwargs(self) -> dict[str, Any]:
        """The options; Starlette's name."""
        return self.options

    def __iter__(self) -> Iterator[Any]:
        """Give factory, arguments and options, for taking it apart as Starlette's."""
        return iter((self.factory, self.arguments, self.options))

    def __repr__(self) -> str:
        given = [getattr(self.factory, "__name__", repr(self.factory)), *map(repr, self.arguments)]
        given.extend(f"{name}={value!r}" for name, value in self.options.items())
        return f"Middleware({', '.join(given)})"

    def make(self, app: ASGIApp) -> ASGIApp:
        """Wrap `app`. What its options raise is noted to be of this one: it was added elsewhere."""
        try:
            return self.factory(app, *self.arguments, **self.options)
        except Exception as error:
            error.add_note(f"while making the middleware {self.name} of these options: {[*self.options]}")
            raise

    @property
    def name(self) -> str:
        """What the events call it: the function of a function-style one, else the class."""
        named = self.options.get("function") or self.options.get("dispatch") or self.factory
        return str(getattr(named, "__qualname__", type(named).__qualname__)).replace("<locals>.", "")


def check_middleware(given: Iterable[object]) -> list[Middleware]:
    """Give a list of `Middleware(...)` back. Raises TypeError for anything else in it."""
    checked = []
    for one in given:
        if not isinstance(one, Middleware):
            name = getattr(one, "__name__", "GZipMiddleware")
            raise TypeError(f"middleware has {one!r:.100}; write middleware=[Middleware({name}, ...)]")
        checked.append(one)
    return checked


def build_stack(app: ASGIApp, middleware: Sequence[Middleware]) -> ASGIApp:
    """Wrap `app`; the first of `middleware` is the outermost."""
    for depth, one in reversed(list(enumerate(middleware))):
        app = _Layer(one.make(app), one.name, depth)
    return app


def find_function(stack: ASGIApp) -> FunctionMiddleware | None:
    """Give the outermost layer if it is a function, whose response can be had before it is sent."""
    outermost = stack.app if isinstance(stack, _Layer) else None
    if not isinstance(outermost, FunctionMiddleware) or outermost.hold_response is None:
        return None
    return outermost


class _Layer:
    """Tells a recorded request when a middleware is entered and left, and what it did to the scope.

    Costs one look otherwise, and nothing where the middleware is asked for its response.
    """

    __slots__ = ("_depth", "_name", "app", "hold_response")

    def __init__(self, app: ASGIApp, name: str, depth: int) -> None:
        self.app = app
        self.hold_response = find_hold(app)
        self._name = name
        self._depth = depth

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        trace = find_trace()
        if trace is None:
            await self.app(scope, receive, send)
            return
        name, depth = self._name, self._depth
        tell_scope_changes(trace, scope)
        trace.note((notes.entered, time.monotonic_ns(), name, depth))
        note_entered(trace, name, depth, scope)
        try:
            await self.app(scope, receive, send)
        finally:
            trace.layer = None
            trace.note((notes.left, time.monotonic_ns(), name, depth))
