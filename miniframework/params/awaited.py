"""Whether what a call gives is to be awaited."""

import inspect
from collections.abc import Callable
from typing import Any

from miniframework.callables import without_partial
from miniframework.params.written import is_plain_function


def is_async(function: Callable[..., Any]) -> bool:
    """Tell whether calling `function` gives something to await: through partial and functools.wraps too."""
    if is_plain_function(function):
        return bool(function.__code__.co_flags & inspect.CO_COROUTINE)
    function = without_partial(function)
    if isinstance(function, type):
        return False  # to call it makes an object, which may be called with await then
    own = getattr(function, "__call__", None)  # noqa: B004  # an object with an async __call__
    return any(inspect.iscoroutinefunction(one) for one in (function, inspect.unwrap(function), own))
