"""An exchange as a JSON-able document and back, losslessly; bodies as base64, or as the caller packs them.

The shape follows the dataclasses of `inspector.model` field by field: a dataclass is an object, a tuple is a
list. A field the reader does not know is passed over and a missing one takes its default, so that
neighbouring versions read each other.
"""

import base64
import binascii
import dataclasses
import types
import typing
from collections.abc import Callable
from enum import StrEnum
from functools import cache
from typing import Any, Literal, Union, cast

from inspector.apart import Apart, is_http, name_values
from inspector.errors import CodecError
from inspector.folded import as_apart
from inspector.journal.protocol import AppStatus, Document
from inspector.model import Exchange, HttpExchange, SocketExchange

PackBytes = Callable[[bytes], Any]
UnpackBytes = Callable[[Any], bytes]
_Decoder = Callable[[Any, UnpackBytes], Any]
_PLAIN = frozenset({type(None), bool, int, float, str})


def encode_exchange(exchange: Exchange | Apart, pack: PackBytes | None = None) -> Document:
    """Give the exchange as a document of plain JSON values, `kind` "http" or "websocket" first.

    `pack` says how bytes are written; base64 text unless told otherwise.
    """
    return cast(Document, _encode(name_exchange(as_apart(exchange)), pack or _to_base64))


def name_exchange(one: Apart) -> Document:
    """Give the document of an exchange with its values as they are: tuples are no lists, bytes are bytes.

    What the exchange consists of is named anew, so whoever called may replace values in that.
    """
    kind = "http" if is_http(one) else "websocket"
    return {"kind": kind, "started": one["started_unix_ns"] / 1e6, **name_values(one)}


def decode_exchange(document: Document, unpack: UnpackBytes | None = None) -> Exchange:
    """Give the exchange a document was made from. Raises CodecError when it is none."""
    kinds: dict[object, type] = {"http": HttpExchange, "websocket": SocketExchange}
    kind = document.get("kind") if isinstance(document, dict) else None
    if kind not in kinds:
        raise CodecError(f"exchange kind {kind!r} is none of {sorted(map(str, kinds))}")
    return cast(Exchange, _decode(kinds[kind], document, unpack or _from_base64))


def encode_status(status: AppStatus) -> Document:
    """Give a process's status as a document."""
    return cast(Document, _encode(status, _to_base64))


def decode_status(document: Document) -> AppStatus:
    """Give the status a document was made from. Raises CodecError when it is none."""
    return cast(AppStatus, _decode(AppStatus, document, _from_base64))


def _to_base64(data: bytes) -> str:
    return base64.b64encode(data).decode("ascii")


def _from_base64(text: Any) -> bytes:
    return base64.b64decode(text, validate=True)


def _encode(value: Any, pack: PackBytes) -> Any:
    kind = value.__class__
    if kind in _PLAIN:  # by far the most are
        return value
    if kind is tuple or kind is list:
        return [item if item.__class__ in _PLAIN else _encode(item, pack) for item in value]
    if value is None or isinstance(value, bool | int | float):
        return value
    if isinstance(value, str):
        return str(value)
    if isinstance(value, bytes):
        return pack(value)
    if isinstance(value, tuple | list):
        return [_encode(item, pack) for item in value]
    if isinstance(value, dict):
        return {str(key): _encode(item, pack) for key, item in value.items()}
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {name: _encode(getattr(value, name), pack) for name in _field_names(type(value))}
    raise CodecError(f"{value!r} of type {type(value).__name__} has no JSON form")


@cache
def _field_names(kind: type) -> tuple[str, ...]:
    return tuple(field.name for field in dataclasses.fields(kind))


def _decode(kind: type, document: Any, unpack: UnpackBytes) -> Any:
    try:
        return _decoder(kind)(document, unpack)
    except (TypeError, ValueError, LookupError, AttributeError, binascii.Error) as error:
        raise CodecError(f"document is no {kind.__name__}: {error}") from error


@cache
def _decoder(hint: Any) -> _Decoder:
    """Give the function that reads a value of this type; made once a type."""
    origin, arguments = typing.get_origin(hint), typing.get_args(hint)
    if dataclasses.is_dataclass(hint):
        return _dataclass_decoder(cast(type, hint))
    if origin is tuple:
        return _tuple_decoder(arguments)
    if origin in (Union, types.UnionType):
        return _union_decoder(arguments)
    if origin is list:
        return _list_decoder(arguments[0])
    if hint is bytes:
        return lambda value, unpack: unpack(value)
    if isinstance(hint, type) and issubclass(hint, StrEnum):
        return lambda value, unpack: hint(value)
    if origin is Literal:
        return _literal_decoder(arguments)
    return _plain_decoder(hint)


def _dataclass_decoder(kind: type) -> _Decoder:
    hints = typing.get_type_hints(kind)
    decoders = {name: _decoder(hints[name]) for name in _field_names(kind)}

    def decode(value: Any, unpack: UnpackBytes) -> Any:
        known = {name: read(value[name], unpack) for name, read in decoders.items() if name in value}
        return kind(**known)

    return decode


def _tuple_decoder(arguments: tuple[Any, ...]) -> _Decoder:
    if arguments[-1] is Ellipsis:
        each = _decoder(arguments[0])
        return lambda value, unpack: tuple(each(item, unpack) for item in value)
    parts = tuple(_decoder(argument) for argument in arguments)

    def decode(value: Any, unpack: UnpackBytes) -> Any:
        return tuple(read(item, unpack) for read, item in zip(parts, value, strict=True))

    return decode


def _list_decoder(argument: Any) -> _Decoder:
    each = _decoder(argument)
    return lambda value, unpack: [each(item, unpack) for item in value]


def _union_decoder(arguments: tuple[Any, ...]) -> _Decoder:
    """`X | None`, or scalars beside a list: told apart by what JSON itself tells apart."""
    lists = [_decoder(argument) for argument in arguments if typing.get_origin(argument) in (list, tuple)]
    others = [
        _decoder(argument)
        for argument in arguments
        if argument is not types.NoneType and typing.get_origin(argument) not in (list, tuple)
    ]

    def decode(value: Any, unpack: UnpackBytes) -> Any:
        if value is None:
            return None
        return (lists if isinstance(value, list) else others)[0](value, unpack)

    return decode


def _literal_decoder(allowed: tuple[Any, ...]) -> _Decoder:
    def decode(value: Any, unpack: UnpackBytes) -> Any:
        if value not in allowed:
            raise ValueError(f"{value!r} is none of {allowed!r}")
        return value

    return decode


def _plain_decoder(hint: Any) -> _Decoder:
    expected = typing.get_origin(hint) or hint

    def decode(value: Any, unpack: UnpackBytes) -> Any:
        if isinstance(expected, type) and not isinstance(value, expected):
            raise TypeError(f"expected {expected.__name__}, got {value!r}")
        return value

    return decode
