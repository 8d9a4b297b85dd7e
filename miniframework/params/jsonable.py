"""Turn any value into what JSON has: FastAPI's `jsonable_encoder`."""

import contextlib
import dataclasses
import sys
from collections import deque
from collections.abc import Callable, Iterable, Mapping
from datetime import date, time, timedelta
from decimal import Decimal
from enum import Enum
from ipaddress import IPv4Address, IPv4Interface, IPv4Network, IPv6Address, IPv6Interface, IPv6Network
from pathlib import PurePath
from re import Pattern
from types import GeneratorType
from typing import Any
from uuid import UUID

from pydantic import BaseModel, SecretBytes, SecretStr
from pydantic_core import PydanticUndefinedType, Url

from miniframework.http.upload import UploadFile
from miniframework.records import dataclass

# What pydantic takes as a choice of fields: names, or names with choices inside them.
IncludeExclude = set[Any] | Mapping[Any, Any] | Iterable[Any]
Encoders = Mapping[Any, Callable[[Any], Any]]

_COLLECTIONS = (list, set, frozenset, GeneratorType, tuple, deque)
# SQLAlchemy keeps its own state in attributes with this prefix.
_SQLALCHEMY = "_sa"


def jsonable_encoder(
    obj: Any,
    include: IncludeExclude | None = None,
    exclude: IncludeExclude | None = None,
    by_alias: bool = True,
    exclude_unset: bool = False,
    exclude_defaults: bool = False,
    exclude_none: bool = False,
    custom_encoder: Encoders | None = None,
    sqlalchemy_safe: bool = True,
) -> Any:
    """Give `obj` as dicts, lists, text, numbers, booleans and None.

    Models go by pydantic, dates by `isoformat`, a timedelta as seconds, a Decimal as int or float, an enum
    as its value, other objects as the dict of their attributes. `include` and `exclude` choose the fields of
    `obj` (or of its items); `custom_encoder` has what writes a type otherwise. `sqlalchemy_safe` leaves out
    keys that begin with `_sa`. Raises ValueError for an object without attributes.
    Source: https://fastapi.tiangolo.com/tutorial/encoder/
    """
    way = _Way(
        by_alias=by_alias,
        exclude_unset=exclude_unset,
        exclude_defaults=exclude_defaults,
        exclude_none=exclude_none,
        custom=custom_encoder or {},
        sqlalchemy_safe=sqlalchemy_safe,
    )
    return way.encode(obj, _Choice(_as_names(include), _as_names(exclude)))


@dataclass(frozen=True, slots=True)
class _Choice:
    """Which fields of an object are wanted; everything without any."""

    include: Any = None
    exclude: Any = None


_ALL = _Choice()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Way:
    """How values are written; see `jsonable_encoder`."""

    by_alias: bool
    exclude_unset: bool
    exclude_defaults: bool
    exclude_none: bool
    custom: Encoders
    sqlalchemy_safe: bool

    def encode(self, obj: Any, choice: _Choice = _ALL) -> Any:
        own = self._find_custom(obj)
        if own is not None:
            return own(obj)
        if isinstance(obj, BaseModel):
            return self._encode_model(obj, choice)
        if dataclasses.is_dataclass(obj) and not isinstance(obj, type):
            return self.encode(dataclasses.asdict(obj), choice)
        if isinstance(obj, Enum):
            return obj.value
        if isinstance(obj, str | int | float | None):
            return obj
        if isinstance(obj, PydanticUndefinedType):
            return None
        if isinstance(obj, dict):
            return self._encode_dict(obj, choice)
        if isinstance(obj, _COLLECTIONS):
            return [self.encode(item, choice) for item in obj]
        for types, write in _WRITERS:
            if isinstance(obj, types):
                return write(obj)
        if _is_text_of_pydantic(obj):
            return str(obj)
        return self.encode(_attributes_of(obj), choice)

    def _find_custom(self, obj: Any) -> Callable[[Any], Any] | None:
        if not self.custom:
            return None
        if type(obj) in self.custom:
            return self.custom[type(obj)]
        return next((write for kind, write in self.custom.items() if isinstance(obj, kind)), None)

    def _encode_model(self, obj: BaseModel, choice: _Choice) -> Any:
        values = obj.model_dump(
            mode="json",
            include=choice.include,
            exclude=choice.exclude,
            by_alias=self.by_alias,
            exclude_unset=self.exclude_unset,
            exclude_defaults=self.exclude_defaults,
            exclude_none=self.exclude_none,
        )
        # What pydantic wrote is plain already; an encoder of the user's meets values, not models' fields.
        return dataclasses.replace(self, custom={}).encode(values)

    def _encode_dict(self, obj: dict[Any, Any], choice: _Choice) -> dict[Any, Any]:
        included = obj if choice.include is None else choice.include
        excluded = () if choice.exclude is None else choice.exclude
        return {
            self.encode(key): self.encode(value)
            for key, value in obj.items()
            if key in included and key not in excluded and self._is_wanted(key, value)
        }

    def _is_wanted(self, key: Any, value: Any) -> bool:
        if value is None and self.exclude_none:
            return False
        return not (self.sqlalchemy_safe and isinstance(key, str) and key.startswith(_SQLALCHEMY))


def _as_names(choice: IncludeExclude | None) -> Any:
    return choice if choice is None or isinstance(choice, set | dict) else set(choice)


def _attributes_of(obj: Any) -> dict[Any, Any]:
    """What `dict(obj)` gives, or else its attributes. Raises ValueError for what has neither."""
    with contextlib.suppress(Exception):  # dict() runs the object's own code, which may raise anything
        return dict(obj)
    try:
        return dict(vars(obj))
    except Exception as error:  # and so may vars()
        kind = type(obj).__qualname__
        raise ValueError(f"a value of type {kind} has neither items nor attributes") from error


# Classes of pydantic whose objects are written as their text, by their modules, which are dear to import.
_TEXTS = {
    "pydantic.networks": ("AnyUrl", "NameEmail"),
    "pydantic.color": ("Color",),
    "pydantic_extra_types.color": ("Color",),
}


def _is_text_of_pydantic(obj: Any) -> bool:
    """Whether `obj` is a URL, a named e-mail address or a colour: who has one has imported its module."""
    for module, names in _TEXTS.items():
        if module in sys.modules:
            kinds = tuple(getattr(sys.modules[module], name) for name in names)
            if isinstance(obj, kinds):
                return True
    return False


def _write_decimal(value: Decimal) -> int | float:
    exponent = value.as_tuple().exponent
    return int(value) if isinstance(exponent, int) and exponent >= 0 else float(value)


_TEXT_TYPES: tuple[type, ...] = (
    PurePath,
    UUID,
    IPv4Address,
    IPv4Interface,
    IPv4Network,
    IPv6Address,
    IPv6Interface,
    IPv6Network,
    SecretBytes,
    SecretStr,
    Url,
)
_WRITERS: tuple[tuple[tuple[type, ...], Callable[[Any], Any]], ...] = (
    ((bytes,), lambda value: value.decode()),
    ((date, time), lambda value: value.isoformat()),
    ((timedelta,), lambda value: value.total_seconds()),
    ((Decimal,), _write_decimal),
    ((Pattern,), lambda value: value.pattern),
    (_TEXT_TYPES, str),
    ((UploadFile,), UploadFile.describe),
)
