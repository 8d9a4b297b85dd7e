"""Which combinations of segment languages a segment can belong to, each with words that do.

The atoms of a set of languages are what their Boolean combinations leave: every segment of every path lies in
exactly one of them, so a table only has to be asked about one word of each.
"""

from collections import deque
from collections.abc import Iterable

from inspector.analysis.errors import TooLargeError
from inspector.analysis.terms import Algebra, Term
from miniframework.records import dataclass

# Words kept of each atom: one of them is often no literal of the table, which saves an exact search.
_KEEP_WORDS = 4
# Real segments have some hundred combinations; one takes up to 0.3 ms.
_MOST_PRODUCTS = 20_000
# What a witness has in it only where nothing else fits: `.` does not take it, and nobody types it.
NEWLINE = "\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class Atom:
    """The words that are in all `inside` and in none of the other languages asked about.

    `words` are some of them, one without a newline among them if there is any, and those first.
    """

    inside: frozenset[Term]
    words: tuple[str, ...]


class SegmentWords:
    """Answers for one algebra, and remembers."""

    def __init__(self, algebra: Algebra) -> None:
        self._algebra = algebra
        self._atoms: dict[frozenset[Term], tuple[Atom, ...]] = {}
        self._taken: dict[tuple[Term, str], bool] = {}

    def takes(self, language: Term, word: str) -> bool:
        """Whether the word belongs to the language."""
        key = (language, word)
        taken = self._taken.get(key)
        if taken is None:
            taken = self._taken[key] = self._algebra.after_text(language, word).has_end
        return taken

    def atoms(self, languages: frozenset[Term]) -> tuple[Atom, ...]:
        """Every atom that is in at least one of the languages. Raises TooLargeError."""
        atoms = self._atoms.get(languages)
        if atoms is None:
            atoms = self._atoms[languages] = self._find_atoms(sorted(languages, key=lambda term: term.id))
        return atoms

    def word(self, atom: Atom, languages: frozenset[Term], without: Iterable[str]) -> str | None:
        """A word of an atom that is none of `without`; None when there is no other."""
        taken = set(without)
        free = next((word for word in atom.words if word not in taken), None)
        if free is not None and (NEWLINE not in free or NEWLINE in atom.words[0]):
            return free
        algebra = self._algebra
        inside = [word for word in taken if self._belongs(word, atom, languages)]
        term = algebra.both(
            *atom.inside,
            *(algebra.negated(language) for language in languages - atom.inside),
            algebra.negated(algebra.either(*map(algebra.word, inside))),
        )
        newline = algebra.alphabet.bit(NEWLINE)
        plain = self._shortest(term, unused=newline)
        return self._shortest(term) if plain is None else plain

    def _belongs(self, word: str, atom: Atom, languages: frozenset[Term]) -> bool:
        return all(self.takes(language, word) == (language in atom.inside) for language in languages)

    def _find_atoms(self, languages: list[Term]) -> tuple[Atom, ...]:
        algebra = self._algebra
        seen: set[tuple[Term, ...]] = set()
        pending = deque([(tuple(languages), "")])
        put_off: deque[tuple[tuple[Term, ...], str]] = deque()
        found: dict[tuple[bool, ...], list[str]] = {}
        while pending or put_off:
            here, word = (pending or put_off).popleft()
            words = found.setdefault(tuple([term.has_end for term in here]), [])
            if len(words) < _KEEP_WORDS:
                words.append(word)
            if here in seen or all(term is algebra.nothing for term in here):
                continue
            seen.add(here)
            for char, bit in self._next_chars(here):
                left = tuple([algebra.after(term, bit) for term in here])
                (put_off if char == NEWLINE else pending).append((left, word + char))
            if len(seen) > _MOST_PRODUCTS:
                raise TooLargeError("the converters of one segment combine in too many ways")
        return tuple(
            Atom(
                inside=frozenset(term for term, ends in zip(languages, combination, strict=True) if ends),
                words=tuple(sorted(dict.fromkeys(words), key=_by_readability)),
            )
            for combination, words in found.items()
            if any(combination) and words
        )

    def _shortest(self, term: Term, unused: int = 0) -> str | None:
        algebra = self._algebra
        seen = {term}
        pending = deque([(term, "")])
        while pending:
            here, word = pending.popleft()
            if here.has_end:
                return word
            for char, bit in self._next_chars((here,), unused):
                left = algebra.after(here, bit)
                if left is not algebra.nothing and left not in seen:
                    seen.add(left)
                    pending.append((left, word + char))
            if len(seen) > _MOST_PRODUCTS:
                raise TooLargeError("a segment has too many literal alternatives")
        return None

    def _next_chars(self, terms: tuple[Term, ...], unused: int = 0) -> list[tuple[str, int]]:
        """One character of each class that makes a difference, the most readable first; never a slash."""
        algebra = self._algebra
        alphabet = algebra.alphabet
        found = []
        for mask in algebra.common_classes(terms):
            inside = mask & ~alphabet.slash & ~unused
            if inside:
                found.append((alphabet.sample(inside), inside & -inside))
        return [(rank_and_char[1], bit) for rank_and_char, bit in sorted(found)]


def _by_readability(word: str) -> tuple[bool, bool, bool, int]:
    return NEWLINE in word, not word, not (word.isascii() and word.isprintable()), len(word)
