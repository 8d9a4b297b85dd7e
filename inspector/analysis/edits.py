"""The edits of a what-if, read from JSON: what would change in a route table."""

import re
from collections.abc import Callable, Mapping
from typing import Any

from inspector.errors import InspectorError
from miniframework.misspelt import did_you_mean
from miniframework.records import dataclass

MOST_EDITS = 100  # a page sends those of one sitting; more is a program's mistake
_MOST_CHARACTERS = 400  # of a path; the analysis follows it character by character
_NUMBER = re.compile(r"[1-9][0-9]{0,6}(\.[1-9][0-9]{0,6})*\Z")
# Source: RFC 9110 section 5.6.2 (token), which a method is.
_TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]{1,40}\Z")


class BadEdit(InspectorError):
    """An edit that cannot be made. `number` counts the edits from 1, `way_out` says what to do."""

    def __init__(self, number: int, problem: str, way_out: str = "") -> None:
        super().__init__(f"edit {number}: {problem}" + (f"; {way_out}" if way_out else ""))
        self.number = number
        self.problem = problem
        self.way_out = way_out


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """Put an entry before another one of the same table, or at its end."""

    route: str
    before: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangePath:
    """Give an entry another path template; for a mount, another prefix."""

    route: str
    path: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeMethods:
    """Give an HTTP route other methods."""

    route: str
    methods: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Add:
    """Declare a route, before another one or at the end; the method WEBSOCKET alone makes a WebSocket one."""

    path: str
    methods: frozenset[str]
    name: str
    before: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Remove:
    """Take an entry out."""

    route: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RedirectSlashes:
    """Switch the redirects of the slash at the end on or off, for the outermost table."""

    value: bool


Edit = Move | ChangePath | ChangeMethods | Add | Remove | RedirectSlashes


def parse_edits(value: object) -> tuple[Edit, ...]:
    """Read a list of edits. Raises BadEdit, which names the first one that is none."""
    if not isinstance(value, list):
        raise BadEdit(1, f"edits is {_shown(value)}, not a list", 'send [{"op": "move", …}, …]')
    if len(value) > MOST_EDITS:
        raise BadEdit(MOST_EDITS + 1, f"{len(value)} edits are too many", f"send at most {MOST_EDITS}")
    return tuple(_Reader(number, item).edit() for number, item in enumerate(value, 1))


class _Reader:
    """One edit that is being read."""

    def __init__(self, number: int, value: object) -> None:
        self._number = number
        if not isinstance(value, Mapping):
            raise self._error(f"{_shown(value)} is no object", 'write {"op": …}')
        self._value: Mapping[str, Any] = value

    def edit(self) -> Edit:
        op = self._value.get("op")
        read = _READERS.get(op) if isinstance(op, str) else None
        if read is None:
            near = did_you_mean(op, _READERS) if isinstance(op, str) else ""
            way_out = near or f"write one of: {', '.join(_READERS)}"
            raise self._error(f"op is {_shown(op)}", way_out)
        made = read(self)
        unknown = set(self._value) - _KEYS[str(op)] - {"op"}
        if unknown:
            known = ", ".join(sorted(_KEYS[str(op)]))
            raise self._error(f"{op!r} has no {min(unknown)[:40]!r}", f"it has: {known}")
        return made

    def move(self) -> Edit:
        return Move(route=self._route("route"), before=self._before())

    def pattern(self) -> Edit:
        return ChangePath(route=self._route("route"), path=self._path())

    def methods(self) -> Edit:
        return ChangeMethods(route=self._route("route"), methods=self._methods())

    def add(self) -> Edit:
        name = self._value.get("name")
        if name is None:
            name = f"added_{self._number}"
        if not isinstance(name, str) or not 0 < len(name) <= 200:
            raise self._error(f"name is {_shown(name)}", "write a text of at most 200 characters")
        return Add(path=self._path(), methods=self._methods(), name=name, before=self._before())

    def remove(self) -> Edit:
        return Remove(route=self._route("route"))

    def redirect_slashes(self) -> Edit:
        value = self._value.get("value")
        if not isinstance(value, bool):
            raise self._error(f"value is {_shown(value)}", "write true or false")
        return RedirectSlashes(value=value)

    def _route(self, key: str) -> str:
        value = self._value.get(key)
        if not isinstance(value, str) or not _NUMBER.match(value):
            way_out = 'write its number as text, as in "7", or "30.2" for one inside the mount 30'
            raise self._error(f"{key} is {_shown(value)}", way_out)
        return value

    def _before(self) -> str | None:
        return None if self._value.get("before") is None else self._route("before")

    def _path(self) -> str:
        value = self._value.get("path")
        if not isinstance(value, str) or len(value) > _MOST_CHARACTERS:
            way_out = f'write a template of at most {_MOST_CHARACTERS} characters, as in "/items/{{id}}"'
            raise self._error(f"path is {_shown(value)}", way_out)
        return value

    def _methods(self) -> frozenset[str]:
        value = self._value.get("methods")
        way_out = 'write a list of them, as in ["GET", "POST"]'
        if not isinstance(value, list) or not value:
            raise self._error(f"methods is {_shown(value)}", way_out)
        for method in value:
            if not isinstance(method, str) or not _TOKEN.match(method):
                raise self._error(f"{_shown(method)} is no method", way_out)
        return frozenset(method.upper() for method in value)

    def _error(self, problem: str, way_out: str) -> BadEdit:
        return BadEdit(self._number, problem, way_out)


def _shown(value: object) -> str:
    text = repr(value)
    return "missing" if value is None else text if len(text) <= 80 else text[:80] + "…"


_READERS: Mapping[str, Callable[[_Reader], Edit]] = {
    "move": _Reader.move,
    "pattern": _Reader.pattern,
    "methods": _Reader.methods,
    "add": _Reader.add,
    "remove": _Reader.remove,
    "redirect_slashes": _Reader.redirect_slashes,
}
_KEYS: Mapping[str, frozenset[str]] = {
    "move": frozenset({"route", "before"}),
    "pattern": frozenset({"route", "path"}),
    "methods": frozenset({"route", "methods"}),
    "add": frozenset({"path", "methods", "name", "before"}),
    "remove": frozenset({"route"}),
    "redirect_slashes": frozenset({"value"}),
}
