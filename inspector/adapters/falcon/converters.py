"""What Falcon's converters take, as regexes.

Source: falcon.routing.converters (3.x and 4.x); datetime.strptime for what `dt` takes.
"""

import ast
import re
from typing import Any

from falcon.routing import converters

from inspector.adapters.python_texts import FLOAT, INT, UUID
from inspector.adapters.regexes.parts import ANYTHING

SEGMENT = "[^/]*"  # a whole segment may be empty
_BLANKS = r"\s*"  # that Python's numbers allow around them, and Falcon does not
_INT = INT.removeprefix(_BLANKS).removesuffix(_BLANKS)
_FLOAT = FLOAT.removeprefix(_BLANKS).removesuffix(_BLANKS)
_DATE_TIME = "%Y-%m-%dT%H:%M:%S%z"
_DIRECTIVES = {
    "Y": r"\d{4}",
    "y": r"\d{2}",
    "m": r"(?:1[0-2]|0?[1-9])",
    "d": r"(?:3[01]|[12]\d|0?[1-9]| [1-9])",
    "j": r"\d{1,3}",
    "H": r"(?:2[0-3]|[01]?\d)",
    "I": r"(?:1[0-2]|0?[1-9])",
    "M": r"[0-5]?\d",
    "S": r"(?:6[01]|[0-5]?\d)",
    "f": r"\d{1,6}",
    "z": r"(?:[+-]\d\d:?[0-5]\d(?::?[0-5]\d(?:\.\d{1,6})?)?|(?-i:Z))",
    "%": "%",
}


def regex_of(kind: type, arguments: str | None) -> tuple[str, bool]:
    """What a converter of this class takes, `arguments` as they are written; False when it may take less."""
    said = _read_arguments(arguments)
    if kind is converters.IntConverter:
        return _regex_of_int(*said)
    if kind is converters.UUIDConverter:
        return UUID, True
    if kind is converters.DateTimeConverter:
        written, named = said
        form = next(iter(written), named.get("format_string", _DATE_TIME))
        return (_regex_of_time(form) if isinstance(form, str) else SEGMENT), False
    if kind is getattr(converters, "FloatConverter", None):  # since 4.0
        return _FLOAT, False
    if kind is getattr(converters, "PathConverter", None):
        return ANYTHING, True
    return (ANYTHING if getattr(kind, "CONSUME_MULTIPLE_SEGMENTS", False) else SEGMENT), False


def _regex_of_int(written: list[Any], named: dict[str, Any]) -> tuple[str, bool]:
    given = dict(zip(("num_digits", "min", "max"), written, strict=False)) | named
    digits = given.pop("num_digits", None)
    is_all = all(value is None for value in given.values())
    if not isinstance(digits, int):
        return _INT, is_all and digits is None
    return rf"(?:\d{{{digits}}}|[+-]\d{{{digits - 1}}})" if digits > 1 else r"\d", is_all


def _regex_of_time(form: str) -> str:
    pieces = re.split(r"%(.)", form)
    texts, directives = pieces[::2], pieces[1::2]
    known = [_DIRECTIVES.get(one, "[^/]+") for one in directives]
    literal = [re.escape(re.sub(r"\s+", " ", text)).replace(r"\ ", r"\s+") for text in texts]
    return literal[0] + "".join(one + text for one, text in zip(known, literal[1:], strict=True))


def _read_arguments(arguments: str | None) -> tuple[list[Any], dict[str, Any]]:
    """The values of a call's arguments, None for each that is no literal."""
    if not arguments:
        return [], {}
    call = ast.parse(f"_({arguments})", mode="eval").body
    assert isinstance(call, ast.Call), "Falcon has evaluated it as one"
    named = {one.arg or "**": _value_of(one.value) for one in call.keywords}
    return [_value_of(one) for one in call.args], named


def _value_of(node: ast.expr) -> Any:
    try:
        return ast.literal_eval(node)
    except ValueError:
        return None
