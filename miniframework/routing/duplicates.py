"""Two identical entries: the first takes every request that the second could take."""

from collections.abc import Iterable, Sequence

from miniframework.routing.route import Entry, Route, SocketRoute


def say_repetition(earlier: Iterable[Entry], entry: Entry) -> str | None:
    """Say which earlier entry `entry` repeats, so that it is never called: same kind, same regex, a common
    method. None when it repeats none.

    An explicit HEAD route may stand before the GET route of its path, which then gets no say in HEAD.
    """
    for other in earlier:
        if type(other) is type(entry) and other.pattern.regex_text == entry.pattern.regex_text:
            what = _what_is_common(other, entry)
            if what is not None:
                return _say(other, entry, what)
    return None


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


def _what_is_common(first: Entry, second: Entry) -> str | None:
    """What both would take: "GET, POST", "WebSocket", "mount"; None for nothing."""
    if isinstance(first, Route) and isinstance(second, Route):
        common = first.methods & second.declared_methods
        return ", ".join(sorted(common - {"HEAD"} or common)) or None
    return "WebSocket" if isinstance(first, SocketRoute) else "mount"


def _say(first: Entry, second: Entry, what: str) -> str:
    again = f"{what} {second.pattern.template or '/'!r}{_name(second)}"
    return f"{again} is already declared at {first.source or 'an unknown place'}{_name(first)}"


def _name(entry: Entry) -> str:
    return f" ({entry.name})" if entry.name else ""
