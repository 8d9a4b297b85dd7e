"""A path template as an automaton whose letters are path segments.

Each segment that stands for itself is a letter: a word, or a language without slashes. From the first
parameter on that may take a slash, or that looks past its segment, all that follows is one language of the
rest of the path; it is cut at the slashes into letters of the same kind.
"""

from collections import deque
from collections.abc import Iterator
from dataclasses import replace

from inspector.analysis.charset import Chars, single
from inspector.analysis.smallest import SegmentLanguages
from inspector.analysis.terms import Algebra, Term
from inspector.analysis.translation import Translator, char_sets, is_local
from miniframework.records import dataclass
from miniframework.routing.parts import Literal, Parameter, Part

# How many states of the rest of a path are followed; a template needs some tens.
_MOST_STATES = 2_000

Letter = str | Term


@dataclass(frozen=True, slots=True, kw_only=True)
class Edge:
    """One segment: from a state to a state; None is the end of the path."""

    start: int
    letter: Letter
    end: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SegmentAutomaton:
    """The segments of a path behind its first slash. State 0 is the start.

    `reasons` names what could not be followed: then the language is larger than the template's. `simple`
    says that every segment stands for itself, so a path splits in one way only.
    """

    edges: tuple[Edge, ...]
    states: int
    reasons: tuple[str, ...]
    simple: bool


def sets_of(parts: tuple[Part, ...]) -> Iterator[Chars]:
    """Every set of characters that a template names."""
    for part in parts:
        if isinstance(part, Literal):
            yield from map(single, dict.fromkeys(part.text))
        else:
            yield from char_sets(part.regex)


class SegmentBuilder:
    """Makes automata of templates over one algebra."""

    def __init__(self, algebra: Algebra) -> None:
        self._algebra = algebra
        self._languages = SegmentLanguages(algebra)
        self._tails: dict[Term, tuple[tuple[Edge, ...], int] | None] = {}
        self._letters: dict[tuple[str, ...], Letter] = {}

    def build(self, parts: tuple[Part, ...], *, closed: bool) -> SegmentAutomaton:
        """The automaton of a template; one that is not `closed` is a prefix of everything below it."""
        algebra = self._algebra
        segments, tail = cut_segments(parts)
        edges = [
            Edge(start=number, letter=self._letter(segment), end=number + 1)
            for number, segment in enumerate(segments)
        ]
        last = len(segments)
        if tail is None and closed:
            edges[-1:] = [replace(edge, end=None) for edge in edges[-1:]]
            return SegmentAutomaton(edges=tuple(edges), states=last, reasons=(), simple=True)
        translator = Translator(algebra)
        rest = algebra.end if closed else algebra.anything
        if tail is not None:
            below = rest if closed else algebra.then(algebra.one(algebra.alphabet.slash), rest)
            rest = self._term(tail, translator, below)
            if not _begins_with_slash(parts):
                rest = algebra.after(rest, algebra.alphabet.slash)
        cut = self._tail(rest)
        if cut is None:
            translator.reasons["a part with too many states"] = None
            cut = self._tail(algebra.anything)
            assert cut is not None, "everything has one state"
        edges += [
            Edge(start=last + e.start, letter=e.letter, end=None if e.end is None else last + e.end)
            for e in cut[0]
        ]
        reasons = tuple(translator.reasons)
        return SegmentAutomaton(
            edges=tuple(edges), states=last + cut[1], reasons=reasons, simple=tail is None
        )

    def _letter(self, segment: tuple[Part, ...]) -> Letter:
        key = tuple(part.text if isinstance(part, Literal) else f"{{{part.regex}" for part in segment)
        letter = self._letters.get(key)
        if letter is None:
            texts = [part.text for part in segment if isinstance(part, Literal)]
            is_word = len(texts) == len(segment)
            letter = (
                "".join(texts)
                if is_word
                else self._languages.same(self._term(segment, Translator(self._algebra), self._algebra.end))
            )
            self._letters[key] = letter
        return letter

    def _term(self, parts: tuple[Part, ...], translator: Translator, rest: Term) -> Term:
        for part in reversed(parts):
            if isinstance(part, Literal):
                rest = self._algebra.then(self._algebra.word(part.text), rest)
            else:
                is_start = part.start == 0 and part is parts[0]
                rest = translator.term(part.regex, rest, is_start=is_start)
        return rest

    def _tail(self, start: Term) -> tuple[tuple[Edge, ...], int] | None:
        """The rest of a path cut at its slashes, and the number of states; None when there are too many."""
        if start not in self._tails:
            self._tails[start] = _cut_language(self._algebra, self._languages, start)
        return self._tails[start]


def cut_segments(parts: tuple[Part, ...]) -> tuple[list[tuple[Part, ...]], tuple[Part, ...] | None]:
    """The segments that stand for themselves, and the parts from there on, if any are left."""
    segments: list[tuple[Part, ...]] = []
    current: list[Part] = []
    for number, part in enumerate(parts):
        if isinstance(part, Parameter):
            if not _stands_for_itself(part.regex):
                return segments[1:], (*current, *parts[number:])
            current.append(part)
            continue
        first, *others = part.text.split("/")
        current += _literal(first)
        for text in others:
            segments.append(tuple(current))
            current = _literal(text)
    segments.append(tuple(current))
    return segments[1:], None  # before the first slash stands nothing


def _begins_with_slash(parts: tuple[Part, ...]) -> bool:
    return isinstance(parts[0], Literal) and parts[0].text.startswith("/")


def _literal(text: str) -> list[Part]:
    return [Literal(text=text, start=0, end=len(text))] if text else []


def _stands_for_itself(regex: str) -> bool:
    slash = ord("/")
    return is_local(regex) and not any(
        first <= slash <= last for chars in char_sets(regex) for first, last in chars
    )


def _cut_language(
    algebra: Algebra, languages: SegmentLanguages, start: Term
) -> tuple[tuple[Edge, ...], int] | None:
    """One state for each language that may be left behind a slash."""
    slash = algebra.alphabet.slash
    numbers = {start: 0}
    pending = deque([start])
    edges: list[Edge] = []
    seen = 0
    while pending:
        here = pending.popleft()
        goals: dict[tuple[bool, Term], list[Term]] = {}
        for place in _within_segment(algebra, here):
            goals.setdefault((place.has_end, algebra.after(place, slash)), []).append(place)
            seen += 1
        if seen > _MOST_STATES:
            return None
        for (may_end, below), places in goals.items():
            letter = languages.same(algebra.reach(here, frozenset(places)))
            if may_end:
                edges.append(Edge(start=numbers[here], letter=letter, end=None))
            if below is not algebra.nothing:
                if below not in numbers:
                    numbers[below] = len(numbers)
                    pending.append(below)
                edges.append(Edge(start=numbers[here], letter=letter, end=numbers[below]))
    return tuple(edges), len(numbers)


def _within_segment(algebra: Algebra, start: Term) -> list[Term]:
    """Everything `start` can become before the next slash, itself first."""
    slash = algebra.alphabet.slash
    found = {start: None}
    pending = [start]
    while pending and len(found) <= _MOST_STATES:
        here = pending.pop()
        for mask in algebra.classes(here):
            if mask & ~slash:
                left = algebra.after(here, (mask & ~slash) & -(mask & ~slash))
                if left is not algebra.nothing and left not in found:
                    found[left] = None
                    pending.append(left)
    return list(found)
