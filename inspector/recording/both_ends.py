"""A bounded list that keeps its beginning and its newest end."""

from collections import deque
from typing import Generic, TypeVar

T = TypeVar("T")


class BothEnds(Generic[T]):
    """Keeps the first half and the newest half of `limit` items and counts those in between."""

    __slots__ = ("_first", "_limit", "_newest", "count")

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._first: list[T] = []
        self._newest: deque[T] | None = None  # most conversations never need it
        self.count = 0

    def add(self, *items: T) -> None:
        """Add items; in the middle some may go."""
        self.count += len(items)
        first = self._first
        if self.count <= (self._limit + 1) // 2:
            first += items
            return
        if self._newest is None:
            self._newest = deque(maxlen=self._limit // 2)
        left = (self._limit + 1) // 2 - len(first)
        first += items[:left]
        self._newest += items[left:]

    @property
    def left_out(self) -> int:
        """How many items are gone."""
        return self.count - len(self._first) - len(self._newest or ())

    def kept(self) -> tuple[T, ...]:
        """Give what is kept, in order."""
        return tuple(self._first) if self._newest is None else (*self._first, *self._newest)
