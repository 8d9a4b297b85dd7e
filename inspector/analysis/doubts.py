"""A table whose routes have refused a request that they may refuse, where its router says that they did.

A route with a `doubt` takes what its template says, as far as the table tells: what a converter of the
program's makes of the text is known to the framework's own router alone.
"""

from collections.abc import Callable
from dataclasses import replace

from inspector.analysis.rematch import Question
from miniframework.routing.match import NOT_FOUND, Found, Match, Protocol_, Redirected
from miniframework.routing.route import Entry, Mount
from miniframework.routing.table import ForeignTable, RouteTable

_MOST_DOUBTS = 20
_NO_LINE_BREAK = "the regex of a mount may take no line break"


def refuse_doubted(
    table: RouteTable, question: Question, is_said: Callable[[RouteTable], bool]
) -> RouteTable:
    """The table in which as many doubted routes refuse the request, the first ones first, as it takes to have
    it say what the router says; the same table where that does not help.

    The last of them may end the search: some routers ask nobody behind a route that refused a value.
    """
    tried: RouteTable | None = table
    for _ in range(_MOST_DOUBTS):
        if tried is None or is_said(tried):
            break
        ended = _refuse_next(tried, question, ends=True)
        tried = _refuse_next(tried, question, ends=False)
        if ended is not None and not (tried is not None and is_said(tried)) and is_said(ended):
            return ended
    return tried if tried is not None and is_said(tried) else table


def _refuse_next(table: RouteTable, question: Question, *, ends: bool) -> RouteTable | None:
    """The table in which the next doubted route refuses, None where the first with the path has no doubt."""
    protocol, method, path = question
    match = table.match(protocol, method, path)
    if not isinstance(match, Found):
        index = _find_doubted(table, match.path if isinstance(match, Redirected) else path)
        return None if index is None else _with_refusal(table, index, ends=ends)
    entry = match.entry
    if isinstance(entry, Mount) and "\n" in path[match.prefix_length : -1]:
        return _with(table, match.index, replace(entry, doubt=_NO_LINE_BREAK, condition=_NO_LINE_BREAK))
    if entry.doubt is not None:
        return _with_refusal(table, match.index, ends=ends)
    inner = table.inside(entry)
    if inner is None or not isinstance(entry, Mount):
        return None
    refusing = _refuse_next(inner, (protocol, method, path[match.prefix_length :]), ends=ends)
    return None if refusing is None else _with(table, match.index, replace(entry, table=lambda: refusing))


def _find_doubted(table: RouteTable, path: str) -> int | None:
    """The first route with the path where that one may refuse it."""
    compared = table.as_compared(path) if isinstance(table, ForeignTable) else path
    for index, entry in enumerate(table.entries):
        if entry.condition is None and entry.pattern.regex.fullmatch(compared):
            return index if entry.doubt is not None else None
    return None


def _with_refusal(table: RouteTable, index: int, *, ends: bool) -> RouteTable:
    entry = table.entries[index]
    refusing = _with(table, index, replace(entry, condition=entry.doubt))
    if not ends or not isinstance(refusing, ForeignTable):
        return refusing
    return _EndedTable(refusing, index)


def _with(table: RouteTable, index: int, entry: Entry) -> RouteTable:
    entries = [*table.entries[:index], entry, *table.entries[index + 1 :]]
    return table.with_entries(entries, redirect_slashes=table.redirect_slashes)


class _EndedTable(ForeignTable):
    """A table whose router asks nobody behind the route at `index`, which refused the request."""

    def __init__(self, table: ForeignTable, index: int) -> None:
        redirects = table.redirect_slashes
        super().__init__(table.entries, framework=table.framework, redirect_slashes=redirects)
        self._asked = table.with_entries(table.entries[:index], redirect_slashes=redirects)

    def match(self, protocol: Protocol_, method: str, path: str) -> Match:
        """What those in front of it say; in a tree that never goes back that is nothing."""
        return self._asked.match(protocol, method, path) if self.framework.backtracks else NOT_FOUND
