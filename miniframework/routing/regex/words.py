"""Regex nodes in words: `[0-9]` is “0–9” in a diagram and “a digit 0-9” in a sentence."""

from collections.abc import Sequence
from typing import Any

from miniframework.routing.regex.sre import op

# (source text, name in a diagram, name in a sentence)
_CATEGORIES: dict[Any, tuple[str, str, str]] = {
    op.CATEGORY_DIGIT: (r"\d", "digit", "a digit of any script"),
    op.CATEGORY_NOT_DIGIT: (r"\D", "no digit", "anything but a digit"),
    op.CATEGORY_SPACE: (r"\s", "white space", "white space"),
    op.CATEGORY_NOT_SPACE: (r"\S", "no white space", "anything but white space"),
    op.CATEGORY_WORD: (r"\w", "word character", "a word character"),
    op.CATEGORY_NOT_WORD: (r"\W", "no word character", "anything but a word character"),
}

_ANCHORS: dict[Any, tuple[str, str]] = {
    op.AT_BEGINNING: ("^", "start"),
    op.AT_BEGINNING_STRING: (r"\A", "start"),
    op.AT_END: ("$", "end, or before a last newline"),
    op.AT_END_STRING: (r"\Z", "end"),
    op.AT_BOUNDARY: (r"\b", "edge of a word"),
    op.AT_NON_BOUNDARY: (r"\B", "no edge of a word"),
}

_ESCAPES = {"\n": r"\n", "\r": r"\r", "\t": r"\t"}


def visible(text: str) -> str:
    """`text` with everything that does not print shown as an escape, so that a newline can be seen."""
    return text if text.isprintable() else "".join(c if c.isprintable() else ascii(c)[1:-1] for c in text)


def quoted(text: str, limit: int = 60) -> str:
    """`text` in typographic quotes, visible, and cut to `limit` characters."""
    return f"“{visible(text)}”" if len(text) <= limit else f"“{visible(text[:limit])}…”"


def anchor_text(where: Any) -> tuple[str, str]:
    """An anchor's source text and its name."""
    return _ANCHORS.get(where, (str(where).lower(), str(where).lower()))


def anchor_sentence(label: str) -> str:
    """An anchor as a sentence names it, after "expected"; given its name."""
    place = label.partition(",")[0]  # of "$" the newline that it lets pass is no help here
    return place if place.startswith("no ") else f"the {place}"


def class_text(operator: Any, argument: Any) -> str:
    """The canonical source text of one character node."""
    if operator is op.ANY:
        return "."
    if operator is op.ANY_ALL:
        return "(?s:.)"
    if operator is op.LITERAL:
        return escaped(chr(argument))
    if operator is op.NOT_LITERAL:
        return f"[^{_in_class(chr(argument))}]"
    negated, items = _items(argument)
    if len(items) == 1 and not negated and items[0][0] is op.CATEGORY:
        return _CATEGORIES[items[0][1]][0]
    return f"[{'^' if negated else ''}{''.join(_item_text(*item) for item in items)}]"


def class_label(operator: Any, argument: Any) -> str:
    """One character node as a diagram names it."""
    if operator in (op.ANY, op.ANY_ALL):
        return "anything" if operator is op.ANY_ALL else "any character"
    if operator is op.LITERAL:
        return visible(chr(argument))
    if operator is op.NOT_LITERAL:
        return f"any but {visible(chr(argument))}"
    negated, items = _items(argument)
    said = ", ".join(_item_label(kind, value, "–") for kind, value in items)
    return f"any but {said}" if negated else said


def class_sentence(operator: Any, argument: Any) -> str:
    """One character node as a sentence names it, after "expected"."""
    if operator in (op.ANY, op.ANY_ALL):
        return "any character" if operator is op.ANY_ALL else "any character but a newline"
    if operator is op.LITERAL:
        return quoted(chr(argument))
    if operator is op.NOT_LITERAL:
        return f"any character but {quoted(chr(argument))}"
    negated, items = _items(argument)
    if len(items) == 1 and not negated:
        return _single_sentence(*items[0])
    said = ", ".join(
        quoted(chr(value)) if kind is op.LITERAL else _item_label(kind, value, "-") for kind, value in items
    )
    return f"any character but {said}" if negated else f"one of {said}"


def escaped(text: str) -> str:
    """Literal text as it is written in a regex."""
    return "".join(_ESCAPES.get(c) or (f"\\{c}" if c in ".^$*+?{}[]\\|()" else visible(c)) for c in text)


def joined(choices: Sequence[str]) -> str:
    """`a, b or c`."""
    return choices[0] if len(choices) == 1 else f"{', '.join(choices[:-1])} or {choices[-1]}"


def _items(argument: Any) -> tuple[bool, list[Any]]:
    negated = bool(argument) and argument[0][0] is op.NEGATE
    return negated, list(argument[1:] if negated else argument)


def _item_text(kind: Any, value: Any) -> str:
    if kind is op.LITERAL:
        return _in_class(chr(value))
    if kind is op.RANGE:
        return f"{_in_class(chr(value[0]))}-{_in_class(chr(value[1]))}"
    return _CATEGORIES[value][0]


def _item_label(kind: Any, value: Any, dash: str) -> str:
    if kind is op.LITERAL:
        return visible(chr(value))
    if kind is op.RANGE:
        return f"{visible(chr(value[0]))}{dash}{visible(chr(value[1]))}"
    return _CATEGORIES[value][1]


def _single_sentence(kind: Any, value: Any) -> str:
    if kind is op.LITERAL:
        return quoted(chr(value))
    if kind is op.CATEGORY:
        return _CATEGORIES[value][2]
    first, last = chr(value[0]), chr(value[1])
    noun = "a digit " if first.isdigit() and last.isdigit() else "a letter " if first.isalpha() else ""
    return f"{noun}{visible(first)}-{visible(last)}"


def _in_class(char: str) -> str:
    return _ESCAPES.get(char) or (f"\\{char}" if char in "^]\\-[" else visible(char))
