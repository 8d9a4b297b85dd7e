"""What of a template is matched at a stretch: one segment, or all from a parameter on that takes slashes."""

from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from inspector.analysis.segments import cut_segments
from inspector.analysis.translation import parsed
from miniframework.records import dataclass
from miniframework.routing.parts import Literal, Part
from miniframework.routing.pattern import PathPattern
from miniframework.routing.regex import sre
from miniframework.routing.regex.sre import Nodes, op

# A repeat that may stop at more places than this, or has no limit, is a loop; any other is written out. Few
# places to stop at are harmless whatever stands around them.
_MOST_STOPS = 14

REST_OF_PATH = "(?s:/.*)"  # what the pattern of a mount adds to its prefix


@dataclass(frozen=True, slots=True)
class Piece:
    """Literal text, or a regex."""

    text: str
    is_literal: bool


Unit = tuple[Piece, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Units:
    """A pattern in units: segments, each by itself, and the tail, in which slashes are characters."""

    segments: tuple[Unit, ...]
    tail: Unit | None


def cut_units(pattern: PathPattern) -> Units:
    """The units of a pattern that begins with a slash; the tail of a mount has the rest of the path in it."""
    segments, tail = cut_segments(pattern.parts)
    pieces = None if tail is None else tuple(map(_piece, tail))
    if pieces is not None and pattern.open_ended:
        pieces = (*pieces, Piece(REST_OF_PATH, is_literal=False))
    return Units(segments=tuple(tuple(map(_piece, segment)) for segment in segments), tail=pieces)


@lru_cache(maxsize=512)  # a memo of a pure function: the converters of a table share few regexes
def count_loops(regex: str) -> int:
    """How many loops it has."""
    return sum(1 for argument in _repeats(parsed(regex)[0]) if is_loop(argument))


def is_loop(argument: Any) -> bool:
    """Whether a repeat, given its node's argument, is followed as a loop."""
    least, most = argument[0], argument[1]
    return most is sre.UNLIMITED or int(most) - int(least) > _MOST_STOPS


def _piece(part: Part) -> Piece:
    return (
        Piece(part.text, is_literal=True)
        if isinstance(part, Literal)
        else Piece(part.regex, is_literal=False)
    )


def _repeats(nodes: Nodes) -> Iterator[Any]:
    """The arguments of all repeats that are followed: not those of a look-around or a conditional group."""
    for operator, argument in nodes:
        if operator in sre.REPEATS:
            yield argument
        if operator not in (op.ASSERT, op.ASSERT_NOT, op.GROUPREF_EXISTS):
            for part, _ in sre.inside(operator, argument, 0):
                yield from _repeats(part)
