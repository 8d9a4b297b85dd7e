"""A search that never goes back: whole paths first, then mounts, then a tree of segments, as Litestar's.

Methods are a part of a place in the tree, and what its parameters take is asked last: a place that has no
route for the method refuses it, whatever text is there.
Source: litestar/_asgi/routing_trie/traversal.py.
"""

from collections.abc import Iterator, Sequence

from miniframework.routing.match import NOT_FOUND, Found, Match, MethodNotAllowed, Protocol_, make_found
from miniframework.routing.route import Mount, Route, SocketRoute
from miniframework.routing.segments import Candidate, Hole

NOTHING = r"[^\s\S]"  # the regex of a parameter to whose place nothing comes that it could take
_SOCKET = "websocket"  # as a 405 of Litestar's names a WebSocket route beside methods


def match_in_tree(candidates: Sequence[Candidate], protocol: Protocol_, method: str, path: str) -> Match:
    """Who takes the request, of candidates in the order of trial."""
    plain = [one for one in candidates if _is_plain(one) and one.entry.pattern.regex.fullmatch(path)]
    if plain:
        return _decide(plain, protocol, method, path)
    found = _find_mount(candidates, path)
    if found is not None:
        return found
    return _decide(_walk(candidates, path), protocol, method, path)


def _is_plain(candidate: Candidate) -> bool:
    return candidate.is_cut and all(isinstance(segment, str) for segment in candidate.segments)


def _find_mount(candidates: Sequence[Candidate], path: str) -> Found | None:
    """The first mount around the path, unless something that the tree has below it goes on with the path."""
    for one in candidates:
        found = one.entry.pattern.regex.fullmatch(path) if isinstance(one.entry, Mount) else None
        if found is not None:
            depth = len(one.segments)
            rest = path.split("/")[depth:]
            is_below = len(rest) > 1 and rest[0] in _below(candidates, one)
            prefix_length = found.end(1)
            return None if is_below else make_found(one.index, one.entry, {}, prefix_length)
    return None


def _below(candidates: Sequence[Candidate], mount: Candidate) -> Iterator[str]:
    """The texts by which the tree goes on at the place of a mount."""
    depth = len(mount.segments)
    for one in candidates:
        following = one.segment(depth)
        if isinstance(following, str) and not _is_plain(one) and one.segments[:depth] == mount.segments:
            yield following


def _walk(candidates: Sequence[Candidate], path: str) -> list[Candidate]:
    """Those at the place of the tree to which the segments of the path lead."""
    left = [one for one in candidates if not _is_plain(one) and not isinstance(one.entry, Mount)]
    texts = path.split("/")
    if texts == ["", ""]:
        return []  # the root itself, where only what is plain can be
    for position, text in enumerate(texts):
        literal = [one for one in left if one.segment(position) == text]
        if not literal and any(_is_of_the_rest(one, position) for one in left):
            return [one for one in left if _takes_the_rest(one, position) or _ends_with_hole(one, position)]
        left = literal or [one for one in left if isinstance(one.segment(position), Hole)]
    return [one for one in left if one.fits(len(texts)) and not one.open_ended]


def _is_of_the_rest(candidate: Candidate, position: int) -> bool:
    """Whether it shows that all the rest is taken here: it does that, or goes on behind what does."""
    if len(candidate.segments) <= position + 1:
        return _takes_the_rest(candidate, position)
    segment = candidate.segment(position)
    return isinstance(segment, Hole) and segment.regex == NOTHING


def _takes_the_rest(candidate: Candidate, position: int) -> bool:
    return candidate.open_ended and len(candidate.segments) == position


def _ends_with_hole(candidate: Candidate, position: int) -> bool:
    return len(candidate.segments) == position + 1 and isinstance(candidate.segment(position), Hole)


def _decide(place: Sequence[Candidate], protocol: Protocol_, method: str, path: str) -> Match:
    """What the routes at one place of the tree make of the request."""
    for one in place:
        if _takes(one, protocol, method):
            found = one.entry.pattern.regex.fullmatch(path)
            return NOT_FOUND if found is None else make_found(one.index, one.entry, found.groupdict())
    if protocol == "websocket" or not place:
        return NOT_FOUND
    allowed = {name for one in place for name in one.methods or (_SOCKET,)}
    return MethodNotAllowed(allow=tuple(sorted(allowed)))


def _takes(candidate: Candidate, protocol: Protocol_, method: str) -> bool:
    if protocol == "websocket":
        return isinstance(candidate.entry, SocketRoute)
    is_route = isinstance(candidate.entry, Route)
    return is_route and (candidate.methods is None or method in candidate.methods)
