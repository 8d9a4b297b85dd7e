"""Values of a configuration that are more than text: a secret, and a list in one line."""

from collections.abc import Iterator, Sequence
from typing import overload

__all__ = ["CommaSeparatedStrings", "Secret"]


class Secret:
    """A text that no traceback and no log shows; `str(secret)` gives it where it is needed."""

    __slots__ = ("_value",)

    def __init__(self, value: str) -> None:
        self._value = value

    def __repr__(self) -> str:
        return f"{type(self).__name__}('**********')"

    def __str__(self) -> str:
        return self._value

    def __bool__(self) -> bool:
        return bool(self._value)


class CommaSeparatedStrings(Sequence[str]):
    """A list from a text as `a.org, "b, c"`, or from a sequence."""

    __slots__ = ("_items",)

    def __init__(self, value: str | Sequence[str]) -> None:
        if isinstance(value, str):
            from shlex import shlex  # only who configures so needs it

            words = shlex(value, posix=True)
            words.whitespace, words.whitespace_split = ",", True
            value = [word.strip() for word in words]
        self._items = list(value)

    def __len__(self) -> int:
        return len(self._items)

    @overload
    def __getitem__(self, index: int) -> str: ...

    @overload
    def __getitem__(self, index: slice) -> list[str]: ...

    def __getitem__(self, index: int | slice) -> str | list[str]:
        return self._items[index]

    def __iter__(self) -> Iterator[str]:
        return iter(self._items)

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self._items!r})"

    def __str__(self) -> str:
        return ", ".join(map(repr, self._items))
