"""The real router as the last word: no path is shown that it does not answer as it was claimed."""

from collections.abc import Sequence

from inspector.analysis.spots import ANY_METHOD, WEBSOCKET, Spot
from miniframework.routing.match import Found
from miniframework.routing.route import Mount
from miniframework.routing.table import RouteTable

_COMMON_METHODS = ("GET", "POST", "PUT", "DELETE", "PATCH", "OPTIONS", "HEAD", "TRACE", "QUERY")


def find_taker(table: RouteTable, method: str, path: str) -> tuple[int, ...]:
    """The indexes of the entry that takes the request, from the outermost table inwards.

    () when nothing does; the address of a mount when nothing in it does, or when its table is not known.
    """
    protocol, verb = ("websocket", "GET") if method == WEBSOCKET else ("http", method)
    address: tuple[int, ...] = ()
    inner: RouteTable | None = table
    while inner is not None:
        match = inner.match("websocket" if protocol == "websocket" else "http", verb, path)
        if not isinstance(match, Found):
            return address
        address = (*address, match.index)
        path = path[match.prefix_length :]
        inner = inner.inside(match.entry)
    return address


def is_taken_by_path(spots: Sequence[Spot], chain: Sequence[int], path: str) -> bool:
    """Whether the entry at the end of the chain of mounts fits the path, the method aside."""
    for number in chain:
        found = spots[number].entry.pattern.regex.fullmatch(path)
        if found is None:
            return False
        path = path[found.end(1) :] if isinstance(spots[number].entry, Mount) else path
    return True


def stand_in(method: str, named: frozenset[str]) -> str:
    """A method to try: the one that is meant, or for "any other" one that is not `named`."""
    if method != ANY_METHOD:
        return method
    return next((common for common in _COMMON_METHODS if common not in named), "ANOTHER")
