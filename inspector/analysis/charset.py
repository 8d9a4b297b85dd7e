"""Sets of characters, as this interpreter's `re` has them.

A plain class is read off the parse tree; for what depends on Unicode (`\\w`, any case) sre itself is asked
about every character there is, because its answers differ between versions of Python.
"""

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Any

from miniframework.routing.regex import sre
from miniframework.routing.regex.sre import op

# Intervals of code points, both ends included, in order and not touching.
Chars = tuple[tuple[int, int], ...]

_LAST = 0x10FFFF
_SURROGATES = (0xD800, 0xDFFF)  # a decoded path never holds a lone one

EVERY: Chars = ((0, _SURROGATES[0] - 1), (_SURROGATES[1] + 1, _LAST))
_RELEVANT = re.IGNORECASE | re.ASCII | re.UNICODE | re.DOTALL


def joined(intervals: Iterable[tuple[int, int]]) -> Chars:
    """The intervals in order, touching ones made one, surrogates left out."""
    out: list[tuple[int, int]] = []
    for first, last in sorted(_without_surrogates(intervals)):
        if out and first <= out[-1][1] + 1:
            out[-1] = (out[-1][0], max(out[-1][1], last))
        else:
            out.append((first, last))
    # The two halves of Unicode do not touch: what lies between them is no character.
    return tuple(out)


def complement(chars: Chars) -> Chars:
    """Every other character."""
    gaps: list[tuple[int, int]] = []
    at = 0
    for first, last in (*chars, (_LAST + 1, _LAST + 1)):
        if first > at:
            gaps.append((at, first - 1))
        at = last + 1
    return joined(gaps)


def single(char: str) -> Chars:
    """The set of one character."""
    return ((ord(char), ord(char)),)


def chars_of(operator: Any, argument: Any, flags: int) -> Chars:
    """The characters that one character node of a parse tree takes under `flags`."""
    if not flags & re.IGNORECASE:
        plain = _read_plain(operator, argument, flags)
        if plain is not None:
            return plain
    # A class is a list, which no cache takes as a key.
    return _ask(operator, tuple(argument) if operator is op.IN else argument, flags & _RELEVANT)


def _read_plain(operator: Any, argument: Any, flags: int) -> Chars | None:
    if operator is op.LITERAL:
        return joined([(argument, argument)])
    if operator is op.NOT_LITERAL:
        return complement(joined([(argument, argument)]))
    if operator is op.ANY:
        return EVERY if flags & re.DOTALL else complement(single("\n"))
    if any(kind not in (op.NEGATE, op.LITERAL, op.RANGE) for kind, _ in argument):
        return None
    named = [item for item in argument if item[0] is not op.NEGATE]
    chars = joined((value, value) if kind is op.LITERAL else value for kind, value in named)
    return chars if len(named) == len(argument) else complement(chars)


@lru_cache(maxsize=256)  # a memo of a pure function: it takes some 15 ms
def _ask(operator: Any, argument: Any, flags: int) -> Chars:
    """Run sre over all characters: the runs it finds are the intervals."""
    repeat, _ = sre.parse("(?:a)+")
    # One or more of the node instead of one or more "a".
    repeat[0][1][2][0] = (operator, list(argument) if operator is op.IN else argument)
    everything = _all_characters()
    return joined(
        (ord(everything[found.start()]), ord(everything[found.end() - 1]))
        for found in sre.compile_node(repeat[0], flags).finditer(everything)
    )


@lru_cache(maxsize=1)
def _all_characters() -> str:
    return "".join(chr(code) for first, last in EVERY for code in range(first, last + 1))


def _without_surrogates(intervals: Iterable[tuple[int, int]]) -> Iterable[tuple[int, int]]:
    for first, last in intervals:
        for low, high in EVERY:
            if max(first, low) <= min(last, high):
                yield max(first, low), min(last, high)
