"""A bounded list that keeps its beginning and its newest end."""

from collections import deque
from typing import Generic, TypeVar

T = TypeVar("T")


class BothEnds(Generic[T]):
    """Keeps the first half and the newest half of `limit` items and counts those in between."""

    def __init__(self, limit: int) -> None:
        self._first_limit = (limit + 1) // 2
        self._first: list[T] = []
        self._newest_limit = limit - self._first_limit
        self._newest: deque[T] | None = None  # most conversations never need it
        self.count = 0

    def add(self, item: T) -> None:
        """Add an item; in the middle one may go."""
        self.count += 1
        if len(self._first) < self._first_limit:
            self._first.append(item)
            return
        if self._newest is None:
            self._newest = deque(maxlen=self._newest_limit)
        self._newest.append(item)

    @property
    def left_out(self) -> int:
        """How many items are gone."""
        return self.count - len(self._first) - len(self._newest or ())

    def kept(self) -> tuple[T, ...]:
        """Give what is kept, in order."""
        return (*self._first, *(self._newest or ()))
