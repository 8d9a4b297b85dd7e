"""Texts that make an ambiguous unit slow: the part to repeat, and an end with which it fails after all."""

from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import lru_cache

from inspector.analysis.alphabet import Alphabet
from inspector.analysis.charset import Chars, single
from inspector.analysis.errors import TooLargeError
from inspector.analysis.redos.ambiguity import Ambiguity, find_ambiguities
from inspector.analysis.redos.positions import find_positions
from inspector.analysis.redos.unit import Piece, Unit, count_loops
from inspector.analysis.segment_words import NEWLINE
from inspector.analysis.terms import Algebra, Term
from inspector.analysis.translation import Translator, char_sets
from miniframework.records import dataclass

_MOST_STATES = 5_000
# So many repeats show what a loop leads to.
_SAMPLE_REPEATS = 3
# What may make a pattern fail that is not followed exactly: a mark that few take, a newline, nothing.
_GUESSED_ENDS = ("!", NEWLINE, "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Attack:
    """A path that grows: `start`, then each loop's text repeated with the text behind it, then `end`."""

    start: str
    loops: tuple[tuple[str, str], ...]
    end: str

    def path(self, repeats: int) -> str:
        """The path with so many repeats of each loop."""
        return "".join((self.start, *(loop * repeats + on for loop, on in self.loops), self.end))

    def within(self, before: str, behind: str) -> "Attack":
        """The same with more text around it."""
        return replace(self, start=before + self.start, end=self.end + behind)


@dataclass(frozen=True, slots=True, kw_only=True)
class Weakness:
    """Why a unit may be slow, and texts to try, any of which may do it."""

    ambiguity: Ambiguity
    attacks: tuple[Attack, ...]


def find_weakness(unit: Unit, *, may_hold_slash: bool) -> Weakness | None:
    """The worst of what may make a unit slow; None when nothing can. Raises TooLargeError.

    An ambiguity of which no text fails is passed over.
    """
    if not _is_worth_a_look(unit):
        return None
    alphabet = Alphabet(_sets_of(unit))
    texts = _Texts(unit, alphabet, may_hold_slash=may_hold_slash)
    for ambiguity in find_ambiguities(find_positions(unit, alphabet), alphabet):
        if attacks := tuple(dict.fromkeys(texts.attacks(ambiguity))):
            return Weakness(ambiguity=ambiguity, attacks=attacks)
    return None


@lru_cache(maxsize=512)  # a memo of a pure function: the segments of a table are of few kinds
def find_sample(unit: Unit) -> str | None:
    """A short text that the unit takes; None when there is none, or none was found."""
    texts = _Texts(unit, Alphabet(_sets_of(unit)), may_hold_slash=True)
    return texts.find(texts.whole, lambda term: term.has_end)


def _is_worth_a_look(unit: Unit) -> bool:
    regexes = [piece.text for piece in unit if not piece.is_literal]
    loops = sum(map(count_loops, regexes))
    return loops > 1 or any(count_loops(regex) and _is_exponential(regex) for regex in regexes)


@lru_cache(maxsize=512)  # as above
def _is_exponential(regex: str) -> bool:
    unit = (Piece(regex, is_literal=False),)
    alphabet = Alphabet(_sets_of(unit))
    worst = next(find_ambiguities(find_positions(unit, alphabet), alphabet), None)
    return worst is not None and worst.is_exponential


def _sets_of(unit: Unit) -> Iterator[Chars]:
    for piece in unit:
        if piece.is_literal:
            yield from map(single, dict.fromkeys(piece.text))
        else:
            yield from char_sets(piece.text)


class _Texts:
    """The language of a unit, asked for texts that lead somewhere."""

    def __init__(self, unit: Unit, alphabet: Alphabet, *, may_hold_slash: bool) -> None:
        self._algebra = Algebra(alphabet)
        self._slash = 0 if may_hold_slash else alphabet.slash
        translator = Translator(self._algebra)
        self._reasons = translator.reasons
        self.whole = self._algebra.end
        for piece in reversed(unit):
            self.whole = (
                self._algebra.then(self._algebra.word(piece.text), self.whole)
                if piece.is_literal
                else translator.term(piece.text, self.whole)
            )

    def attacks(self, ambiguity: Ambiguity) -> Iterator[Attack]:
        """Every loop at once, then one after the other, each with every end there is."""
        together = "".join(dict.fromkeys(loop for loop, _ in ambiguity.loops))
        for loops in (((together, ""),), ambiguity.loops):
            grown = Attack(start=ambiguity.start, loops=loops, end="")
            for end in self._ends(grown.path(_SAMPLE_REPEATS)):
                yield replace(grown, end=end)

    def _ends(self, text: str) -> Iterator[str]:
        """The shortest text behind `text` that makes it fail, and one after which nothing can mend it."""
        if self._reasons:
            yield from _GUESSED_ENDS
        term = self._algebra.after_text(self.whole, text)
        for is_wanted in (lambda left: not left.has_end, lambda left: left is self._algebra.nothing):
            end = self.find(term, is_wanted)
            if end is not None:
                yield end

    def find(self, term: Term, is_wanted: Callable[[Term], bool]) -> str | None:
        """The shortest text after which a term is what is wanted."""
        algebra = self._algebra
        seen = {term}
        pending = deque([(term, "")])
        while pending:
            here, text = pending.popleft()
            if is_wanted(here):
                return text
            for char, bit in self._next_chars(here):
                left = algebra.after(here, bit)
                if left not in seen:
                    seen.add(left)
                    pending.append((left, text + char))
            if len(seen) > _MOST_STATES:
                raise TooLargeError("a pattern has too many states")
        return None

    def _next_chars(self, term: Term) -> list[tuple[str, int]]:
        """A character of each class that makes a difference, the most readable first."""
        alphabet = self._algebra.alphabet
        masks = [mask & ~self._slash for mask in self._algebra.classes(term)]
        ranked = sorted((alphabet.sample(mask), mask & -mask) for mask in masks if mask)
        return [(char, bit) for (_, char), bit in ranked]
