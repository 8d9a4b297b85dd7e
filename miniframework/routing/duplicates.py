"""Two identical entries: the second could never take a request, so it is refused when it is registered."""

from collections.abc import Iterable, Sequence

from miniframework.errors import RouteError
from miniframework.routing.route import Entry, Mount, Route, SocketRoute
from miniframework.routing.source import Source


def refuse_duplicates(entries: Iterable[Entry]) -> None:
    """Raise RouteError for the first entry that repeats an earlier one: same kind, same regex, a common
    method.

    An explicit HEAD route may stand before the GET route of its path, which then gets no say in HEAD.
    """
    seen: dict[tuple[type, str], list[Entry]] = {}
    for entry in entries:
        earlier = seen.setdefault((type(entry), entry.pattern.regex_text), [])
        for other in earlier:
            _refuse_pair(other, entry)
        earlier.append(entry)


def is_head_only(entry: Entry) -> bool:
    """Tell whether an entry takes HEAD and nothing else."""
    return isinstance(entry, Route) and entry.methods == {"HEAD"}


def put_heads_first(entries: Sequence[Entry]) -> list[Entry]:
    """Put each route that is for HEAD alone before the GET route of the same regex, if it stands behind it.

    The GET route would have taken every HEAD request of that path, so nothing else changes.
    """
    ordered = list(entries)
    for head in [entry for entry in entries if is_head_only(entry)]:
        for at, entry in enumerate(ordered):
            if entry is head:
                break
            if _gives_way(entry, head):
                ordered.remove(head)
                ordered.insert(at, head)
                break
    return ordered


def _gives_way(entry: Entry, head: Entry) -> bool:
    same = entry.pattern.regex_text == head.pattern.regex_text
    return same and isinstance(entry, Route) and entry.implied_head


def _refuse_pair(first: Entry, second: Entry) -> None:
    if isinstance(first, Route) and isinstance(second, Route):
        common = first.methods & second.declared_methods
        if not common:
            return
        if common == {"HEAD"} and first.implied_head:
            raise _error(
                first, second, "HEAD", "HEAD is implied by GET there; declare the HEAD route before it"
            )
        _refuse(first, second, ", ".join(sorted(common - {"HEAD"} or common)))
    _refuse(first, second, "WebSocket" if isinstance(first, SocketRoute) else "mount")


def _refuse(first: Entry, second: Entry, what: str) -> None:
    way_out = "remove one of them or give one another path"
    if not isinstance(first, Mount):
        way_out += "; one function can take several methods"
    raise _error(first, second, what, way_out)


def _error(first: Entry, second: Entry, what: str, way_out: str) -> RouteError:
    repeated = f"{what} {second.pattern.template or '/'!r} ({second.name})"
    return RouteError(
        where=_place(second.source),
        problem=f"{repeated} is already declared at {_place(first.source)} ({first.name})",
        way_out=f"the first one wins always, so this one would never be called: {way_out}",
    )


def _place(source: Source | None) -> str:
    return "an unknown place" if source is None else str(source)
