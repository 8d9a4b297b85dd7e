"""Readable paths that an entry takes, made from its template: what to ask a router about it."""

import re
from collections import deque
from collections.abc import Iterator, Sequence
from functools import lru_cache

from inspector.analysis.spots import Spot
from miniframework.routing.parts import Literal
from miniframework.routing.regex.walk import automaton_of
from miniframework.routing.route import Mount

# What people write where a parameter stands, the shortest first; each row is one way to fill a template. A
# number seldom is the name of another route, and `2` tells a row from the one before.
_ROWS = (
    ("1", "a"),
    ("a", "1"),
    ("xy7", "7"),
    ("word-2", "22"),
    ("Zz_9", "909"),
)
_KINDS = (
    "2024-01-31",
    "1.5",
    "12345678-1234-4234-8234-123456789012",
    "12:30:00",
    "2024-01-31T12:30:00",
    "en",
    "a/b",
    "a.txt",
    "",
)
_BELOW_MOUNT = "/"
_MOST_STATES = 5_000  # a regex for one segment has some tens


def sample_paths(spots: Sequence[Spot], chain: Sequence[int]) -> Iterator[str]:
    """Paths that the entry at the end of the chain of mounts takes, each once, the simplest first.

    None where no text is found for a parameter. What is compared is the path as the table compares it.
    """
    spot = spots[chain[-1]]
    seen: set[str] = set()
    for row in _ROWS:
        path = _filled(spot, row)
        if path is not None and path not in seen and _is_taken(spots, chain, path):
            seen.add(path)
            yield path


def find_text(regex: str) -> str | None:
    """A readable text that a regex takes, None when none is found."""
    return _text_for(regex, _ROWS[1])


def _filled(spot: Spot, row: tuple[str, ...]) -> str | None:
    pieces = []
    for part in spot.parts:
        text = part.text if isinstance(part, Literal) else _text_for(part.regex, row)
        if text is None:
            return None
        pieces.append(text)
    return "".join(pieces) + ("" if spot.closed else _BELOW_MOUNT + row[0])


@lru_cache(maxsize=4096)  # a memo of a pure function: the parameters of a table share few regexes
def _text_for(regex: str, row: tuple[str, ...]) -> str | None:
    takes = re.compile(regex).fullmatch
    found = next((text for text in (*row, *_KINDS) if takes(text) is not None), None)
    if found is not None:
        return found
    # What an atomic group takes mostly is what any group would; it is tried below.
    shortest = _shortest(regex.replace("(?>", "(?:"))
    return None if shortest is None or takes(shortest) is None else shortest


def _shortest(regex: str) -> str | None:
    """A shortest text that the regex takes; None when it cannot be followed, or none is found soon."""
    automaton = automaton_of(regex)
    if isinstance(automaton, str):
        return None
    pending, seen = deque([(automaton.start, "")]), {automaton.start}
    while pending:
        states, text = pending.popleft()
        if automaton.may_end(states):
            return text
        for char in automaton.samples(states):
            after = automaton.step(states, char)
            if after not in seen and len(seen) < _MOST_STATES:
                seen.add(after)
                pending.append((after, text + char))
    return None


def _is_taken(spots: Sequence[Spot], chain: Sequence[int], path: str) -> bool:
    for number in chain:
        entry = spots[number].entry
        found = entry.pattern.regex.fullmatch(path)
        if found is None:
            return False
        path = path[found.end(1) :] if isinstance(entry, Mount) else path
    return True
