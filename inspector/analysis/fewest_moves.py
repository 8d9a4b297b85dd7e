"""A sequence brought into another order with as few moves as possible, and otherwise left as it is."""

from collections.abc import Iterable, Iterator, Sequence
from graphlib import CycleError, TopologicalSorter
from heapq import heapify, heappop, heappush
from itertools import pairwise

from miniframework.records import dataclass

Pair = tuple[int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reordering:
    """The items 0, 1, ... in their new `order`; those that are not `moved` kept theirs."""

    order: tuple[int, ...]
    moved: frozenset[int]


class ContradictionError(Exception):
    """No order meets all demands; `cycle` are items each of which should stand before the next."""

    def __init__(self, cycle: Sequence[int]) -> None:
        super().__init__(f"no order puts each of these before the next: {list(cycle)}")
        self.cycle = tuple(cycle)


def move_fewest(size: int, demands: Iterable[Pair], *, move_earlier: bool = False) -> Reordering:
    """The order nearest to 0..size-1 in which the first of each demanded pair stands before the second.

    Of several smallest sets of moves, one that moves items forward, or with `move_earlier` one that moves
    what stands before them backward. Raises ContradictionError.

    Two items cannot both stay when what must follow stands first. That relation is a partial order, so the
    most that can stay is a largest antichain. Source: R. P. Dilworth, "A Decomposition Theorem for Partially
    Ordered Sets" (1950); found by a matching, as D. Koenig showed.
    """
    after = _successors(size, demands)
    reach = _reachable(size, after)
    conflicts = {item: list(_bits(reach[item] & ((1 << item) - 1))) for item in range(size)}
    conflicts = {item: earlier for item, earlier in conflicts.items() if earlier}
    kept = _most_kept(size, conflicts, move_earlier=move_earlier)
    for first, second in pairwise(kept):
        after[first].add(second)
    return Reordering(order=_nearest_order(size, after), moved=frozenset(range(size)) - frozenset(kept))


def _successors(size: int, demands: Iterable[Pair]) -> list[set[int]]:
    after: list[set[int]] = [set() for _ in range(size)]
    for first, second in demands:
        after[first].add(second)
    return after


def _reachable(size: int, after: Sequence[set[int]]) -> list[int]:
    """For each item, as a bit mask, what has to stand somewhere after it."""
    reach = [0] * size
    try:
        for item in TopologicalSorter(dict(enumerate(after))).static_order():
            for follower in after[item]:
                reach[item] |= reach[follower] | 1 << follower
    except CycleError as error:
        # graphlib names each item after those it was told come before it: here, those that follow.
        raise ContradictionError(tuple(reversed(error.args[1]))) from error
    return reach


def _bits(mask: int) -> Iterator[int]:
    while mask:
        low = mask & -mask
        yield low.bit_length() - 1
        mask ^= low


def _most_kept(size: int, conflicts: dict[int, list[int]], *, move_earlier: bool) -> list[int]:
    """A largest set of items without a conflict between two of them."""
    if move_earlier:
        conflicts = _turned(conflicts)
    matched = _match(conflicts)
    taken = set(matched.values())
    free = [item for item in range(size) if item not in taken]
    lefts, rights = set(free), set[int]()
    while free:
        for other in conflicts.get(free.pop(), ()):
            if other not in rights:
                rights.add(other)
                lefts.add(matched[other])
                free.append(matched[other])
    return [item for item in range(size) if item in lefts and item not in rights]


def _turned(conflicts: dict[int, list[int]]) -> dict[int, list[int]]:
    turned: dict[int, list[int]] = {}
    for item, others in conflicts.items():
        for other in others:
            turned.setdefault(other, []).append(item)
    return turned


def _match(conflicts: dict[int, list[int]]) -> dict[int, int]:
    """A largest matching, from its right items to its left ones, by augmenting paths."""
    matched: dict[int, int] = {}
    partner: dict[int, int] = {}
    for start in conflicts:
        came: dict[int, int] = {}
        end = _free_end(start, conflicts, matched, came)
        while end is not None:  # turn the path around: each of its right items gets the left one before it
            left = came[end]
            before = partner.get(left)
            matched[end], partner[left] = left, end
            end = before
    return matched


def _free_end(
    start: int, conflicts: dict[int, list[int]], matched: dict[int, int], came: dict[int, int]
) -> int | None:
    pending = [start]
    while pending:
        left = pending.pop()
        for right in conflicts[left]:
            if right in came:
                continue
            came[right] = left
            if right not in matched:
                return right
            pending.append(matched[right])
    return None


def _nearest_order(size: int, after: Sequence[set[int]]) -> tuple[int, ...]:
    """From the end, always the last item that may stand there: nothing moves further than asked."""
    waiting = [len(followers) for followers in after]
    before = _turned({item: list(followers) for item, followers in enumerate(after)})
    ready = [-item for item in range(size) if not waiting[item]]
    heapify(ready)
    order: list[int] = []
    while ready:
        item = -heappop(ready)
        order.append(item)
        for earlier in before.get(item, ()):
            waiting[earlier] -= 1
            if not waiting[earlier]:
                heappush(ready, -earlier)
    return tuple(reversed(order))
