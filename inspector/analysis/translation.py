"""A regex of `re` as a term: exactly where it is regular, and otherwise a larger language and the reason.

Translated from behind: each node is given the term of everything after it, which is what makes look-aheads
and anchors exact, as they speak about the rest of the text.
Source: D. Moseley et al., "Derivative Based Nonbacktracking Real-World Regex Matching" (PLDI 2023).
"""

import re
from functools import lru_cache
from typing import Any

from inspector.analysis.atomic import AtomicGroups, NotFollowed
from inspector.analysis.charset import Chars, chars_of
from inspector.analysis.terms import Algebra, Term
from miniframework.routing.regex import sre
from miniframework.routing.regex.sre import Nodes, op

_CHARS = (op.LITERAL, op.NOT_LITERAL, op.ANY, op.IN)
_REPEATS = (op.MAX_REPEAT, op.MIN_REPEAT)
_BEYOND: dict[Any, str] = {
    op.GROUPREF: "a back-reference",
    op.GROUPREF_EXISTS: "a conditional group",
}
# A repeat around a look-ahead is written out up to this often; nested, that would grow fast.
_MOST_WRITTEN_OUT = 4


@lru_cache(maxsize=512)  # a memo of a pure function: the converters of a table share few regexes
def parsed(regex: str) -> tuple[Nodes, int]:
    """The parse tree of `regex` and its flags. Raises re.error."""
    nodes, flags = sre.parse(regex)
    return tuple(nodes), flags


@lru_cache(maxsize=512)  # as above
def is_local(regex: str) -> bool:
    """Whether the regex says nothing about the text around it: no anchor, look-around or reference."""
    return _says_nothing_around(*parsed(regex))


@lru_cache(maxsize=512)  # as above
def char_sets(regex: str) -> frozenset[Chars]:
    """Every set of characters that the regex names."""
    return frozenset(
        chars_of(operator, argument, flags)
        for operator, argument, flags in sre.descend(*parsed(regex))
        if operator in _CHARS
    )


def at_the_start(nodes: Nodes) -> Nodes:
    """The nodes without the `^` and `\\A` in front, which hold where nothing stands before."""
    if not nodes:
        return nodes
    (operator, argument), *others = nodes
    if operator is op.AT and argument in (op.AT_BEGINNING, op.AT_BEGINNING_STRING):
        return at_the_start(others)
    if operator is op.SUBPATTERN:
        argument = (*argument[:3], at_the_start(list(argument[3])))
    elif operator is op.BRANCH:
        argument = (argument[0], [at_the_start(list(option)) for option in argument[1]])
    return [(operator, argument), *others]


class Translator:
    """Translates into one algebra, whose alphabet holds the `char_sets` of every regex it is given.

    `reasons` names, once each, the constructs because of which a term is larger than its language.
    """

    def __init__(self, algebra: Algebra) -> None:
        self._algebra = algebra
        self.reasons: dict[str, None] = {}
        self._enlarged = 0
        self._atomic = AtomicGroups(algebra, self._around)

    def term(self, regex: str, rest: Term, *, is_start: bool = False) -> Term:
        """The texts that match `regex` and then go on with `rest`, to the very end.

        `is_start` says that nothing stands before them.
        """
        nodes, flags = parsed(regex)
        return self._sequence(at_the_start(nodes) if is_start else nodes, flags, rest)

    def _sequence(self, nodes: Nodes, flags: int, rest: Term) -> Term:
        for operator, argument in reversed(nodes):
            rest = self._node(operator, argument, flags, rest)
        return rest

    def _node(self, operator: Any, argument: Any, flags: int, rest: Term) -> Term:
        algebra = self._algebra
        if operator in _CHARS:
            return algebra.then(algebra.one(algebra.alphabet.mask(chars_of(operator, argument, flags))), rest)
        if operator is op.SUBPATTERN:
            return self._sequence(argument[3], sre.flags_inside(argument, flags), rest)
        if operator is op.BRANCH:
            return algebra.either(*(self._sequence(option, flags, rest) for option in argument[1]))
        if operator in _REPEATS:
            return self._repeat(argument, flags, rest)
        if operator is op.AT:
            return self._anchor(argument, flags, rest)
        if operator in (op.ASSERT, op.ASSERT_NOT):
            return self._look(operator, argument, flags, rest)
        if operator is op.FAILURE:
            return algebra.nothing
        if operator in (op.ATOMIC_GROUP, op.POSSESSIVE_REPEAT):
            return self._committed(operator, argument, flags, rest)
        reason = _BEYOND.get(operator, f"the construct {operator}")
        return self._larger(reason, algebra.then(algebra.anything, rest))

    def _repeat(self, argument: Any, flags: int, rest: Term) -> Term:
        algebra = self._algebra
        least, most, item = argument[0], argument[1], argument[2]
        limit = None if most is sre.UNLIMITED else int(most)
        if _says_nothing_around(item, flags):
            repeated = algebra.times(self._sequence(item, flags, algebra.end), int(least), limit)
            return algebra.then(repeated, rest)
        if limit is None or limit > _MOST_WRITTEN_OUT:
            reason = "a look-around or reference in a repeat"
            return self._larger(reason, algebra.then(algebra.anything, rest))
        term = rest
        for number in range(limit, 0, -1):
            once_more = self._sequence(item, flags, term)
            term = once_more if number <= least else algebra.either(once_more, rest)
        return term

    def _committed(self, operator: Any, argument: Any, flags: int, rest: Term) -> Term:
        is_group = operator is op.ATOMIC_GROUP
        nodes = argument if is_group else [(op.MAX_REPEAT, argument)]
        try:
            return self._atomic.group(nodes, flags, rest)
        except NotFollowed:
            reason = "an atomic group" if is_group else "a possessive repeat"
            return self._larger(reason, self._algebra.then(self._algebra.anything, rest))

    def _around(self, operator: Any, argument: Any, flags: int, rest: Term) -> Term | None:
        """What an anchor or a look-ahead leaves of `rest`; None where that is not exact."""
        if operator not in (op.AT, op.ASSERT, op.ASSERT_NOT):
            return None
        before = self._enlarged
        term = self._node(operator, argument, flags, rest)
        return None if self._enlarged > before else term

    def _anchor(self, where: Any, flags: int, rest: Term) -> Term:
        algebra = self._algebra
        if where is op.AT_END_STRING:
            return algebra.both(rest, algebra.end)
        if where is op.AT_END and not flags & re.MULTILINE:
            newline = algebra.one(algebra.alphabet.bit("\n"))
            return algebra.both(rest, algebra.either(algebra.end, newline))
        return self._larger("an anchor that looks back", rest)

    def _look(self, operator: Any, argument: Any, flags: int, rest: Term) -> Term:
        algebra = self._algebra
        direction, nodes = argument
        if direction < 0:
            return self._larger("a look-behind", rest)
        before = self._enlarged
        ahead = self._sequence(nodes, flags, algebra.anything)
        if operator is op.ASSERT:
            return algebra.both(rest, ahead)
        # The complement of a language that was taken too large would be too small: then nothing is said.
        return rest if self._enlarged > before else algebra.both(rest, algebra.negated(ahead))

    def _larger(self, reason: str, term: Term) -> Term:
        self.reasons[reason] = None
        self._enlarged += 1
        return term


def _says_nothing_around(nodes: Nodes, flags: int) -> bool:
    local = (*_CHARS, *_REPEATS, op.SUBPATTERN, op.BRANCH, op.FAILURE)
    return all(operator in local for operator, _, _ in sre.descend(nodes, flags))
