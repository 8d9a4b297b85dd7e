"""Write a handler's return value as JSON."""

from pydantic_core import PydanticSerializationError, to_json

from miniframework.errors import EncodeError


def json_encode(value: object) -> bytes:
    """Encode a value as compact UTF-8 JSON.

    Takes what JSON has, and pydantic models, dataclasses, typed dicts, named tuples, dates, UUIDs,
    decimals, enums, paths, sets, generators and UTF-8 bytes. `NaN` and the infinities, which JSON does not
    have, become `null` (Source: RFC 8259 section 6). Raises EncodeError for anything else.
    """
    try:
        return to_json(value, inf_nan_mode="null")
    except (PydanticSerializationError, ValueError, RecursionError) as error:
        raise EncodeError(value=value, problem=str(error)) from error
