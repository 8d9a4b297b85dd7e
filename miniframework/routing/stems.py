"""The templates of a table as one tree of blocks: what many begin with is asked about once."""

from collections.abc import Sequence

from miniframework.routing.blocks import Block, cut_template
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
        first: dict[str, Stem] = {}
        for number, pattern in enumerate(patterns):
            stems = first
            stem: Stem | None = None
            for cut in cut_template(pattern.parts, open_ended=pattern.open_ended):
                key = cut.key
                parent, stem = stem, stems.get(key)
                if stem is None:
                    stem = stems[key] = Stem(cut.make(), parent)
                    if parent is not None and stem.block.literal is None:
                        parent.open.append(stem)
                stems = stem.following
            assert stem is not None, "every template has a block"
            stem.ends.append(number)
            self.leaves.append(stem)
        self.roots = tuple(first.values())
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
