"""A table whose routes have refused a request that they may refuse, where its router says that they did.

A route with a `doubt` takes what its template says, as far as the table tells: what a converter of the
program's makes of the text is known to the framework's own router alone.
"""

from collections.abc import Callable
from dataclasses import replace

from inspector.analysis.rematch import Question
from miniframework.routing.match import Found, Protocol_
from miniframework.routing.route import Entry, Mount
from miniframework.routing.table import ForeignTable, RouteTable

_MOST_DOUBTS = 20


def refuse_doubted(
    table: RouteTable, question: Question, is_said: Callable[[RouteTable], bool]
) -> RouteTable:
    """The table in which as many doubted routes refuse the request, the first ones first, as it takes to have
    it say what the router says; the same table where that does not help.
    """
    tried: RouteTable | None = table
    for _ in range(_MOST_DOUBTS):
        if tried is None or is_said(tried):
            break
        tried = _refuse_next(tried, *question)
    return tried if tried is not None and is_said(tried) else table


def _refuse_next(table: RouteTable, protocol: Protocol_, method: str, path: str) -> RouteTable | None:
    """The table in which the next doubted route refuses, None where the first with the path has no doubt."""
    match = table.match(protocol, method, path)
    if not isinstance(match, Found):
        index = _find_doubted(table, path)
        return None if index is None else _with_refusal(table, index)
    entry = match.entry
    if entry.doubt is not None:
        return _with_refusal(table, match.index)
    inner = table.inside(entry)
    if inner is None or not isinstance(entry, Mount):
        return None
    refusing = _refuse_next(inner, protocol, method, path[match.prefix_length :])
    return None if refusing is None else _with(table, match.index, replace(entry, table=lambda: refusing))


def _find_doubted(table: RouteTable, path: str) -> int | None:
    """The first route with the path where that one may refuse it."""
    compared = table.as_compared(path) if isinstance(table, ForeignTable) else path
    for index, entry in enumerate(table.entries):
        if entry.condition is None and entry.pattern.regex.fullmatch(compared):
            return index if entry.doubt is not None else None
    return None


def _with_refusal(table: RouteTable, index: int) -> RouteTable:
    entry = table.entries[index]
    return _with(table, index, replace(entry, condition=entry.doubt))


def _with(table: RouteTable, index: int, entry: Entry) -> RouteTable:
    entries = [*table.entries[:index], entry, *table.entries[index + 1 :]]
    return table.with_entries(entries, redirect_slashes=table.redirect_slashes)
