"""What a marker says of one parameter, and the field of pydantic that it stands in."""

import re
from collections.abc import Callable, Mapping
from dataclasses import field
from enum import StrEnum
from typing import Any, Final, Literal, TypedDict

from pydantic import AliasChoices, AliasPath, Discriminator
from pydantic.fields import FieldInfo

from miniframework.events import ParameterSource
from miniframework.records import dataclass


class Required:
    """The type of `REQUIRED`, the default of a parameter that has none."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "REQUIRED"


REQUIRED: Final = Required()


class Constraints(TypedDict, total=False):
    """What a value must be; handed to `pydantic.Field` as it is."""

    gt: Any
    ge: Any
    lt: Any
    le: Any
    multiple_of: float | None
    min_length: int | None
    max_length: int | None
    pattern: str | re.Pattern[str] | None
    strict: bool | None
    max_digits: int | None
    decimal_places: int | None
    allow_inf_nan: bool | None
    discriminator: str | Discriminator | None
    union_mode: Literal["smart", "left_to_right"] | None
    fail_fast: bool | None


class Description(TypedDict, total=False):
    """What only the documentation of the parameter says; no request is read by it."""

    title: str | None
    description: str | None
    examples: list[Any] | None
    deprecated: bool | str | None
    json_schema_extra: Any
    openapi_examples: dict[str, Any] | None
    example: Any
    include_in_schema: bool
    serialization_alias: str | None


# What a field of a model says, too.
_PYDANTIC_WORDS = (
    "title",
    "description",
    "examples",
    "deprecated",
    "json_schema_extra",
    "serialization_alias",
)


class Options(Constraints, Description, total=False):
    """What every marker takes beside its default and what only it has.

    `alias` is the name in the request; `validation_alias` comes before it, and an AliasChoices names several,
    of which the first that came is read. `regex` is the old word for `pattern`. None says that what a
    `pydantic.Field(...)` beside the marker says does not hold.
    """

    alias: str | None
    validation_alias: str | AliasPath | AliasChoices | None
    validate_default: bool | None
    alias_priority: int | None
    regex: str | None


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Marker:
    """Where one parameter comes from and what it must be; made by `Path`, `Query` and so on.

    `names` are its names in the request, the preferred one first; empty: the Python name; `alias` and
    `validation_alias` are what was said of them. `embed` (Body): the value is under its name's key even when
    it is the only one. `convert_underscores` (Header): `x_token` reads `x-token`. `description` and
    `media_type` are for the documentation. `unsaid` are the options that were None on purpose,
    `validate_default` is None when nothing was said of it.
    """

    source: ParameterSource
    default: object = REQUIRED
    default_factory: Callable[[], object] | None = None
    names: tuple[str, ...] = ()
    alias: str | None = None
    validation_alias: str | AliasPath | AliasChoices | None = None
    alias_priority: int | None = None
    constraints: Mapping[str, Any] = field(default_factory=dict)
    description: Mapping[str, Any] = field(default_factory=dict)
    unsaid: frozenset[str] = frozenset()
    validate_default: bool | None = None
    embed: bool | None = None
    convert_underscores: bool = True
    media_type: str | None = None


class ParamTypes(StrEnum):
    """Where a parameter stands. Source: OpenAPI 3.1, Parameter Object, `in`."""

    query = "query"
    header = "header"
    path = "path"
    cookie = "cookie"


# What can be read of every marker and of no field of pydantic, and what it is when nothing was said.
_DESCRIBED: Mapping[str, object] = {"include_in_schema": True, "openapi_examples": None, "example": None}
_BODY_SOURCES: tuple[ParameterSource, ...] = ("body", "form", "file")
# What only the markers of these sources have.
_SOURCES_WITH: Mapping[str, tuple[ParameterSource, ...]] = {
    "in_": ("path", "query", "header", "cookie"),
    "convert_underscores": ("header",),
    "embed": _BODY_SOURCES,
    "media_type": _BODY_SOURCES,
}


class MarkedField(FieldInfo):  # type: ignore[misc]  # said to be final, and the only way to be read as a field
    """What `Path()`, `Query()` and so on return: the `marker`, and what pydantic reads of a field, so that it
    also says something inside a model, a union or a list.
    """

    __slots__ = ("marker",)

    def __init__(self, marker: Marker) -> None:
        words = {name: marker.description[name] for name in _PYDANTIC_WORDS if name in marker.description}
        if marker.default_factory is not None:
            words["default_factory"] = marker.default_factory
        elif marker.default is not REQUIRED:
            words["default"] = marker.default
        if marker.alias is not None:  # as `pydantic.Field` does
            words = {"alias": marker.alias, "serialization_alias": marker.alias, **words}
        if (named := marker.validation_alias or marker.alias) is not None:
            words["validation_alias"] = named
        if marker.validate_default is not None:
            words["validate_default"] = marker.validate_default
        if marker.alias_priority is not None:
            words["alias_priority"] = marker.alias_priority
        super().__init__(**words, **marker.constraints)
        self.marker = marker

    def __repr__(self) -> str:
        default = "PydanticUndefined" if self.marker.default is REQUIRED else self.marker.default
        return f"{self.marker.source.capitalize()}({default})"

    def __getattr__(self, name: str) -> Any:
        """Give what FastAPI's class of this marker has beside the attributes of a field."""
        if name in _DESCRIBED:
            return self.marker.description.get(name, _DESCRIBED[name])
        sources = _SOURCES_WITH.get(name)
        if sources is not None and self.marker.source in sources:
            return ParamTypes(self.marker.source) if name == "in_" else getattr(self.marker, name)
        raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}", name=name, obj=self)


def names_said(validation_alias: str | AliasPath | AliasChoices | None, alias: str | None) -> tuple[str, ...]:
    """The names that were said; an AliasPath looks into values, and a parameter has none: `alias` holds."""
    choices = validation_alias.choices if isinstance(validation_alias, AliasChoices) else [validation_alias]
    names = tuple(one for one in choices if isinstance(one, str))
    if names and len(names) == len(choices):
        return names
    return (alias,) if alias else ()
