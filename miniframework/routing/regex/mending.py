"""The text nearest to a given one that a regex takes.

Source: R. A. Wagner, "Order-n correction for regular languages" (CACM 17(5), 1974): the cheapest way through
pairs of a place in the text and a state of the automaton.
"""

import heapq
from typing import NamedTuple

from miniframework.routing.regex.walk import Automaton, States, automaton_of

# Beyond these nobody would recognise what was typed, and the search grows.
_MOST_EDITS = 8
_LONGEST = 100


class Mended(NamedTuple):
    """A text that matches. `invented` characters of it were not in the text that was given."""

    text: str
    edits: int
    invented: int


def mend(regex: str, text: str) -> Mended | None:
    """The text with the fewest edits that `regex` takes in full; None when none is near, or nobody can tell.

    Of equals, the one with the fewest characters that nobody typed.
    """
    automaton = automaton_of(regex)
    if isinstance(automaton, str) or len(text) > _LONGEST:
        return None
    return _search(automaton, text)


def _search(automaton: Automaton, text: str) -> Mended | None:
    heap: list[tuple[int, int, int, int, States, str]] = [(0, 0, 0, 0, automaton.start, "")]
    seen: set[tuple[int, States]] = set()
    pushed = 0
    while heap:
        edits, invented, _, at, states, made = heapq.heappop(heap)
        if (at, states) in seen:
            continue
        seen.add((at, states))
        if at == len(text) and automaton.may_end(states):
            return Mended(made, edits, invented)
        steps: list[tuple[int, int, int, States, str]] = []
        if at < len(text):
            steps.append((0, 0, at + 1, automaton.step(states, text[at]), made + text[at]))
            steps.append((1, 0, at + 1, states, made))
        for char in automaton.samples(states):
            after = automaton.step(states, char)
            steps.append((1, 1, at, after, made + char))
            if at < len(text):
                steps.append((1, 1, at + 1, after, made + char))
        for cost, new, place, after, so_far in steps:
            if after and edits + cost <= _MOST_EDITS:
                pushed += 1
                heapq.heappush(heap, (edits + cost, invented + new, pushed, place, after, so_far))
    return None
