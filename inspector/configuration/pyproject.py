"""`[tool.inspector]` of the nearest pyproject.toml, and the line on which each key stands."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import field
from pathlib import Path
from typing import Any

from inspector.errors import InspectorError
from miniframework.records import dataclass

_NAME = "pyproject.toml"
_OUR_TABLE = re.compile(r"\s*\[\s*tool\s*\.\s*inspector\s*\]\s*(#.*)?")
_ANY_TABLE = re.compile(r"\s*\[")


class ProjectFileError(InspectorError):
    """A pyproject.toml cannot be read; the message names it and, where known, the line."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectTable:
    """The keys of `[tool.inspector]`. `path` is None when no file has that table."""

    path: Path | None = None
    values: Mapping[str, Any] = field(default_factory=dict)
    lines: Mapping[str, int] = field(default_factory=dict)

    def place_of(self, key: str) -> str:
        """Say where a key stands, as `pyproject.toml:12`; without the line when it was not found."""
        name = str(self.path)
        return f"{name}:{self.lines[key]}" if key in self.lines else name


def find_project_table(folder: Path) -> ProjectTable:
    """Return the table of the nearest pyproject.toml that has one, in the folder or above it.

    Raises ProjectFileError for a file on the way that cannot be read, or whose table is no table.
    """
    resolved = folder.resolve()
    for place in (resolved, *resolved.parents):
        path = place / _NAME
        if path.is_file() and (found := _read(path)) is not None:
            return found
    return ProjectTable()


def _read(path: Path) -> ProjectTable | None:
    try:
        text = path.read_text(encoding="utf-8")
        tool = tomllib.loads(text).get("tool", {})
    except (OSError, ValueError) as error:  # tomllib's error says line and column
        raise ProjectFileError(f"{path}: cannot be read: {error}") from error
    values = tool.get("inspector") if isinstance(tool, dict) else None
    if values is None:
        return None
    if not isinstance(values, dict):
        raise ProjectFileError(f"{path}: tool.inspector is {values!r}, not a table; write [tool.inspector]")
    return ProjectTable(path=path, values=values, lines=_find_lines(text, values))


def _find_lines(text: str, values: Mapping[str, Any]) -> dict[str, int]:
    """Find the line of each key below the table's heading: TOML has no places, and people need one."""
    found: dict[str, int] = {}
    is_inside = False
    for number, line in enumerate(text.splitlines(), 1):
        if _ANY_TABLE.match(line):
            is_inside = _OUR_TABLE.fullmatch(line) is not None
        key = line.partition("=")[0].strip().strip("\"'")
        if is_inside and key in values:
            found.setdefault(key, number)
    return found
