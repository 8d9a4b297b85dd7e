"""Converters: what text a parameter takes, the value it becomes, and the text a value becomes in a URL.

Routing looks only at `regex`, always with fullmatch. A `convert` that raises ValueError after its regex took
the text is therefore never a reason to try the next route: it is a problem of that parameter (422).
"""

import math
import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Protocol
from uuid import UUID

from miniframework.errors import ConverterError


class Converter(Protocol):
    """One kind of parameter. Subclass it, or write any class with these members.

    `name` is what people read when no other name was registered; `regex` is what routing sees.
    """

    name: str
    regex: str

    def convert(self, text: str) -> Any:
        """The value of `text`, which `regex` has matched in full. Raises ValueError when there is none."""
        return text

    def format(self, value: Any) -> str:
        """The text of `value` in a URL; what `regex` does not match in full is refused by the pattern."""
        return str(value)


class StrConverter(Converter):
    """One path segment, or a part of one: anything but a slash."""

    name = "str"
    regex = "[^/]+"


class IntConverter(Converter):
    """A whole number in ASCII digits, without a sign."""

    name = "int"
    regex = "[0-9]+"

    def convert(self, text: str) -> int:
        """The number. Raises ValueError beyond Python's limit of digits (sys.set_int_max_str_digits)."""
        return int(text)


class FloatConverter(Converter):
    """A decimal number in ASCII digits, without a sign or an exponent."""

    name = "float"
    regex = r"[0-9]+(\.[0-9]+)?"

    def convert(self, text: str) -> float:
        """The number; text too large for a float is refused rather than made infinite."""
        value = float(text)
        if math.isinf(value):
            raise ValueError(f"{text[:20]}… is too large for a float")
        return value

    def format(self, value: Any) -> str:
        """The shortest text without an exponent that reads back as the same number."""
        text = f"{float(value):.20f}".rstrip("0").rstrip(".")
        return text if float(text) == float(value) else repr(float(value))


class UuidConverter(Converter):
    """A UUID in 8-4-4-4-12 form; dashes may be left out, letters may be of any case."""

    name = "uuid"
    regex = "[0-9a-fA-F]{8}-?[0-9a-fA-F]{4}-?[0-9a-fA-F]{4}-?[0-9a-fA-F]{4}-?[0-9a-fA-F]{12}"

    def convert(self, text: str) -> UUID:
        """The UUID."""
        return UUID(text)


class PathConverter(Converter):
    """The rest of the path, slashes included; empty text too, a newline never (`.` does not match it)."""

    name = "path"
    regex = ".*"


BUILT_IN: Mapping[str, Converter] = MappingProxyType(
    {
        made.name: made
        for made in (StrConverter(), IntConverter(), FloatConverter(), UuidConverter(), PathConverter())
    }
)


def check_converter(name: str, converter: Converter, *, where: object = None) -> None:
    """Refuse a converter that cannot stand inside a path's regex. Raises ConverterError.

    Its regex becomes a part of a larger one: names and numbers of groups would clash or shift there, and a
    flag such as `(?i)` may stand only at the start of a whole regex.
    """
    if not name.isidentifier():
        raise ConverterError(
            where=where,
            problem=f"converter name {name!r} is not an identifier",
            way_out="use letters, digits and underscores, as in 'isbn13'",
        )
    regex = getattr(converter, "regex", None)
    if not isinstance(regex, str):
        raise ConverterError(
            where=where,
            problem=f"converter {name!r}: its regex is {regex!r}, not text",
            way_out="give the class an attribute such as regex = '[0-9]+'",
        )
    _check_regex(name, regex, where)


def _check_regex(name: str, regex: str, where: object) -> None:
    said = f"converter {name!r}: regex {regex!r}"
    try:
        # Behind a group, as it will stand in the path: this is what refuses global flags and `\1`.
        compiled = re.compile(f"()({regex})")
        alone = re.compile(regex)
    except re.error as error:
        raise ConverterError(
            where=where,
            problem=f"{said} cannot stand inside a path: {error}",
            way_out="for a flag write (?i:…) instead of (?i)" if "flags" in str(error) else "",
        ) from error
    if compiled.groupindex:
        names = ", ".join(map(repr, compiled.groupindex))
        raise ConverterError(
            where=where, problem=f"{said} names the groups {names}", way_out="write (?:…) instead of (?P<…>…)"
        )
    if re.search(r"(?<!\\)(?:\\\\)*(?:\\[1-9]|\(\?\([0-9])", regex) and alone.groups:
        raise ConverterError(
            where=where,
            problem=f"{said} refers to a group by its number, which changes inside a path",
            way_out="write the alternatives out",
        )
