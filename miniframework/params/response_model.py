"""What an endpoint may return, and how it is written: FastAPI's `response_model`."""

from collections.abc import Callable, Mapping
from functools import lru_cache, partial
from typing import Any, TypeVar

from pydantic import TypeAdapter, ValidationError
from pydantic.errors import PydanticSchemaGenerationError, PydanticUndefinedAnnotation, PydanticUserError
from pydantic_core import PydanticSerializationError, SchemaError

from miniframework.errors import EncodeError
from miniframework.http.exceptions import ResponseValidationError
from miniframework.params.annotations import describe_annotation, find_old_model
from miniframework.params.jsonable import IncludeExclude
from miniframework.params.problems import validation_problems
from miniframework.params.signature import describe_call, find_source
from miniframework.records import dataclass

Written = TypeVar("Written")


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelOptions:
    """Which fields of the returned value go out, and under which names; as in pydantic's `model_dump`."""

    include: IncludeExclude | None = None
    exclude: IncludeExclude | None = None
    by_alias: bool = True
    exclude_unset: bool = False
    exclude_defaults: bool = False
    exclude_none: bool = False


DEFAULT_OPTIONS = ModelOptions()


class ResponseModel:
    """Checks what `endpoint` returns against a type and writes it, without what the type does not have.

    What it makes raises ResponseValidationError, and EncodeError for what no JSON can hold.
    """

    __slots__ = ("_adapter", "_annotation", "_endpoint", "_options")

    def __init__(self, annotation: Any, options: ModelOptions, endpoint: Callable[..., Any]) -> None:
        """Build the validator. Raises ValueError saying what about the type pydantic does not know."""
        self._adapter = _build_adapter(annotation)
        self._annotation = annotation
        self._options = options
        self._endpoint = endpoint

    def make_encode(self) -> Callable[[Any], bytes]:
        """Give the function that writes a value as JSON."""
        if self._options is DEFAULT_OPTIONS:
            if self._annotation in (Any, object):  # these take everything as it is
                return _share_any_json(self._adapter)
            return self._checked(*_share_json(self._adapter))
        given = _given(self._options)
        return self._checked(self._validate, partial(self._adapter.serializer.to_json, **given))

    def make_simplify(self) -> Callable[[Any], Any]:
        """Give the function that turns a value into what JSON has: dicts, lists, text."""
        given = _given(self._options)
        return self._checked(
            self._validate, partial(self._adapter.serializer.to_python, mode="json", **given)
        )

    @property
    def _validate(self) -> Callable[..., Any]:
        return self._adapter.validator.validate_python

    def _checked(
        self, validate: Callable[..., Any], write: Callable[[Any], Written]
    ) -> Callable[[Any], Written]:
        if self._annotation in (Any, object):  # these take everything as it is
            return _unchecked(write)
        endpoint = self._endpoint

        def write_checked(value: Any) -> Written:
            try:
                return write(validate(value, from_attributes=True))
            except ValidationError as error:
                problems = validation_problems(("response",), error)
                where = f"{describe_call(endpoint)}() at {find_source(endpoint)}"
                raise ResponseValidationError(problems, body=value, where=where) from error
            except PydanticSerializationError as error:
                raise EncodeError(value=value, problem=str(error)) from error

        return write_checked


def _unchecked(write: Callable[[Any], Written]) -> Callable[[Any], Written]:
    def write_any(value: Any) -> Written:
        try:
            return write(value)
        except PydanticSerializationError as error:
            raise EncodeError(value=value, problem=str(error)) from error

    return write_any


@lru_cache(maxsize=8)  # a memo of a pure function: there are two such types
def _share_any_json(adapter: TypeAdapter[Any]) -> Callable[[Any], bytes]:
    to_json = adapter.serializer.to_json

    def write_any(value: Any) -> bytes:
        try:
            return to_json(value, by_alias=True)
        except PydanticSerializationError as error:
            raise EncodeError(value=value, problem=str(error)) from error

    return write_any


@lru_cache(maxsize=1024)  # a memo of a pure function: routes that return the same share what writes it
def _share_json(adapter: TypeAdapter[Any]) -> tuple[Callable[..., Any], Callable[[Any], bytes]]:
    to_json = adapter.serializer.to_json

    def write(value: Any) -> bytes:  # in a third of the time that a partial takes for its keyword
        return to_json(value, by_alias=True)

    return adapter.validator.validate_python, write


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
    if (old := find_old_model(annotation)) is not None:
        raise ValueError(f"{old.__qualname__} is a model of pydantic.v1; derive it from pydantic.BaseModel")
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
