"""Which entries a path that nobody takes was probably meant for.

Whole segments are compared first: those that are there and those that are missing; how much of a segment is
right tells only apart what is alike in that. It is the cheapest way to turn the path into a template, found
for all templates at once by going down their tree. Source: R. A. Wagner and M. J. Fischer, "The string-to-
string correction problem" (JACM 21(1), 1974), with segments for characters.
"""

from bisect import insort
from collections.abc import Iterable, Sequence
from heapq import heappop, heappush
from itertools import count
from typing import NamedTuple

from miniframework.routing.explaining.likeness import Likeness, takes_any_text
from miniframework.routing.judge import Judge, Judgements
from miniframework.routing.judging.asked import Asked
from miniframework.routing.judging.blocks import Block
from miniframework.routing.judging.stems import Stem
from miniframework.routing.route import Route, SocketRoute

# A prefix that is too much, or that was left out; a slash; a whole segment too much, or left out (a word, a
# value; behind the end of the path); two that changed places.
_PREFIX, _NO_PREFIX, _SLASH, _EXTRA, _SWAPPED = 70, 110, 20, 160, 60
_MISSING, _MISSING_VALUE, _CUT_OFF = 135, 80, 50
# Two or three prefixes, or two segments that are wrong: beyond that nothing is meant.
_MOST = 330
_NEVER = 1_000_000
# A hostile path has thousands of segments, and nobody types them.
_MOST_SEGMENTS = 40
# Pairs of a block and a segment that are compared; a table of ten thousand routes has more, dear ones.
_MOST_PAIRS = 10_000
# A method or a condition that a request has not.
_REFUSES_MORE = 45
# What is looked for beside the cheapest.
_MOST_FOUND, _MOST_MORE = 8, 2 * _REFUSES_MORE


class Meant(NamedTuple):
    """What it costs to turn the path into pattern number `pattern`."""

    cost: int
    pattern: int


class _Row(NamedTuple):
    """The costs of the first segments of the path, from none to all, against the blocks down to one; `sure`
    where a word of the path is among those that are right.
    """

    plain: list[int]
    sure: list[int]

    def least(self) -> int:
        return min(min(self.plain), min(self.sure))


def find_meant_entries(judge: Judge, judgements: Judgements, asked: Asked) -> tuple[int, ...]:
    """The entries of the request's protocol that its path was meant for, the likeliest first; one that
    refuses more than the path comes behind its equals.
    """
    other = SocketRoute if asked.protocol == "http" else Route
    found = [
        (one.cost + (0 if judgements.has_only_path(index) else _REFUSES_MORE), index)
        for one in find_meant(judge.stems.roots, asked.path)
        for index in judge.entries_with[one.pattern]
        if not isinstance(judge.entries[index], other)
    ]
    return tuple(index for _, index in sorted(found))


def find_meant(stems: Sequence[Stem], path: str) -> list[Meant]:
    """The patterns that were meant, the likeliest first; none where no word of the path is in any."""
    segments = path.split("/")[1:] if path.startswith("/") else path.split("/")
    if len(segments) > _MOST_SEGMENTS:
        return []
    return _Search(segments).run(stems)


class _Search:
    """One search through the tree."""

    def __init__(self, segments: list[str]) -> None:
        self._segments = segments
        self._likeness = Likeness()
        self._found: list[Meant] = []
        self._planned: list[tuple[int, int, Stem, _Row, _Row | None]] = []
        self._order = count()  # of equals, the first is the first

    def run(self, roots: Sequence[Stem]) -> list[Meant]:
        first = _Row([0], [_NEVER])
        for segment in self._segments:
            first.plain.append(first.plain[-1] + (_PREFIX if segment else _SLASH))
            first.sure.append(_NEVER)
        for root in roots:  # the block in front of the first slash is empty but for odd templates
            if root.block.literal == "" and not root.block.tail:
                self._end(root, first)
                self._plan(root.following.values(), first, None)
            else:
                self._plan([root], first, None)
        pairs_left = _MOST_PAIRS
        while self._planned and self._planned[0][0] <= self._limit() and pairs_left > 0:
            pairs_left -= len(self._segments)
            _, _, stem, above, before = heappop(self._planned)
            row = self._row(stem, above, before)
            self._end(stem, row)
            if row.least() <= self._limit():
                self._plan(stem.following.values(), row, above)
        return self._found

    def _plan(self, stems: Iterable[Stem], above: _Row, before: _Row | None) -> None:
        """Note what is to be looked at, the cheapest first: what is dear may not be looked at at all."""
        least = above.least()
        for stem in stems:
            heappush(self._planned, (least, next(self._order), stem, above, before))

    def _limit(self) -> int:
        """What is dearer is not looked for any more."""
        if not self._found:
            return _MOST
        most = min(_MOST, self._found[0].cost + _MOST_MORE)
        return min(most, self._found[-1].cost) if len(self._found) == _MOST_FOUND else most

    def _end(self, stem: Stem, row: _Row) -> None:
        cost = row.sure[-1]
        if cost > self._limit():
            return
        for pattern in stem.ends:
            insort(self._found, Meant(cost, pattern))
        del self._found[_MOST_FOUND:]

    def _row(self, stem: Stem, above: _Row, before: _Row | None) -> _Row:
        block, segments = stem.block, self._segments
        if block.tail:
            return self._tail(block, above)
        missing = _NO_PREFIX if block.literal else self._missing(block)
        row = _Row([above.plain[0] + missing], [above.sure[0] + missing])
        missing, limit = self._missing(block), self._limit()
        crossed = before if before is not None and _may_be_swapped(stem) else None
        for at, segment in enumerate(segments, 1):
            if at == len(segments):
                missing = min(missing, _CUT_OFF)
            extra = _EXTRA if segment else _SLASH
            one = min(above.plain[at] + missing, row.plain[-1] + extra)
            sure = min(above.sure[at] + missing, row.sure[-1] + extra)
            if above.plain[at - 1] <= limit or above.sure[at - 1] <= limit:
                cost, is_word = self._likeness.of(block, segment)
                sure = min(sure, above.sure[at - 1] + cost)
                if is_word:
                    sure = min(sure, above.plain[at - 1] + cost)
                else:
                    one = min(one, above.plain[at - 1] + cost)
            if crossed is not None and at > 1:
                swapped = min(crossed.plain[at - 2], crossed.sure[at - 2]) + _SWAPPED
                if swapped < sure and self._is_swapped(stem, at):
                    sure = swapped
            row.plain.append(one)
            row.sure.append(sure)
        return row

    def _tail(self, block: Block, above: _Row) -> _Row:
        """The row of a block that takes all the rest, whatever that is."""
        rest = [f"{'/'.join(self._segments[at:])}" for at in range(len(self._segments))]
        costs = [self._likeness.of_tail(block, text) for text in rest]
        costs.append(_CUT_OFF if block.is_parameter else 0)
        last = len(self._segments)
        plain = min(cost + more for cost, more in zip(above.plain, costs, strict=True))
        sure = min(cost + more for cost, more in zip(above.sure, costs, strict=True))
        return _Row([*[_NEVER] * last, plain], [*[_NEVER] * last, sure])

    @staticmethod
    def _missing(block: Block) -> int:
        if block.literal is None:
            return _MISSING_VALUE
        return _MISSING if block.literal else _SLASH

    def _is_swapped(self, stem: Stem, at: int) -> bool:
        """Whether this segment and the one before it are right in each other's place."""
        assert stem.parent is not None
        there = self._likeness.is_right(stem.parent.block, self._segments[at - 1])
        return there and self._likeness.is_right(stem.block, self._segments[at - 2])


def _may_be_swapped(stem: Stem) -> bool:
    """Whether it says something that its block and the one before it are right in each other's place."""
    if stem.parent is None or stem.parent.block.tail:
        return False
    blocks = stem.parent.block, stem.block
    return not any(map(takes_any_text, blocks)) and any(block.literal is not None for block in blocks)
