"""How what an endpoint returns is written as JSON, where no type of it was declared: found by its class."""

from collections.abc import Callable
from typing import Any, Final

from miniframework.http.sendable import SENDABLE
from miniframework.params.encode import find_writer

# An application returns few classes; one that makes a class for each request asks anew each time.
_MOST_CLASSES = 512


class _Writers(dict[type, Callable[[Any], bytes] | None]):
    """By class; None for a response, which is sent as it is. A memo of a pure function, for to ask whether an
    object is a response takes longer than to look here.
    """

    __slots__ = ()

    def __missing__(self, kind: Any) -> Callable[[Any], bytes] | None:
        found = None if SENDABLE[kind] else find_writer(kind)
        if len(self) < _MOST_CLASSES:
            self[kind] = found
        return found


WRITERS: Final = _Writers()
