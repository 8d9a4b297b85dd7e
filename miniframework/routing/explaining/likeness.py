"""How much one segment of a path is like one block of a template."""

import re

from miniframework.routing.explaining.distance import count_common_ends, count_edits
from miniframework.routing.judging.blocks import Block
from miniframework.routing.regex.walk import automaton_of

# What a whole segment costs that is another word than the template has, and what may be taken off for letters
# that both have; of a word of two letters, which is a version or a language, far less.
_OTHER_WORD, _OF_LETTERS, _OTHER_CODE, _OTHER_NUMBER = 150, 10, 60, 50
# Text that a parameter takes says little, of a narrower one (a number) more.
_ANY_TEXT, _NARROW = 20, 5
# A value that is nearly right, one that is not, and none at all.
_MISTYPED, _REFUSED, _NO_VALUE = 40, 90, 90
_CASE, _PER_EDIT, _EXTENSION, _WORDS = 10, 15, 20, 20
_LONGEST = 60  # of a segment that is looked into
_ANY = "[^/]+"
_DIGITS = re.compile(r"[0-9]+")
_PARTS = re.compile(r"[-_.~+ ]")


class Likeness:
    """What blocks cost against segments, each pair once."""

    def __init__(self) -> None:
        self._known: dict[tuple[str, str], tuple[int, bool]] = {}

    def of(self, block: Block, segment: str) -> tuple[int, bool]:
        """The cost, and whether the segment is a word of the template."""
        literal = block.literal
        if literal == segment:
            return 0, literal != ""
        key = (block.key, segment)
        known = self._known.get(key)
        if known is None:
            known = self._known[key] = (
                _of_value(block, segment) if literal is None else _of_word(literal, segment)
            )
        return known

    def is_right(self, block: Block, segment: str) -> bool:
        """Whether the block takes the segment, which is not empty."""
        if block.literal is not None:
            return segment == block.literal != ""
        return segment != "" and block.regex.fullmatch(segment) is not None

    def of_tail(self, block: Block, text: str) -> int:
        """The cost of all the rest of a path against a block that may take it."""
        return _ANY_TEXT * (1 + text.count("/")) if block.regex.fullmatch(text) else _REFUSED


def _of_value(block: Block, segment: str) -> tuple[int, bool]:
    if not segment:
        return _NO_VALUE, False
    if block.regex.fullmatch(segment):
        if not block.is_parameter:
            return 0, True
        return (_ANY_TEXT if takes_any_text(block) else _NARROW), False
    return (_MISTYPED if _is_nearly(block, segment[:_LONGEST]) else _REFUSED), False


def _is_nearly(block: Block, segment: str) -> bool:
    """Whether most characters are such as the value has; to find the right ones would cost far more."""
    automaton = automaton_of(block.source)
    return not isinstance(automaton, str) and 2 * sum(map(automaton.may_take, segment)) > len(segment)


def takes_any_text(block: Block) -> bool:
    """Whether it is a parameter to which all text is welcome."""
    return block.is_parameter and _ANY in block.source


def _of_word(literal: str, segment: str) -> tuple[int, bool]:
    if not literal or not segment:
        return _OTHER_WORD, False
    one, other = literal[:_LONGEST], segment[:_LONGEST].strip()
    if one == other or one.lower() == other.lower():
        return _CASE, True
    one, other = one.lower(), other.lower()
    few = 1 + max(0, len(other) - 2) // 4
    edits = count_edits(one, other, at_most=few)
    if edits <= few and edits < max(len(one), len(other)):
        return (_OTHER_NUMBER if _differ_by_number(one, other) else _PER_EDIT * edits), True
    if one.partition(".")[0] == other.partition(".")[0] != "":
        return _EXTENSION, True
    shared = _share_words(one, other)
    if shared:
        return _WORDS + round(_WORDS * (1 - shared)), True
    if max(len(one), len(other)) <= 2 and one.isalpha() and other.isalpha():
        return _OTHER_CODE, False
    alike = count_common_ends(one, other) / max(len(one), len(other))
    return _OTHER_WORD - round(_OF_LETTERS * alike), False


def _differ_by_number(one: str, other: str) -> bool:
    """Whether they are of two versions, which is seldom a mistake of typing."""
    return _DIGITS.sub("", one) == _DIGITS.sub("", other) != one and _DIGITS.search(other) is not None


def _share_words(one: str, other: str) -> float:
    """Which part of the words is in both, where all those of one are in the other (`reset-password`,
    `password_reset`, `about-us`); else 0.
    """
    these, those = _PARTS.split(one), _PARTS.split(other)
    few, many = sorted((these, those), key=len)
    if len(many) < 2 or not all(few):
        return 0.0
    is_shared = all(any(_is_mistyped(word, wanted) for wanted in many) for word in few)
    return len(few) / len(many) if is_shared else 0.0


def _is_mistyped(word: str, wanted: str) -> bool:
    few = len(word) // 4
    return count_edits(word, wanted, at_most=few) <= few
