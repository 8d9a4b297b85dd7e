"""What a parameter's part of a template lets through, and its declared type does not."""

import re

from inspector.panels.known_route import KnownPart
from miniframework.routing.converters import BUILT_IN

# A parameter type's name, and the converter that lets routing check it too.
_CONVERTER_OF_TYPE = {"int": "int", "float": "float", "UUID": "uuid"}


def tighten(part: KnownPart, text: str) -> str | None:
    """Return `{user_id:int}` when routing takes any text for what validation wants as a number, and would
    have refused this one.
    """
    converter = BUILT_IN.get(_CONVERTER_OF_TYPE.get(part.declared_type or "", ""))
    if converter is None or part.converter != "str" or re.fullmatch(converter.regex, text):
        return None
    return f"{{{part.name}:{converter.name}}}"


def is_refused(part: KnownPart, text: str) -> bool:
    """Whether a text is no such value for certain: a number without a digit, a UUID with another letter."""
    if part.converter not in ("str", "path"):
        return False
    if part.declared_type == "int":
        return not any(map(str.isdigit, text))
    return part.declared_type == "UUID" and re.search(r"[^0-9a-fA-F{}urnid:-]", text) is not None
