"""A template cut at its slashes, so that each piece can say for itself what it refuses.

As long as no parameter can take a slash, path and template split into segments in one way only, and each
segment is judged apart: that is how all reasons are found and not only the first. From the first parameter
that may take one (or cannot be followed) on, the rest of the template is one block, the tail.
"""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from miniframework.records import dataclass
from miniframework.routing.parts import Literal, Parameter, Part
from miniframework.routing.slashes import may_pass_a_slash

# What follows the slash behind a mount's prefix: anything, also nothing, also a newline.
_ANYTHING = r"[\s\S]*"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rest:
    """The open end of a mount's template."""

    start: int
    end: int
    regex: str = _ANYTHING


Piece = Literal | Parameter | Rest


class Block:
    """What one segment must be, or (`tail`) what all the rest of the path must be; `start:end` in the
    template.

    `literal` is its text when it has no parameter; else the regex `source` decides. `is_parameter` when it
    is nothing but one. Blocks with one `key` say the same to the same text, but for where they stand in their
    templates.
    """

    # By hand, and with nothing in it that is not asked for: ten thousand templates have thousands of blocks.
    __slots__ = (
        "_regex",
        "_takes_nothing",
        "end",
        "is_parameter",
        "key",
        "literal",
        "pieces",
        "start",
        "tail",
    )

    def __init__(self, pieces: tuple[Piece, ...], start: int, end: int, *, tail: bool) -> None:
        self.pieces = pieces
        self.start = start
        self.end = end
        self.tail = tail
        self.literal = _literal_text(pieces)
        # A literal never holds a slash, so the two kinds of keys cannot meet.
        self.key = _key(_source(pieces), pieces) if self.literal is None else self.literal
        self.is_parameter = len(pieces) == 1 and isinstance(pieces[0], Parameter)
        self._takes_nothing: bool | None = None
        self._regex: re.Pattern[str] | None = None

    @property
    def source(self) -> str:
        """The regex as text."""
        return _source(self.pieces)

    @property
    def regex(self) -> re.Pattern[str]:
        """What the whole text must match; its groups are named, but for that of a single parameter."""
        if self._regex is None:
            # Named groups number what is inside of them as others do; a name more would be a regex more.
            (first,) = self.pieces if self.is_parameter else (None,)
            self._regex = _compile(f"({first.regex})" if isinstance(first, Parameter) else self.source)
        return self._regex

    @property
    def takes_nothing(self) -> bool:
        """Whether "" is enough."""
        if self.literal is not None:
            return not self.literal
        if self._takes_nothing is None:
            self._takes_nothing = self.regex.fullmatch("") is not None
        return self._takes_nothing


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
        if len(self.pieces) == 1:
            if isinstance(first, tuple):
                return first[0]
            if isinstance(first, Parameter):  # as below, for nearly all of them
                shape = f"{first.converter_name}:{first.end - first.start}"
                return f"/(?P<{first.name}>{first.regex})/{shape}"
        return _key(_source(self.pieces), self.pieces)

    def make(self) -> Block:
        """The block itself."""
        pieces = (
            Literal(text=piece[0], start=piece[1], end=piece[1] + len(piece[0]))
            if isinstance(piece, tuple)
            else piece
            for piece in self.pieces
        )
        return Block(tuple(pieces), self.start, self.end, tail=self.tail)


def literal_beginning(parts: Sequence[Part]) -> str | None:
    """The whole segments with which a template begins, without the slash behind them; None for the empty
    template. `cut_template` need not cut what is known."""
    first = parts[0] if parts else None
    return first.text.rpartition("/")[0] if isinstance(first, Literal) else None


def cut_template(parts: Sequence[Part], *, open_ended: bool, begin: int = 0) -> Iterator[Cut]:
    """Where the blocks of a template are cut, from the one on that begins at `begin`."""
    pieces: list[Piece] = list(parts)
    end = parts[-1].end if parts else 0
    if open_ended:
        pieces += [Literal(text="/", start=end, end=end + 1), Rest(start=end + 1, end=end + 1)]
    current: list[_Text | Parameter | Rest] = []
    start = begin
    for number, piece in enumerate(pieces):
        if not isinstance(piece, Literal):
            if may_pass_a_slash(piece.regex):
                rest = (_as_text(one) for one in pieces[number:])
                yield Cut((*current, *rest), start, end, tail=True)
                return
            current.append(piece)
            continue
        at = max(piece.start, begin)
        first, *others = piece.text[at - piece.start :].split("/")
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
