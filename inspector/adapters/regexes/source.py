"""The source of a Python regex read into what stands in it, each piece with its place.

CPython's own parse tree has no places and no names; here the text is kept, so that a regex can be cut.
"""

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any, Literal

from miniframework.records import dataclass
from miniframework.routing.regex import sre
from miniframework.routing.regex.sre import op

_QUANTIFIER = re.compile(r"(?:[*+?]|\{(?:\d+(?:,\d*)?|,\d*)\})[+?]?")
_ESCAPE = re.compile(r"\\(?:x..|u.{4}|U.{8}|N\{[^}]*\}|[0-7]{3}|0[0-7]?|[1-9][0-9]?|.)", re.DOTALL)
_OPENING = re.compile(
    r"\((?:\?(?:P<(?P<name>\w+)>|(?P<look><?[=!])|(?P<reference>P=|\()|(?P<flags>[a-zA-Z]*(?:-[a-zA-Z]+)?):|>))?"
)
_COMMENT = re.compile(r"\(\?#[^)]*\)")

Kind = Literal["char", "set", "start", "end", "edge", "group", "look_ahead"]
_SIGNS: dict[str, Kind] = {".": "set", "^": "start", "$": "end"}


class BeyondReading(Exception):
    """The regex holds something that cannot be cut out of it; its text names it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One thing in a regex, at `start:end` with its quantifier.

    `text` is its source without the quantifier. A "char" stands for `char`. A group has the regex inside it
    as `inner` and the text that opens it, without what captures, as `opening`; one that captures has its
    `number`, from 1, and maybe a `name`.
    """

    kind: Kind
    text: str = ""
    start: int = 0
    end: int = 0
    quantifier: str = ""
    char: str = ""
    inner: "Options | None" = None
    opening: str = ""
    name: str | None = None
    number: int = 0


Options = tuple[tuple[Item, ...], ...]


def read_source(regex: str, at: int = 0) -> Options:
    """The alternatives of a regex from the place `at` on, each a sequence. Raises re.error, BeyondReading."""
    re.compile(regex)
    return _Reader(regex, at).options()


def descend(options: Options) -> Iterator[Item]:
    """Every item, parents first."""
    for sequence in options:
        for item in sequence:
            yield item
            if item.inner is not None:
                yield from descend(item.inner)


class _Reader:
    """One reading of a regex that is known to be right."""

    def __init__(self, regex: str, at: int) -> None:
        self.regex = regex
        self.at = at
        self.groups = 0

    def options(self) -> Options:
        """Everything up to the parenthesis that closes the group, or to the end."""
        options: list[tuple[Item, ...]] = []
        sequence: list[Item] = []
        while self.at < len(self.regex) and self.regex[self.at] != ")":
            if self.regex[self.at] == "|":
                options.append(tuple(sequence))
                sequence = []
                self.at += 1
            elif comment := _COMMENT.match(self.regex, self.at):
                self.at = comment.end()
            else:
                sequence.append(self.quantified())
        return (*options, tuple(sequence))

    def quantified(self) -> Item:
        start = self.at
        item = self.single()
        text = self.regex[start : self.at]
        quantifier = ""
        if found := _QUANTIFIER.match(self.regex, self.at):
            quantifier = found.group()
            self.at = found.end()
        return replace(item, text=text, start=start, end=self.at, quantifier=quantifier)

    def single(self) -> Item:
        """What stands here, without its place; `at` goes behind it."""
        char = self.regex[self.at]
        if char == "(":
            return self.group()
        if char == "[":
            self.skip_class()
            return Item(kind="set")
        if char == "\\":
            return self.escape()
        self.at += 1
        if char in ".^$":
            return Item(kind=_SIGNS[char])
        return Item(kind="char", char=char)

    def escape(self) -> Item:
        found = _ESCAPE.match(self.regex, self.at)
        assert found is not None, "a regex that compiles does not end with a backslash"
        self.at = found.end()
        if found.group()[1] in "123456789":
            raise BeyondReading("a back-reference")
        [(operator, argument)], _ = sre.parse(found.group())
        if operator is op.LITERAL:
            return Item(kind="char", char=chr(argument))
        if operator is not op.AT:
            return Item(kind="set")
        edges: dict[Any, Kind] = {op.AT_BEGINNING_STRING: "start", op.AT_END_STRING: "end"}
        return Item(kind=edges.get(argument, "edge"))

    def group(self) -> Item:
        found = _OPENING.match(self.regex, self.at)
        assert found is not None, "it begins with a parenthesis"
        opened, look, flags = found.group(), found["look"] or "", found["flags"] or ""
        if found["reference"] is not None:
            raise BeyondReading("a back-reference")
        if look.startswith("<"):
            raise BeyondReading("a look-behind")
        if {"x", "m"} & set(flags):
            raise BeyondReading("a group with the flag x or m")
        captures = opened == "(" or found["name"] is not None
        self.groups += captures
        number = self.groups if captures else 0
        self.at = found.end()
        inner = self.options()
        self.at += 1
        return Item(
            kind="look_ahead" if look else "group",
            opening="(?:" if captures else opened,
            inner=inner,
            name=found["name"],
            number=number,
        )

    def skip_class(self) -> None:
        at = self.at + 1
        at += self.regex.startswith("^", at)
        at += 2 if self.regex[at] == "\\" else 1  # a bracket in the first place stands for itself
        while self.regex[at] != "]":
            at += 2 if self.regex[at] == "\\" else 1
        self.at = at + 1
