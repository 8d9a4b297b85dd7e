"""Write a handler's return value as JSON."""

import json
import marshal
import math
from collections.abc import Callable
from functools import lru_cache
from typing import Any

from pydantic import BaseModel
from pydantic_core import PydanticSerializationError, SchemaSerializer, core_schema, to_json

from miniframework.params.jsonable import jsonable_encoder
from miniframework.params.unwritable import refuse_value

# Refuses a value unless it holds nothing but the interpreter's own types, which pydantic and
# `jsonable_encoder` write alike: marshal takes no others, and no loop of Python's own looks at them as fast.
_look_through = marshal.dumps
# Writes as pydantic_core's `to_json` does, without reading its settings anew at each call.
_write_plain = SchemaSerializer(core_schema.any_schema()).to_json


def json_encode(value: Any) -> bytes:
    """Encode a value as compact UTF-8 JSON, as FastAPI's `jsonable_encoder` reads it.

    Takes what JSON has, and pydantic models, dataclasses, dates, UUIDs, decimals, enums, paths, sets,
    generators, UTF-8 bytes, and other objects by their attributes. `NaN` and the infinities, which JSON does
    not have, become `null` (Source: RFC 8259 section 6). Raises EncodeError for anything else.
    """
    kind: Any = type(value)
    return _write_values(value) if kind is dict else find_writer(kind)(value)


class _UnwritableError(ValueError):
    """`jsonable_encoder` has no way to write one of the values."""


@lru_cache(maxsize=1024)  # a memo of a pure function: an application returns few classes, and asks each time
def find_writer(kind: Any) -> Callable[[Any], bytes]:
    """Give what `json_encode` does with the values of a class."""
    if not issubclass(kind, BaseModel):
        return _write_values
    if any(key.startswith("ser_json_") for key in kind.model_config):
        return _write_unusual_model
    return _write_model


def _write_model(value: Any) -> bytes:
    """Write a model by its own serializer, which does what `to_json` does."""
    try:
        # Read anew each time, for a model may be rebuilt.
        written: bytes = value.__pydantic_serializer__.to_json(value, by_alias=True)
    except (PydanticSerializationError, ValueError, RecursionError) as error:
        raise refuse_value(value, error) from error
    return written


def _write_unusual_model(value: Any) -> bytes:
    try:
        return to_json(value, by_alias=True, inf_nan_mode="null")
    except (PydanticSerializationError, ValueError, RecursionError) as error:
        raise refuse_value(value, error) from error


def _write_values(value: Any) -> bytes:
    try:
        try:
            _look_through(value)
        except ValueError:
            return _encode_mixed(value)
        return _write_plain(value)
    except (PydanticSerializationError, ValueError, RecursionError) as error:
        raise refuse_value(value, error) from error


def stream_encode(value: object) -> bytes:
    """Encode one item of a stream whose items have no declared type, with spaces and ASCII only, as FastAPI.

    Raises EncodeError.
    """
    try:
        return json.dumps(_without_nan(jsonable_encoder(value))).encode()
    except (TypeError, ValueError, RecursionError) as error:
        raise refuse_value(value, error) from error


def _without_nan(value: Any) -> Any:
    """Put None in the place of what JSON does not have."""
    if isinstance(value, dict):
        return {key: _without_nan(one) for key, one in value.items()}
    if isinstance(value, list):
        return [_without_nan(one) for one in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value


def _encode_mixed(value: object) -> bytes:
    """Write plain values with others among them; what the standard library does not take (keys, NaN) by
    `jsonable_encoder` alone.
    """
    try:
        return _WRITER.encode(value).encode()
    except _UnwritableError:  # an iterator that was tried is used up, and would be empty the second time
        raise
    except (TypeError, ValueError):
        return to_json(jsonable_encoder(value), inf_nan_mode="null")


def _simplify(value: object) -> object:
    if isinstance(value, BaseModel):
        return value.model_dump(mode="json", by_alias=True)
    try:
        return jsonable_encoder(value)
    except ValueError as error:
        raise _UnwritableError(error) from error


_WRITER = json.JSONEncoder(ensure_ascii=False, allow_nan=False, separators=(",", ":"), default=_simplify)
