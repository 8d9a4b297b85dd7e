"""What an atomic group leaves of a text: its first way to match is the only one, whatever comes after.

`re` tries the ways of a group in an order: the left alternative first, the longest run of a loop first, the
shortest of a lazy one. So a group is led backwards through two languages at once: the texts on which what is
left of the group can match, and those on which the way it then takes leads to the end of all.
"""

from collections.abc import Callable
from typing import Any

from inspector.analysis.charset import chars_of
from inspector.analysis.terms import Algebra, Term
from miniframework.records import dataclass
from miniframework.routing.regex import sre
from miniframework.routing.regex.sre import Nodes, op

_CHARS = (op.LITERAL, op.NOT_LITERAL, op.ANY, op.IN)
_REPEATS = (op.MAX_REPEAT, op.MIN_REPEAT)
# How often an item is written out; each time that is optional doubles the term.
_MOST_WRITTEN_OUT = 100
_MOST_OPTIONAL = 16

# The texts that match nodes of an anchor or a look-ahead and go on with the term, None where not followed.
Around = Callable[[Any, Any, int, Term], Term | None]


class NotFollowed(Exception):
    """The group has something in it of which the order of trial is not worked out."""


@dataclass(frozen=True, slots=True)
class _Ahead:
    """The texts on which the rest of the group can match, and of these the ones that are then `good`."""

    can: Term
    good: Term


class AtomicGroups:
    """Translates atomic groups into one algebra; `around` does so for anchors and look-aheads."""

    def __init__(self, algebra: Algebra, around: Around) -> None:
        self._algebra = algebra
        self._around = around

    def group(self, nodes: Nodes, flags: int, rest: Term) -> Term:
        """The texts whose first way through the group leaves one of `rest`. Raises NotFollowed."""
        return self._sequence(nodes, flags, _Ahead(self._algebra.anything, rest)).good

    def _sequence(self, nodes: Nodes, flags: int, ahead: _Ahead) -> _Ahead:
        for operator, argument in reversed(nodes):
            ahead = self._node(operator, argument, flags, ahead)
        return ahead

    def _node(self, operator: Any, argument: Any, flags: int, ahead: _Ahead) -> _Ahead:
        algebra = self._algebra
        if operator in _CHARS:
            return self._behind(self._one(operator, argument, flags), ahead)
        if operator is op.SUBPATTERN:
            return self._sequence(argument[3], sre.flags_inside(argument, flags), ahead)
        if operator is op.BRANCH:
            found = _Ahead(algebra.nothing, algebra.nothing)
            for option in reversed(argument[1]):
                found = self._first_of(self._sequence(option, flags, ahead), found)
            return found
        if operator in _REPEATS:
            return self._repeat(operator, argument, flags, ahead)
        if operator is op.ATOMIC_GROUP:
            return _Ahead(self.group(argument, flags, ahead.can), self.group(argument, flags, ahead.good))
        if operator is op.POSSESSIVE_REPEAT:
            return self._node(op.ATOMIC_GROUP, [(op.MAX_REPEAT, argument)], flags, ahead)
        can = self._around(operator, argument, flags, ahead.can)
        good = self._around(operator, argument, flags, ahead.good)
        if can is None or good is None:
            raise NotFollowed
        return _Ahead(can, good)

    def _repeat(self, operator: Any, argument: Any, flags: int, ahead: _Ahead) -> _Ahead:
        least, most, item = int(argument[0]), argument[1], argument[2]
        is_greedy = operator is op.MAX_REPEAT
        if most is sre.UNLIMITED:
            found = self._loop(self._char(item, flags), ahead, is_greedy=is_greedy)
        else:
            optional = int(most) - least
            if optional > _MOST_OPTIONAL or (most > 1 and self._may_be_empty(item, flags)):
                raise NotFollowed
            found = ahead
            for _ in range(optional):
                more = self._sequence(item, flags, found)
                found = self._first_of(more, ahead) if is_greedy else self._first_of(ahead, more)
        if least > _MOST_WRITTEN_OUT:
            raise NotFollowed
        for _ in range(least):
            found = self._sequence(item, flags, found)
        return found

    def _loop(self, char: Term, ahead: _Ahead, *, is_greedy: bool) -> _Ahead:
        """Any number of one character: the last place where the rest can match counts, or the first one."""
        algebra = self._algebra
        can = algebra.then(algebra.many(char), ahead.can)
        if not is_greedy:
            return _Ahead(can, algebra.until(char, ahead.can, ahead.good))
        last = algebra.both(ahead.good, algebra.negated(algebra.then(char, can)))
        return _Ahead(can, algebra.then(algebra.many(char), last))

    def _first_of(self, first: _Ahead, second: _Ahead) -> _Ahead:
        """The first way where that can be gone, else the second."""
        algebra = self._algebra
        left = algebra.both(algebra.negated(first.can), second.good)
        return _Ahead(algebra.either(first.can, second.can), algebra.either(first.good, left))

    def _behind(self, char: Term, ahead: _Ahead) -> _Ahead:
        return _Ahead(self._algebra.then(char, ahead.can), self._algebra.then(char, ahead.good))

    def _char(self, item: Nodes, flags: int) -> Term:
        """The one character that the item of a loop takes. Raises NotFollowed for anything longer."""
        if len(item) != 1:
            raise NotFollowed
        operator, argument = item[0]
        if operator is op.SUBPATTERN:
            return self._char(argument[3], sre.flags_inside(argument, flags))
        if operator not in _CHARS:
            raise NotFollowed
        return self._one(operator, argument, flags)

    def _one(self, operator: Any, argument: Any, flags: int) -> Term:
        return self._algebra.one(self._algebra.alphabet.mask(chars_of(operator, argument, flags)))

    def _may_be_empty(self, item: Nodes, flags: int) -> bool:
        end = self._algebra.end
        return self._sequence(item, flags, _Ahead(end, end)).can.has_end
