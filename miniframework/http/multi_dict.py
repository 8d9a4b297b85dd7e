"""Pairs of which a name may come more than once."""

from collections.abc import Iterable, Iterator, Mapping
from typing import TypeVar

Value = TypeVar("Value")


class ImmutableMultiDict(Mapping[str, Value]):
    """Pairs by name; a repeated name gives its last value, `getlist` all of them.

    Made from pairs, a mapping, another of these, and keywords. Two are equal when they are of one class and
    each name has the same values in the same order.
    """

    __slots__ = ("_pairs",)
    _pairs: tuple[tuple[str, Value], ...]

    def __init__(
        self, pairs: Mapping[str, Value] | Iterable[tuple[str, Value]] = (), /, **more: Value
    ) -> None:
        self._pairs = (*list_pairs(pairs), *more.items())

    def __getitem__(self, name: str) -> Value:
        for key, value in reversed(self._pairs):
            if key == name:
                return value
        raise KeyError(name)

    def __iter__(self) -> Iterator[str]:
        return iter(dict.fromkeys(key for key, _ in self._pairs))

    def __len__(self) -> int:
        return len({key for key, _ in self._pairs})

    def get_list(self, key: str) -> list[Value]:
        """Give every value of a repeated name, in order."""
        return [value for name, value in self._pairs if name == key]

    getlist = get_list

    def multi_items(self) -> list[tuple[str, Value]]:
        """Give all pairs, in order, with repetitions."""
        return list(self._pairs)

    def __eq__(self, other: object) -> bool:
        # The order of different names says nothing, that of one name's values does.
        return isinstance(other, type(self)) and _by_name(self._pairs) == _by_name(other._pairs)

    __hash__ = None  # type: ignore[assignment]  # as any mapping

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.multi_items()!r})"


def list_pairs(pairs: Mapping[str, Value] | Iterable[tuple[str, Value]]) -> Iterable[tuple[str, Value]]:
    """Give the pairs of what may be a mapping."""
    if isinstance(pairs, ImmutableMultiDict):
        return pairs.multi_items()
    return pairs.items() if isinstance(pairs, Mapping) else pairs


def _by_name(pairs: Iterable[tuple[str, Value]]) -> list[tuple[str, Value]]:
    return sorted(pairs, key=lambda pair: pair[0])
