"""Write a handler's return value as JSON."""

import json
import marshal
import math
from typing import Any

from pydantic import BaseModel
from pydantic_core import PydanticSerializationError, to_json

from miniframework.errors import EncodeError
from miniframework.params.jsonable import jsonable_encoder

_CIRCULAR = "Circular: it holds itself, or is nested too deep"


def json_encode(value: object) -> bytes:
    """Encode a value as compact UTF-8 JSON, as FastAPI's `jsonable_encoder` reads it.

    Takes what JSON has, and pydantic models, dataclasses, dates, UUIDs, decimals, enums, paths, sets,
    generators, UTF-8 bytes, and other objects by their attributes. `NaN` and the infinities, which JSON does
    not have, become `null` (Source: RFC 8259 section 6). Raises EncodeError for anything else.
    """
    try:
        if _is_plain(value) or isinstance(value, BaseModel):
            return to_json(value, by_alias=True, inf_nan_mode="null")
        return _encode_mixed(value)
    except RecursionError as error:
        raise EncodeError(value=value, problem=_CIRCULAR) from error
    except (PydanticSerializationError, ValueError) as error:
        raise EncodeError(value=value, problem=str(error)) from error


def stream_encode(value: object) -> bytes:
    """Encode one item of a stream whose items have no declared type, with spaces and ASCII only, as FastAPI.

    Raises EncodeError.
    """
    try:
        return json.dumps(_without_nan(jsonable_encoder(value))).encode()
    except RecursionError as error:
        raise EncodeError(value=value, problem=_CIRCULAR) from error
    except (TypeError, ValueError) as error:
        raise EncodeError(value=value, problem=str(error)) from error


def _without_nan(value: Any) -> Any:
    """Put None in the place of what JSON does not have."""
    if isinstance(value, dict):
        return {key: _without_nan(one) for key, one in value.items()}
    if isinstance(value, list):
        return [_without_nan(one) for one in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value


def _is_plain(value: Any) -> bool:
    """Tell whether a value holds nothing but the interpreter's own types, which pydantic and
    `jsonable_encoder` write alike: marshal takes no others, and looks at them three times as fast as
    pydantic writes them.
    """
    try:
        marshal.dumps(value)
    except ValueError:
        return False
    return True


def _encode_mixed(value: object) -> bytes:
    """Write plain values with others among them; what the standard library does not take (keys, NaN) by
    `jsonable_encoder` alone.
    """
    try:
        return _WRITER.encode(value).encode()
    except (TypeError, ValueError):
        return to_json(jsonable_encoder(value), inf_nan_mode="null")


def _simplify(value: object) -> object:
    return (
        value.model_dump(mode="json", by_alias=True)
        if isinstance(value, BaseModel)
        else jsonable_encoder(value)
    )


_WRITER = json.JSONEncoder(ensure_ascii=False, allow_nan=False, separators=(",", ":"), default=_simplify)
