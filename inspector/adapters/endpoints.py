"""What can be said of a foreign endpoint without calling it: its name and where it was written."""

import inspect
import linecache
import re
from collections.abc import Iterable
from typing import Any

from miniframework.callables import without_partial
from miniframework.routing.endpoints import endpoint_name
from miniframework.routing.source import Source


def name_endpoint(endpoint: object) -> str:
    """Return `module:qualname` of what the user wrote, behind `functools.partial`."""
    return endpoint_name(without_partial(endpoint))


def find_source(endpoint: object) -> Source | None:
    """Return where the endpoint was written, None for what has no Python source (built-in, generated).

    Of an object that can be called it is the `__call__` of its class; decorators that keep `__wrapped__` are
    looked through.
    """
    written: Any = inspect.unwrap(without_partial(endpoint))
    if inspect.isclass(written):
        return _find_class(written)
    code = getattr(inspect.unwrap(_function_of(written)), "__code__", None)
    return None if code is None else Source(file=code.co_filename, line=code.co_firstlineno)


def find_answered(written: type, names: Iterable[str]) -> frozenset[str]:
    """The methods of these names, in lower case, that a class has a function for; `get` answers HEAD too."""
    has = {name for name in names if getattr(written, name, None) is not None}
    return frozenset(name.upper() for name in (has | {"head"} if "get" in has else has))


def _function_of(written: Any) -> Any:
    if hasattr(written, "__code__"):
        return written
    if inspect.ismethod(written):
        return written.__func__
    return getattr(type(written), "__call__", written)  # noqa: B004  # the function, not whether it is one


def _find_class(written: type) -> Source | None:
    """The line of `class`: the last of this name in its file before the first of its methods.

    `inspect` would parse the whole file for each class: 20 s for the 500 routes of a Django project.
    """
    try:
        file = inspect.getsourcefile(written)
    except TypeError:  # no file: made at run time
        return None
    methods = [getattr(value, "__code__", None) for value in vars(written).values()]
    lines = [code.co_firstlineno for code in methods if code is not None and code.co_filename == file]
    declared = re.compile(rf"\s*class\s+{re.escape(written.__name__)}\b")
    found = [n for n, text in enumerate(linecache.getlines(file or ""), 1) if declared.match(text)]
    before = [line for line in found if not lines or line <= min(lines)]
    return Source(file=file, line=before[-1] if lines else before[0]) if file and before else None
