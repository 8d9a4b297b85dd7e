"""A regex as an automaton of its own characters, which keeps count of in how many ways it goes on.

Source: V. Glushkov, "The abstract theory of automata" (1961), with multiplicities, so that `(a*)*`, which
takes one text in many ways through one character, can be told from `a*`.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import field
from typing import Any

from inspector.analysis.alphabet import Alphabet
from inspector.analysis.charset import chars_of, single
from inspector.analysis.errors import TooLargeError
from inspector.analysis.redos.unit import Unit, is_loop
from inspector.analysis.translation import parsed
from miniframework.records import dataclass
from miniframework.routing.regex import sre
from miniframework.routing.regex.sre import Nodes, op

# More characters than any pattern of a path needs; the search for ambiguity is of their square.
_MOST_POSITIONS = 600
# How often a loop's item is written out before it, of those that it must have at least.
_MOST_BEFORE_LOOP = 3

_CHARS = (op.LITERAL, op.NOT_LITERAL, op.ANY, op.IN)
_REPEATS = (op.MAX_REPEAT, op.MIN_REPEAT, op.POSSESSIVE_REPEAT)

Ways = Counter[int]  # positions, each in one way (1) or in several (2)


@dataclass(slots=True, kw_only=True)
class Positions:
    """`sets[p]` is what position p reads, a mask of the alphabet; `after[p]` what may be read next."""

    sets: list[int] = field(default_factory=list)
    after: list[Ways] = field(default_factory=list)
    first: Ways = field(default_factory=Counter)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Piece:
    """A part of a regex: whether it may be empty, where it may begin and end."""

    may_be_empty: bool
    first: Ways
    last: Ways


_EMPTY = _Piece(may_be_empty=True, first=Counter(), last=Counter())


def find_positions(unit: Unit, alphabet: Alphabet) -> Positions:
    """The automaton of a unit over an alphabet that holds its sets. Raises TooLargeError.

    Look-arounds, anchors and references are passed over: what is found by it must be tried.
    """
    builder = _Builder(alphabet)
    whole = _EMPTY
    for piece in unit:
        made = builder.text(piece.text) if piece.is_literal else builder.sequence(*parsed(piece.text))
        whole = builder.join(whole, made)
    builder.found.first = whole.first
    return builder.found


class _Builder:
    def __init__(self, alphabet: Alphabet) -> None:
        self._alphabet = alphabet
        self.found = Positions()

    def text(self, text: str) -> _Piece:
        whole = _EMPTY
        for char in text:
            whole = self.join(whole, self._position(self._alphabet.mask(single(char))))
        return whole

    def sequence(self, nodes: Nodes, flags: int) -> _Piece:
        whole = _EMPTY
        for operator, argument in nodes:
            whole = self.join(whole, self._node(operator, argument, flags))
        return whole

    def join(self, left: _Piece, right: _Piece) -> _Piece:
        self._link(left.last, right.first)
        return _Piece(
            may_be_empty=left.may_be_empty and right.may_be_empty,
            first=_both(left.first, right.first) if left.may_be_empty else left.first,
            last=_both(left.last, right.last) if right.may_be_empty else right.last,
        )

    def _node(self, operator: Any, argument: Any, flags: int) -> _Piece:
        if operator in _CHARS:
            return self._position(self._alphabet.mask(chars_of(operator, argument, flags)))
        if operator is op.SUBPATTERN:
            return self.sequence(argument[3], sre.flags_inside(argument, flags))
        if operator is op.ATOMIC_GROUP:
            return self.sequence(argument, flags)
        if operator is op.BRANCH:
            return _either([self.sequence(option, flags) for option in argument[1]])
        if operator in _REPEATS:
            return self._repeat(argument, flags)
        return _EMPTY

    def _repeat(self, argument: Any, flags: int) -> _Piece:
        least, most, item = int(argument[0]), argument[1], argument[2]
        whole = _EMPTY
        if not is_loop(argument):
            for number in range(int(most)):
                once = self.sequence(item, flags)
                whole = self.join(whole, once if number < least else _optional(once))
            return whole
        for _ in range(min(least, _MOST_BEFORE_LOOP) - 1):
            whole = self.join(whole, self.sequence(item, flags))
        again = self.sequence(item, flags)
        self._link(again.last, again.first)
        return self.join(whole, again if least else _optional(again))

    def _position(self, mask: int) -> _Piece:
        number = len(self.found.sets)
        if number >= _MOST_POSITIONS:
            raise TooLargeError(f"a pattern has more than {_MOST_POSITIONS} characters to follow")
        self.found.sets.append(mask)
        self.found.after.append(Counter())
        return _Piece(may_be_empty=False, first=Counter({number: 1}), last=Counter({number: 1}))

    def _link(self, lasts: Ways, firsts: Ways) -> None:
        for last, out in lasts.items():
            after = self.found.after[last]
            for first, into in firsts.items():
                after[first] = min(2, after[first] + out * into)


def _optional(piece: _Piece) -> _Piece:
    return _Piece(may_be_empty=True, first=piece.first, last=piece.last)


def _both(left: Ways, right: Ways) -> Ways:
    joined = left + right
    return Counter({position: min(2, ways) for position, ways in joined.items()})


def _either(options: Sequence[_Piece]) -> _Piece:
    first: Ways = Counter()
    last: Ways = Counter()
    for option in options:
        first, last = _both(first, option.first), _both(last, option.last)
    return _Piece(may_be_empty=any(option.may_be_empty for option in options), first=first, last=last)
