"""The templates of a table as one tree of blocks: what many begin with is asked about once."""

from collections.abc import Sequence

from miniframework.routing.judging.blocks import Block, Cut, cut_template, literal_beginning
from miniframework.routing.pattern import PathPattern

# A tail takes any number of segments; no path has as many as this.
_NO_END = 1_000_000


class Stem:
    """A block at its place, and what may follow it in the templates that are alike up to here.

    `ends` are the numbers of the patterns of which it is the last block; `following` is by the key of the
    block, which is the text of a literal, and `open` holds those of it that have a parameter. Counted through
    the tree from the top, all patterns that go through it stand at `first` to `last`, which is not included.

    Behind it come at least `least` segments that are not empty, and at most `most`.
    """

    __slots__ = ("block", "ends", "first", "following", "last", "least", "most", "open", "parent")

    def __init__(self, block: Block, parent: "Stem | None") -> None:
        self.block = block
        self.parent = parent
        self.ends: list[int] = []
        self.following: dict[str, Stem] = {}
        self.open: list[Stem] = []
        self.first = 0
        self.last = 0
        self.least = 0
        self.most = 0


class Stems:
    """The tree: its first blocks (`roots`), the last block of each pattern (`leaves`), and all patterns in
    the `order` in which the tree has them (`places` is the reverse of it)."""

    def __init__(self, patterns: Sequence[PathPattern]) -> None:
        self.patterns = patterns
        self.leaves: list[Stem] = []
        planting = _Planting()
        for number, pattern in enumerate(patterns):
            stem = planting.plant(pattern)
            stem.ends.append(number)
            self.leaves.append(stem)
        self.roots = tuple(planting.first.values())
        self.order: list[int] = []
        self._count()
        self.places = [0] * len(patterns)
        for place, number in enumerate(self.order):
            self.places[number] = place

    def way_to(self, number: int) -> list[Stem]:
        """The blocks of a pattern, each where it stands in the tree."""
        way = []
        stem: Stem | None = self.leaves[number]
        while stem is not None:
            way.append(stem)
            stem = stem.parent
        return way[::-1]

    def _count(self) -> None:
        stack = [(stem, False) for stem in reversed(self.roots)]
        while stack:
            stem, is_done = stack.pop()
            if is_done:
                stem.last = len(self.order)
                _measure(stem)
                continue
            stem.first = len(self.order)
            self.order += stem.ends
            stack.append((stem, True))
            stack += [(following, False) for following in reversed(stem.following.values())]


class _Planting:
    """The growing tree; `first` are its first stems by their keys."""

    def __init__(self) -> None:
        self.first: dict[str, Stem] = {}
        self._begun: dict[str, Stem] = {}
        self._blocks: dict[tuple[str, int], Block] = {}

    def plant(self, pattern: PathPattern) -> Stem:
        """The stem of the last block of the pattern."""
        stem: Stem | None = None
        begin = 0
        beginning = literal_beginning(pattern.parts)
        if beginning is not None:  # of ten thousand templates most begin alike
            stem = self._begun.get(beginning) or self._begin(beginning)
            begin = len(beginning) + 1
        for cut in cut_template(pattern.parts, open_ended=pattern.open_ended, begin=begin):
            stem = self._grow(stem, cut)
        assert stem is not None, "every template has a block"
        return stem

    def _begin(self, text: str) -> Stem:
        stem: Stem | None = None
        at = 0
        for segment in text.split("/"):
            end = at + len(segment)
            stem = self._grow(stem, Cut(((segment, at),) if segment else (), at, end, tail=False))
            at = end + 1
        assert stem is not None, "a text has a segment"
        self._begun[text] = stem
        return stem

    def _grow(self, parent: Stem | None, cut: Cut) -> Stem:
        key = cut.key
        stems = self.first if parent is None else parent.following
        stem = stems.get(key)
        if stem is None:
            place = key, cut.start
            block = self._blocks.get(place)
            if block is None:
                block = self._blocks[place] = cut.make()
            stem = stems[key] = Stem(block, parent)
            if parent is not None and block.literal is None:
                parent.open.append(stem)
        return stem


def _measure(stem: Stem) -> None:
    """How many segments may follow, once that is known of all that follow it."""
    below = stem.following.values()
    if stem.block.tail:
        stem.most = _NO_END
    elif below:
        stem.most = 1 + max(following.most for following in below)
    if below and not stem.ends:
        stem.least = min(
            following.least + (following.block.literal != "" and not following.block.tail)
            for following in below
        )
