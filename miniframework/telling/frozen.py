"""A value as it is now, to be looked at later, without running any code of the user's.

A user's `__repr__` or `__copy__` may be slow or fail. So only kinds whose inside is known are opened, a
little way; of all else the type is kept.
"""

import dataclasses
import datetime
import decimal
import enum
import fractions
import pathlib
import uuid
from itertools import islice
from typing import Any, Final

# Values of exactly these types never change.
UNCHANGING: Final = frozenset(
    {str, int, float, complex, bool, bytes, type(None), uuid.UUID, decimal.Decimal, fractions.Fraction,
     datetime.datetime, datetime.date, datetime.time, datetime.timedelta, datetime.timezone, range,
     pathlib.PurePosixPath, pathlib.PosixPath, pathlib.PureWindowsPath}
)  # fmt: skip
# Those of them that are never cut.
_ATOMS: Final = UNCHANGING - {str, bytes}
# No more than a page shows of a value, and a little: what is cut here can still be seen to be cut there.
MAX_DEPTH = 4
MAX_ITEMS = 31
MAX_TEXT = 8_192


class Frozen:
    """An object of which only its `kind` and, for a dataclass or a model, its `fields` are kept."""

    __slots__ = ("fields", "kind")

    def __init__(self, kind: type, fields: list[tuple[str, Any]] | None) -> None:
        self.kind = kind
        self.fields = fields


def freeze(value: Any, depth: int = 0) -> Any:
    """Give a value that reads as `value` does now, whatever becomes of that."""
    kind = value.__class__
    if kind is str or kind is bytes:
        return value if len(value) <= MAX_TEXT else value[:MAX_TEXT]
    if kind in UNCHANGING or isinstance(value, enum.Enum):
        return value
    if depth > MAX_DEPTH:
        return Frozen(kind, None)
    try:
        return _open(value, kind, depth + 1)
    except RuntimeError:  # another thread changed its size just now
        return Frozen(kind, None)


def _open(value: Any, kind: type, depth: int) -> Any:
    if kind is dict:
        return {freeze(key, depth): freeze(one, depth) for key, one in islice(value.items(), MAX_ITEMS)}
    if kind in (list, tuple, set, frozenset):
        return kind(freeze(one, depth) for one in islice(value, MAX_ITEMS))
    if kind is bytearray:
        return bytearray(value[:MAX_TEXT])
    names = find_fields(kind)
    return Frozen(kind, None if names is None else _read_fields(value, names, depth))


def find_fields(kind: type) -> list[str] | None:
    """Give the names of the fields of a dataclass or a pydantic model; None for any other class."""
    if "__pydantic_fields__" in kind.__dict__:
        return list(kind.__dict__["__pydantic_fields__"])
    if dataclasses.is_dataclass(kind):
        return [field.name for field in dataclasses.fields(kind)]
    return None


def _read_fields(value: Any, names: list[str], depth: int) -> list[tuple[str, Any]]:
    fields = []
    for name in names:
        try:
            found = object.__getattribute__(value, name)
        except AttributeError:  # a field without a value yet
            continue
        is_short = found.__class__ is str and len(found) <= MAX_TEXT  # as most are, without a call
        if not is_short and found.__class__ not in _ATOMS:
            found = freeze(found, depth)
        fields.append((name, found))
    return fields
