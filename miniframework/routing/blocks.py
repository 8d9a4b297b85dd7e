"""A template cut at its slashes, so that each piece can say for itself what it refuses.

As long as no parameter can take a slash, path and template split into segments in one way only, and each
segment is judged apart: that is how all reasons are found and not only the first. From the first parameter
that may take one (or cannot be followed) on, the rest of the template is one block, the tail.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple

from miniframework.routing.parts import Literal, Parameter, Part
from miniframework.routing.regex_walk import automaton_of

# What follows the slash behind a mount's prefix: anything, also nothing, also a newline.
_ANYTHING = r"[\s\S]*"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rest:
    """The open end of a mount's template."""

    start: int
    end: int
    regex: str = _ANYTHING


Piece = Literal | Parameter | Rest


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """What one segment must be, or (`tail`) what all the rest of the path must be; `start:end` in the
    template.

    `literal` is its text when it has no parameter; else the regex `source` decides. `takes_nothing` when ""
    is enough. Blocks with one `key` say the same to the same text, but for where they stand in their
    templates.
    """

    pieces: tuple[Piece, ...]
    start: int
    end: int
    tail: bool
    literal: str | None = field(init=False)
    source: str = field(init=False)
    takes_nothing: bool = field(init=False)
    key: str = field(init=False)

    def __post_init__(self) -> None:
        """Join the pieces."""
        literal = _literal_text(self.pieces)
        source = _source(self.pieces)
        object.__setattr__(self, "literal", literal)
        object.__setattr__(self, "source", source)
        takes_nothing = not literal if literal is not None else _compile(source).fullmatch("") is not None
        object.__setattr__(self, "takes_nothing", takes_nothing)
        # A literal never holds a slash, so the two kinds of keys cannot meet.
        object.__setattr__(self, "key", _key(source, self.pieces) if literal is None else literal)

    @property
    def regex(self) -> re.Pattern[str]:
        """What the whole text must match."""
        return _compile(self.source)


@lru_cache(maxsize=1024)  # a memo of a pure function; the blocks of a table are of a few kinds
def _compile(source: str) -> re.Pattern[str]:
    return re.compile(source)


def _literal_text(pieces: Sequence[Piece]) -> str | None:
    texts = [piece.text for piece in pieces if isinstance(piece, Literal)]
    return "".join(texts) if len(texts) == len(pieces) else None


def _source(pieces: Sequence["Piece | _Text"]) -> str:
    return "".join(
        re.escape(piece[0])
        if isinstance(piece, tuple)
        else re.escape(piece.text)
        if isinstance(piece, Literal)
        else f"(?P<{piece.name}>{piece.regex})"
        if isinstance(piece, Parameter)
        else piece.regex
        for piece in pieces
    )


def _key(source: str, pieces: Sequence["Piece | _Text"]) -> str:
    """The key of a block that is no literal, with what of the pieces its regex does not say: `{id}` and
    `{id:str}` are of different lengths."""
    shapes = (
        f"{piece.converter_name}:{piece.end - piece.start}"
        for piece in pieces
        if isinstance(piece, Parameter)
    )
    return f"/{source}/{','.join(shapes)}"


# A literal before it is made one: its text, and where it begins.
_Text = tuple[str, int]


class Cut(NamedTuple):
    """A block that is not made yet: of ten thousand templates most begin alike, and share theirs."""

    pieces: tuple[_Text | Parameter | Rest, ...]
    start: int
    end: int
    tail: bool

    @property
    def key(self) -> str:
        """The key of the block."""
        if not self.pieces:
            return ""
        first = self.pieces[0]
        if len(self.pieces) == 1 and isinstance(first, tuple):
            return first[0]
        return _key(_source(self.pieces), self.pieces)

    def make(self) -> Block:
        """The block itself."""
        pieces = (
            Literal(text=piece[0], start=piece[1], end=piece[1] + len(piece[0]))
            if isinstance(piece, tuple)
            else piece
            for piece in self.pieces
        )
        return Block(pieces=tuple(pieces), start=self.start, end=self.end, tail=self.tail)


def cut_template(parts: Sequence[Part], *, open_ended: bool) -> Iterator[Cut]:
    """Where the blocks of a template are cut."""
    pieces: list[Piece] = list(parts)
    end = parts[-1].end if parts else 0
    if open_ended:
        pieces += [Literal(text="/", start=end, end=end + 1), Rest(start=end + 1, end=end + 1)]
    current: list[_Text | Parameter | Rest] = []
    start = 0
    for number, piece in enumerate(pieces):
        if not isinstance(piece, Literal):
            if may_pass_a_slash(piece.regex):
                rest = (_as_text(one) for one in pieces[number:])
                yield Cut((*current, *rest), start, end, tail=True)
                return
            current.append(piece)
            continue
        at = piece.start
        first, *others = piece.text.split("/")
        if first:
            current.append((first, at))
        at += len(first) + 1
        for text in others:
            yield Cut(tuple(current), start, at - 1, tail=False)
            current = [(text, at)] if text else []
            start = at
            at += len(text) + 1
    yield Cut(tuple(current), start, end, tail=False)


def _as_text(piece: Piece) -> _Text | Parameter | Rest:
    return (piece.text, piece.start) if isinstance(piece, Literal) else piece


@lru_cache(maxsize=1024)  # a memo of a pure function; applications have a handful of converters
def may_pass_a_slash(regex: str) -> bool:
    """Whether a match may hold a slash or depend on what stands behind it; also when that is unknown."""
    automaton = automaton_of(regex)
    return isinstance(automaton, str) or automaton.may_take("/")
