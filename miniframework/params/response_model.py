"""What an endpoint may return, and how it is written: FastAPI's `response_model`."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from types import NoneType
from typing import Any

from pydantic import TypeAdapter, ValidationError
from pydantic.errors import PydanticSchemaGenerationError, PydanticUndefinedAnnotation, PydanticUserError
from pydantic_core import SchemaError

from miniframework.http.exceptions import ResponseValidationError
from miniframework.params.annotations import describe_annotation
from miniframework.params.jsonable import IncludeExclude
from miniframework.params.problems import validation_problems


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelOptions:
    """Which fields of the returned value go out, and under which names; as in pydantic's `model_dump`."""

    include: IncludeExclude | None = None
    exclude: IncludeExclude | None = None
    by_alias: bool = True
    exclude_unset: bool = False
    exclude_defaults: bool = False
    exclude_none: bool = False


class ResponseModel:
    """Checks returned values against a type and writes them, without what the type does not have."""

    __slots__ = ("_options", "_write_json", "_write_python", "annotation", "validate")

    def __init__(self, annotation: Any, options: ModelOptions) -> None:
        """Build the validator. Raises ValueError saying what about the type pydantic does not know."""
        adapter = _build_adapter(annotation)
        self.annotation = annotation
        self.validate: Callable[[Any], Any] = _make_check(adapter)
        self._write_json = adapter.serializer.to_json
        self._write_python = adapter.serializer.to_python
        self._options = _given(options)

    def encode(self, value: Any) -> bytes:
        """Give the JSON of a value. Raises ResponseValidationError."""
        return self._write_json(self.validate(value), **self._options)

    def simplify(self, value: Any) -> Any:
        """Give a value as JSON has it: dicts, lists, text. Raises ResponseValidationError."""
        return self._write_python(self.validate(value), mode="json", **self._options)


def _make_check(adapter: TypeAdapter[Any]) -> Callable[[Any], Any]:
    validate = adapter.validator.validate_python

    def check(value: Any) -> Any:
        try:
            return validate(value, from_attributes=True)
        except ValidationError as error:
            raise ResponseValidationError(validation_problems(("response",), error), body=value) from error

    return check


@lru_cache(maxsize=1024)  # routes share their types, and building a validator takes a tenth of a millisecond
def _build_hashable(annotation: Any) -> TypeAdapter[Any]:
    return _build(annotation)


def _build_adapter(annotation: Any) -> TypeAdapter[Any]:
    try:
        hash(annotation)
    except TypeError:
        return _build(annotation)
    return _build_hashable(annotation)


def _build(annotation: Any) -> TypeAdapter[Any]:
    try:
        adapter: TypeAdapter[Any] = TypeAdapter(annotation)
        if not adapter.pydantic_complete:
            adapter.rebuild(raise_errors=True)
    except (
        PydanticUserError,
        PydanticUndefinedAnnotation,
        PydanticSchemaGenerationError,
        SchemaError,
        TypeError,
    ) as error:
        said = " ".join(str(error).partition("Set `arbitrary_types_allowed")[0].split())
        raise ValueError(f"pydantic cannot write {describe_annotation(annotation)}: {said}") from error
    return adapter


def _given(options: ModelOptions) -> Mapping[str, Any]:
    """The options that say something, as pydantic takes them."""
    given: dict[str, Any] = {"by_alias": options.by_alias}
    for name in ("include", "exclude"):
        choice = getattr(options, name)
        if choice is not None:
            given[name] = choice if isinstance(choice, set | dict) else set(choice)
    for name in ("exclude_unset", "exclude_defaults", "exclude_none"):
        if getattr(options, name):
            given[name] = True
    return given


def is_nothing(annotation: Any) -> bool:
    """Tell whether a type says that nothing is returned."""
    return annotation is None or annotation is NoneType
