"""The templates of a table as one tree of blocks: what many begin with is asked about once."""

from collections.abc import Iterator, Sequence

from miniframework.routing.blocks import Block
from miniframework.routing.pattern import PathPattern


class Stem:
    """A block at its place, and what may follow it in the templates that are alike up to here.

    `ends` are the numbers of the patterns of which it is the last block.
    """

    __slots__ = ("block", "ends", "following")

    def __init__(self, block: Block) -> None:
        self.block = block
        self.ends: list[int] = []
        self.following: dict[str, Stem] = {}

    def below(self) -> Iterator[int]:
        """The numbers of all patterns that go through it."""
        stack = [self]
        while stack:
            stem = stack.pop()
            yield from stem.ends
            stack.extend(stem.following.values())


def grow_stems(patterns: Sequence[PathPattern]) -> tuple[Stem, ...]:
    """The first blocks of the patterns, each with all that follows it."""
    first: dict[str, Stem] = {}
    for number, pattern in enumerate(patterns):
        stems, stem = first, None
        for block in pattern.blocks:
            stem = stems.get(block.key)
            if stem is None:
                stem = stems[block.key] = Stem(block)
            stems = stem.following
        assert stem is not None, "every template has a block"
        stem.ends.append(number)
    return tuple(first.values())
