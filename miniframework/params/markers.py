"""Say where a parameter comes from: `Path`, `Query`, `Header`, `Cookie`, `Body`.

A marker stands in the annotation, `limit: Annotated[int, Query(ge=1)] = 10`, or as the default,
`limit: int = Query(10, ge=1)`. The functions are annotated `Any` so that the second form passes a type
checker.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, TypedDict, Unpack

from miniframework.events import ParameterSource


class Required:
    """The type of `REQUIRED`, the default of a parameter that has none."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "REQUIRED"


REQUIRED: Final = Required()


class Constraints(TypedDict, total=False):
    """What a value must be, and what the documentation says about it; handed to `pydantic.Field` as it is."""

    gt: Any
    ge: Any
    lt: Any
    le: Any
    multiple_of: float
    min_length: int
    max_length: int
    pattern: str
    strict: bool
    max_digits: int
    decimal_places: int
    allow_inf_nan: bool
    title: str
    description: str
    examples: list[Any]
    deprecated: bool


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Marker:
    """Where one parameter comes from and what it must be; made by `Path`, `Query` and so on.

    `alias` is its name in the request when that differs from the Python name. `embed` (Body): the value is
    under its name's key even when it is the only one. `convert_underscores` (Header): `x_token` reads
    `x-token`.
    """

    source: ParameterSource
    default: object = REQUIRED
    default_factory: Callable[[], object] | None = None
    alias: str | None = None
    constraints: Mapping[str, Any] = field(default_factory=dict)
    embed: bool = False
    convert_underscores: bool = True


def Path(default: Any = ..., *, alias: str | None = None, **constraints: Unpack[Constraints]) -> Any:
    """Take the parameter from the path; it must stand in the route's template and has no default."""
    if default is not ...:
        raise TypeError(f"Path({default!r}): a path parameter is always there; drop the default")
    return _marker("path", ..., None, alias, constraints)


def Query(
    default: Any = ...,
    *,
    default_factory: Callable[[], Any] | None = None,
    alias: str | None = None,
    **constraints: Unpack[Constraints],
) -> Any:
    """Take the parameter from the query string; a list annotation takes every value of that name."""
    return _marker("query", default, default_factory, alias, constraints)


def Header(
    default: Any = ...,
    *,
    default_factory: Callable[[], Any] | None = None,
    alias: str | None = None,
    convert_underscores: bool = True,
    **constraints: Unpack[Constraints],
) -> Any:
    """Take the parameter from a request header; a list annotation takes every line of that name."""
    return _marker(
        "header", default, default_factory, alias, constraints, convert_underscores=convert_underscores
    )


def Cookie(
    default: Any = ...,
    *,
    default_factory: Callable[[], Any] | None = None,
    alias: str | None = None,
    **constraints: Unpack[Constraints],
) -> Any:
    """Take the parameter from a cookie."""
    return _marker("cookie", default, default_factory, alias, constraints)


def Body(
    default: Any = ...,
    *,
    default_factory: Callable[[], Any] | None = None,
    alias: str | None = None,
    embed: bool = False,
    **constraints: Unpack[Constraints],
) -> Any:
    """Take the parameter from the JSON body: the whole of it when it is the only one, else its name's key."""
    return _marker("body", default, default_factory, alias, constraints, embed=embed)


def _marker(
    source: ParameterSource,
    default: object,
    default_factory: Callable[[], object] | None,
    alias: str | None,
    constraints: Constraints,
    *,
    embed: bool = False,
    convert_underscores: bool = True,
) -> Marker:
    known = Constraints.__annotations__
    unknown = [name for name in constraints if name not in known]
    if unknown:
        raise TypeError(
            f"{source.capitalize()}() has no option {unknown[0]!r} (known: {', '.join(sorted(known))}); "
            "anything else goes into the annotation as Annotated[T, pydantic.Field(...)]"
        )
    return Marker(
        source=source,
        default=REQUIRED if default is ... else default,
        default_factory=default_factory,
        alias=alias,
        constraints=dict(constraints),
        embed=embed,
        convert_underscores=convert_underscores,
    )
