"""Starlette's templates, of paths and of hosts, as literals and parameters."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from starlette.routing import PARAM_REGEX

from inspector.adapters.converting import ForeignConverter
from miniframework.routing.parts import Literal, Parameter, Part


def parts_of_template(template: str, convertors: Mapping[str, Any]) -> Iterator[Part]:
    """What Starlette finds in a template, in order."""
    at = 0
    for hole in PARAM_REGEX.finditer(template):
        if hole.start() > at:
            yield Literal(text=template[at : hole.start()], start=at, end=hole.start())
        name, kind = hole.group(1), (hole.group(2) or ":str")[1:]
        convertor = convertors[name]
        yield Parameter(
            name=name,
            converter_name=kind,
            converter=ForeignConverter(kind, convertor.regex, _refusing(convertor.convert)),
            start=hole.start(),
            end=hole.end(),
        )
        at = hole.end()
    if at < len(template):
        yield Literal(text=template[at:], start=at, end=len(template))


def _refusing(convert: Callable[[str], Any]) -> Callable[[str], Any]:
    """The same with each usual failure as a ValueError."""

    def converted(text: str) -> Any:
        try:
            return convert(text)
        except (TypeError, LookupError, ArithmeticError, AttributeError) as error:
            raise ValueError(f"{type(error).__name__}: {error}") from error

    return converted
