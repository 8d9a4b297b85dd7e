"""Say where a parameter comes from: `Path`, `Query`, `Header`, `Cookie`, `Body`, `Form`, `File`.

A marker stands in the annotation, `limit: Annotated[int, Query(ge=1)] = 10`, or as the default,
`limit: int = Query(10, ge=1)`. The functions are annotated `Any` so that the second form passes a type
checker.
"""

import warnings
from collections.abc import Callable
from typing import Any, Unpack

from pydantic import AliasChoices, AliasPath
from pydantic_core import PydanticUndefined

from miniframework.errors import DeprecatedWord, OptionError
from miniframework.events import ParameterSource
from miniframework.params.marker import (
    REQUIRED,
    Constraints,
    Description,
    MarkedField,
    Marker,
    Options,
    names_said,
)
from miniframework.routing.source import find_caller

JSON_MEDIA_TYPE = "application/json"
FORM_MEDIA_TYPE = "application/x-www-form-urlencoded"
MULTIPART_MEDIA_TYPE = "multipart/form-data"


def Path(default: Any = ..., **options: Unpack[Options]) -> Any:
    """Take the parameter from the path; which must have it. Raises OptionError for a default."""
    if default is not ...:
        raise OptionError(
            f"Path({default!r}): Path parameters cannot have a default value, they are always there; drop it"
        )
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
    is_required = default is ... or default is PydanticUndefined
    if default_factory is not None and not is_required:
        raise TypeError(
            f"{source.capitalize()}({default!r}, default_factory={default_factory!r}): one of the two is the "
            "default; drop the other"
        )
    _warn_of_old_words(options)
    constraints = _given(Constraints, options)
    if (regex := options.get("regex")) is not None:
        constraints.setdefault("pattern", regex)
    marker = Marker(
        source=source,
        default=REQUIRED if is_required else default,
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
    names = names_said(validation_alias, alias)
    # The path has the one or the other: of several names its template chooses, and `alias` is the last.
    return (*names, alias) if source == "path" and alias is not None and alias not in names else names
