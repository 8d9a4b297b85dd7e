"""What each key of the filter language asks of a row. Pure; see `row_filter`."""

import operator
import re
from collections.abc import Callable, Mapping
from typing import Any

from miniframework.records import dataclass

Row = Mapping[str, Any]
RowTest = Callable[[Row], bool]

_DURATION = {"ns": 1e-6, "us": 1e-3, "µs": 1e-3, "ms": 1.0, "s": 1000.0, "m": 60_000.0}
_SIZE = {"b": 1.0, "kb": 1024.0, "mb": 1024.0**2, "gb": 1024.0**3}
_STATIC_ENDING = re.compile(
    r"\.(?:css|js|mjs|map|png|jpe?g|gif|svg|ico|webp|avif|woff2?|ttf|otf)\Z", re.IGNORECASE | re.ASCII
)
_QUANTITY = re.compile(r"([0-9]+(?:\.[0-9]+)?)\s*([a-zµ]*)", re.IGNORECASE | re.ASCII)
_COMPARE: dict[str, Callable[[Any, Any], bool]] = {
    ">": operator.gt,
    ">=": operator.ge,
    "<": operator.lt,
    "<=": operator.le,
    ":": operator.eq,
}


class FilterProblem(Exception):
    """What is wrong with one term, in words."""


@dataclass(frozen=True, slots=True)
class Key:
    """`make(value, operator)` gives a test, or raises FilterProblem; `compares` takes `<` and `>`, too."""

    make: Callable[[str, str], RowTest]
    compares: bool = False


def bare_test(text: str) -> RowTest:
    """A word without a key is looked for in path, query, error and route, or is a method."""

    def test(row: Row) -> bool:
        route = row["route"] or {}
        looked_in = (row["path"], row["query"], row["error"], route.get("name"), route.get("path"))
        return any(_includes(one, text) for one in looked_in) or _equals(row["method"], text)

    return test


def _includes(text: str | None, part: str) -> bool:
    return part in (text or "").lower()


def _equals(text: str | None, part: str) -> bool:
    return (text or "").lower() == part


def _status(text: str, operation: str) -> RowTest:
    if operation != ":":
        return _number("status", text, operation)
    if re.fullmatch("[1-5]xx", text):
        return lambda row: (row["status"] or 0) // 100 == int(text[0])
    if re.fullmatch("[1-5][0-9][0-9]", text):
        return lambda row: bool(row["status"] == int(text))
    if found := re.fullmatch("([1-5][0-9][0-9])-([1-5][0-9][0-9])", text):
        first, last = int(found[1]), int(found[2])
        return lambda row: first <= (row["status"] or 0) <= last
    if text in ("none", "pending"):
        return lambda row: row["status"] is None
    raise FilterProblem(f"“{text}” is no status; write 404, 4xx, 400-499 or none")


def _number(name: str, text: str, operation: str) -> RowTest:
    if not re.fullmatch("[0-9]+", text):
        raise FilterProblem(f"“{text}” is no number")
    return lambda row: row[name] is not None and _COMPARE[operation](row[name], int(text))


def _quantity(name: str, units: Mapping[str, float], what: str, example: str) -> Key:
    def make(text: str, operation: str) -> RowTest:
        found = _QUANTITY.fullmatch(text)
        unit = units.get(found[2].lower()) if found and found[2] else 1.0
        if found is None or unit is None:
            raise FilterProblem(f"“{text}” is no {what}; write it like {example}")
        wanted = float(found[1]) * unit
        compare = _COMPARE[">=" if operation == ":" else operation]
        return lambda row: row[name] is not None and compare(row[name], wanted)

    return Key(make, compares=True)


def _route(text: str, operation: str) -> RowTest:
    if text == "none":
        return lambda row: row["route"] is None
    if found := re.fullmatch("#?([0-9]+)", text):
        index = int(found[1]) - 1
        return lambda row: row["route"] is not None and row["route"]["index"] == index
    return lambda row: (
        row["route"] is not None
        and (_includes(row["route"]["name"], text) or _includes(row["route"]["path"], text))
    )


def _parameter(text: str, operation: str) -> RowTest:
    name, equals, value = text.partition("=")
    return lambda row: any(
        _equals(one[0], name) and (not equals or _equals(one[1], value)) for one in row["params"]
    )


_FLAGS: dict[str, RowTest] = {
    "ws": lambda row: bool(row["kind"] == "websocket"),
    "http": lambda row: bool(row["kind"] == "http"),
    "replay": lambda row: row["replay_of"] is not None,
    "error": lambda row: row["error"] is not None or (row["status"] or 0) >= 500,
    "pending": lambda row: row["state"] in ("pending", "streaming"),
    "streaming": lambda row: bool(row["state"] == "streaming"),
    "redirect": lambda row: row["routing"] == "redirect" or 300 <= (row["status"] or 0) < 400,
    "unmatched": lambda row: row["routing"] in ("not_found", "method_not_allowed"),
    "matched": lambda row: bool(row["routing"] == "matched"),
    "redacted": lambda row: bool(row["redacted"]),
    "static": lambda row: _STATIC_ENDING.search(row["path"]) is not None,
}


def _flag(text: str, operation: str) -> RowTest:
    test = _FLAGS.get(text)
    if test is None:
        raise FilterProblem(f"is:{text} is not known; there are {', '.join(_FLAGS)}")
    return test


def _part(name: str) -> Key:
    return Key(lambda text, operation: lambda row: _includes(row[name], text))


def _same(name: str) -> Key:
    return Key(lambda text, operation: lambda row: _equals(row[name], text))


KEYS: dict[str, Key] = {
    "status": Key(_status, compares=True),
    "method": _same("method"),
    "path": _part("path"),
    "query": _part("query"),
    "route": Key(_route),
    "param": Key(_parameter),
    "type": _part("content_type"),
    "dur": _quantity("duration_ms", _DURATION, "time", "100ms or 1.5s"),
    "size": _quantity("response_bytes", _SIZE, "size", "10kb or 1mb"),
    "error": _part("error"),
    "state": _same("state"),
    "worker": Key(lambda text, operation: lambda row: str(row["worker"]) == text),
    "id": Key(lambda text, operation: lambda row: row["id"].lower().startswith(text)),
    "is": Key(_flag),
}
