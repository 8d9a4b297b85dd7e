"""In how many ways an automaton takes one text: the reason why a backtracking engine may try them all.

Exponentially many when one place leads back to itself in two ways on the same text; a polynomial of degree d
when d places in a row each lead to themselves and to the next one on the same text.
Source: A. Weber, H. Seidl, "On the degree of ambiguity of finite automata" (Theoretical Computer Science
88(2), 1991); N. Weideman et al., "Analyzing matching time behavior of backtracking regular expression
matchers by using ambiguity of NFA" (CIAA 2016).
"""

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import islice, product
from typing import TypeVar

from inspector.analysis.alphabet import Alphabet
from inspector.analysis.errors import TooLargeError
from inspector.analysis.redos.positions import Positions
from inspector.analysis.segment_words import NEWLINE
from miniframework.records import dataclass

_MOST_SEEN = 20_000
# The next ambiguity is asked for when no text makes the one before fail; it seldom helps more than once.
_MOST_EXPONENTIAL = 4
_MOST_POLYNOMIAL = 8

State = TypeVar("State")
Edge = tuple[int, int]  # two places, the second of which the first one leads to
Step = tuple[State, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Ambiguity:
    """`start` leads to the first place, each loop is the text to repeat there and the text to the next one.

    The time of a failing match grows exponentially with the repeats, or as their power of `degree`.
    """

    start: str
    loops: tuple[tuple[str, str], ...]
    is_exponential: bool

    @property
    def degree(self) -> int:
        """The power, for one that is not exponential."""
        return len(self.loops) + 1


def find_ambiguities(positions: Positions, alphabet: Alphabet) -> Iterator[Ambiguity]:
    """The ambiguities there are, the worst first: of one in many places only some. Raises TooLargeError."""
    search = _Search(positions, alphabet)
    yield from islice(search.exponential(), _MOST_EXPONENTIAL)
    yield from islice(search.polynomial(), _MOST_POLYNOMIAL)


class _Search:
    def __init__(self, positions: Positions, alphabet: Alphabet) -> None:
        self._sets = positions.sets
        self._after = positions.after
        self._first = positions.first
        self._alphabet = alphabet
        self._reach = [self._reachable(place) for place in range(len(self._sets))]
        self._loops = [place for place in range(len(self._sets)) if place in self._reach[place]]

    def exponential(self) -> Iterator[Ambiguity]:
        for place in self._loops:
            word = self._twice_around(place)
            if word is not None:
                yield Ambiguity(start=self._way_to(place), loops=((word, ""),), is_exponential=True)

    def polynomial(self) -> Iterator[Ambiguity]:
        """The longest chain of places, then those parts of it, and single steps, that are shorter."""
        edges: dict[Edge, str] = {
            (place, other): word
            for place, other in product(self._loops, repeat=2)
            if self._may_leave(place, other) and (word := self._leave(place, other)) is not None
        }
        whole = _longest_chain(edges, self._reach)
        for size in range(len(whole), 1, -1):
            for at in range(len(whole) - size + 1):
                yield self._along(whole[at : at + size], edges)
        for edge in edges:
            yield self._along((edge,), edges)

    def _along(self, chain: Sequence[Edge], edges: Mapping[Edge, str]) -> Ambiguity:
        loops = []
        for edge, following in zip(chain, (*chain[1:], None), strict=True):
            here = edge[1]
            on = "" if following is None or following[0] == here else self._between(here, following[0])
            loops.append((edges[edge], on))
        return Ambiguity(start=self._way_to(chain[0][0]), loops=tuple(loops), is_exponential=False)

    def _twice_around(self, place: int) -> str | None:
        """A text on which `place` leads back to itself in two ways."""

        def pairs(a: int, b: int) -> Iterator[Step[tuple[int, int]]]:
            for left in self._inside(a, place):
                for right in self._inside(b, place):
                    if both := self._sets[left] & self._sets[right]:
                        yield (left, right), self._char(both)

        for after in self._inside(place, place):
            if self._after[place][after] > 1:
                rest = _find_word([(after, "")], lambda at: at == place, self._steps)
                if rest is not None:
                    return self._char(self._sets[after]) + rest
        starts = [step for step in pairs(place, place) if step[0][0] < step[0][1]]
        return _find_word(starts, lambda at: at == (place, place), lambda at: pairs(*at))

    def _may_leave(self, place: int, other: int) -> bool:
        return (
            place != other
            and other in self._reach[place]
            and place not in self._reach[other]
            and bool(self._sets[place] & self._sets[other])
        )

    def _leave(self, place: int, other: int) -> str | None:
        """A text on which `place` leads to itself and to `other`, and `other` to itself."""

        def steps(at: tuple[int, int, int]) -> Iterator[Step[tuple[int, int, int]]]:
            for a in self._inside(at[0], place):
                for c in self._inside(at[2], other):
                    if not (both := self._sets[a] & self._sets[c]):
                        continue
                    for b in self._after[at[1]]:
                        if (all_ := both & self._sets[b]) and (b == other or other in self._reach[b]):
                            yield (a, b, c), self._char(all_)

        start = (place, place, other)
        return _find_word(steps(start), lambda at: at == (place, other, other), steps)

    def _inside(self, here: int, around: int) -> Iterator[int]:
        return (after for after in self._after[here] if after == around or around in self._reach[after])

    def _steps(self, here: int) -> Iterator[Step[int]]:
        return ((after, self._char(self._sets[after])) for after in self._after[here])

    def _way_to(self, place: int) -> str:
        starts = [(first, self._char(self._sets[first])) for first in self._first]
        return _find_word(starts, lambda at: at == place, self._steps) or ""

    def _between(self, here: int, there: int) -> str:
        return _find_word(self._steps(here), lambda at: at == there, self._steps) or ""

    def _reachable(self, place: int) -> frozenset[int]:
        seen: set[int] = set()
        pending = list(self._after[place])
        while pending:
            here = pending.pop()
            if here not in seen:
                seen.add(here)
                pending.extend(self._after[here])
        return frozenset(seen)

    def _char(self, mask: int) -> str:
        usual = mask & ~self._alphabet.bit(NEWLINE)
        return self._alphabet.sample(usual or mask)[1]


def _longest_chain(edges: Iterable[Edge], reach: list[frozenset[int]]) -> tuple[Edge, ...]:
    """As many edges as possible, each beginning where the one before ends or can get to."""
    known: dict[Edge, tuple[Edge, ...]] = {}
    every = list(edges)

    def longest(edge: Edge) -> tuple[Edge, ...]:
        if edge not in known:
            following = [other for other in every if other[0] == edge[1] or other[0] in reach[edge[1]]]
            best = max(map(longest, following), key=len, default=())
            known[edge] = (edge, *best)
        return known[edge]

    return max(map(longest, every), key=len, default=())


def _find_word(
    starts: Iterable[Step[State]],
    is_goal: Callable[[State], bool],
    steps: Callable[[State], Iterable[Step[State]]],
) -> str | None:
    """The shortest text on the way from one of the starts to a goal; None when no way leads there."""
    pending = deque(starts)
    seen = {state for state, _ in pending}
    while pending:
        here, word = pending.popleft()
        if is_goal(here):
            return word
        for state, char in steps(here):
            if state not in seen:
                seen.add(state)
                pending.append((state, word + char))
        if len(seen) > _MOST_SEEN:
            raise TooLargeError("the pattern has too many combinations of its characters")
    return None
