"""What a request that nobody takes was probably meant to be.

Every path that is said to match has been given to the table, and it was taken.
"""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from miniframework.routing.explaining.counterfactuals import other_methods, other_paths
from miniframework.routing.explaining.distance import count_edits
from miniframework.routing.explaining.judged import JudgedTable
from miniframework.routing.explaining.nearest import Candidate, find_candidates
from miniframework.routing.explanation import Advice, Counterfactual, Nearest
from miniframework.routing.match import Found, MethodNotAllowed, Protocol_

_MOST_SHOWN = 5
# Candidates looked at: some lead to the same route, or to none with this protocol.
_MOST_TRIED = 12
# Of a longer path no mistake is found by counting, which takes time by the square of it.
_LONGEST = 400

Request = tuple[Protocol_, str, str]


class _Near(NamedTuple):
    """A nearest route; sorted as it is, the best comes first."""

    is_refused: bool  # the path is right then, but not the method
    is_invented: bool
    edits: int
    index: int  # type: ignore[assignment]  # hides the method of a tuple by that name
    path: str


def find_advice(table: JudgedTable, request: Request) -> Advice:
    """The nearest routes, the one path to suggest, and the ways in which the request would be taken.

    Of a request that is taken nothing is said, unless what is mounted there refuses it. `request` is
    protocol, method and path.
    """
    protocol, method, path = request
    match = table.match(protocol, method, path)
    if isinstance(match, Found):
        return _advise_on_taken(table, match, request)
    if len(path) > _LONGEST:
        return Advice((), None, ())
    asked = [*other_paths(table.entries, method, path)]
    if isinstance(match, MethodNotAllowed):
        asked += other_methods(table.entries, method, path)
    would_match = _taken_of(table, protocol, asked)
    nearest = sorted(_find_nearest(table, request))
    shown = tuple(Nearest(near.index, near.path, near.edits) for near in nearest[:_MOST_SHOWN])
    return Advice(shown, _suggest(nearest, would_match, request), would_match)


def _advise_on_taken(table: JudgedTable, found: Found, request: Request) -> Advice:
    """Nothing of a request that a route takes. Of one that only its mount takes: what is near inside, and
    other ways to ask for the whole path.
    """
    protocol, method, path = request
    if len(path) > _LONGEST or _is_taken(table, request):
        return Advice((), None, ())
    would_match = _taken_of(table, protocol, other_paths(table.entries, method, path))
    inside = _suggest_inside(table, found, request)
    suggested = [one for one in (inside, *(one.path for one in would_match)) if one is not None]
    near = min(suggested, key=lambda one: count_edits(path, one, at_most=_LONGEST), default=None)
    return Advice((), near, would_match)


def _taken_of(
    table: JudgedTable, protocol: Protocol_, asked: Iterable[Counterfactual]
) -> tuple[Counterfactual, ...]:
    return tuple(one for one in asked if _is_taken(table, (protocol, one.method, one.path)))


def _suggest(nearest: list[_Near], would_match: tuple[Counterfactual, ...], request: Request) -> str | None:
    """The path with the fewest edits, nothing of it made up; with equals the first of the other ways."""
    _, method, path = request
    ways = [
        (count_edits(path, one.path, at_most=_LONGEST), one.path)
        for one in would_match
        if one.method == method
    ]
    ways += [
        (near.edits, near.path)
        for near in nearest
        if near.edits <= _few(path, near.path)
        and not (near.is_refused or near.is_invented)
        and _has_as_many_segments(path, near.path)
        and _is_like_in_each_segment(path, near.path)
    ]
    return min(ways, key=lambda way: way[0])[1] if ways else None


def _has_as_many_segments(path: str, suggested: str) -> bool:
    """Whether none is added or left out, which is no mistake of typing, however short; a slash may be."""
    return path.count("/") == suggested.count("/") or path.replace("/", "") == suggested.replace("/", "")


def _is_like_in_each_segment(path: str, suggested: str) -> bool:
    """Whether half of each segment is left at least: one that is replaced is another word."""
    pairs = zip(path.split("/"), suggested.split("/"), strict=False)
    return path.count("/") != suggested.count("/") or all(
        2 * count_edits(one, other, at_most=_LONGEST) <= max(len(one), len(other))
        and count_edits(one, other, at_most=_LONGEST) < max(len(one), len(other))
        for one, other in pairs
        if one != other
    )


def _few(path: str, suggested: str) -> int:
    """How many edits make a suggestion: fewer than for the list, for a wrong one is worse than none.

    The segments at the end that both have tell nothing: a `{name:path}` takes whatever follows.
    """
    segments, others = path.split("/"), suggested.split("/")
    while len(segments) > 1 and len(others) > 1 and segments[-1] == others[-1]:
        segments.pop()
        others.pop()
    return max(2, len("/".join(segments)) // 4)


def _find_nearest(table: JudgedTable, request: Request) -> Iterator[_Near]:
    path = request[2]
    few = max(2, len(path) * 2 // 5)  # beyond that it is another path, not a mistyped one
    seen: set[int] = set()
    candidates = find_candidates(table.judge.stems.roots, path, at_least=_MOST_TRIED)
    for candidate in candidates:
        near = _verify(table, candidate, request, few)
        if near is not None and near.index not in seen:
            seen.add(near.index)
            yield near


def _verify(table: JudgedTable, candidate: Candidate, request: Request, few: int) -> _Near | None:
    """What the table says to the candidate's path; None when it refuses it, or when it is not near."""
    protocol, method, path = request
    nearest = candidate.path
    match = table.match(protocol, method, nearest)
    if isinstance(match, Found):
        index = match.index
        if not _is_taken(table, (protocol, method, nearest)):
            inside = _suggest_inside(table, match, (protocol, method, nearest))
            if inside is None:
                return None
            nearest = inside
    elif isinstance(match, MethodNotAllowed):
        index = table.judge.entries_with[candidate.pattern][0]
    else:
        return None
    edits = count_edits(path, nearest, at_most=few)
    if nearest == path or edits > few:
        return None
    return _Near(not isinstance(match, Found), candidate.is_invented, edits, index, nearest)


def _is_taken(table: JudgedTable, request: Request) -> bool:
    """Whether a route takes it, also inside what is mounted there when that is known."""
    match = table.match(*request)
    if not isinstance(match, Found):
        return False
    inner = table.inside(match.entry)
    return inner is None or _is_taken(inner, _inside(match, request))


def _suggest_inside(table: JudgedTable, found: Found, request: Request) -> str | None:
    """What to suggest for a request that a mount took and its own table refuses."""
    inner = table.inside(found.entry)
    if inner is None:
        return None
    suggested = find_advice(inner, _inside(found, request)).did_you_mean
    return None if suggested is None else request[2][: found.prefix_length] + suggested


def _inside(found: Found, request: Request) -> Request:
    protocol, method, path = request
    return protocol, method, path[found.prefix_length :]
