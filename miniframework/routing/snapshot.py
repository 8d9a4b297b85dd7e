"""A route table as JSON-able values and back, so that another process can explain with it."""

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from miniframework.routing.converters import Converter
from miniframework.routing.endpoints import StoredEndpoint, declared_types, endpoint_name
from miniframework.routing.parts import Literal, Parameter, Part
from miniframework.routing.pattern import PathPattern, parse_pattern
from miniframework.routing.route import Entry, Include, InnerTable, Mount, Route, SocketRoute
from miniframework.routing.source import Source


class StoredConverter(Converter):
    """A converter of another process: its regex is known, its conversion is not, so values stay text."""

    def __init__(self, name: str, regex: str) -> None:
        self.name = name
        self.regex = regex


def snapshot_entries(entries: Sequence[Entry]) -> list[dict[str, Any]]:
    """Every entry in order."""
    return [_snapshot_entry(index, entry) for index, entry in enumerate(entries)]


def read_entries(
    stored: Sequence[Mapping[str, Any]],
    read_table: Callable[[dict[str, Any]], InnerTable],
    *,
    foreign: bool = False,
) -> list[Entry]:
    """The entries of a snapshot; `read_table` reads the tables of mounts.

    The templates of a `foreign` table are in no syntax of ours: their parts are taken as they are stored.
    """
    read_pattern = _read_foreign_pattern if foreign else _read_pattern
    return [_read_entry(entry, read_pattern(entry), read_table) for entry in stored]


def fingerprint_of(snapshot: Mapping[str, Any]) -> str:
    """32 hex digits of a hash over the canonical JSON."""
    text = json.dumps(snapshot, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def _snapshot_entry(index: int, entry: Entry) -> dict[str, Any]:
    is_mount = isinstance(entry, Mount)
    table = entry.inner_table() if isinstance(entry, Mount) else None
    endpoint = entry.app if isinstance(entry, Mount) else entry.endpoint
    types = {} if is_mount else declared_types(endpoint)
    source = entry.source
    foreign: dict[str, Any] = {"exact": True} if isinstance(entry, Route) and entry.exact else {}
    if entry.condition is not None:
        foreign["condition"] = entry.condition
    if entry.doubt is not None:
        foreign["doubt"] = entry.doubt
    return {
        "index": index,
        "kind": "mount" if is_mount else "websocket" if isinstance(entry, SocketRoute) else "http",
        "path": entry.pattern.template or "/",
        "methods": sorted(entry.methods) if isinstance(entry, Route) else [],
        "implied_head": isinstance(entry, Route) and entry.implied_head,
        "name": entry.name,
        "endpoint": endpoint_name(endpoint),
        "file": None if source is None else source.file,
        "line": None if source is None else source.line,
        "regex": entry.pattern.regex_text,
        "parts": [_snapshot_part(part, types) for part in entry.pattern.parts],
        "includes": [_snapshot_include(include) for include in entry.includes],
        "table": None if table is None else table.snapshot(),
        **foreign,
    }


def _snapshot_part(part: Part, types: Mapping[str, str]) -> dict[str, Any]:
    if isinstance(part, Literal):
        return {"kind": "literal", "text": part.text, "start": part.start, "end": part.end}
    return {
        "kind": "parameter",
        "name": part.name,
        "converter": part.converter_name,
        "regex": part.regex,
        "start": part.start,
        "end": part.end,
        "declared_type": types.get(part.name),
    }


def _snapshot_include(include: Include) -> dict[str, Any]:
    source = include.source
    return {
        "prefix": include.prefix,
        "file": None if source is None else source.file,
        "line": None if source is None else source.line,
    }


def _read_pattern(stored: Mapping[str, Any]) -> PathPattern:
    parameters = [part for part in stored["parts"] if part["kind"] == "parameter"]
    converters = {part["converter"]: StoredConverter(part["converter"], part["regex"]) for part in parameters}
    is_mount = stored["kind"] == "mount"
    return parse_pattern(stored["path"], converters, _read_source(stored), open_ended=is_mount)


def _read_foreign_pattern(stored: Mapping[str, Any]) -> PathPattern:
    parts = tuple(_read_part(part) for part in stored["parts"])
    template = stored["path"] if parts else ""  # the empty one is stored as "/"
    return PathPattern(template=template, parts=parts, open_ended=stored["kind"] == "mount")


def _read_part(stored: Mapping[str, Any]) -> Part:
    start, end = stored["start"], stored["end"]
    if stored["kind"] == "literal":
        return Literal(text=stored["text"], start=start, end=end)
    name = stored["converter"]
    converter = StoredConverter(name, stored["regex"])
    return Parameter(name=stored["name"], converter_name=name, converter=converter, start=start, end=end)


def _read_entry(
    stored: Mapping[str, Any],
    pattern: PathPattern,
    read_table: Callable[[dict[str, Any]], InnerTable],
) -> Entry:
    parameters = [part for part in stored["parts"] if part["kind"] == "parameter"]
    types = {part["name"]: part["declared_type"] for part in parameters if part["declared_type"] is not None}
    kind = stored["kind"]
    endpoint = StoredEndpoint(name=stored["endpoint"], types=types)
    shared: dict[str, Any] = {
        "pattern": pattern,
        "name": stored["name"],
        "source": _read_source(stored),
        "includes": tuple(Include(prefix=i["prefix"], source=_read_source(i)) for i in stored["includes"]),
        "condition": stored.get("condition"),
        "doubt": stored.get("doubt"),
    }
    if kind == "mount":
        table = None if stored["table"] is None else read_table(stored["table"])
        return Mount(app=endpoint, table=lambda: table, **shared)
    if kind == "websocket":
        return SocketRoute(endpoint=endpoint, **shared)
    methods = frozenset(stored["methods"]) - ({"HEAD"} if stored["implied_head"] else set())
    return Route(methods=methods, endpoint=endpoint, exact=stored.get("exact", False), **shared)


def _read_source(stored: Mapping[str, Any]) -> Source | None:
    return None if stored["file"] is None else Source(file=stored["file"], line=stored["line"])
