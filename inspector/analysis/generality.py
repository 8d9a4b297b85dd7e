"""Which of two templates says less about its paths, read from left to right."""

from enum import IntEnum

from inspector.analysis.spots import Spot
from miniframework.routing.parts import Literal
from miniframework.routing.regex.walk import automaton_of

# A parameter that takes all of these takes what people write; one with a narrower converter does not.
_USUAL_WORDS = ("a", "1", "some-word", "word.txt", "Ünï_2")


class Breadth(IntEnum):
    """How much one segment of a template leaves open; partly: a narrow converter, or text beside it."""

    LITERAL = 0
    PARTLY_OPEN = 1
    OPEN = 2
    ALL_THE_REST = 3


def is_more_general(first: Spot, second: Spot) -> bool:
    """Whether `first` leaves more open in the first segment in which the two differ in that."""
    for left, right in zip(_breadths(first), _breadths(second), strict=False):
        if left != right:
            return left > right
    return False


def _breadths(spot: Spot) -> list[Breadth]:
    found: list[Breadth] = []
    here = Breadth.LITERAL
    has_text = False
    for part in spot.parts:
        if not isinstance(part, Literal):
            automaton = automaton_of(part.regex)
            breadth = (
                Breadth.ALL_THE_REST
                if isinstance(automaton, str) or automaton.may_take("/")
                else Breadth.OPEN
                if all(map(automaton.fullmatch, _USUAL_WORDS))
                else Breadth.PARTLY_OPEN
            )
            here = max(here, min(breadth, Breadth.PARTLY_OPEN) if has_text else breadth)
            continue
        first, *others = part.text.split("/")
        if first and here is Breadth.OPEN:
            here = Breadth.PARTLY_OPEN
        has_text = has_text or bool(first)
        for text in others:
            found.append(here)
            here, has_text = Breadth.LITERAL, bool(text)
    return [*found, here] if spot.closed else [*found, here, Breadth.ALL_THE_REST]
