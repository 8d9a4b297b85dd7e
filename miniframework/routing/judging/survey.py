"""Where a path leaves the tree of templates: one answer for all that begin alike, without a word on each.

This is what can be said of ten thousand routes at once. `miniframework.routing.judging.trial` says of each of
them all that is wrong with it; both ask the same blocks.
"""

from collections.abc import Iterator
from typing import NamedTuple

from miniframework.routing.judging.asked import Asked
from miniframework.routing.judging.asking import is_missing, try_block
from miniframework.routing.judging.judgement import ReasonKind
from miniframework.routing.judging.stems import Stem, Stems


class Halt(NamedTuple):
    """The patterns from `first` to before `last` in the order of the tree all stop at one character.

    `reached` counts the characters of the path that can still begin a match; `kind` is the first reason, None
    where they take the path. When `is_blind`, nobody can tell whether more of it is viable.
    """

    first: int
    last: int
    reached: int
    kind: ReasonKind | None
    is_blind: bool = False


# Halts without their patterns.
_Stop = tuple[int, ReasonKind | None, bool]


def survey(stems: Stems, asked: Asked) -> Iterator[Halt]:
    """The halts of all patterns: each pattern is in one of them."""
    if asked.segments[0]:
        yield from (Halt(stem.first, stem.last, 0, ReasonKind.LITERAL) for stem in stems.roots)
        return
    new = tuple.__new__  # as Halt(...), but faster
    stack = [(stem, 0) for stem in stems.roots]
    while stack:
        stem, number = stack.pop()
        if is_missing(stem.block, asked, number):
            yield Halt(stem.first, stem.last, len(asked.path), ReasonKind.MISSING)
            continue
        stop = _ask(stem, asked, number)
        below = stem.first + len(stem.ends)
        if stem.ends:
            yield new(Halt, (stem.first, below, *_end(stem, asked, number, stop)))
        if stop is not None:
            if below < stem.last:
                yield new(Halt, (below, stem.last, *stop))
        else:
            stack += [(following, number + 1) for following in stem.following.values()]


def find_takers(stems: Stems, path: str) -> Iterator[int]:
    """The numbers of the patterns that take the path: all their blocks do, and their own regex says so."""
    asked = Asked("http", "", path)
    stack = [(stem, 0) for stem in stems.roots] if not asked.segments[0] else []
    while stack:
        stem, number = stack.pop()
        if is_missing(stem.block, asked, number) or _ask(stem, asked, number) is not None:
            continue
        if stem.ends and (number == asked.last or stem.block.tail):
            yield from (n for n in stem.ends if stems.patterns[n].regex.fullmatch(path) is not None)
        if number < asked.last:
            following = stem.following.get(asked.segments[number + 1])
            stack += [(below, number + 1) for below in stem.open]
            if following is not None and following.block.literal is not None:
                stack.append((following, number + 1))


def _ask(stem: Stem, asked: Asked, number: int) -> _Stop | None:
    """What a block has against its segment."""
    block = stem.block
    if block.literal is not None and block.literal == asked.segments[number]:
        return None
    tried = asked.tried[number].get(block.key) or try_block(block, asked, number)
    if tried[0] is None:  # by number: a table may have thousands of blocks at one place
        return None
    return tried[1], tried[0][0], tried[5]


def _end(stem: Stem, asked: Asked, number: int, stop: _Stop | None) -> _Stop:
    """What becomes of the patterns that end with this block."""
    length = len(asked.path)
    if stem.block.literal == "" and number:  # a slash at the end: what follows is left over
        at = asked.starts[number]
    elif stop is not None:
        return stop
    elif stem.block.tail or number == len(asked.segments) - 1:
        at = length
    else:
        at = asked.starts[number + 1] - 1
    return at, ReasonKind.EXTRA if at < length else None, False
