"""From a route's name back to its path."""

import difflib
from typing import Any

from miniframework.errors import UrlError
from miniframework.http.url import quote_path
from miniframework.routing.route import Entry, Mount
from miniframework.routing.table import RouteTable


def find_path(table: RouteTable, name: str, params: dict[str, Any]) -> str:
    """Give the percent-encoded path of the first route of that name whose parameters fit.

    `mount:route` names a route inside a mount, and a mount itself takes what follows its prefix as `path`.
    Raises UrlError: unknown name (with those there are), or parameters that no route of that name takes.
    """
    problems: list[str] = []
    for entry in table.entries:
        try:
            path = _try_entry(entry, name, params)
        except UrlError as error:
            problems.append(str(error))
        else:
            if path is not None:
                return path
    if problems:
        raise UrlError("; ".join(problems))
    known = sorted(_names(table))
    close = difflib.get_close_matches(name, known, n=1)
    hint = f"; did you mean {close[0]!r}?" if close else ""
    raise UrlError(f"no route is named {name!r} (known: {', '.join(known) or 'none'}){hint}")


def _try_entry(entry: Entry, name: str, params: dict[str, Any]) -> str | None:
    if not isinstance(entry, Mount):
        return quote_path(entry.pattern.format(**params)) if entry.name == name else None
    if entry.name == name:
        rest = dict(params)
        tail = str(rest.pop("path", "/"))
        return quote_path(entry.pattern.format(**rest) + "/" + tail.lstrip("/"))
    head, colon, inner_name = name.partition(":")
    if entry.name:
        if not colon or head != entry.name:
            return None
    else:
        inner_name = name
    return _try_inner(entry, inner_name, params)


def _try_inner(entry: Mount, name: str, params: dict[str, Any]) -> str | None:
    table = entry.table()
    if table is None or name not in _names(table):
        return None
    own = {parameter.name for parameter in entry.pattern.parameters}
    prefix = entry.pattern.format(**{key: value for key, value in params.items() if key in own})
    rest = {key: value for key, value in params.items() if key not in own}
    return quote_path(prefix) + find_path(table, name, rest)


def _names(table: RouteTable) -> set[str]:
    names: set[str] = set()
    for entry in table.entries:
        if entry.name:
            names.add(entry.name)
        if isinstance(entry, Mount) and (inner := entry.table()) is not None:
            names |= {f"{entry.name}:{name}" if entry.name else name for name in _names(inner)}
    return names
