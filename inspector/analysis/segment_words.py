"""Which combinations of segment languages a segment can belong to, each with words that do.

The atoms of a set of languages are what their Boolean combinations leave: every segment of every path lies in
exactly one of them, so a table only has to be asked about one word of each.
"""

from collections import deque
from collections.abc import Iterable, Sequence
from itertools import count

from inspector.analysis.errors import TooLargeError
from inspector.analysis.terms import Algebra, Term
from miniframework.records import dataclass

# Words kept of each atom: one of them is often no literal of the table, which saves an exact search.
_KEEP_WORDS = 4
# Real segments have some hundred combinations; to look at one takes some 30 us, and one of many counts more.
MOST_PRODUCTS = 20_000
_IN_ONE_LOOK = 256  # languages times next characters
_IN_ONE_TERM = 4  # parts
# What a witness has in it only where nothing else fits: `.` does not take it, and nobody types it.
NEWLINE = "\n"

_TOO_MANY = "the converters of one segment combine in too many ways"


# What is left of some languages after a word: of each that goes on the number of its strand.
_Product = tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Ahead:
    """The languages that may end at a product, and what each next character leaves."""

    ended: frozenset[Term]
    steps: list[tuple[str, _Product]]


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

    `searched` counts the products of languages that were looked at, `spelled` the terms on the way to single
    words, large ones as several: together what all this costs.
    """

    def __init__(self, algebra: Algebra) -> None:
        self._algebra = algebra
        self.searched = 0
        self.spelled = 0
        self._atoms: dict[frozenset[Term], tuple[Atom, ...]] = {}
        self._bases: list[_Base] = []
        self._whole: dict[Term, bool] = {}
        self._ahead: dict[_Product, _Ahead] = {}
        self._too_large: dict[frozenset[Term], int] = {}  # for how many products it was
        self._chars: dict[tuple[tuple[int, ...], int], list[tuple[str, int]]] = {}
        # A strand is a language and what is left of it.
        self._strands: list[tuple[Term, Term]] = []
        self._numbers: dict[tuple[Term, Term], int] = {}
        self._afters: list[dict[int, int | None]] = []
        self._taken: dict[tuple[Term, str], bool] = {}

    def takes(self, language: Term, word: str) -> bool:
        """Whether the word belongs to the language."""
        key = (language, word)
        taken = self._taken.get(key)
        if taken is None:
            taken = self._taken[key] = self._algebra.after_text(language, word).has_end
        return taken

    def atoms(self, languages: frozenset[Term], most: int = MOST_PRODUCTS) -> tuple[Atom, ...]:
        """Every atom that is in at least one of the languages, if `most` products are enough for them.

        Raises TooLargeError.
        """
        atoms = self._atoms.get(languages)
        if atoms is None:
            # A language of all segments divides nothing; without it more sets are a part of one asked before.
            whole = frozenset(filter(self._is_whole, languages))
            asked = languages - whole
            base = next((base for base in self._bases if asked <= base.asked), None)
            if base is None:
                base = self._search(asked, most)
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
            try:
                is_whole = self._shortest(self._algebra.negated(language)) is None
            except TooLargeError:
                is_whole = False  # to know it would only save a search
            self._whole[language] = is_whole
        return is_whole

    def _search(self, asked: frozenset[Term], most: int) -> _Base:
        """Go breadth first through what words leave of the languages; those that have ended are let go."""
        if most <= self._too_large.get(asked, 0):
            raise TooLargeError(_TOO_MANY)
        start = tuple([self._strand(language, language) for language in sorted(asked, key=_by_id)])
        pending = deque([(start, "")])
        put_off: deque[tuple[_Product, str]] = deque()
        came = {start: 1}
        seen: set[_Product] = set()
        found: dict[frozenset[Term], list[tuple[int, str]]] = {}
        cost = 0
        for number in count():
            if not (pending or put_off):
                break
            here, word = (pending or put_off).popleft()
            ahead = self._ahead.get(here) or self._look_ahead(here)
            words = found.setdefault(ahead.ended, [])
            if len(words) < _KEEP_WORDS:
                words.append((number, word))
            if here in seen:
                continue
            seen.add(here)
            cost += 1 + len(here) * len(ahead.steps) // _IN_ONE_LOOK
            if cost > most:
                self.searched += cost
                self._too_large[asked] = most
                raise TooLargeError(_TOO_MANY)
            for char, left in ahead.steps:
                if char == NEWLINE:
                    put_off.append((left, word + char))
                elif (times := came.get(left, 0)) < _KEEP_WORDS:  # more words would not be kept
                    came[left] = times + 1
                    pending.append((left, word + char))
        self.searched += cost
        return _Base(asked=asked, found=found)

    def _look_ahead(self, here: _Product) -> _Ahead:
        terms = [self._strands[strand] for strand in here]
        steps = [
            (char, tuple([left for strand in here if (left := self._after(strand, bit)) is not None]))
            for char, bit in self._next_chars([left for _, left in terms])
        ]
        ended = frozenset([language for language, left in terms if left.has_end])
        ahead = self._ahead[here] = _Ahead(ended=ended, steps=steps)
        return ahead

    def _after(self, strand: int, bit: int) -> int | None:
        """What becomes of a strand after one character of a class; None when its language has ended."""
        afters = self._afters[strand]
        if bit not in afters:
            language, here = self._strands[strand]
            left = self._algebra.after(here, bit)
            afters[bit] = None if left is self._algebra.nothing else self._strand(language, left)
        return afters[bit]

    def _strand(self, language: Term, left: Term) -> int:
        number = self._numbers.setdefault((language, left), len(self._strands))
        if number == len(self._strands):
            self._strands.append((language, left))
            self._afters.append({})
        return number

    def _shortest(self, term: Term, unused: int = 0) -> str | None:
        algebra = self._algebra
        seen = {term}
        pending = deque([(term, "")])
        cost = 0
        while pending:
            here, word = pending.popleft()
            if here.has_end:
                return word
            cost += 1 + len(here.args) // _IN_ONE_TERM
            self.spelled += 1 + len(here.args) // _IN_ONE_TERM
            if cost > MOST_PRODUCTS:
                raise TooLargeError("a segment has too many literal alternatives")
            for char, bit in self._next_chars((here,), unused):
                left = algebra.after(here, bit)
                if left is not algebra.nothing and left not in seen:
                    seen.add(left)
                    pending.append((left, word + char))
        return None

    def _next_chars(self, terms: Sequence[Term], unused: int = 0) -> list[tuple[str, int]]:
        """One character of each class that makes a difference, the most readable first; never a slash."""
        classes = self._algebra.common_classes(terms)
        found = self._chars.get((classes, unused))
        if found is None:
            found = self._chars[classes, unused] = self._sample(classes, unused)
        return found

    def _sample(self, classes: tuple[int, ...], unused: int) -> list[tuple[str, int]]:
        alphabet = self._algebra.alphabet
        found = []
        for mask in classes:
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


def _by_id(term: Term) -> int:
    return term.id


def _by_readability(word: str) -> tuple[bool, bool, bool, int]:
    return NEWLINE in word, not word, not (word.isascii() and word.isprintable()), len(word)
