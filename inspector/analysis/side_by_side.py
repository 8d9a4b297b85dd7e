"""The automata of all templates side by side: from a set of their states, where each next segment leads."""

from collections.abc import Sequence
from itertools import chain

from inspector.analysis.alphabet import Alphabet
from inspector.analysis.segment_words import MOST_PRODUCTS, SegmentWords
from inspector.analysis.segments import SegmentBuilder, sets_of
from inspector.analysis.spots import Spot
from inspector.analysis.terms import Algebra, Term
from miniframework.records import dataclass

# Products of a search for one spot alone, where the whole table was too much.
_MOST_BRIEFLY = 2_000
# The owner of a state in which no path of its spot ends.
NOBODY = -1

States = frozenset[int]
# A segment, and the states it leads to.
Step = tuple[str, States]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Letters:
    """What may come next at some states, and where it leads."""

    literals: dict[str, list[int]]
    languages: dict[Term, list[int]]
    words: frozenset[str]
    asked: frozenset[Term]


class SideBySide:
    """The templates of a table; a state belongs to one spot.

    `starts` are the states before the first segment, `ends` those where a path ends that `owners` takes.
    `beyond` names what could not be followed exactly, for each spot with such a thing.
    """

    def __init__(self, spots: Sequence[Spot]) -> None:
        algebra = Algebra(Alphabet(chain.from_iterable(sets_of(spot.parts) for spot in spots)))
        builder = SegmentBuilder(algebra)
        self._words = SegmentWords(algebra)
        self._literals: list[list[tuple[str, int]]] = []
        self._languages: list[list[tuple[Term, int]]] = []
        self._states_of: dict[int, range] = {}
        self._nested: set[int] = set()  # mounts whose path may be split in several ways
        self._free: dict[tuple[frozenset[Term], frozenset[str]], list[tuple[str, frozenset[Term]]]] = {}
        self._met: dict[States, _Letters] = {}
        self.owners: list[int] = []
        self.ends: set[int] = set()
        self.beyond: dict[int, tuple[str, ...]] = {}
        # "" is the path of no request below a mount; at the top it is a region of its own.
        laid = [spot for spot in spots if not spot.closed or spot.entry.pattern.parts]
        self.starts: States = frozenset([self._lay(spot, builder) for spot in laid])

    @property
    def searched(self) -> int:
        """What the searches among segment languages have cost until now."""
        return self._words.searched + self._words.spelled

    def steps(self, here: States) -> list[Step]:
        """One word of each kind of next segment, and the states it leads to. Raises TooLargeError."""
        letters = self._letters(here)
        steps = [self._step(word, letters) for word in letters.literals]
        steps += [
            (word, frozenset(chain.from_iterable([letters.languages[language] for language in inside])))
            for word, inside in self._free_words(letters)
        ]
        steps.sort(key=_by_readability)
        return steps

    def steps_of(self, number: int, here: States) -> list[Step]:
        """Those that one spot goes along with. Raises TooLargeError."""
        letters = self._met.get(here)
        if letters is None:
            letters = self._met[here] = self._letters(here)
        own = [state for state in self._states_of.get(number, ()) if state in here]
        languages = frozenset([language for state in own for language, _ in self._languages[state]])
        words = {word: None for state in own for word, _ in self._literals[state]}
        if languages:
            takes = self._words.takes
            words |= dict.fromkeys([w for w in letters.words if any(takes(one, w) for one in languages)])
            free = self._free_words(letters, _MOST_BRIEFLY)
            words |= dict.fromkeys([word for word, inside in free if not languages.isdisjoint(inside)])
        return sorted([self._step(word, letters) for word in words], key=_by_readability)

    def _letters(self, here: States) -> _Letters:
        literals: dict[str, list[int]] = {}
        languages: dict[Term, list[int]] = {}
        for state in sorted(here):
            for word, target in self._literals[state]:
                literals.setdefault(word, []).append(target)
            for language, target in self._languages[state]:
                languages.setdefault(language, []).append(target)
        return _Letters(
            literals=literals, languages=languages, words=frozenset(literals), asked=frozenset(languages)
        )

    def _step(self, word: str, letters: _Letters) -> Step:
        takes = self._words.takes
        targets = [more for language, more in letters.languages.items() if takes(language, word)]
        return word, frozenset(chain(letters.literals.get(word, ()), *targets))

    def after_slash(self, state: States) -> States:
        """Where an empty segment leads."""
        targets = [target for at in state for word, target in self._literals[at] if word == ""]
        languages = [edge for at in state for edge in self._languages[at]]
        return frozenset([*targets, *(target for one, target in languages if self._words.takes(one, ""))])

    def _lay(self, spot: Spot, builder: SegmentBuilder) -> int:
        automaton = builder.build(spot.parts, closed=spot.closed)
        first = len(self.owners)
        final = first + automaton.states
        self._literals += [[] for _ in range(automaton.states + 1)]
        self._languages += [[] for _ in range(automaton.states + 1)]
        self.owners += [NOBODY] * automaton.states + [spot.number]
        self.ends.add(final)
        self._states_of[spot.number] = range(first, final + 1)
        for edge in automaton.edges:
            target = final if edge.end is None else first + edge.end
            if isinstance(edge.letter, str):
                self._literals[first + edge.start].append((edge.letter, target))
            else:
                self._languages[first + edge.start].append((edge.letter, target))
        self._note_doubts(spot, automaton.reasons, simple=automaton.simple)
        return first

    def _note_doubts(self, spot: Spot, reasons: tuple[str, ...], *, simple: bool) -> None:
        if not spot.closed and not simple:
            self._nested.add(spot.number)
        if spot.parent in self._nested:
            self._nested.add(spot.number)
            reasons = (*reasons, "a mount whose prefix may end in several places")
        reasons = (*reasons, *spot.doubts)
        if reasons:
            self.beyond[spot.number] = reasons

    def _free_words(self, letters: _Letters, most: int = MOST_PRODUCTS) -> list[tuple[str, frozenset[Term]]]:
        """A word that is no literal for each combination of languages, and these languages."""
        key = letters.asked, letters.words
        found = self._free.get(key)
        if found is None:
            atoms = self._words.atoms(letters.asked, most) if letters.asked else ()
            words = [(self._words.word(atom, *key), atom.inside) for atom in atoms]
            found = self._free[key] = [(word, inside) for word, inside in words if word is not None]
        return found


def _by_readability(step: Step) -> tuple[bool, int]:
    return not step[0].isprintable(), len(step[0])
