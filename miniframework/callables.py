"""What can be said of anything that can be called, without calling it."""

import functools
from typing import Any


def without_partial(call: Any) -> Any:
    """Give what `functools.partial` objects, one inside the other, call at last."""
    while isinstance(call, functools.partial):
        call = call.func
    return call


def name_of(call: Any) -> str:
    """Give the name of a function or a class; of an object that can be called that of its class."""
    return str(getattr(call, "__name__", type(call).__name__))


def qualified_name_of(call: Any) -> str:
    """Do as `name_of`, with the names of the classes and functions around it in front."""
    return str(getattr(call, "__qualname__", type(call).__qualname__))
