"""Types that name a type which is not defined yet: `author: "Person"` above `class Person`."""

from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel, TypeAdapter
from pydantic.errors import PydanticUndefinedAnnotation
from pydantic.fields import FieldInfo


class LateAdapter:
    """Validates and writes as the adapter of such a type does, once every name in it is defined.

    Until then each method raises PydanticUndefinedAnnotation, which says the name that is missing.
    """

    __slots__ = ("_adapter",)

    def __init__(self, adapter: TypeAdapter[Any]) -> None:
        self._adapter = adapter

    @property
    def validator(self) -> "LateAdapter":
        """What validates."""
        return self

    @property
    def serializer(self) -> "LateAdapter":
        """What writes."""
        return self

    def validate_python(self, value: Any, **options: Any) -> Any:
        """Validate a value. Raises ValidationError."""
        return self._finish().validator.validate_python(value, **options)

    def validate_json(self, text: bytes, **options: Any) -> Any:
        """Validate the value that JSON says. Raises ValidationError."""
        return self._finish().validator.validate_json(text, **options)

    def to_json(self, value: Any, **options: Any) -> bytes:
        """Write a value as JSON. Raises PydanticSerializationError."""
        return self._finish().serializer.to_json(value, **options)

    def to_python(self, value: Any, **options: Any) -> Any:
        """Give a value as dicts, lists and text. Raises PydanticSerializationError."""
        return self._finish().serializer.to_python(value, **options)

    def _finish(self) -> TypeAdapter[Any]:
        if not self._adapter.pydantic_complete:
            self._adapter.rebuild(raise_errors=True)
        return self._adapter


def complete(adapter: TypeAdapter[Any]) -> TypeAdapter[Any] | LateAdapter:
    """Give the adapter if every name in its type is defined, else one that waits for them.

    Raises PydanticUserError for a type that pydantic does not know.
    """
    if adapter.pydantic_complete:
        return adapter
    try:
        adapter.rebuild(raise_errors=True)
    except PydanticUndefinedAnnotation:
        return LateAdapter(adapter)
    return adapter


def fields_of(model: type[BaseModel]) -> Mapping[str, FieldInfo]:
    """Give the fields of a model with the types they name, as far as these are defined by now."""
    if not model.__pydantic_complete__:
        model.model_rebuild(raise_errors=False)
    return model.model_fields
