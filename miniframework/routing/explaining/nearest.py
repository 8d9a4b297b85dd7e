"""Which templates are nearest to a path, and the paths they would take instead of it."""

import heapq
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from miniframework.routing.explaining.distance import count_edits
from miniframework.routing.judging.blocks import Block
from miniframework.routing.judging.stems import Stem
from miniframework.routing.regex.mending import mend

# What a whole segment more, less or other costs beside one edit of a character: as much as four.
_SEGMENT = 4
# One segment of another kind and some typing mistakes beside; beyond that nothing is near.
_MOST = 7
# A hostile path has thousands of segments, and nobody types them.
_MOST_SEGMENTS = 40


class Candidate(NamedTuple):
    """Pattern number `pattern` would take `path`. `is_invented` when a part of it was made up."""

    pattern: int
    path: str
    is_invented: bool


# One block after the other with the text it is given, the last one first.
_Way = tuple[Block, str, "_Way"] | None
# What it costs so far, a number to tell equals apart, the stem, how many segments of the path are used up,
# the way, and whether it is the turn of those who follow only with a segment that is other or missing.
_Place = tuple[int, int, Stem, int, _Way, bool]


def find_candidates(stems: Sequence[Stem], path: str, *, at_least: int) -> Iterator[Candidate]:
    """The nearest patterns, nearest first, until there are `at_least` or none is left.

    It is the cheapest way through pairs of a block of the tree and a segment of the path. What a parameter
    that refuses costs is only a guess here; the path is mended exactly.
    """
    segments = path.split("/") if path.startswith("/") else ["", *path.split("/")]
    if len(segments) > _MOST_SEGMENTS:
        return
    search = _Search(segments)
    for stem in stems:
        search.begin(stem)
    found = 0
    for stem, way in search.ends():
        for pattern in stem.ends:
            candidate = _candidate(pattern, way)
            if candidate is not None:
                found += 1
                yield candidate
        if found >= at_least:
            return


class _Search:
    """One search; `ends` goes on as long as somebody asks."""

    def __init__(self, segments: list[str]) -> None:
        self._segments = segments
        self._heap: list[_Place] = []
        self._pushed = 0
        self._best: dict[tuple[int, int], tuple[int, int]] = {}
        self._costs: dict[tuple[str, str], int] = {}

    def begin(self, stem: Stem) -> None:
        """Start with a block in front of the first slash, which is empty; only a path without one differs."""
        self._push(0, stem, 1 if stem.block.literal == "" else len(self._segments), (stem.block, "", None))

    def ends(self) -> Iterator[tuple[Stem, _Way]]:
        """The stems with which the whole path is used up, cheapest first."""
        last = len(self._segments)
        while self._heap:
            cost, number, stem, at, way, is_late = heapq.heappop(self._heap)
            if is_late:
                self._follow_late(stem, (cost, number), at, way)
                continue
            if self._best[id(stem), at] < (cost, number):
                continue
            if at == last and stem.ends:
                yield stem, way
            if at < last:
                self._push(cost + _SEGMENT, stem, at + 1, way)  # a segment too many
            if stem.following:
                self._follow(stem, cost, at, way)

    def _follow(self, stem: Stem, cost: int, at: int, way: _Way) -> None:
        """Go on with whoever takes the next segment as it is or mistyped; the others have to wait."""
        has_more = at < len(self._segments)
        for following in stem.following.values():
            block = following.block
            if block.tail:
                text = "/".join(self._segments[at:])
                more = cost + self._cost(block, text)
                self._push(more, following, len(self._segments), (block, text, way))
                continue
            if has_more:
                more = self._cost(block, self._segments[at])
                if more < _SEGMENT:
                    self._push(cost + more, following, at + 1, (block, self._segments[at], way))
            if block.literal == "":
                self._push(cost + 1, following, at, (block, "", way))
        if cost + _SEGMENT <= _MOST:
            heapq.heappush(self._heap, (cost + _SEGMENT, self._pushed + 1, stem, at, way, True))
            self._pushed += 1 + 2 * len(stem.following)  # of equals, who had to wait still comes first

    def _follow_late(self, stem: Stem, place: tuple[int, int], at: int, way: _Way) -> None:
        """Go on where a whole segment is other than it should be, or missing."""
        cost, number = place
        for count, following in enumerate(stem.following.values()):
            block = following.block
            if not block.tail:
                if at < len(self._segments):
                    segment = self._segments[at]
                    self._push(cost, following, at + 1, (block, segment, way), number + 2 * count)
                self._push(cost, following, at, (block, "", way), number + 2 * count + 1)

    def _push(self, cost: int, stem: Stem, at: int, way: _Way, number: int | None = None) -> None:
        left = len(self._segments) - at
        if left > stem.most:
            at_least = cost + _SEGMENT * (left - stem.most)
        else:
            at_least = cost + _SEGMENT * max(0, stem.least - left)
        if number is None:
            self._pushed += 1
            number = self._pushed
        key = (id(stem), at)
        known = self._best.get(key)
        if at_least <= _MOST and (known is None or (cost, number) < known):
            self._best[key] = cost, number
            heapq.heappush(self._heap, (cost, number, stem, at, way, False))

    def _cost(self, block: Block, text: str) -> int:
        if block.literal == text:
            return 0
        cost = self._costs.get((block.key, text))
        if cost is None:
            cost = self._costs[block.key, text] = _cost(block, text)
        return cost


def _cost(block: Block, text: str) -> int:
    if block.literal is None:
        if block.regex.fullmatch(text):
            return 0
        return min(_SEGMENT - 1, 1 + len(text) // 4) if text else _SEGMENT - 1
    if not text or not block.literal:
        return _SEGMENT
    if block.literal.lower() == text.lower():
        return 1
    edits = count_edits(block.literal, text, at_most=1 + len(text) // 4)
    return edits if edits <= 1 + len(text) // 4 else _SEGMENT


def _candidate(pattern: int, way: _Way) -> Candidate | None:
    texts: list[str] = []
    is_invented = False
    while way is not None:
        block, text, way = way
        if block.literal is None and not block.regex.fullmatch(text):
            mended = mend(block.source, text)
            if mended is None:
                return None
            is_invented |= bool(mended.text) and mended.invented == len(mended.text)
            text = mended.text
        texts.append(text if block.literal is None else block.literal)
    return Candidate(pattern, "/".join(reversed(texts)), is_invented)
