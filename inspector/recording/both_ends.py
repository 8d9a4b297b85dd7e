"""A bounded list that keeps its beginning and its newest end."""

from typing import Generic, TypeVar

T = TypeVar("T")


class BothEnds(Generic[T]):
    """Keeps the first half and the newest half of `limit` items and counts those in between.

    `items` may be appended to directly, which is all that most conversations need; what is too much goes with
    the next `add`, or when somebody looks.
    """

    __slots__ = ("_gone", "_limit", "items")

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._gone = 0
        self.items: list[T] = []

    def add(self, item: T) -> None:
        """Add an item; in the middle some may go."""
        self.items.append(item)
        if len(self.items) > 2 * self._limit:  # seldom enough that moving the newest ones costs nothing
            self._shrink()

    @property
    def count(self) -> int:
        """How many items there were."""
        return self._gone + len(self.items)

    @property
    def left_out(self) -> int:
        """How many items are gone."""
        self._shrink()
        return self._gone

    def kept(self) -> tuple[T, ...]:
        """Give what is kept, in order."""
        self._shrink()
        return tuple(self.items)

    def _shrink(self) -> None:
        too_many = len(self.items) - self._limit
        if too_many > 0:
            first = (self._limit + 1) // 2
            del self.items[first : first + too_many]
            self._gone += too_many
