"""The parameter types of Litestar: the text that each of its parsers takes, and what it makes of it.

Litestar has no regexes: a segment goes to the parameter, and the parser of its type decides afterwards.
These say for most text what the parsers say, and never take text from which no path could be written.
"""

from collections.abc import Callable
from typing import Any

from inspector.adapters.converting import ForeignConverter
from inspector.adapters.python_texts import DECIMAL, FLOAT, INT, UUID

REST = r"[\s\S]+"  # a `path` parameter, or any other at a place of the tree where a route has one

_DATE = r"[1-9]\d{3}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])"
_TIME = r"(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d+)?(?:[Zz]|[+-]\d\d:?\d\d)?"
_REGEXES = {
    "str": "[^/]+",
    "path": REST,
    "int": INT,
    "float": FLOAT,
    "decimal": DECIMAL,
    "uuid": UUID,
    "date": _DATE,
    "datetime": rf"{_DATE}[Tt ]{_TIME}",
    "time": _TIME,
    "timedelta": rf"{FLOAT}|[+-]?P(?:\d+W)?(?:\d+D)?(?:T(?:\d+H)?(?:\d+M)?(?:\d+(?:\.\d+)?S)?)?",
}
# Whose regexes take more than their parsers.
_WITH_A_CALENDAR = ("date", "datetime", "time", "timedelta", "decimal")


def make_converter(definition: Any, regex: str | None = None) -> ForeignConverter:
    """The converter of a PathParameterDefinition; `regex` where its place in the tree says otherwise."""
    word = type_word(definition)
    usual = _REGEXES.get(word, "[^/]+")
    return ForeignConverter(word, usual if regex is None else regex, _refusing(definition.parser))


def may_refuse(definition: Any) -> bool:
    """Whether its parser refuses text that its regex takes: a day that does not exist, too large a number."""
    return type_word(definition) in _WITH_A_CALENDAR


def type_word(definition: Any) -> str:
    """The type as the path names it: "int" of `{number:int}`."""
    return str(definition.full.partition(":")[2].strip())


def _refusing(parser: Callable[[str], Any] | None) -> Callable[[str], Any]:
    if parser is None:
        return str

    def convert(text: str) -> Any:
        try:
            return parser(text)
        except ArithmeticError as problem:  # of Decimal, of a timedelta too large
            raise ValueError(f"{text!r}: {problem!r}") from problem

    return convert
