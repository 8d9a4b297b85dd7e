"""Which combinations of segment languages a segment can belong to, each with words that do.

The atoms of a set of languages are what their Boolean combinations leave: every segment of every path lies in
exactly one of them, so a table only has to be asked about one word of each.
"""

from collections import deque
from collections.abc import Iterable
from itertools import compress, count

from inspector.analysis.errors import TooLargeError
from inspector.analysis.terms import Algebra, Term
from miniframework.records import dataclass

# Words kept of each atom: one of them is often no literal of the table, which saves an exact search.
_KEEP_WORDS = 4
# Real segments have some hundred combinations; one takes up to 0.3 ms.
_MOST_PRODUCTS = 20_000
# What a witness has in it only where nothing else fits: `.` does not take it, and nobody types it.
NEWLINE = "\n"


# What is left of some languages after a word: their numbers, and for each of these its term.
_Left = tuple[tuple[int, ...], tuple[Term, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Atom:
    """The words that are in all `inside` and in none of the other languages asked about.

    `words` are some of them, one without a newline among them if there is any, and those first.
    """

    inside: frozenset[Term]
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Base:
    """One search for atoms: for each set of languages the words found in exactly these, as number and word.

    The numbers count all words of the search. It answers for every subset of `asked` too.
    """

    asked: frozenset[Term]
    found: dict[frozenset[Term], list[tuple[int, str]]]


class SegmentWords:
    """Answers for one algebra, and remembers.

    `searched` counts the products of languages that were looked at, which is what all this costs.
    """

    def __init__(self, algebra: Algebra) -> None:
        self._algebra = algebra
        self.searched = 0
        self._atoms: dict[frozenset[Term], tuple[Atom, ...]] = {}
        self._bases: list[_Base] = []
        self._whole: dict[Term, bool] = {}
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
            # A language of all segments divides nothing; without it more sets are a part of one asked before.
            whole = frozenset(filter(self._is_whole, languages))
            asked = languages - whole
            base = next((base for base in self._bases if asked <= base.asked), None)
            if base is None:
                base = self._search(sorted(asked, key=lambda term: term.id))
                self._bases.append(base)
            atoms = self._atoms[languages] = _narrow(base, asked, whole)
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

    def _is_whole(self, language: Term) -> bool:
        """Whether every segment belongs to it."""
        is_whole = self._whole.get(language)
        if is_whole is None:
            is_whole = self._whole[language] = self._shortest(self._algebra.negated(language)) is None
        return is_whole

    def _search(self, languages: list[Term]) -> _Base:
        """Go breadth first through what words leave of the languages; those that have ended are let go."""
        algebra = self._algebra
        seen: set[_Left] = set()
        everyone = tuple(range(len(languages)))
        pending = deque([((everyone, tuple(languages)), "")])
        put_off: deque[tuple[_Left, str]] = deque()
        found: dict[tuple[int, ...], list[tuple[int, str]]] = {}
        for number in count():
            if not (pending or put_off):
                break
            here, word = (pending or put_off).popleft()
            indexes, terms = here
            ended = tuple([index for index, term in zip(indexes, terms, strict=True) if term.has_end])
            words = found.setdefault(ended, [])
            if len(words) < _KEEP_WORDS:
                words.append((number, word))
            if here in seen:
                continue
            seen.add(here)
            for char, bit in self._next_chars(terms):
                lefts = [algebra.after(term, bit) for term in terms]
                alive = [left is not algebra.nothing for left in lefts]
                left = tuple(compress(indexes, alive)), tuple(compress(lefts, alive))
                (put_off if char == NEWLINE else pending).append((left, word + char))
            if len(seen) > _MOST_PRODUCTS:
                raise TooLargeError("the converters of one segment combine in too many ways")
        self.searched += len(seen)
        return _Base(
            asked=frozenset(languages),
            found={frozenset(languages[index] for index in ended): words for ended, words in found.items()},
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


def _narrow(base: _Base, asked: frozenset[Term], whole: frozenset[Term]) -> tuple[Atom, ...]:
    """The atoms of some languages of a search and of some `whole` ones, in the order of their first words."""
    found: dict[frozenset[Term], list[tuple[int, str]]] = {}
    for inside, words in base.found.items():
        if whole or not inside.isdisjoint(asked):
            found.setdefault(inside & asked | whole, []).extend(words)
    inorder = sorted((sorted(words)[:_KEEP_WORDS], inside) for inside, words in found.items())
    return tuple(
        Atom(inside=inside, words=tuple(sorted((word for _, word in words), key=_by_readability)))
        for words, inside in inorder
    )


def _by_readability(word: str) -> tuple[bool, bool, bool, int]:
    return NEWLINE in word, not word, not (word.isascii() and word.isprintable()), len(word)
