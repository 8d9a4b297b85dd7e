"""A value as bounded text, without running any code of the user's.

A user's `__repr__` may be slow, may fail, or may load rows from a database; none of that may happen because
somebody watches. So only kinds whose inside is known are opened; of all else the type's name is shown.
"""

import datetime
import decimal
import enum
import fractions
import math
import pathlib
import uuid
from collections.abc import Iterable
from typing import Any

from miniframework.telling.frozen import Frozen, find_fields

MAX_DEPTH = 4
MAX_ITEMS = 30
# int() and str() refuse more digits than this by default (sys.set_int_max_str_digits); bits of 4,300 digits.
MAX_INT_BITS = 14_000
_SMALL = 2**63  # no number below is long
_ELLIPSIS = "…"
_PLAIN = (
    float, complex, bool, type(None), uuid.UUID, decimal.Decimal, fractions.Fraction, datetime.datetime,
    datetime.date, datetime.time, datetime.timedelta, datetime.timezone, pathlib.PurePosixPath,
    pathlib.PosixPath, pathlib.PureWindowsPath, range,
)  # fmt: skip
_BRACKETS: dict[type, tuple[str, str]] = {
    list: ("[", "]"),
    tuple: ("(", ")"),
    set: ("{", "}"),
    frozenset: ("frozenset({", "})"),
}


def render_value(value: Any, limit: int) -> str:
    """Give `value` as text of at most `limit` characters, ended by `…` when there was more."""
    return cut_text(_render(value, limit, 0), limit)


def render_with_type(value: Any, limit: int) -> tuple[str, str]:
    """Give the value as `render_value` does, and its type as `type_name` does."""
    kind = value.__class__
    if kind is str and len(value) <= limit:  # these are by far the most
        return cut_text(repr(value), limit), "str"
    if kind is int and -_SMALL < value < _SMALL:
        return cut_text(repr(value), limit), "int"
    return render_value(value, limit), type_name(value)


def type_name(value: Any) -> str:
    """Give the name of the value's type, with its module unless that is builtins."""
    kind = value.kind if isinstance(value, Frozen) else type(value)
    return kind.__qualname__ if kind.__module__ == "builtins" else f"{kind.__module__}.{kind.__qualname__}"


def cut_text(text: str, limit: int) -> str:
    """Give at most `limit` characters, the last one `…` when there was more."""
    return text if len(text) <= limit else text[: max(limit - 1, 0)] + _ELLIPSIS


def to_json_value(value: Any, limit: int, depth: int = 0) -> Any:
    """Give `value` as plain JSON: texts and collections cut, unknown kinds and NaN rendered as text."""
    kind = type(value)
    if value is None or kind is bool or (kind is int and abs(value) < 2**63):
        return value
    if kind is float:
        return value if math.isfinite(value) else repr(value)
    if isinstance(value, str):
        return cut_text(str.__str__(value), limit)
    if depth <= 2 * MAX_DEPTH and kind in (list, tuple):
        return [to_json_value(item, limit, depth + 1) for item in value[:MAX_ITEMS]]
    if depth <= 2 * MAX_DEPTH and kind is dict:
        pairs = list(value.items())[:MAX_ITEMS]
        return {render_key(key): to_json_value(item, limit, depth + 1) for key, item in pairs}
    return render_value(value, limit)


def render_key(key: Any) -> str:
    """Give a mapping's key as text."""
    return cut_text(key, 200) if type(key) is str else _render(key, 200, MAX_DEPTH)


def _render(value: Any, limit: int, depth: int) -> str:
    kind = type(value)
    if kind in (str, bytes, bytearray):
        return _render_text(value, limit)
    if kind is int:
        return _render_int(value)
    if kind in _PLAIN:
        return repr(value)
    if isinstance(value, enum.Enum):
        return f"{kind.__qualname__}.{value._name_}"
    if depth >= MAX_DEPTH:
        return _ELLIPSIS
    if kind in _BRACKETS:
        opening, closing = _BRACKETS[kind]
        return opening + _join(value, limit, depth) + closing
    if kind is dict:
        return "{" + _join_pairs(value.items(), limit, depth, ": ") + "}"
    if kind is Frozen:
        kind, fields = value.kind, value.fields
    else:
        fields = _fields_of(value)
    if fields is None:
        return f"<{type_name(value)}>"
    return f"{kind.__qualname__}({_join_pairs(fields, limit, depth, '=')})"


def _render_text(value: str | bytes | bytearray, limit: int) -> str:
    return repr(value) if len(value) <= limit else repr(value[:limit]) + _ELLIPSIS


def _render_int(value: int) -> str:
    return repr(value) if value.bit_length() <= MAX_INT_BITS else f"<int of {value.bit_length()} bits>"


def _join(items: Iterable[Any], limit: int, depth: int) -> str:
    return _join_texts((_render(item, limit, depth + 1) for item in items), limit)


def _join_pairs(pairs: Iterable[tuple[Any, Any]], limit: int, depth: int, between: str) -> str:
    texts = (
        (key if between == "=" else _render(key, 200, depth + 1)) + between + _render(item, limit, depth + 1)
        for key, item in pairs
    )
    return _join_texts(texts, limit)


def _join_texts(texts: Iterable[str], limit: int) -> str:
    shown: list[str] = []
    length = 0
    for text in texts:
        if len(shown) >= MAX_ITEMS or length > limit:
            shown.append(_ELLIPSIS)
            break
        shown.append(text)
        length += len(text)
    return ", ".join(shown)


def _fields_of(value: Any) -> list[tuple[Any, Any]] | None:
    """The fields of a dataclass or a pydantic model, read past any code of the user's."""
    names = find_fields(type(value))
    if names is None:
        return None
    found: list[tuple[Any, Any]] = []
    for name in names:
        try:
            found.append((name, object.__getattribute__(value, name)))
        except AttributeError:  # a field without a value yet
            continue
    return found
