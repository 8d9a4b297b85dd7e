"""A template as the search sees it: what each segment of a path must be, as far as that is certain.

As long as no parameter can take a slash, path and template split into segments in one way only, and each may
be looked at apart. From the first parameter that may take one on, nothing is certain about single segments.
"""

import re
import sys
from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import NamedTuple

from miniframework.records import dataclass
from miniframework.routing.parts import Literal, Parameter
from miniframework.routing.pattern import PathPattern
from miniframework.routing.route import Entry, Mount, Route
from miniframework.routing.slashes import may_pass_a_slash


class Hole(NamedTuple):
    """A segment that is one parameter and nothing else."""

    name: str
    regex: str


class Mixed(NamedTuple):
    """A segment of several pieces, as in `{name}.{format}`; `regex` takes the whole segment."""

    regex: str


Segment = str | Hole | Mixed


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """An entry, and what is known of the paths it takes.

    Such a path has the segments `segments` at its beginning (the one before the first slash included) and at
    least `least` in all; exactly `least` unless `open_ended`. `methods` is None where any method will do,
    else `bits` stands for them.
    """

    index: int
    entry: Entry
    methods: frozenset[str] | None
    segments: tuple[Segment, ...]
    least: int
    open_ended: bool
    bits: int

    def fits(self, count: int) -> bool:
        """Whether a path of so many segments can be taken at all."""
        return count >= self.least if self.open_ended else count == self.least

    def segment(self, position: int) -> Segment | None:
        """What stands at `position`; None where that is not certain."""
        return self.segments[position] if position < len(self.segments) else None

    @property
    def may_end_empty(self) -> bool:
        """Whether the last segment may be empty, so that the path ends with a slash."""
        if self.open_ended:
            return True
        last = self.segments[-1]
        return not last if isinstance(last, str) else fullmatch_of(last.regex)("") is not None

    @property
    def is_cut(self) -> bool:
        """Whether the segments alone decide, each of them by itself; else the whole regex must be asked."""
        return not self.open_ended and not any(isinstance(segment, Mixed) for segment in self.segments)


def read_candidate(index: int, entry: Entry, bits: int) -> Candidate:
    """The candidate for the entry that stands at `index` of its table."""
    segments, is_whole = _read_segments(entry.pattern)
    slashes = sum(part.text.count("/") for part in entry.pattern.parts if isinstance(part, Literal))
    return Candidate(
        index=index,
        entry=entry,
        methods=entry.methods if isinstance(entry, Route) and not entry.every_method else None,
        segments=segments,
        least=slashes + (2 if isinstance(entry, Mount) else 1),
        open_ended=not is_whole,
        bits=bits,
    )


def _read_segments(pattern: PathPattern) -> tuple[tuple[Segment, ...], bool]:
    """The certain segments, and whether they are all there is."""
    segments: list[Segment] = []
    pieces: list[str | Parameter] = []
    for part in pattern.parts:
        if isinstance(part, Parameter):
            if may_pass_a_slash(part.regex):
                return tuple(segments), False
            pieces.append(part)
            continue
        first, *others = part.text.split("/")
        if first:
            pieces.append(first)
        for text in others:
            segments.append(_join(pieces))
            # Ten thousand routes are of few words: kept once, they stay in the processor's caches.
            pieces = [sys.intern(text)] if text else []
    return (*segments, _join(pieces)), not pattern.open_ended


def _join(pieces: Sequence[str | Parameter]) -> Segment:
    if not pieces:
        return ""
    if len(pieces) > 1:
        return Mixed("".join(re.escape(p) if isinstance(p, str) else f"(?:{p.regex})" for p in pieces))
    piece = pieces[0]
    return piece if isinstance(piece, str) else Hole(piece.name, piece.regex)


@lru_cache(maxsize=1024)  # a memo of a pure function
def fullmatch_of(regex: str) -> Callable[[str], re.Match[str] | None]:
    """The bound `fullmatch` of a segment's regex."""
    return re.compile(regex).fullmatch
