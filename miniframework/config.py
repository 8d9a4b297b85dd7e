"""A configuration from the environment and a file as `.env`, as Starlette has it.

Source: https://www.starlette.io/config/
"""

import os
import warnings
from collections.abc import Callable, Iterator, Mapping, MutableMapping
from pathlib import Path
from typing import Any, Final, TypeVar, overload

from miniframework.errors import MiniframeworkError

__all__ = ["Config", "Environ", "EnvironError", "environ"]

T = TypeVar("T")
_BOOLEANS: Final = {"true": True, "1": True, "false": False, "0": False}


class _Unsaid:
    """The type of `_UNSAID`: there is no default, and None would be one."""


_UNSAID: Final = _Unsaid()


class EnvironError(MiniframeworkError):
    """A variable was changed after it had been read: whoever read it would not hear of that."""


class Environ(MutableMapping[str, str]):
    """Variables that cannot be changed once they were read."""

    def __init__(self, environ: MutableMapping[str, str] = os.environ) -> None:
        self._environ = environ
        self._read: set[str] = set()

    def __getitem__(self, key: str) -> str:
        self._read.add(key)
        return self._environ[key]

    def __setitem__(self, key: str, value: str) -> None:
        self._check_unread(key)
        self._environ[key] = value

    def __delitem__(self, key: str) -> None:
        self._check_unread(key)
        del self._environ[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._environ)

    def __len__(self) -> int:
        return len(self._environ)

    def _check_unread(self, key: str) -> None:
        if key in self._read:
            raise EnvironError(f"environ[{key!r}] has already been read; change it before that")


# Of the process, as os.environ is: it knows what was read of it.
environ: Final = Environ()


class Config:
    """Gives a value by its name: of the environment, else of the file, else the default.

    `env_prefix` stands before each name. A file that is not there is a warning.
    """

    def __init__(
        self,
        env_file: str | Path | None = None,
        environ: Mapping[str, str] = environ,
        env_prefix: str = "",
        encoding: str = "utf-8",
    ) -> None:
        self.environ = environ
        self.env_prefix = env_prefix
        self.file_values: dict[str, str] = {}
        if env_file is None:
            return
        if os.path.isfile(env_file):
            self.file_values = _parse_lines(Path(env_file).read_text(encoding))
        else:
            warnings.warn(f"Config file '{env_file}' not found.", stacklevel=2)

    @overload
    def __call__(self, key: str, *, default: None) -> str | None: ...

    @overload
    def __call__(self, key: str, cast: type[T], default: T = ...) -> T: ...

    @overload
    def __call__(self, key: str, cast: type[str] = ..., default: str = ...) -> str: ...

    @overload
    def __call__(self, key: str, cast: Callable[[Any], T] = ..., default: Any = ...) -> T: ...

    @overload
    def __call__(self, key: str, cast: type[str] = ..., default: T = ...) -> T | str: ...

    def __call__(self, key: str, cast: Callable[[Any], Any] | None = None, default: Any = _UNSAID) -> Any:
        """Give the value, made by `cast`; of `bool` there are true, false, 1 and 0.

        Raises KeyError where there is none and no default, ValueError for what `cast` refuses.
        """
        return self.get(key, cast, default)

    def get(self, key: str, cast: Callable[[Any], Any] | None = None, default: Any = _UNSAID) -> Any:
        """Do what a call does."""
        key = self.env_prefix + key
        for values in (self.environ, self.file_values):
            if key in values:
                return _cast(key, values[key], cast)
        if default is _UNSAID:
            raise KeyError(f"Config '{key}' is missing, and has no default.")
        return _cast(key, default, cast)


def _parse_lines(text: str) -> dict[str, str]:
    values: dict[str, str] = {}
    for line in map(str.strip, text.splitlines()):
        if line.startswith("#") or "=" not in line:
            continue
        key, _, value = line.partition("=")
        value = value.strip()
        quoted = len(value) > 1 and value[0] == value[-1] and value[0] in "\"'"
        values[key.strip()] = value[1:-1] if quoted else value
    return values


def _cast(key: str, value: Any, cast: Callable[[Any], Any] | None) -> Any:
    if cast is None or value is None:
        return value
    if cast is bool and isinstance(value, str):
        if value.lower() not in _BOOLEANS:
            raise ValueError(f"Config '{key}' has value '{value}'. Not a valid bool.")
        return _BOOLEANS[value.lower()]
    try:
        return cast(value)
    except (TypeError, ValueError):
        name = getattr(cast, "__name__", repr(cast))
        raise ValueError(f"Config '{key}' has value '{value}'. Not a valid {name}.") from None
