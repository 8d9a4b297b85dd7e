"""Which texts may hold a secret, told fast: all others need no closer look."""

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache

from inspector.redaction.keys import MADE_KEY_HINT, hint_for
from inspector.redaction.links import LINK_MARK
from inspector.redaction.notes import Notes
from inspector.redaction.numbers import find_numbers
from inspector.redaction.patterns import MARKS, NOUGHTS, has_shape

_SHORT_CHARACTERS = 200
# Separators go, and which digit it is does not matter.
_SQUEEZED = bytes.maketrans(b"123456789", b"000000000")
# A form writes a blank as a plus sign.
_SEPARATORS = b"-_. []+"
# What tells in a text in lower case. One that is escaped may not read as it is written; and some letters are
# an `s` or an `i` to `re.IGNORECASE`.
_TELLING = re.compile("code=|bearer|basic|\\\\u|\u017f|\u0131|i\u0307")
# With the wide colon of Chinese and Japanese.
_SETTER = re.compile("[:=\uff1a]")


def may_hold_secret(text: str, notes: Notes) -> bool:
    """Say, fast and sometimes wrongly yes, whether the text needs a closer look."""
    telling = _is_telling_short(text) if len(text) <= _SHORT_CHARACTERS else is_telling(text)
    return telling or notes.has_known(text)


def squeeze(folded: str) -> str:
    """Give the text without what separates words, each digit a nought."""
    # A table of bytes is read six times as fast as one of letters, and UTF-8 has its ASCII to itself.
    data = folded.encode("utf-8", "surrogatepass").translate(_SQUEEZED, _SEPARATORS)
    return data.decode("utf-8", "surrogatepass")


def is_telling(text: str) -> bool:
    """Say, fast and sometimes wrongly yes, whether a secret is in the text; a part's yes is the whole's."""
    folded = text.lower()
    squeezed = squeeze(folded)
    return (
        hint_for(squeezed).search(squeezed) is not None
        or "code=" in folded
        or ("key" in squeezed and MADE_KEY_HINT.search(squeezed) is not None)
        or has_shape(text, folded, squeezed)
    )


# Header values come again and again.
_is_telling_short = lru_cache(maxsize=2048)(is_telling)


def find_telling(texts: Sequence[str], notes: Notes) -> set[int]:
    """Give the numbers of those that need a closer look, all looked at as one: `may_hold_secret` of many.

    A long number needs one only where it may be a card's; and so does what is escaped as in JSON.
    """
    joined = _join(texts)
    folded = joined.lower()
    squeezed = squeeze(folded)
    telling = {
        *_lines_of(hint_for(squeezed), squeezed),
        *_lines_of(MADE_KEY_HINT, squeezed),
        *_lines_of(_TELLING, folded),
        *_lines_of(MARKS, joined),
        *_lines_of(LINK_MARK, joined),
    }
    if "@" in joined:
        telling.update(_lines_at(joined, "://"))
    if NOUGHTS in squeezed:
        telling.update(_count_lines(joined, (start for start, _, _ in find_numbers(joined))))
        if "\\" in joined:  # where a letter before a number may be none
            telling.update(number for number in _lines_at(squeezed, NOUGHTS) if "\\" in texts[number])
    for known in notes.lines:
        if known in joined:
            telling.update(_lines_at(joined, known))
    return telling


def squeezed_lines(texts: Sequence[str]) -> list[str]:
    """Give each of the texts in lower case, squeezed."""
    return squeeze(_join(texts).lower()).split("\n") if texts else []


def find_setters(text: str) -> Iterator[tuple[int, int]]:
    """Give the place of each `:` and `=` with a telling word between the one before and it, and where that
    began.
    """
    pieces = _SETTER.split(text)[:-1]
    if not pieces:
        return
    squeezed = squeeze(_join(pieces).lower())
    named = set(_lines_of(hint_for(squeezed, names=True), squeezed))
    begins = 0
    for number, piece in enumerate(pieces):
        ends = begins + len(piece)
        if number in named:
            yield begins, ends
        begins = ends + 1


def _join(texts: Sequence[str]) -> str:
    """Give one text of which each of them is a line."""
    joined = "\n".join(texts)
    if joined.count("\n") >= len(texts):
        joined = "\n".join([text.replace("\n", "\r") for text in texts])
    return joined


def _lines_of(pattern: re.Pattern[str], text: str) -> Iterator[int]:
    return _count_lines(text, (found.start() for found in pattern.finditer(text)))


def _count_lines(text: str, places: Iterable[int]) -> Iterator[int]:
    line = counted = 0
    for place in sorted(places):
        line += text.count("\n", counted, place)
        counted = place
        yield line


def _lines_at(text: str, words: str) -> Iterator[int]:
    line = counted = 0
    while (position := text.find(words, counted)) >= 0:
        line += text.count("\n", counted, position)
        yield line
        counted = position + len(words)
