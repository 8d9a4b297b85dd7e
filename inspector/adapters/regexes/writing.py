"""Pieces of a regex written so that they can stand inside another one, behind what comes before them."""

import re
from typing import Literal

from inspector.adapters.regexes.source import BeyondReading, Item, Options

# Whether nothing has been read yet, perhaps something, or surely something.
Position = Literal["at_start", "unsure", "past"]

_MAY_BE_LEFT_OUT = re.compile(r"[*?]|\{0?,|\{0+\}")
_ONCE_AT_MOST = ("", "?", "??", "?+")


def write(options: Options, position: Position) -> str:
    """The text of a regex without its groups' names and numbers, and without the anchors in front.

    Raises BeyondReading for what depends on the text before it: it stands elsewhere now.
    """
    return "|".join(write_sequence(sequence, position)[0] for sequence in options)


def write_sequence(items: tuple[Item, ...], position: Position) -> tuple[str, Position]:
    """The text of a sequence, and what is known behind it."""
    texts: list[str] = []
    for item in items:
        text, position = write_item(item, position)
        texts.append(text)
    return "".join(texts), position


def write_item(item: Item, position: Position) -> tuple[str, Position]:
    """The text of one item, and what is known behind it."""
    if item.kind == "start":
        if position != "at_start" or item.quantifier:
            raise BeyondReading("an anchor in the middle")
        return "", position
    if item.kind == "edge":
        if position != "past":
            raise BeyondReading("an edge of a word at the start")
        return item.text + item.quantifier, position
    if item.kind in ("group", "look_ahead"):
        return _write_group(item, position)
    if item.kind == "end":
        return item.text + item.quantifier, position
    return item.text + item.quantifier, _behind(position, is_sure=not may_be_left_out(item))


def may_be_left_out(item: Item) -> bool:
    """Whether its quantifier allows none of it."""
    return _MAY_BE_LEFT_OUT.match(item.quantifier) is not None


def _write_group(item: Item, position: Position) -> tuple[str, Position]:
    assert item.inner is not None, "a group has an inside"
    # Before its second turn something has been read.
    inside: Position = (
        "unsure" if position == "at_start" and item.quantifier not in _ONCE_AT_MOST else position
    )
    text = f"{item.opening}{write(item.inner, inside)}){item.quantifier}"
    if item.kind == "look_ahead":
        return text, position
    is_sure = all(_reads_something(sequence) for sequence in item.inner)
    return text, _behind(position, is_sure=is_sure and not may_be_left_out(item))


def _reads_something(items: tuple[Item, ...]) -> bool:
    return any(
        item.kind in ("char", "set")
        or (item.kind == "group" and all(_reads_something(inner) for inner in item.inner or ()))
        for item in items
        if not may_be_left_out(item)
    )


def _behind(position: Position, *, is_sure: bool) -> Position:
    return "past" if is_sure or position == "past" else "unsure"
