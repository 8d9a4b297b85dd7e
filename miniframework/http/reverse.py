"""From a route's name back to its path."""

from typing import Any

from miniframework.errors import UrlError
from miniframework.http.url import URLPath, quote_path
from miniframework.misspelt import did_you_mean
from miniframework.routing.route import Entry, Mount, SocketRoute
from miniframework.routing.table import RouteTable


def find_path(table: RouteTable, name: str, params: dict[str, Any]) -> URLPath:
    """Give the percent-encoded path of the first route of that name whose parameters fit.

    `mount:route` names a route inside a mount, and a mount itself takes what follows its prefix as `path`.
    Raises UrlError: unknown name (with those there are), or parameters that no route of that name takes.
    """
    path, is_socket = find_place(table, name, params)
    return URLPath(path, "websocket" if is_socket else "http")


def find_place(table: RouteTable, name: str, params: dict[str, Any]) -> tuple[str, bool]:
    """Give the path as `find_path` does, and whether it is a WebSocket route's."""
    problems: list[str] = []
    for entry in table.entries:
        if entry.condition is not None:
            continue  # it is on another host
        try:
            place = _try_entry(entry, name, params)
        except UrlError as error:
            problems.append(str(error))
        else:
            if place is not None:
                return place
    said = f'No route exists for name "{name}" and params "{", ".join(params)}".'
    if problems:
        raise UrlError(f"{said} {'; '.join(problems)}")
    known = sorted(_names(table))
    near = did_you_mean(name, known)
    hint = f"; {near}" if near else ""
    raise UrlError(f"{said} no route is named {name!r} (known: {', '.join(known) or 'none'}){hint}")


def _try_entry(entry: Entry, name: str, params: dict[str, Any]) -> tuple[str, bool] | None:
    if not isinstance(entry, Mount):
        if entry.name != name:
            return None
        return quote_path(entry.pattern.format(**params)), isinstance(entry, SocketRoute)
    if entry.name == name:
        rest = dict(params)
        tail = str(rest.pop("path", "/"))
        return quote_path(entry.pattern.format(**rest) + "/" + tail.lstrip("/")), False
    head, colon, inner_name = name.partition(":")
    if entry.name:
        if not colon or head != entry.name:
            return None
    else:
        inner_name = name
    return _try_inner(entry, inner_name, params)


def _try_inner(entry: Mount, name: str, params: dict[str, Any]) -> tuple[str, bool] | None:
    table = RouteTable.inside(entry)
    if table is None or name not in _names(table):
        return None
    own = {parameter.name for parameter in entry.pattern.parameters}
    prefix = entry.pattern.format(**{key: value for key, value in params.items() if key in own})
    rest = {key: value for key, value in params.items() if key not in own}
    path, is_socket = find_place(table, name, rest)
    return quote_path(prefix) + path, is_socket


def _names(table: RouteTable) -> set[str]:
    names: set[str] = set()
    for entry in table.entries:
        if entry.condition is not None:
            continue
        if entry.name:
            names.add(entry.name)
        if (inner := RouteTable.inside(entry)) is not None:
            names |= {f"{entry.name}:{name}" if entry.name else name for name in _names(inner)}
    return names
