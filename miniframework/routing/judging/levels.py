"""The tree of templates level by level: all stems of one depth are asked about one segment, so they are asked
together.

What is said of a thousand stems is gathered by their numbers (`Pick`), without a step of Python for each.
"""

from collections.abc import Callable, Iterable, Sequence
from functools import cached_property
from itertools import accumulate
from operator import itemgetter
from typing import Any

from miniframework.routing.judging.stems import Stem, Stems
from miniframework.routing.pattern import PathPattern

# Gives of a sequence the items at certain numbers, in their order.
Pick = Callable[[Sequence[Any]], tuple[Any, ...]]


def make_pick(numbers: Sequence[int]) -> Pick:
    """What gathers the items at `numbers`."""
    if len(numbers) > 1:
        return itemgetter(*numbers)
    return lambda items: tuple(items[number] for number in numbers)


class Ends:
    """The patterns that end early, if the path does: where each stands (`places`), below which stem of the
    level above (`parents`), how much of its template is done there, and what of it is missing.

    `rests` are the different missing texts; `pick_rests` gives each pattern its own.
    """

    def __init__(self, ended: Iterable[tuple[int, Stem, int]], patterns: Sequence[PathPattern]) -> None:
        numbers: dict[str, int] = {}
        rests: list[int] = []
        self.places: list[int] = []
        self.parents: list[int] = []
        self.done: list[int] = []
        for parent, stem, at in ended:
            for place in range(stem.first, stem.last):
                pattern = patterns[place]
                rest = pattern.template[at:] + ("/" if pattern.open_ended else "")
                rests.append(numbers.setdefault(rest, len(numbers)))
                self.places.append(place)
                self.parents.append(parent)
                self.done.append(at)
        self.rests = tuple(numbers)
        self.pick_rests = make_pick(rests)
        self.pick_parents = make_pick(self.parents)


class Level:
    """The stems of one depth in the order of the tree, so that those with one parent stand together.

    `blocks` are their different blocks, `kinds[n]` says which of them stem n has, and `parents[n]` is the
    number of its parent in the level above; `begins[n]` is the number of the first stem below stem n of the
    level above. `ended` are the places of the patterns that end here, each with the number of its stem,
    `tails` are those with a tail here, and `slashed` those that end with a slash, each with the number of the
    parent.
    """

    def __init__(
        self, stems: list[Stem], above: Sequence[Stem] | None, patterns: Sequence[PathPattern]
    ) -> None:
        self.stems = stems
        self._patterns = patterns
        counts = [len(stems)] if above is None else [len(stem.following) for stem in above]
        self.begins = [0, *accumulate(counts)]
        self.parents = [parent for parent, count in enumerate(counts) for _ in range(count)]
        numbers: dict[str, int] = {}
        self.kinds = [numbers.setdefault(stem.block.key, len(numbers)) for stem in stems]
        known = {stem.block.key: stem.block for stem in stems}
        self.blocks = [known[key] for key in numbers]
        self.pick_parents = make_pick(self.parents)
        self.pick_kinds = make_pick(self.kinds)
        self.ended: list[tuple[int, int]] = []
        self.tails: list[tuple[int, int]] = []
        self.slashed: list[tuple[int, int]] = []
        self._sort_ends()

    def _sort_ends(self) -> None:
        for number, stem in enumerate(self.stems):
            if not stem.ends:
                continue
            block, to, of = stem.block, self.ended, number
            if block.tail:
                to = self.tails
            elif block.literal == "" and stem.parent is not None:
                to, of = self.slashed, self.parents[number]
            to += [(place, of) for place in range(stem.first, stem.first + len(stem.ends))]

    @cached_property
    def missing(self) -> Ends:
        """What becomes of all that go on here when the path does not."""
        return Ends(
            (
                (parent, stem, stem.block.start - 1)
                for parent, stem in zip(self.parents, self.stems, strict=True)
            ),
            self._patterns,
        )

    @cached_property
    def emptied(self) -> Ends:
        """What becomes of those that want a segment here when the path ends with a slash in front of it."""
        return Ends(
            (
                (parent, stem, stem.block.start)
                for parent, stem in zip(self.parents, self.stems, strict=True)
                if not stem.block.takes_nothing
            ),
            self._patterns,
        )


class Levels:
    """All levels of a tree, from the top; `patterns` are in its order, `mounts` the places of open ends."""

    def __init__(self, stems: Stems) -> None:
        self.patterns = [stems.patterns[number] for number in stems.order]
        self.mounts = [place for place, pattern in enumerate(self.patterns) if pattern.open_ended]
        self.levels: list[Level] = []
        above: list[Stem] | None = None
        here = list(stems.roots)
        while here:
            self.levels.append(Level(here, above, self.patterns))
            above, here = here, [following for stem in here for following in stem.following.values()]
