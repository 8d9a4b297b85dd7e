"""Say where a parameter comes from: `Path`, `Query`, `Header`, `Cookie`, `Body`, `Form`, `File`.

A marker stands in the annotation, `limit: Annotated[int, Query(ge=1)] = 10`, or as the default,
`limit: int = Query(10, ge=1)`. The functions are annotated `Any` so that the second form passes a type
checker.
"""

import re
import warnings
from collections.abc import Callable, Mapping, Sequence
from dataclasses import field, replace
from enum import StrEnum
from typing import Any, Final, Literal, TypedDict, Unpack

from pydantic import AliasChoices, AliasPath, Discriminator
from pydantic.fields import FieldInfo

from miniframework.errors import DeprecatedWord
from miniframework.events import ParameterSource
from miniframework.records import dataclass
from miniframework.routing.source import find_caller

JSON_MEDIA_TYPE = "application/json"
FORM_MEDIA_TYPE = "application/x-www-form-urlencoded"
MULTIPART_MEDIA_TYPE = "multipart/form-data"


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


def Path(default: Any = ..., **options: Unpack[Options]) -> Any:
    """Take the parameter from the path; it must stand in the route's template and has no default."""
    if default is not ...:
        raise TypeError(f"Path({default!r}): a path parameter is always there; drop the default")
    return _marker("path", ..., None, options)


def Query(
    default: Any = ...,
    *,
    default_factory: Callable[[], Any] | None = None,
    **options: Unpack[Options],
) -> Any:
    """Take the parameter from the query string; a list annotation takes every value of that name."""
    return _marker("query", default, default_factory, options)


def Header(
    default: Any = ...,
    *,
    default_factory: Callable[[], Any] | None = None,
    convert_underscores: bool = True,
    **options: Unpack[Options],
) -> Any:
    """Take the parameter from a request header; a list annotation takes every line of that name."""
    return _marker("header", default, default_factory, options, convert_underscores=convert_underscores)


def Cookie(
    default: Any = ...,
    *,
    default_factory: Callable[[], Any] | None = None,
    **options: Unpack[Options],
) -> Any:
    """Take the parameter from a cookie."""
    return _marker("cookie", default, default_factory, options)


def Body(
    default: Any = ...,
    *,
    default_factory: Callable[[], Any] | None = None,
    embed: bool | None = None,
    media_type: str = JSON_MEDIA_TYPE,
    **options: Unpack[Options],
) -> Any:
    """Take the parameter from the JSON body: the whole of it when it is the only one, else its name's key.

    `media_type` is what the documentation says the body is; what came is read by its own content type.
    """
    return _marker("body", default, default_factory, options, embed=embed, media_type=media_type)


def Form(
    default: Any = ...,
    *,
    default_factory: Callable[[], Any] | None = None,
    media_type: str = FORM_MEDIA_TYPE,
    **options: Unpack[Options],
) -> Any:
    """Take the parameter from a field of a form; a pydantic model is made of the fields with its names."""
    return _marker("form", default, default_factory, options, media_type=media_type)


def File(
    default: Any = ...,
    *,
    default_factory: Callable[[], Any] | None = None,
    media_type: str = MULTIPART_MEDIA_TYPE,
    **options: Unpack[Options],
) -> Any:
    """Take an uploaded file from a form: an UploadFile, or its whole content where `bytes` is asked for."""
    return _marker("file", default, default_factory, options, media_type=media_type)


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


def complete_marker(marker: Marker, metadata: tuple[object, ...]) -> Marker:
    """Fill in what the marker leaves open from each `pydantic.Field(...)` that stands beside it."""
    for info in metadata:
        if isinstance(info, FieldInfo):
            words = {name: getattr(info, name, None) for name in Description.__annotations__}
            said = {
                name: value
                for name, value in words.items()
                if value is not None and name not in marker.unsaid
            }
            factory: Any = info.default_factory
            named = marker.names or "alias" in marker.unsaid
            validates = marker.validate_default
            marker = replace(
                marker,
                default_factory=marker.default_factory or factory,
                names=marker.names if named else names_in_field((info,)),
                description=_lay_over(said, marker.description),
                validate_default=info.validate_default if validates is None else validates,
            )
    return marker


def _lay_over(said: Mapping[str, Any], by_marker: Mapping[str, Any]) -> Mapping[str, Any]:
    """What the marker says comes first; of two objects of extra words the words do."""
    inner, outer = said.get("json_schema_extra"), by_marker.get("json_schema_extra")
    if isinstance(inner, Mapping) and isinstance(outer, Mapping):
        by_marker = {**by_marker, "json_schema_extra": {**inner, **outer}}
    return {**said, **by_marker}


def names_in_field(metadata: tuple[object, ...]) -> tuple[str, ...]:
    """The names in the request that a `pydantic.Field(...)` of the metadata gives; () for none."""
    infos = [one for one in metadata if isinstance(one, FieldInfo)]
    found = (_names(info.validation_alias, info.alias) for info in infos)
    return next((names for names in found if names), ())


def _marker(
    source: ParameterSource,
    default: object,
    default_factory: Callable[[], object] | None,
    options: Options,
    *,
    embed: bool | None = None,
    convert_underscores: bool = True,
    media_type: str | None = None,
) -> MarkedField:
    known = {**Constraints.__annotations__, **Description.__annotations__, **Options.__annotations__}
    unknown = [name for name in options if name not in known]
    if unknown:
        raise TypeError(
            f"{source.capitalize()}() has no option {unknown[0]!r} (known: {', '.join(sorted(known))}); "
            "anything else goes into the annotation as Annotated[T, pydantic.Field(...)]"
        )
    _warn_of_old_words(options)
    constraints = _given(Constraints, options)
    if (regex := options.get("regex")) is not None:
        constraints.setdefault("pattern", regex)
    marker = Marker(
        source=source,
        default=REQUIRED if default is ... else default,
        default_factory=default_factory,
        names=_all_names(source, options.get("validation_alias"), options.get("alias")),
        alias=options.get("alias"),
        validation_alias=options.get("validation_alias"),
        alias_priority=options.get("alias_priority"),
        constraints=constraints,
        description=_given(Description, options),
        unsaid=frozenset(name for name, value in options.items() if value is None),
        validate_default=options.get("validate_default"),
        embed=embed,
        convert_underscores=convert_underscores,
        media_type=media_type,
    )
    return MarkedField(marker)


def _warn_of_old_words(options: Options) -> None:
    for old, new in (("regex", "pattern"), ("example", "examples")):
        if old in options:
            source = find_caller()
            said = f"`{old}` has been deprecated, please use `{new}` instead"
            warnings.warn_explicit(said, DeprecatedWord, source.file, source.line)


def _given(words: type, options: Options) -> dict[str, Any]:
    """The options that `words` lists and that say something."""
    return {
        name: value for name, value in options.items() if name in words.__annotations__ and value is not None
    }


def _all_names(
    source: str, validation_alias: str | AliasPath | AliasChoices | None, alias: str | None
) -> tuple[str, ...]:
    names = _names(validation_alias, alias)
    # The path has the one or the other: of several names its template chooses, and `alias` is the last.
    return (*names, alias) if source == "path" and alias is not None and alias not in names else names


def _names(validation_alias: str | AliasPath | AliasChoices | None, alias: str | None) -> tuple[str, ...]:
    """The names that were said; an AliasPath looks into values, and a parameter has none: `alias` holds."""
    choices = validation_alias.choices if isinstance(validation_alias, AliasChoices) else [validation_alias]
    names = tuple(one for one in choices if isinstance(one, str))
    if names and len(names) == len(choices):
        return names
    return (alias,) if alias else ()
