"""Where a text dies in a block: how far it came, what could have followed, and which piece to blame."""

from dataclasses import replace

from miniframework.records import dataclass
from miniframework.routing.judging.blocks import Block, Piece, Rest
from miniframework.routing.parts import Literal, Parameter
from miniframework.routing.regex.walk import Automaton, automaton_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """One piece asked to go on with a text.

    `reached` characters of the text could still begin a match, `template_reached` characters of the template
    were satisfied then, and `expected` says in words what could have come. `got_from` is where the text
    begins that the piece was asked to take. `piece` is None for the end of the block.
    """

    piece: Piece | None
    reached: int
    got_from: int
    template_reached: int
    expected: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Stop:
    """Why a block does not take a text.

    `farthest` is exact: no longer prefix of the text can begin a match. `last` is the piece behind which
    nothing was left; where a greedy parameter could swallow the whole text, it tells people more.
    `untraceable` names the construct because of which the character is not known; then both are at the start
    of its parameter.
    """

    farthest: Attempt
    last: Attempt
    untraceable: str | None = None

    def told(self, text: str) -> Attempt:
        """The one to tell people about."""
        return self.farthest if self.farthest.reached < len(text) else self.last


def common_length(wanted: str, text: str) -> int:
    """How many characters the two have in common at the beginning."""
    if wanted[:1] != text[:1]:  # most of the words of a table
        return 0
    for n, (one, other) in enumerate(zip(wanted, text, strict=False)):
        if one != other:
            return n
    return min(len(wanted), len(text))


def find_stop(block: Block, text: str) -> Stop | None:
    """Where `text` dies in `block`, which refuses it; None when every piece of it takes its part."""
    starts: tuple[int, ...] = (0,)
    farthest: Attempt | None = None
    for piece in block.pieces:
        if isinstance(piece, Literal):
            ends, attempt = _try_literal(piece, text, starts)
        else:
            automaton = automaton_of(piece.regex)
            if isinstance(automaton, str):
                return _blind(piece, starts, automaton)
            ends, attempt = _try_regex(piece, automaton, text, starts)
        farthest = _farther(farthest, attempt, text)
        if not ends:
            return Stop(farthest=farthest, last=attempt)
        starts = ends
    return None if starts[-1] == len(text) else _left_over(block, text, starts[-1], farthest)


def _left_over(block: Block, text: str, at: int, farthest: Attempt | None) -> Stop:
    """Every piece was satisfied, at the latest at `at`, but the text goes on."""
    end = Attempt(piece=None, reached=at, got_from=at, template_reached=block.end, expected=("the end",))
    if farthest is not None and farthest.reached > at and _ends_with_parameter(block, farthest):
        # The last parameter itself wanted more, as a float does after "4.".
        return Stop(farthest=farthest, last=farthest)
    return Stop(farthest=_farther(farthest, end, text), last=end)


def _ends_with_parameter(block: Block, attempt: Attempt) -> bool:
    return attempt.piece is block.pieces[-1] and isinstance(attempt.piece, Parameter)


def _try_literal(piece: Literal, text: str, starts: tuple[int, ...]) -> tuple[tuple[int, ...], Attempt]:
    ends = tuple(at + len(piece.text) for at in starts if text.startswith(piece.text, at))
    reached, begun = max(
        (at + common_length(piece.text, text[at : at + len(piece.text)]), at) for at in starts
    )
    done = reached - begun
    return ends, Attempt(
        piece=piece,
        reached=reached,
        got_from=begun,
        template_reached=piece.start + done,
        expected=(f"“{piece.text[done:]}”",) if done < len(piece.text) else (),
    )


def _try_regex(
    piece: Parameter | Rest, automaton: Automaton, text: str, starts: tuple[int, ...]
) -> tuple[tuple[int, ...], Attempt]:
    walk = automaton.walk(text, starts)
    return walk.ends, Attempt(
        piece=piece,
        reached=walk.reached,
        got_from=starts[0],
        template_reached=piece.start,
        expected=walk.expected,
    )


def _blind(piece: Parameter | Rest, starts: tuple[int, ...], construct: str) -> Stop:
    at = starts[0]
    attempt = Attempt(
        piece=piece,
        reached=at,
        got_from=at,
        template_reached=piece.start,
        expected=(f"text that {piece.regex} takes",),
    )
    return Stop(farthest=attempt, last=attempt, untraceable=construct)


def _farther(one: Attempt | None, other: Attempt, text: str) -> Attempt:
    """The one that came farther; at the same place, both things could have come there.

    Then the later piece is named, for it is what is missing. But a parameter in front of it is named when it
    can go on and what is behind it does come, only later: then the text between is what the parameter
    refused.
    """
    if one is None or other.reached > one.reached:
        return other
    if one.reached > other.reached:
        return one
    piece = other.piece
    comes_later = piece is None or (isinstance(piece, Literal) and piece.text in text[other.reached :])
    named = one if comes_later and not isinstance(one.piece, Literal) else other
    return replace(named, expected=tuple(dict.fromkeys((*one.expected, *other.expected))))
