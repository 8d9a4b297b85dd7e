"""All paths there are, in as many regions as route tables can tell apart, each with a witness.

One walk over the segments of all templates at once: two paths are in one region when exactly the same entries
take them. A region is known by those entries; its witness is a path with as few segments as possible.
"""

from collections import deque
from collections.abc import Iterator, Sequence
from itertools import chain

from inspector.analysis.alphabet import Alphabet
from inspector.analysis.errors import TooLargeError
from inspector.analysis.segment_words import NEWLINE, SegmentWords
from inspector.analysis.segments import SegmentBuilder, sets_of
from inspector.analysis.spots import Spot
from inspector.analysis.terms import Algebra, Term
from miniframework.records import dataclass

_MOST_STATES = 300_000
_END = -1


@dataclass(frozen=True, slots=True, kw_only=True)
class Region:
    """The paths that exactly these spots take, by number in order; `witness` is one of them."""

    spots: tuple[int, ...]
    witness: str


@dataclass(frozen=True, slots=True, kw_only=True)
class UrlSpace:
    """Every region that at least one spot takes.

    `beyond` names, for each spot that could not be followed exactly, the constructs because of which: such a
    spot may be said to take paths of a region that it does not take, never the other way round.
    """

    regions: tuple[Region, ...]
    beyond: dict[int, tuple[str, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class SlashedSpace:
    """`space`, and a path of every kind there is when the slash at the end is counted: two paths are of one
    kind when the same spots take them, with or without such slashes. Where nobody takes any there is none.
    """

    space: UrlSpace
    slashed: tuple[Region, ...]


def has_newline(region: Region) -> bool:
    """Whether all its paths have a newline in them: a witness has one only where nothing else fits."""
    return NEWLINE in region.witness


def map_space(spots: Sequence[Spot]) -> UrlSpace:
    """The regions of the paths that the spots take. Raises TooLargeError."""
    walk = _walk(spots)
    return UrlSpace(regions=tuple(walk.regions()), beyond=walk.beyond)


def map_slashes(spots: Sequence[Spot]) -> SlashedSpace:
    """The same with what slashes at the end lead to. Raises TooLargeError."""
    walk = _walk(spots)
    space = UrlSpace(regions=tuple(walk.regions()), beyond=walk.beyond)
    return SlashedSpace(space=space, slashed=tuple(walk.slashed()))


def _walk(spots: Sequence[Spot]) -> "_Walk":
    sets = chain.from_iterable(sets_of(spot.parts) for spot in spots)
    algebra = Algebra(Alphabet(sets))
    return _Walk(SegmentWords(algebra), SegmentBuilder(algebra), spots)


class _Walk:
    """The automata of all templates side by side; a state of the walk is a set of their states."""

    def __init__(self, words: SegmentWords, builder: SegmentBuilder, spots: Sequence[Spot]) -> None:
        self._words = words
        self._spots = spots
        self._literals: list[list[tuple[str, int]]] = []
        self._languages: list[list[tuple[Term, int]]] = []
        self._owners: list[int] = []  # the spot whose end a state is, else _END
        self._ends: set[int] = set()  # the states that are the end of a spot
        self._starts: list[int] = []
        self._nested: set[int] = set()  # mounts whose path may be split in several ways
        self._free: dict[tuple[frozenset[Term], frozenset[str]], list[tuple[str, frozenset[Term]]]] = {}
        self._arrivals: dict[frozenset[int], str] = {}  # a path without a slash at its end for each state
        self.beyond: dict[int, tuple[str, ...]] = {}
        for spot in spots:
            self._lay(spot, builder)

    def regions(self) -> Iterator[Region]:
        """Breadth first, so that a region's first path is one with the fewest segments.

        Newlines come last: a region whose paths are not all with one is found by a path without.
        """
        bare = tuple(s.number for s in self._spots if s.parent is None and s.closed and not s.parts)
        if bare:
            yield Region(spots=bare, witness="")
        start = frozenset(self._starts)
        numbers = {start: 0}
        paths = [""]
        pending = deque([start])
        put_off: deque[tuple[str, frozenset[int]]] = deque()
        known: set[frozenset[int]] = set()
        met: set[frozenset[int]] = set()
        while pending or put_off:
            if pending:
                path = paths[numbers[here := pending.popleft()]]
                steps = [(f"{path}/{word}", targets) for word, targets in self._steps(here)]
                put_off.extend(step for step in steps if NEWLINE in step[0])
                steps = [step for step in steps if NEWLINE not in step[0]]
            else:
                steps = [put_off.popleft()]
            for path, targets in steps:
                if not path.endswith("/"):
                    self._arrivals.setdefault(targets, path)
                if targets in met:
                    continue
                met.add(targets)
                ended = targets & self._ends
                if ended and ended not in known:
                    known.add(ended)
                    yield Region(spots=tuple(sorted({self._owners[state] for state in ended})), witness=path)
                live = targets - ended
                if live and live not in numbers:
                    numbers[live] = len(paths)
                    paths.append(path)
                    pending.append(live)
            if len(paths) > _MOST_STATES:
                raise TooLargeError(f"the table has more than {_MOST_STATES} combinations of routes")

    def slashed(self) -> Iterator[Region]:
        """Every kind of path that `regions` came by, and the same path with slashes at its end."""
        for state, path in self._arrivals.items():
            kinds = list(self._with_slashes(state))
            if any(kinds):
                yield from (
                    Region(spots=tuple(sorted(ended)), witness=path + "/" * count)
                    for count, ended in enumerate(kinds)
                )

    def _with_slashes(self, state: frozenset[int]) -> Iterator[frozenset[int]]:
        """Who takes the path itself, with one slash more, with two, until nothing new comes."""
        seen: set[frozenset[int]] = set()
        while state not in seen:
            seen.add(state)
            yield frozenset(self._owners[at] for at in state if self._owners[at] != _END)
            state = self._after_slash(state)

    def _after_slash(self, state: frozenset[int]) -> frozenset[int]:
        targets = [target for at in state for word, target in self._literals[at] if word == ""]
        languages = [edge for at in state for edge in self._languages[at]]
        return frozenset([*targets, *(target for one, target in languages if self._words.takes(one, ""))])

    def _lay(self, spot: Spot, builder: SegmentBuilder) -> None:
        if spot.closed and not spot.entry.pattern.parts:
            return  # "" is the path of no request below a mount; at the top it is a region of its own
        automaton = builder.build(spot.parts, closed=spot.closed)
        first = len(self._owners)
        final = first + automaton.states
        self._literals += [[] for _ in range(automaton.states + 1)]
        self._languages += [[] for _ in range(automaton.states + 1)]
        self._owners += [_END] * automaton.states + [spot.number]
        self._ends.add(final)
        self._starts.append(first)
        for edge in automaton.edges:
            target = final if edge.end is None else first + edge.end
            if isinstance(edge.letter, str):
                self._literals[first + edge.start].append((edge.letter, target))
            else:
                self._languages[first + edge.start].append((edge.letter, target))
        self._note_doubts(spot, automaton.reasons, simple=automaton.simple)

    def _note_doubts(self, spot: Spot, reasons: tuple[str, ...], *, simple: bool) -> None:
        if not spot.closed and not simple:
            self._nested.add(spot.number)
        if spot.parent in self._nested:
            self._nested.add(spot.number)
            reasons = (*reasons, "a mount whose prefix may end in several places")
        reasons = (*reasons, *spot.doubts)
        if reasons:
            self.beyond[spot.number] = reasons

    def _steps(self, here: frozenset[int]) -> list[tuple[str, frozenset[int]]]:
        """One word of each kind of next segment, and the states it leads to."""
        literals: dict[str, set[int]] = {}
        languages: dict[Term, list[int]] = {}
        for state in sorted(here):
            for word, target in self._literals[state]:
                literals.setdefault(word, set()).add(target)
            for language, target in self._languages[state]:
                languages.setdefault(language, []).append(target)
        for word, targets in literals.items():
            for language, more in languages.items():
                if self._words.takes(language, word):
                    targets.update(more)
        steps = [(word, frozenset(targets)) for word, targets in literals.items()]
        steps += [
            (word, frozenset(chain.from_iterable([languages[language] for language in inside])))
            for word, inside in self._free_words(frozenset(languages), frozenset(literals))
        ]
        steps.sort(key=lambda step: (not step[0].isprintable(), len(step[0])))
        return steps

    def _free_words(
        self, asked: frozenset[Term], literals: frozenset[str]
    ) -> list[tuple[str, frozenset[Term]]]:
        """A word that is no literal for each combination of languages, and these languages."""
        found = self._free.get((asked, literals))
        if found is None:
            atoms = self._words.atoms(asked) if asked else ()
            words = [(self._words.word(atom, asked, literals), atom.inside) for atom in atoms]
            found = [(word, inside) for word, inside in words if word is not None]
            self._free[asked, literals] = found
        return found
