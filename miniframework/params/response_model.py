"""What an endpoint may return, and how it is written: FastAPI's `response_model`."""

from collections.abc import Callable, Mapping
from functools import lru_cache, partial
from typing import Any, TypeVar

from pydantic import TypeAdapter, ValidationError
from pydantic.errors import PydanticSchemaGenerationError, PydanticUndefinedAnnotation, PydanticUserError
from pydantic_core import PydanticSerializationError, SchemaError, SchemaSerializer, core_schema

from miniframework.http.exceptions import ResponseValidationError
from miniframework.params.annotations import describe_annotation, find_old_model, order_of
from miniframework.params.jsonable import IncludeExclude
from miniframework.params.late import LateAdapter, complete
from miniframework.params.problems import validation_problems
from miniframework.params.signature import describe_call, find_source
from miniframework.params.unwritable import refuse_value
from miniframework.records import dataclass

Written = TypeVar("Written")
# How values are checked, and what writes them.
_Pair = tuple[Callable[..., Any], SchemaSerializer | LateAdapter]


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

    __slots__ = ("_annotation", "_endpoint", "_options", "_serializer", "_validate")

    def __init__(self, annotation: Any, options: ModelOptions, endpoint: Callable[..., Any]) -> None:
        """Build the validator. Raises ValueError saying what about the type pydantic does not know."""
        self._validate, self._serializer = _build_pair(annotation)
        self._annotation = annotation
        self._options = options
        self._endpoint = endpoint

    def make_encode(self) -> Callable[[Any], bytes]:
        """Give the function that writes a value as JSON."""
        if self._options is DEFAULT_OPTIONS:
            if _takes_all(self._annotation):
                return _share_any_json(self._serializer)
            return self._checked(_share_json(self._serializer))
        return self._checked(partial(self._serializer.to_json, **_given(self._options)))

    def make_simplify(self) -> Callable[[Any], Any]:
        """Give the function that turns a value into what JSON has: dicts, lists, text."""
        given = _given(self._options)
        return self._checked(partial(self._serializer.to_python, mode="json", **given))

    def _checked(self, write: Callable[[Any], Written]) -> Callable[[Any], Written]:
        if _takes_all(self._annotation):
            return _unchecked(write)
        validate, endpoint = self._validate, self._endpoint

        def write_checked(value: Any) -> Written:
            try:
                return write(validate(value, from_attributes=True))
            except ValidationError as error:
                problems = validation_problems(("response",), error, for_json=False)
                asked = _name_endpoint(endpoint)
                raise ResponseValidationError(problems, body=value, endpoint_ctx=asked) from error
            except PydanticSerializationError as error:
                raise refuse_value(value, error) from error

        return write_checked


def _name_endpoint(endpoint: Callable[..., Any]) -> dict[str, Any]:
    source = find_source(endpoint)
    place = {} if source is None else {"file": source.file, "line": source.line}
    return {"function": describe_call(endpoint), **place}


def _unchecked(write: Callable[[Any], Written]) -> Callable[[Any], Written]:
    def write_any(value: Any) -> Written:
        try:
            return write(value)
        except PydanticSerializationError as error:
            raise refuse_value(value, error) from error

    return write_any


@lru_cache(maxsize=8)  # a memo of a pure function: there are two such types
def _share_any_json(serializer: SchemaSerializer | LateAdapter) -> Callable[[Any], bytes]:
    to_json = serializer.to_json

    def write_any(value: Any) -> bytes:
        try:
            return to_json(value, by_alias=True)
        except PydanticSerializationError as error:
            raise refuse_value(value, error) from error

    return write_any


@lru_cache(maxsize=1024)  # a memo of a pure function: routes that return the same share what writes it
def _share_json(serializer: SchemaSerializer | LateAdapter) -> Callable[[Any], bytes]:
    to_json = serializer.to_json

    def write(value: Any) -> bytes:  # in a third of the time that a partial takes for its keyword
        return to_json(value, by_alias=True)

    return write


def _takes_all(annotation: Any) -> bool:
    """Tell whether everything is taken as it is."""
    return annotation is Any or annotation is object


@lru_cache(maxsize=1024)  # routes share their types, and building a validator takes a tenth of a millisecond
def _build_hashable(annotation: Any, order: object) -> _Pair:
    return _build(annotation)


def _build_pair(annotation: Any) -> _Pair:
    order = order_of(annotation)
    try:
        hash((annotation, order))
    except TypeError:
        return _build(annotation)
    return _build_hashable(annotation, order)


def _build(annotation: Any) -> _Pair:
    if _takes_all(annotation):  # the first adapter of a program has pydantic look for plugins on the disk
        return _keep, SchemaSerializer(core_schema.any_schema())
    if (old := find_old_model(annotation)) is not None:
        raise ValueError(f"{old.__qualname__} is a model of pydantic.v1; derive it from pydantic.BaseModel")
    try:
        adapter = complete(TypeAdapter(annotation))
    except (
        PydanticUserError,
        PydanticUndefinedAnnotation,
        PydanticSchemaGenerationError,
        SchemaError,
        TypeError,
    ) as error:
        said = " ".join(str(error).partition("Set `arbitrary_types_allowed")[0].split())
        raise ValueError(f"pydantic cannot write {describe_annotation(annotation)}: {said}") from error
    return adapter.validator.validate_python, adapter.serializer


def _keep(value: Any, **_: Any) -> Any:
    return value


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
