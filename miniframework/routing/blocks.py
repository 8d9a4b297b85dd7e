"""A template cut at its slashes, so that each piece can say for itself what it refuses.

As long as no parameter can take a slash, path and template split into segments in one way only, and each
segment is judged apart: that is how all reasons are found and not only the first. From the first parameter
that may take one (or cannot be followed) on, the rest of the template is one block, the tail.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

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
        source = "".join(map(_piece_regex, self.pieces))
        object.__setattr__(self, "literal", literal)
        object.__setattr__(self, "source", source)
        takes_nothing = not literal if literal is not None else _compile(source).fullmatch("") is not None
        object.__setattr__(self, "takes_nothing", takes_nothing)
        # A literal never holds a slash, so the two kinds of keys cannot meet.
        object.__setattr__(self, "key", f"/{source}/{_shape(self.pieces)}" if literal is None else literal)

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


def _shape(pieces: Sequence[Piece]) -> str:
    """What of the pieces the regex does not say: `{id}` and `{id:str}` are of different lengths."""
    return ",".join(
        f"{piece.converter_name}:{piece.end - piece.start}"
        for piece in pieces
        if isinstance(piece, Parameter)
    )


def cut_blocks(parts: Sequence[Part], *, open_ended: bool) -> tuple[Block, ...]:
    """The blocks of a template, the one before the first slash (which is empty) included."""
    pieces: list[Piece] = list(parts)
    end = parts[-1].end if parts else 0
    if open_ended:
        pieces += [Literal(text="/", start=end, end=end + 1), Rest(start=end + 1, end=end + 1)]
    blocks: list[Block] = []
    current: list[Piece] = []
    start = 0
    for number, piece in enumerate(pieces):
        if not isinstance(piece, Literal):
            if _is_tail(piece):
                tail = (*current, *pieces[number:])
                return (*blocks, Block(pieces=tail, start=start, end=end, tail=True))
            current.append(piece)
            continue
        first, *others = _segments(piece)
        if first.text:
            current.append(first)
        for literal in others:
            blocks.append(Block(pieces=tuple(current), start=start, end=literal.start - 1, tail=False))
            current = [literal] if literal.text else []
            start = literal.start
    return (*blocks, Block(pieces=tuple(current), start=start, end=end, tail=False))


def _segments(literal: Literal) -> Iterator[Literal]:
    at = literal.start
    for text in literal.text.split("/"):
        yield Literal(text=text, start=at, end=at + len(text))
        at += len(text) + 1


def _is_tail(piece: Parameter | Rest) -> bool:
    automaton = automaton_of(piece.regex)
    return isinstance(automaton, str) or automaton.may_take("/")


def _piece_regex(piece: Piece) -> str:
    if isinstance(piece, Literal):
        return re.escape(piece.text)
    return f"(?P<{piece.name}>{piece.regex})" if isinstance(piece, Parameter) else piece.regex
