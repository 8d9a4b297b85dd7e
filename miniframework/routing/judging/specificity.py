"""Who would win if the strictest template did, as in other frameworks, and not the first one declared."""

from collections.abc import Iterable, Sequence

from miniframework.routing.converters import BUILT_IN
from miniframework.routing.parts import Literal
from miniframework.routing.pattern import PathPattern
from miniframework.routing.route import Entry
from miniframework.routing.slashes import may_pass_a_slash

# How much a segment lets through, the strictest first.
_LITERAL, _MIXED, _NARROW, _ANY_TEXT, _ANYTHING = range(5)


def find_most_specific(entries: Sequence[Entry], takers: Iterable[int]) -> int | None:
    """The one of `takers` (indexes of entries that take a request) whose template is the strictest.

    Segment by segment from the left, a literal is stricter than a literal with parameters in it, that than a
    parameter with a regex of its own (a number, a UUID), that than any text, and that than any number of
    segments. Of equals the first declared is chosen; None without takers.
    """
    return min(takers, key=lambda index: (openness(entries[index].pattern), index), default=None)


def openness(pattern: PathPattern) -> tuple[int, ...]:
    """How open each segment of a template is; smaller is stricter."""
    found: list[int] = []
    pieces: list[int] = []
    for part in pattern.parts:
        if not isinstance(part, Literal):
            pieces.append(_of_regex(part.regex))
            continue
        first, *others = part.text.split("/")
        if first:
            pieces.append(_LITERAL)
        for text in others:
            found.append(_join(pieces))
            pieces = [_LITERAL] if text else []
    found.append(_join(pieces))
    return (*found, _ANYTHING) if pattern.open_ended else tuple(found)


def _of_regex(regex: str) -> int:
    if may_pass_a_slash(regex):
        return _ANYTHING
    return _ANY_TEXT if regex == BUILT_IN["str"].regex else _NARROW


def _join(pieces: list[int]) -> int:
    if len(pieces) > 1:
        return _ANYTHING if _ANYTHING in pieces else _MIXED
    return pieces[0] if pieces else _LITERAL
