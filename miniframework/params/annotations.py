"""Read an annotation: is it text, many values, or a body; and what is it called when shown to a person."""

import collections
import dataclasses
import inspect
import sys
import types
import typing
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Annotated, Any, Union, get_args, get_origin
from uuid import UUID

from pydantic import BaseModel, BeforeValidator, Json, PlainValidator, WrapValidator

from miniframework.http.upload import UploadFile

_UNIONS = (Union, types.UnionType)
_OLD_MODELS = "pydantic.v1.main"
_MANY = (list, tuple, set, frozenset, collections.deque)
_TEXT = (str, bytes, bytearray)
_READ_FIRST = (BeforeValidator, PlainValidator, WrapValidator)
# What is made of these cannot be told from one another, and is shared among routes.
USUAL_TYPES = (str, int, float, bool, bytes, UUID, Decimal, date, datetime, time, timedelta)


def strip_annotated(annotation: object) -> tuple[object, tuple[object, ...]]:
    """Split `Annotated[T, a, b]` into `T` and `(a, b)`; anything else has no metadata."""
    if type(annotation) is not type and get_origin(annotation) is Annotated:
        base, *metadata = get_args(annotation)
        return base, tuple(metadata)
    return annotation, ()


def follow_alias(annotation: object) -> object:
    """Give the type that `type X = ...` names, so that markers in it are found; anything else as it is."""
    while type(annotation).__name__ == "TypeAliasType":
        named = _read_alias(annotation)
        if named is annotation:
            break
        annotation = named
    return annotation


def _read_alias(alias: Any) -> object:
    """Give what the author named. Text, as in `TypeAliasType("Tree", "list[Tree]")`, means what it says in
    the module that has it; the alias itself where that does not know its names.
    """
    named: object = alias.__value__
    if not isinstance(named, str):
        return named
    try:
        return eval(named, vars(sys.modules[alias.__module__]))
    except (NameError, KeyError):
        return alias


def find_usual(annotation: object) -> type | None:
    """Give the class that is the annotation, or the one that it makes optional, if it is one of the usual."""
    if type(annotation) is types.UnionType:
        if len(annotation.__args__) != 2 or annotation.__args__[1] is not types.NoneType:
            return None
        annotation = annotation.__args__[0]
    return annotation if type(annotation) is type and annotation in USUAL_TYPES else None


def order_of(annotation: object) -> tuple[object, ...]:
    """Say in which order the parts of a type stand: `A | B` equals `B | A`, and they are tried in turn."""
    return tuple((one, order_of(one)) for one in get_args(annotation))


def is_body_annotation(annotation: object) -> bool:
    """Tell whether an undeclared parameter of this type is read from the body rather than from the query.

    Models, dataclasses, mappings (typed dicts are) and collections are; so is a union with one of them.
    Source: https://fastapi.tiangolo.com/tutorial/body/#request-body-path-query-parameters
    """
    return find_usual(annotation) is None and any(map(_is_structure_kind, _members(annotation, whole=True)))


def is_structured(annotation: object) -> bool:
    """Tell whether an alternative of the type is what one text cannot be, so not `Json[...]`."""
    return find_usual(annotation) is None and any(map(_is_structure_kind, _members(annotation)))


def is_many(annotation: object) -> bool:
    """Tell whether the type takes every value of a repeated name (`list[int]`, `set[str] | None`)."""
    return find_usual(annotation) is None and _any_member(annotation, _is_collection)


def holds_structures(annotation: object) -> bool:
    """Tell whether the type is a collection of what one text cannot be (`list[Item]`, `list[list[int]]`)."""
    for member in _members(annotation):
        for item in get_args(member) if is_many(member) else ():
            if item is not ... and is_structured(item) and not is_json_text(strip_annotated(item)[1]):
                return True
    return False


def may_be_text(annotation: object) -> bool:
    """Tell whether one text may become the type: an alternative is no structure, or a validator reads it."""
    kind, metadata = strip_annotated(annotation)
    if get_origin(kind) in _UNIONS:
        return any(may_be_text(one) for one in get_args(kind) if one is not types.NoneType)
    return is_json_text(metadata) or is_read_first(metadata) or not is_structured(kind)


def is_any_text(annotation: object) -> bool:
    """Tell whether every text is a good value of the type as it stands, so that nothing need be validated.

    Of a union with text the usual types are never a better reading; a type that is made of text, as a
    `SecretStr`, may be.
    """
    if annotation in (str, Any, object):
        return True
    kinds = get_args(annotation) if get_origin(annotation) in _UNIONS else ()
    return str in kinds and all(kind is types.NoneType or kind in USUAL_TYPES for kind in kinds)


def is_json_text(metadata: Sequence[object]) -> bool:
    """Tell whether the type is `Json[...]`: one text, whose JSON is the value."""
    return any(type(one) is Json for one in metadata)


def is_read_first(metadata: Sequence[object]) -> bool:
    """Tell whether a validator sees what came before the type does, and may make of a text what it wants."""
    return any(isinstance(one, _READ_FIRST) for one in metadata)


def is_upload(annotation: object) -> bool:
    """Tell whether the type is an uploaded file, optional or many of them."""
    return _any_member(annotation, lambda kind: issubclass(kind, UploadFile)) or _all_items(
        annotation, lambda kind: issubclass(kind, UploadFile)
    )


def is_bytes(annotation: object) -> bool:
    """Tell whether the type is bytes, optional or many of them: a file is read into it whole."""
    return _any_member(annotation, lambda kind: issubclass(kind, bytes)) or _all_items(
        annotation, lambda kind: issubclass(kind, bytes)
    )


def is_optional(annotation: object) -> bool:
    """Tell whether None is one of the type's alternatives."""
    return any(member is types.NoneType for member in _members(annotation))


def find_model(annotation: object) -> type[BaseModel] | None:
    """Find the pydantic model an annotation names, through `Annotated` and `Optional`."""
    if type(annotation) is type:  # a model's class has a metaclass of its own
        return None
    candidates = [member for member in _members(annotation) if member is not types.NoneType]
    if len(candidates) == 1:
        kind = candidates[0]
        if isinstance(kind, type) and get_origin(kind) is None and issubclass(kind, BaseModel):
            return kind
    return None


def find_old_model(annotation: object) -> type | None:
    """Find a model of `pydantic.v1`, pydantic's first version: alone, in a union or a collection."""
    if type(annotation) is type:
        return None
    return next(_old_models(annotation, ()), None)


def _old_models(annotation: object, aliases: tuple[object, ...]) -> Iterator[type]:
    """Give them. A type that has a name may hold itself: it is looked into once."""
    if follow_alias(annotation) is not annotation:
        if any(one is annotation for one in aliases):
            return
        aliases = (*aliases, annotation)
    for member in _members(annotation):
        if isinstance(member, type) and any(kind.__module__ == _OLD_MODELS for kind in member.__mro__):
            yield member
        for item in get_args(member):
            yield from _old_models(item, aliases)


def find_models(annotation: object) -> tuple[type[BaseModel], ...]:
    """Find the pydantic models of which an annotation is a union; () when it is one, or anything else."""
    if isinstance(annotation, type):
        return ()
    kinds = [member for member in _members(annotation) if member is not types.NoneType]
    models = [kind for kind in kinds if isinstance(kind, type) and get_origin(kind) is None]
    models = [kind for kind in models if issubclass(kind, BaseModel)]
    return tuple(models) if len(kinds) > 1 and len(models) == len(kinds) else ()


def describe_annotation(annotation: object) -> str:
    """Write a type the way its author did: `int`, `str | None`, `list[Item]`."""
    base, _ = strip_annotated(annotation)
    if base is inspect.Parameter.empty:
        return "Any"
    if base is types.NoneType:
        return "None"
    if type(base) is type:
        return base.__qualname__
    if isinstance(base, typing.ForwardRef):
        return base.__forward_arg__
    if get_origin(base) in _UNIONS:
        return " | ".join(describe_annotation(member) for member in get_args(base))
    if isinstance(base, type) and get_origin(base) is None:
        return base.__qualname__
    arguments = get_args(base)
    origin = get_origin(base)
    if origin is typing.Literal:
        return f"Literal[{', '.join(repr(value) for value in arguments)}]"
    if origin in (tuple, *_MANY, dict, type) and arguments:
        inner = ", ".join("..." if one is ... else describe_annotation(one) for one in arguments)
        return f"{origin.__name__}[{inner}]"
    return str(base).replace("typing.", "")


def _members(annotation: object, *, whole: bool = False) -> Iterable[object]:
    """Every alternative of a type, through Annotated, unions, `type X = ...` and NewType.

    `Json[Item]` as one of several is an `object`, for it is made of one text; with `whole` it is an `Item`.
    """
    if type(annotation) is type:  # an ordinary class, by far the most common: told apart for its speed
        yield annotation
        return
    if type(annotation) is types.UnionType and all(type(one) is type for one in annotation.__args__):
        yield from annotation.__args__
        return
    base, _ = strip_annotated(annotation)
    if get_origin(base) in _UNIONS:
        for member in get_args(base):
            is_text = not whole and is_json_text(strip_annotated(member)[1])
            yield from (object,) if is_text else _members(member, whole=whole)
    elif hasattr(base, "__supertype__"):
        yield from _members(base.__supertype__, whole=whole)
    elif (named := follow_alias(base)) is not base:
        yield from _members(named, whole=whole)
    else:
        yield base


def _any_member(annotation: object, test: Callable[[type], bool]) -> bool:
    if type(annotation) is type:
        return test(annotation)
    for member in _members(annotation):
        kind = get_origin(member) or member
        if isinstance(kind, type) and test(kind):
            return True
    return False


def _all_items(annotation: object, test: Callable[[type], bool]) -> bool:
    """Tell whether the type is a collection of nothing but what passes the test."""
    if type(annotation) is type:
        return False
    for member in _members(annotation):
        items = [one for one in get_args(member) if one is not ...]
        if items and is_many(member) and all(_any_member(one, test) for one in items):
            return True
    return False


def _is_structure_kind(member: object) -> bool:
    kind = get_origin(member) or member
    return isinstance(kind, type) and _is_structure(kind)


def _is_structure(kind: type) -> bool:
    return issubclass(kind, BaseModel | Mapping) or dataclasses.is_dataclass(kind) or _is_collection(kind)


def _is_collection(kind: type) -> bool:
    return not issubclass(kind, _TEXT) and issubclass(kind, (*_MANY, Sequence, Set))
