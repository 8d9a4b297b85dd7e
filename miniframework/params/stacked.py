"""Several markers of one parameter, and the fields of pydantic beside them, read as one marker."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from pydantic.fields import FieldInfo

from miniframework.params.marker import Description, Marker, names_said


def stack_markers(markers: Sequence[object]) -> Marker | None:
    """Give one marker that says what all of them say, a later one before an earlier; None when they are not
    of one kind. So `Limit = Annotated[int, Query(le=100)]` is narrowed by `Annotated[Limit, Query(ge=1)]`.
    """
    whole, *others = markers
    for one in others:
        if not (isinstance(whole, Marker) and isinstance(one, Marker) and whole.source == one.source):
            return None
        words = {name: said for name, said in whole.description.items() if name not in one.unsaid}
        whole = replace(
            one,
            default_factory=one.default_factory or whole.default_factory,
            names=one.names if one.names or "alias" in one.unsaid else whole.names,
            constraints={**whole.constraints, **one.constraints},
            description=_lay_over(words, one.description),
            validate_default=whole.validate_default if one.validate_default is None else one.validate_default,
        )
    return whole if isinstance(whole, Marker) else None


def complete_marker(marker: Marker, metadata: tuple[object, ...], *, marked_at: int | None = None) -> Marker:
    """Fill in what the marker leaves open from each `pydantic.Field(...)` that stands beside it.

    The marker stood before the item `marked_at` of the metadata, by default after all of them: a field
    behind it has the last word, as among pydantic's own fields.
    """
    for at, info in enumerate(metadata):
        if isinstance(info, FieldInfo):
            is_behind = marked_at is not None and at >= marked_at
            marker = _override(marker, info) if is_behind else _fill_in(marker, info)
    return marker


def _fill_in(marker: Marker, info: FieldInfo) -> Marker:
    said = {name: value for name, value in _words(info).items() if name not in marker.unsaid}
    factory: Any = info.default_factory
    named = marker.names or "alias" in marker.unsaid
    validates = marker.validate_default
    return replace(
        marker,
        default_factory=marker.default_factory or factory,
        names=marker.names if named else names_in_field((info,)),
        description=_lay_over(said, marker.description),
        validate_default=info.validate_default if validates is None else validates,
    )


def _override(marker: Marker, info: FieldInfo) -> Marker:
    factory: Any = info.default_factory
    validates = info.validate_default
    return replace(
        marker,
        default_factory=factory or marker.default_factory,
        names=names_in_field((info,)) or marker.names,
        description=_lay_over(marker.description, _words(info)),
        validate_default=marker.validate_default if validates is None else validates,
    )


def _words(info: FieldInfo) -> dict[str, Any]:
    """What a field says for the documentation."""
    words = {name: getattr(info, name, None) for name in Description.__annotations__}
    return {name: value for name, value in words.items() if value is not None}


def _lay_over(under: Mapping[str, Any], over: Mapping[str, Any]) -> Mapping[str, Any]:
    """What `over` says comes first; of two objects of extra words the words do."""
    inner, outer = under.get("json_schema_extra"), over.get("json_schema_extra")
    if isinstance(inner, Mapping) and isinstance(outer, Mapping):
        over = {**over, "json_schema_extra": {**inner, **outer}}
    return {**under, **over}


def names_in_field(metadata: tuple[object, ...]) -> tuple[str, ...]:
    """The names in the request that a `pydantic.Field(...)` of the metadata gives; () for none."""
    infos = [one for one in metadata if isinstance(one, FieldInfo)]
    found = (names_said(info.validation_alias, info.alias) for info in infos)
    return next((names for names in found if names), ())
