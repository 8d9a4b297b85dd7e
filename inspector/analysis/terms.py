"""Regular languages as terms that answer two questions: is "" in it, and what is left after one character?

Terms are made once and shared, so equal terms are the same object. With union, intersection and complement.
Source: J. Brzozowski, "Derivatives of Regular Expressions" (JACM 11(4), 1964); S. Owens, J. Reppy, A. Turon,
"Regular-expression derivatives re-examined" (JFP 19(2), 2009).
"""

from collections.abc import Sequence
from enum import Enum
from typing import Any

from inspector.analysis.alphabet import Alphabet


class Kind(Enum):
    """What a term is made of."""

    NOTHING = 0  # no text at all
    END = 1  # the empty text
    ONE = 2  # one character of a set
    THEN = 3
    EITHER = 4
    BOTH = 5
    NOT = 6
    MANY = 7  # any number of times
    TIMES = 8  # at least, at most
    REACH = 9  # the texts without a slash that lead from a term to one of some others
    UNTIL = 10  # some characters up to the first place where one term fits, and there another one


class Term:
    """One language. `has_end` says whether the empty text belongs to it; compare terms with `is`."""

    __slots__ = ("args", "classes", "derived", "has_end", "id", "kind")

    def __init__(self, kind: Kind, args: tuple[Any, ...], *, ident: int, has_end: bool) -> None:
        self.kind = kind
        self.args = args
        self.id = ident
        self.has_end = has_end
        self.derived: dict[int, Term] = {}
        self.classes: tuple[int, ...] | None = None


class Algebra:
    """Makes terms over one alphabet. Terms of two algebras must not meet."""

    def __init__(self, alphabet: Alphabet) -> None:
        self.alphabet = alphabet
        self._made: dict[tuple[Kind, tuple[Any, ...]], Term] = {}
        self._met: dict[tuple[tuple[int, ...], tuple[int, ...]], tuple[int, ...]] = {}
        self.nothing = self._make(Kind.NOTHING, (), has_end=False)
        self.end = self._make(Kind.END, (), has_end=True)
        self.anything = self.many(self.one(alphabet.every))

    def one(self, mask: int) -> Term:
        """One character of a set."""
        return self._make(Kind.ONE, (mask,), has_end=False) if mask else self.nothing

    def word(self, text: str) -> Term:
        """Exactly this text, whose characters must be classes of their own."""
        term = self.end
        for char in reversed(text):
            term = self.then(self.one(self.alphabet.bit(char)), term)
        return term

    def then(self, first: Term, second: Term) -> Term:
        """A text of the first, then one of the second."""
        if first is self.nothing or second is self.nothing:
            return self.nothing
        if first is self.end:
            return second
        if second is self.end:
            return first
        if first.kind is Kind.THEN:
            return self.then(first.args[0], self.then(first.args[1], second))
        return self._make(Kind.THEN, (first, second), has_end=first.has_end and second.has_end)

    def either(self, *terms: Term) -> Term:
        """A text of any of them."""
        parts = _flat(Kind.EITHER, terms)
        if self.anything in parts:
            return self.anything
        mask = 0
        others: list[Term] = []
        for part in parts:
            if part.kind is Kind.ONE:
                mask |= part.args[0]
            elif part is not self.nothing:
                others.append(part)
        if mask:
            others.append(self.one(mask))
        if len(others) < 2:
            return others[0] if others else self.nothing
        others.sort(key=_by_id)
        return self._make(Kind.EITHER, tuple(others), has_end=any(part.has_end for part in others))

    def both(self, *terms: Term) -> Term:
        """A text that is in all of them."""
        parts = [part for part in _flat(Kind.BOTH, terms) if part is not self.anything]
        if self.nothing in parts:
            return self.nothing
        if self.end in parts:
            return self.end if all(part.has_end for part in parts) else self.nothing
        if len(parts) < 2:
            return parts[0] if parts else self.anything
        parts.sort(key=_by_id)
        return self._make(Kind.BOTH, tuple(parts), has_end=all(part.has_end for part in parts))

    def negated(self, term: Term) -> Term:
        """Every other text."""
        if term.kind is Kind.NOT:
            inner: Term = term.args[0]
            return inner
        if term is self.nothing or term is self.anything:
            return self.anything if term is self.nothing else self.nothing
        return self._make(Kind.NOT, (term,), has_end=not term.has_end)

    def many(self, term: Term) -> Term:
        """Any number of texts of it in a row."""
        if term is self.nothing or term is self.end:
            return self.end
        return term if term.kind is Kind.MANY else self._make(Kind.MANY, (term,), has_end=True)

    def times(self, term: Term, least: int, most: int | None) -> Term:
        """From `least` to `most` texts of it in a row; None is no limit."""
        if term is self.end or most == 0:
            return self.end
        if term is self.nothing:
            return self.end if least == 0 else self.nothing
        if least == 0 and most is None:
            return self.many(term)
        if least == most == 1:
            return term
        return self._make(Kind.TIMES, (term, least, most), has_end=least == 0 or term.has_end)

    def reach(self, start: Term, goals: frozenset[Term]) -> Term:
        """The texts without a slash after which `start` has become one of `goals`."""
        if start is self.nothing:
            return self.nothing
        return self._make(Kind.REACH, (start, goals), has_end=start in goals)

    def until(self, char: Term, can: Term, good: Term) -> Term:
        """As few of one character as lead to a text of `can`, and that is one of `good`, which is within."""
        if good is self.nothing or char is self.nothing:
            return good
        return self._make(Kind.UNTIL, (char, can, good), has_end=good.has_end)

    def after(self, term: Term, bit: int) -> Term:
        """What is left of `term` after one character of the class `bit`."""
        left = term.derived.get(bit)
        if left is None:
            left = term.derived[bit] = self._derive(term, bit)
        return left

    def after_text(self, term: Term, text: str) -> Term:
        """What is left of `term` after `text`."""
        for char in text:
            if term is self.nothing:
                return term
            term = self.after(term, self.alphabet.bit(char))
        return term

    def classes(self, term: Term) -> tuple[int, ...]:
        """Sets of characters, together all, on each of which `after` gives the same."""
        if term.classes is None:
            term.classes = self._classes(term)
        return term.classes

    def _make(self, kind: Kind, args: tuple[Any, ...], *, has_end: bool) -> Term:
        term = self._made.get((kind, args))
        if term is None:
            term = self._made[kind, args] = Term(kind, args, ident=len(self._made), has_end=has_end)
        return term

    def _derive(self, term: Term, bit: int) -> Term:
        args = term.args
        match term.kind:
            case Kind.NOTHING | Kind.END:
                return self.nothing
            case Kind.ONE:
                return self.end if args[0] & bit else self.nothing
            case Kind.THEN:
                left = self.then(self.after(args[0], bit), args[1])
                return self.either(left, self.after(args[1], bit)) if args[0].has_end else left
            case Kind.EITHER:
                return self.either(*(self.after(part, bit) for part in args))
            case Kind.BOTH:
                return self.both(*(self.after(part, bit) for part in args))
            case Kind.NOT:
                return self.negated(self.after(args[0], bit))
            case Kind.MANY:
                return self.then(self.after(args[0], bit), term)
            case Kind.TIMES:
                item, least, most = args
                rest = self.times(item, max(least - 1, 0), None if most is None else most - 1)
                return self.then(self.after(item, bit), rest)
            case Kind.REACH:
                if bit == self.alphabet.slash:
                    return self.nothing
                return self.reach(self.after(args[0], bit), args[1])
            case Kind.UNTIL:
                char, can, good = args
                further = self.then(self.after(char, bit), term)
                later = self.both(self.negated(self.after(can, bit)), further)
                return self.either(self.after(good, bit), later)

    def _classes(self, term: Term) -> tuple[int, ...]:
        every = self.alphabet.every
        match term.kind:
            case Kind.NOTHING | Kind.END:
                return (every,)
            case Kind.ONE:
                return _meet((every,), (term.args[0], every & ~term.args[0]))
            case Kind.THEN:
                first, second = term.args
                here = self.classes(first)
                return _meet(here, self.classes(second)) if first.has_end else here
            case Kind.EITHER | Kind.BOTH | Kind.UNTIL:
                return self.common_classes(term.args)
            case Kind.NOT | Kind.MANY | Kind.TIMES:
                return self.classes(term.args[0])
            case Kind.REACH:
                slash = self.alphabet.slash
                return _meet(self.classes(term.args[0]), (slash, every & ~slash))

    def common_classes(self, terms: Sequence[Term]) -> tuple[int, ...]:
        """The same for several terms at once."""
        met: tuple[int, ...] = (self.alphabet.every,)
        known = self._met
        for classes in dict.fromkeys([self.classes(term) for term in terms]):
            found = known.get((met, classes))
            if found is None:
                found = known[met, classes] = _meet(met, classes)
            met = found
        return met


def _meet(first: tuple[int, ...], second: tuple[int, ...]) -> tuple[int, ...]:
    if first is second or len(second) == 1:
        return first
    return second if len(first) == 1 else tuple([both for a in first for b in second if (both := a & b)])


def _flat(kind: Kind, terms: tuple[Term, ...]) -> list[Term]:
    """The parts of terms of this kind, each once."""
    parts: dict[Term, None] = {}
    for term in terms:
        parts.update(dict.fromkeys(term.args if term.kind is kind else (term,)))
    return list(parts)


def _by_id(term: Term) -> int:
    return term.id
