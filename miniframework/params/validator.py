"""Build pydantic's validator of one parameter, once, at registration."""

import warnings
from collections.abc import Mapping
from functools import lru_cache
from typing import Annotated, Any, Optional

from pydantic import ConfigDict, Field, TypeAdapter, ValidationError
from pydantic.errors import PydanticSchemaGenerationError, PydanticUndefinedAnnotation, PydanticUserError
from pydantic_core import SchemaError, SchemaValidator

from miniframework.params.annotations import USUAL_TYPES, describe_annotation, find_old_model, find_usual
from miniframework.params.late import complete
from miniframework.params.signature import Signature, SignatureParameter

# What a constraint is tried on at registration: text that is also a number, so that only a constraint that
# does not fit its type can raise TypeError.
_PROBE = "1"
_PLAIN_TYPES = (str, int, float, bool)
# The constraints that pydantic writes into the schema of such a type as they are given.
_OF_NUMBERS = frozenset(("strict", "ge", "gt", "le", "lt", "multiple_of"))
_PLAIN_CONSTRAINTS: Mapping[type, frozenset[str]] = {
    int: _OF_NUMBERS,
    float: _OF_NUMBERS | {"allow_inf_nan"},
    str: frozenset(("strict", "min_length", "max_length", "pattern")),
}


def build_validator(
    signature: Signature, parameter: SignatureParameter, *, own_types: bool = False
) -> SchemaValidator:
    """Build the validator of a parameter's annotation with its constraints.

    `own_types`: an ordinary class is accepted and checked with isinstance, for the values of the user's own
    path converters. A type may name types that are defined later. Raises ParameterError with the way out
    when pydantic cannot tell what the type is, or a constraint does not fit it.
    """
    constraints = {} if parameter.marker is None else parameter.marker.constraints
    plain = None if parameter.metadata else find_usual(parameter.annotation)
    if plain is not None and not constraints:
        return _build_usual(plain, plain is not parameter.annotation)
    if plain is not None and _PLAIN_CONSTRAINTS.get(plain, frozenset()).issuperset(constraints):
        words = tuple((word, type(value), value) for word, value in constraints.items())
        try:
            return _build_plain(plain, plain is not parameter.annotation, words)
        except (SchemaError, TypeError):  # no such constraint, or one that cannot be hashed
            pass  # pydantic says below what is wrong
    if (old := find_old_model(parameter.annotation)) is not None:
        signature.refuse(
            parameter.name,
            f"{old.__qualname__} is a model of pydantic.v1",
            "derive it from pydantic.BaseModel",
        )
    try:
        adapter = _adapt(parameter, constraints, own_types)
        if not adapter.pydantic_complete and hasattr(parameter.annotation, "__value__"):
            adapter.rebuild(raise_errors=True)  # an alias of nobody knows what: it cannot even be placed
        if constraints and parameter.annotation in _PLAIN_TYPES and not parameter.metadata:
            _probe(adapter)
        return complete(adapter).validator  # type: ignore[return-value]  # others have the same methods
    except (PydanticUserError, PydanticUndefinedAnnotation, SchemaError, TypeError) as error:
        kind = describe_annotation(parameter.annotation)
        said = " ".join(str(error).partition("Set `arbitrary_types_allowed")[0].split())
        if constraints:
            signature.refuse(
                parameter.name,
                f"{constraints!r} does not fit {kind}: {said}",
                "change the constraint or the type",
            )
        signature.refuse(
            parameter.name,
            f"pydantic cannot read text into {kind}: {said}",
            "use a plain type, a dataclass or a pydantic model, or fill the parameter with Depends(...)",
        )


def _adapt(
    parameter: SignatureParameter, constraints: Mapping[str, Any], own_types: bool
) -> TypeAdapter[Any]:
    annotation = parameter.annotation
    extra, at = parameter.metadata, parameter.marked_at
    if constraints:
        extra = (*extra[:at], Field(**constraints), *extra[at:])
    if extra:
        annotation = Annotated[annotation, *extra]
    with warnings.catch_warnings():
        # The alias of a Field(...) says nothing to an adapter; it was read when the parameter was placed.
        warnings.simplefilter("ignore", UserWarning)
        try:
            return TypeAdapter(annotation)
        except PydanticSchemaGenerationError:
            if not own_types:
                raise
            return TypeAdapter(annotation, config=ConfigDict(arbitrary_types_allowed=True))


@lru_cache(maxsize=256)  # a memo of a pure function: parameters that are constrained alike share it
def _build_plain(kind: type, is_optional: bool, words: tuple[tuple[str, type, Any], ...]) -> SchemaValidator:
    """Build the validator that an adapter of the annotation has, in a twentieth of the time."""
    schema: Any = {"type": kind.__name__, **{word: value for word, _, value in words}}
    return SchemaValidator({"type": "nullable", "schema": schema} if is_optional else schema)


def build_usual_validator(annotation: object) -> SchemaValidator:
    """Give the validator of one of the usual types, alone or optional. They all share it."""
    plain = find_usual(annotation)
    assert plain is not None
    return _build_usual(plain, annotation is not plain)


@lru_cache(maxsize=2 * len(USUAL_TYPES))  # a memo of a pure function: routes by the thousand ask for few
def _build_usual(kind: type, is_optional: bool) -> SchemaValidator:
    if kind in _PLAIN_TYPES:  # the first adapter of a program has pydantic look for plugins on the disk
        return _build_plain(kind, is_optional, ())
    annotation: Any = Optional[kind] if is_optional else kind  # noqa: UP045  # of a value, not of a word
    return TypeAdapter(annotation).validator  # type: ignore[return-value]  # a pluggable one has its methods


def _probe(adapter: TypeAdapter[Any]) -> None:
    try:
        adapter.validator.validate_python(_PROBE)
    except ValidationError:
        return
