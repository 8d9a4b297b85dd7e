"""Which values send themselves: our responses, and those of Starlette or of a library built on it."""

import inspect
from typing import Any, Final

from miniframework.http.response import Response
from miniframework.signatures import signature_of

# An application returns few classes; one that makes a class for each request asks anew each time.
_MOST_CLASSES = 512
# self, scope, receive, send. Source: ASGI specification, applications.
_ASGI_ARGUMENTS = 4
_POSITIONAL = (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)


class _SendableClasses(dict[type, bool]):
    """By class, whether its objects send themselves. A memo of a pure function, for a look at a class takes
    longer than a request may.
    """

    __slots__ = ()

    def __missing__(self, kind: Any) -> bool:
        found = issubclass(kind, Response) or _is_asgi_class(kind)
        if len(self) < _MOST_CLASSES:
            self[kind] = found
        return found


SENDABLE: Final = _SendableClasses()


def is_sendable(value: object) -> bool:
    """Tell whether a value is sent by calling it with scope, receive and send, and not written as JSON."""
    return SENDABLE[type(value)]


def is_sendable_class(kind: object) -> bool:
    """Tell whether the objects of a class send themselves; no for what is no class."""
    return isinstance(kind, type) and SENDABLE[kind]


def _is_asgi_class(kind: Any) -> bool:
    """Tell whether the objects of a class are ASGI applications by a coroutine method, as the responses of
    Starlette are.
    """
    call = getattr(kind, "__call__", None)  # noqa: B004  # of the class, whose objects it is called on
    if not inspect.iscoroutinefunction(call):
        return False
    needed = [
        one
        for one in signature_of(call).parameters.values()
        if one.kind in _POSITIONAL and one.default is one.empty
    ]
    return len(needed) == _ASGI_ARGUMENTS
