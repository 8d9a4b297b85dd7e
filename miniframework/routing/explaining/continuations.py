"""What may come next in a path that is only half typed, and how it could go on."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from miniframework.routing.judging.asked import Asked
from miniframework.routing.judging.asking import try_block
from miniframework.routing.judging.blocks import Block
from miniframework.routing.judging.stems import Stem, Stems
from miniframework.routing.parts import Literal
from miniframework.routing.regex.walk import Automaton, automaton_of
from miniframework.routing.regex.words import quoted

_THE_END = "the end"


class Continuation(NamedTuple):
    """One way on: `word` says what may come next, `path` is the path with that and whatever must follow it;
    None where somebody has to think of a text."""

    word: str
    path: str | None


def find_continuations(stems: Stems, asked: Asked, sums: Sequence[int]) -> Iterator[Continuation]:
    """Every way on from a path that can still begin a match, in the order of the tree.

    `sums[n]` counts the routes that are wanted among the first n patterns of the tree's order.
    """
    if asked.segments[0]:
        return
    last = len(asked.segments) - 1
    stack = [(stem, 0) for stem in reversed(stems.roots)]
    while stack:
        stem, number = stack.pop()
        if sums[stem.first] == sums[stem.last]:
            continue
        block = stem.block
        if number == last or block.tail:
            text = asked.path[asked.starts[number] :] if block.tail else asked.segments[number]
            yield from _from_block(stem, text, asked.path, sums)
        elif (
            block.literal == asked.segments[number]
            if block.literal is not None
            else try_block(block, asked, number).reason is None
        ):
            stack += [(following, number + 1) for following in reversed(stem.following.values())]


def _from_block(stem: Stem, text: str, path: str, sums: Sequence[int]) -> Iterator[Continuation]:
    """How a block goes on that has been given `text`, and what comes behind it when that is enough."""
    literal = stem.block.literal
    if literal is not None:
        if not literal.startswith(text):
            return
        if literal != text:
            rest = literal[len(text) :]
            yield Continuation(quoted(rest[0]), _extend(stem, path + rest, sums))
            return
    else:
        automaton = automaton_of(_regex(stem.block))
        if not isinstance(automaton, Automaton):
            yield Continuation(f"text that {_regex(stem.block)} takes", None)
            return
        states = automaton.start
        for char in text:
            states = automaton.step(states, char)
        yield from (Continuation(word, None) for word in automaton.expected(states))
        if not automaton.may_end(states):
            return
    if _ends(stem, sums):
        yield Continuation(_THE_END, None)
    if _ways(stem, sums):
        yield Continuation(quoted("/"), _go_on(stem, path, sums))


def _regex(block: Block) -> str:
    """The regex of a block that is no literal; a single parameter's own one is shared by many routes."""
    piece = block.pieces[0]
    return block.source if len(block.pieces) > 1 or isinstance(piece, Literal) else piece.regex


def _extend(stem: Stem, path: str, sums: Sequence[int]) -> str:
    """The path at the end of this block, or farther where no route ends and nothing else can come."""
    return path if _ends(stem, sums) else _go_on(stem, path, sums)


def _go_on(stem: Stem, path: str, sums: Sequence[int]) -> str:
    ways = _ways(stem, sums)
    path += "/" if ways else ""
    if len(ways) == 1 and ways[0].block.literal:
        return _extend(ways[0], path + ways[0].block.literal, sums)
    return path


def _ways(stem: Stem, sums: Sequence[int]) -> list[Stem]:
    return [below for below in stem.following.values() if sums[below.first] != sums[below.last]]


def _ends(stem: Stem, sums: Sequence[int]) -> bool:
    return sums[stem.first + len(stem.ends)] != sums[stem.first]
