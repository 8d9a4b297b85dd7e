"""Why a returned value cannot be written as JSON, in words."""

import inspect
from collections.abc import Iterator

from miniframework.errors import EncodeError

_CIRCULAR = "Circular: it holds itself, or is nested too deep"


def refuse_value(value: object, error: Exception) -> EncodeError:
    """Make the error for a value that `error` was raised for; one that waits for an `await` is named."""
    if isinstance(error, RecursionError):
        return EncodeError(value=value, problem=_CIRCULAR)
    forgotten = next((one for one in _values_in(value) if inspect.isawaitable(one)), None)
    return EncodeError(value=value, problem=str(error) if forgotten is None else _say_forgotten(forgotten))


def _say_forgotten(awaitable: object) -> str:
    if inspect.iscoroutine(awaitable):
        called = f"{awaitable.__qualname__.rpartition('<locals>.')[2]}()"
    else:
        called = f"a {type(awaitable).__qualname__}"
    return f"{called} was never awaited: write await before its call, in an async def"


def _values_in(value: object) -> Iterator[object]:
    """The value, and what it holds in dicts, lists and tuples; each once, for one may hold itself."""
    waiting, seen = [value], set[int]()
    while waiting:
        one = waiting.pop()
        if id(one) in seen:
            continue
        seen.add(id(one))
        yield one
        if isinstance(one, dict):
            waiting.extend(one.values())
        elif isinstance(one, list | tuple):
            waiting.extend(one)
