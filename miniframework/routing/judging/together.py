"""Leading a path through all templates of a table at once, level by level.

It says what `miniframework.routing.judging.trial` says of each template alone, in a third of the time: what
is true of all stems of a level is gathered, and only those that the path has followed so far are gone through
one by one.
"""

from collections.abc import Sequence
from operator import add
from typing import NamedTuple

from miniframework.routing.judging import reasons
from miniframework.routing.judging.asked import Asked, Tried
from miniframework.routing.judging.asking import try_block
from miniframework.routing.judging.judgement import ParameterSpan, Reason
from miniframework.routing.judging.levels import Ends, Level, Levels
from miniframework.routing.judging.stems import Stem

# A judgement without its reasons, as a bare tuple.
Head = tuple[bool, int, int, tuple[int, int] | None, tuple[ParameterSpan, ...]]


class _Above(NamedTuple):
    """What was said down to a level: of each stem the head, which is None as long as nothing refused, and
    the reasons; `alive` are the stems that nothing refused, with the parameters so far.
    """

    heads: Sequence[Head | None]
    against: Sequence[tuple[Reason, ...]]
    alive: Sequence[tuple[int, tuple[ParameterSpan, ...]]]


class Together:
    """What every pattern has against the path, by its place in the order of the tree: `heads`, `against`.

    `takers` are the places of those that have nothing.
    """

    def __init__(self, levels: Levels, asked: Asked) -> None:
        self._asked = asked
        self._length = len(asked.path)
        self._patterns = levels.patterns
        self._kept: list[tuple[int, Head]] = []
        # Every place is given its own: each pattern ends at one level, or the path ends before it.
        self.heads: list[Head] = [(False, 0, 0, None, ())] * len(levels.patterns)
        self.against: list[tuple[Reason, ...]] = [()] * len(levels.patterns)
        before = above = _Above((None,), ((),), ((0, ()),))
        for number, level in enumerate(levels.levels[: asked.last + 1]):
            before, above = above, self._go_on(level, number, above)
        for level in levels.levels[asked.last + 1 : asked.last + 2]:
            self._end_early(level.missing, above)
        for level in levels.levels[asked.last : asked.last + 1]:
            if self._is_emptied(asked.last):
                self._end_early(level.emptied, before)
        for place, head in self._kept:
            self.heads[place] = head
        self.takers = [place for place, head in self._kept if head[0]]

    def _go_on(self, level: Level, number: int, above: _Above) -> _Above:
        tried = [try_block(block, self._asked, number) for block in level.blocks]
        said = [() if one[0] is None else (one[0],) for one in tried]
        heads = list(level.pick_parents(above.heads))
        against = tuple(map(add, level.pick_parents(above.against), level.pick_kinds(said)))
        alive = self._follow(level, number, (tried, heads), above)
        here = _Above(heads, against, alive)
        self._end(level, number, above, here)
        return here

    def _is_emptied(self, number: int) -> bool:
        """Whether the path ends with the slash in front of this segment."""
        return number == self._asked.last > 0 and not self._asked.segments[number]

    def _follow(
        self, level: Level, number: int, made: tuple[list[Tried], list[Head | None]], above: _Above
    ) -> list[tuple[int, tuple[ParameterSpan, ...]]]:
        """Go on with those that nothing has refused: which of them are still alive; the others get heads."""
        tried, heads = made
        asked, stems, kinds, begins = self._asked, level.stems, level.kinds, level.begins
        is_emptied = self._is_emptied(number)
        alive = []
        for parent, parameters in above.alive:
            for at in range(begins[parent], begins[parent + 1]):
                reason, reached, done, refused, found, _ = tried[kinds[at]]
                stem = stems[at]
                block = stem.block
                if is_emptied and not block.takes_nothing:
                    continue
                if block.literal == "" and number and stem.ends:  # what follows the slash is left over
                    self._keep(stem, asked.starts[number], parameters)
                if reason is None:
                    alive.append((at, parameters + found))
                    if stem.ends and (block.literal != "" or not number):
                        ends_here = block.tail or number == asked.last
                        end = self._length if ends_here else asked.starts[number + 1] - 1
                        self._keep(stem, end, parameters + found)
                    continue
                start = block.start
                span = None if refused is None else (start + refused[0], start + refused[1])
                heads[at] = (False, reached, start + done, span, parameters)
        return alive

    def _keep(self, stem: Stem, at: int, parameters: tuple[ParameterSpan, ...]) -> None:
        """Patterns that are satisfied where the path is at `at`: they take it if it ends there."""
        is_taken = at == self._length
        for place in range(stem.first, stem.first + len(stem.ends)):
            done = len(self._patterns[place].template)
            self._kept.append((place, (is_taken, at, done, None, parameters)))

    def _end(self, level: Level, number: int, above: _Above, here: _Above) -> None:
        """Say of the patterns that end at this level what was said of their last stem, and what is left."""
        asked, heads, against = self._asked, self.heads, self.against
        more = () if number == asked.last else (asked.left_over(asked.starts[number + 1] - 1),)
        for place, stem in level.ended:
            heads[place] = here.heads[stem]  # type: ignore[assignment]  # None is replaced by what is kept
            against[place] = here.against[stem] + more
        for place, stem in level.tails:
            heads[place] = here.heads[stem]  # type: ignore[assignment]  # as above
            against[place] = here.against[stem]
        more = () if asked.starts[number] == self._length else (asked.left_over(asked.starts[number]),)
        for place, parent in level.slashed:
            heads[place] = above.heads[parent]  # type: ignore[assignment]  # as above
            against[place] = above.against[parent] + more

    def _end_early(self, ends: Ends, above: _Above) -> None:
        """The path ends where these templates go on."""
        length = self._length
        missing = [(reasons.path_ends(rest, length),) for rest in ends.rests]
        heads = ends.pick_parents(above.heads)
        against = map(add, ends.pick_parents(above.against), ends.pick_rests(missing))
        for place, head, said in zip(ends.places, heads, against, strict=True):
            self.heads[place] = head
            self.against[place] = said
        alive = dict(above.alive)
        if not alive:
            return
        for place, parent, done in zip(ends.places, ends.parents, ends.done, strict=True):
            if parent in alive:
                end = len(self._patterns[place].template)
                span = (done, end) if done < end else None
                self._kept.append((place, (False, length, done, span, alive[parent])))
