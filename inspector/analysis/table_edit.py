"""A route table with edits applied: another table, of which each entry knows where it came from."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from inspector.analysis.edits import (
    Add,
    BadEdit,
    ChangeMethods,
    ChangePath,
    Edit,
    Move,
    RedirectSlashes,
    Remove,
)
from inspector.analysis.spots import WEBSOCKET
from miniframework.errors import RegistrationError
from miniframework.records import dataclass
from miniframework.routing.converters import BUILT_IN, Converter
from miniframework.routing.endpoints import StoredEndpoint
from miniframework.routing.parts import Parameter
from miniframework.routing.pattern import PathPattern, parse_pattern
from miniframework.routing.route import Entry, Mount, Route, SocketRoute
from miniframework.routing.table import RouteTable


@dataclass(frozen=True, slots=True, kw_only=True)
class EditedTable:
    """The edited table. `origins` gives for the number of each entry its number before the edits.

    `added` are the numbers of the added routes, which have none.
    """

    table: RouteTable
    origins: Mapping[str, str]
    added: tuple[str, ...]


def edit_table(table: RouteTable, edits: Sequence[Edit]) -> EditedTable:
    """Apply edits in turn. The numbers in them are always those of `table` as it is given.

    Raises BadEdit for an entry that is not there, a path that cannot be read, and for what the router would
    refuse to register. A path is read with the converters that the table knows.
    """
    return _Editing(table).apply(edits)


@dataclass(slots=True, eq=False)
class _Node:
    """One entry; `origin` is its number before the edits, `edit` the last edit that touched it."""

    entry: Entry
    level: "_Level"
    origin: str | None
    inner: "_Level | None" = None
    edit: int | None = None
    is_removed: bool = False


@dataclass(slots=True, eq=False)
class _Level:
    """One table and its entries as they stand by now."""

    table: RouteTable
    nodes: list[_Node]
    redirect_slashes: bool
    is_changed: bool = False


class _Editing:
    """One application of edits."""

    def __init__(self, table: RouteTable) -> None:
        self._nodes: dict[str, _Node] = {}
        self._top = self._open(table, "", (table,))

    def apply(self, edits: Sequence[Edit]) -> EditedTable:
        for number, edit in enumerate(edits, 1):
            self._make(number, edit)
        table = _close(self._top)
        origins = dict(_origins(self._top, ""))
        return EditedTable(
            table=table,
            origins={number: origin for number, origin in origins.items() if origin is not None},
            added=tuple(number for number, origin in origins.items() if origin is None),
        )

    def _open(self, table: RouteTable, prefix: str, around: tuple[RouteTable, ...]) -> _Level:
        level = _Level(table, [], table.redirect_slashes)
        for index, entry in enumerate(table.entries, 1):
            number = f"{prefix}{index}"
            node = self._nodes[number] = _Node(entry, level, number)
            inner = table.inside(entry)
            if inner is not None and inner not in around:  # a mount inside itself is followed once
                node.inner = self._open(inner, f"{number}.", (*around, inner))
            level.nodes.append(node)
        return level

    def _make(self, number: int, edit: Edit) -> None:
        match edit:
            case Move():
                self._move(number, edit)
            case ChangePath():
                node = self._find(number, edit.route)
                pattern = _read_path(number, edit.path, node.level, node.entry)
                node.entry = replace(node.entry, pattern=pattern)
                _touch(node, number)
            case ChangeMethods():
                self._change_methods(number, edit)
            case Add():
                self._add(number, edit)
            case Remove():
                node = self._find(number, edit.route)
                node.level.nodes.remove(node)
                node.is_removed = True
                _touch(node, number)
            case RedirectSlashes():
                self._top.redirect_slashes = edit.value
                self._top.is_changed = True

    def _move(self, number: int, edit: Move) -> None:
        node = self._find(number, edit.route)
        level = node.level
        before = None if edit.before is None else self._find(number, edit.before)
        if before is node:
            raise BadEdit(number, f"route {edit.route!r} cannot stand before itself", "name another one")
        if before is not None and before.level is not level:
            raise BadEdit(
                number,
                f"routes {edit.route!r} and {edit.before!r} are of different tables",
                "a route moves among those of its own table",
            )
        level.nodes.remove(node)
        level.nodes.insert(len(level.nodes) if before is None else level.nodes.index(before), node)
        _touch(node, number)

    def _change_methods(self, number: int, edit: ChangeMethods) -> None:
        node = self._find(number, edit.route)
        old = node.entry
        if not isinstance(old, Route):
            what = "a mount, which takes every method" if isinstance(old, Mount) else "a WebSocket route"
            raise BadEdit(number, f"route {edit.route!r} is {what}", "change the methods of an HTTP route")
        # Made anew and not replaced: whether HEAD is implied is worked out when a route is made.
        node.entry = Route(
            pattern=old.pattern,
            methods=edit.methods,
            endpoint=old.endpoint,
            name=old.name,
            source=old.source,
            includes=old.includes,
        )
        _touch(node, number)

    def _add(self, number: int, edit: Add) -> None:
        before = None if edit.before is None else self._find(number, edit.before)
        level = self._top if before is None else before.level
        pattern = _read_path(number, edit.path, level, None)
        endpoint = StoredEndpoint(name=f"what-if:{edit.name}")
        entry: Entry
        if edit.methods == {WEBSOCKET}:
            entry = SocketRoute(pattern=pattern, endpoint=endpoint, name=edit.name)
        else:
            entry = Route(pattern=pattern, methods=edit.methods, endpoint=endpoint, name=edit.name)
        node = _Node(entry, level, None)
        level.nodes.insert(len(level.nodes) if before is None else level.nodes.index(before), node)
        _touch(node, number)

    def _find(self, number: int, route: str) -> _Node:
        node = self._nodes.get(route)
        if node is None:
            raise BadEdit(number, f"there is no route {route!r}", _known_numbers(self._nodes, route))
        around: _Node | None = node
        while around is not None:
            if around.is_removed:
                raise BadEdit(
                    number, f"route {route!r} is removed by edit {around.edit}", "leave one of the two out"
                )
            around = self._nodes.get(around.origin.rpartition(".")[0]) if around.origin else None
        return node


def _touch(node: _Node, number: int) -> None:
    node.edit = number
    node.level.is_changed = True


def _known_numbers(nodes: Mapping[str, _Node], route: str) -> str:
    mount = route.rpartition(".")[0]
    count = sum(number.rpartition(".")[0] == mount for number in nodes)
    return f"{mount!r} has {count} known routes" if mount else f"the table has {count}"


def _read_path(number: int, path: str, level: _Level, old: Entry | None) -> PathPattern:
    is_mount = isinstance(old, Mount)
    if not path and not is_mount:
        raise BadEdit(number, "the path is empty", "write '/' for the root")
    known = _converters([node.entry for node in level.nodes], old)
    try:
        return parse_pattern(path, known, open_ended=is_mount)
    except RegistrationError as error:
        raise BadEdit(number, error.problem, error.way_out) from error


def _converters(entries: Sequence[Entry], first: Entry | None) -> Mapping[str, Converter]:
    """The words a path may use: the built-in ones, those of the table; those of the route itself win."""
    known: dict[str, Converter] = dict(BUILT_IN)
    for entry in (*entries, *([] if first is None else [first])):
        for part in entry.pattern.parts:
            if isinstance(part, Parameter):
                known[part.converter_name] = part.converter
    return known


def _close(level: _Level) -> RouteTable:
    """Make the table of a level; one of which nothing changed stays the object it was."""
    for node in level.nodes:
        if node.inner is not None:
            inner = _close(node.inner)
            if inner is not node.inner.table and isinstance(node.entry, Mount):
                node.entry = _mount_of(node.entry, inner)
                level.is_changed = True
    if not level.is_changed:
        return level.table
    entries = [node.entry for node in level.nodes]
    return level.table.with_entries(entries, redirect_slashes=level.redirect_slashes)


def _mount_of(mount: Mount, table: RouteTable) -> Mount:
    return replace(mount, table=lambda: table)


def _origins(level: _Level, prefix: str) -> Iterator[tuple[str, str | None]]:
    for index, node in enumerate(level.nodes, 1):
        number = f"{prefix}{index}"
        yield number, node.origin
        if node.inner is not None:
            yield from _origins(node.inner, f"{number}.")
