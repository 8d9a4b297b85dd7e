"""Which models take the bytes of a JSON body for what they take the values it holds for.

Parameters are validated as values, as FastAPI does it, and pydantic is stricter or laxer with some types
when it reads JSON itself. For plain models it comes to the same, sooner; where a body is one of them, its
bytes are asked first, and the values only to say what is wrong.
"""

from collections.abc import Callable, Mapping
from typing import Any

from pydantic import BaseModel

from miniframework.params.field import BodyUse, Field

_SCALARS: Mapping[str, frozenset[str]] = {
    "str": frozenset(("min_length", "max_length", "pattern", "strip_whitespace", "to_lower", "to_upper")),
    "int": frozenset(("ge", "gt", "le", "lt", "multiple_of")),
    "float": frozenset(("ge", "gt", "le", "lt", "allow_inf_nan")),
    "bool": frozenset(),
}
_USUAL_CONFIG = frozenset(("title",))
_OF_A_MODEL = frozenset(
    ("type", "cls", "schema", "config", "custom_init", "root_model", "metadata", "ref", "serialization")
)
_OF_ITS_FIELDS = frozenset(("type", "fields", "model_name", "computed_fields"))
_OF_A_FIELD = frozenset(
    ("type", "schema", "metadata", "validation_alias", "serialization_alias", "serialization_exclude")
)
_OF_A_DEFAULT = frozenset(("type", "schema", "default", "metadata", "copy_default"))
_OF_A_NULLABLE = frozenset(("type", "schema", "metadata"))
_OF_A_LIST = frozenset(("type", "items_schema", "min_length", "max_length", "metadata"))


def validates_json_alike(field: Field) -> bool:
    """Tell whether the whole body, which `field` is, may be validated as bytes."""
    if field.body_use is not BodyUse.WHOLE or field.metadata or (field.marker and field.marker.constraints):
        return False
    model = field.annotation
    if not (isinstance(model, type) and issubclass(model, BaseModel)):
        return False
    return _is_alike(model.__pydantic_core_schema__)


def _is_alike(schema: Any) -> bool:
    if not isinstance(schema, dict):
        return False  # not built yet
    kind = schema["type"]
    if kind in _SCALARS:
        return schema.keys() <= _SCALARS[kind] | {"type", "metadata"}
    check = _CHECKS.get(kind)
    return check is not None and check(schema)


def _is_model_alike(schema: dict[str, Any]) -> bool:
    return (
        schema.keys() <= _OF_A_MODEL
        and not schema.get("custom_init")
        and not schema.get("root_model")
        and schema.get("config", {}).keys() <= _USUAL_CONFIG
        and _is_alike(schema["schema"])
    )


def _are_fields_alike(schema: dict[str, Any]) -> bool:
    return schema.keys() <= _OF_ITS_FIELDS and all(
        field.keys() <= _OF_A_FIELD and _is_alike(field["schema"]) for field in schema["fields"].values()
    )


_CHECKS: Mapping[str, Callable[[dict[str, Any]], bool]] = {
    "model": _is_model_alike,
    "model-fields": _are_fields_alike,
    "nullable": lambda schema: schema.keys() <= _OF_A_NULLABLE and _is_alike(schema["schema"]),
    "default": lambda schema: schema.keys() <= _OF_A_DEFAULT and _is_alike(schema["schema"]),
    "list": lambda schema: schema.keys() <= _OF_A_LIST and _is_alike(schema.get("items_schema")),
}
