"""How pydantic takes an uploaded file: as it is, and nothing else in its place."""

from typing import Any

from pydantic_core import core_schema


def upload_schema(kind: type) -> core_schema.CoreSchema:
    """Give the schema of a parameter that must be a file of the form, made by `kind`."""

    def check(value: Any) -> Any:
        if not isinstance(value, kind):
            raise ValueError(f"Expected UploadFile, received: {type(value)}")
        return value

    return core_schema.no_info_plain_validator_function(check)
