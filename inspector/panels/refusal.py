"""What routing lets through and the endpoint is sure to refuse: a path parameter that is no such value."""

import ast
import re
from collections.abc import Iterator
from typing import Any

from inspector.panels.way import find_winner
from miniframework.records import dataclass
from miniframework.routing.endpoints import declared_types
from miniframework.routing.explanation import Explanation
from miniframework.routing.parts import Parameter
from miniframework.routing.route import Mount

_TAKE_ANY_TEXT = ("str", "path")  # converters that check nothing of what a type asks for
_NEED_A_DIGIT = ("int", "float", "Decimal", "date", "datetime", "time")
_NO_NUMBERS = re.compile(r"[+-]?s?(?:nan|inf|infinity)", re.IGNORECASE)
_ALSO_WITHOUT_DIGITS = ("float", "Decimal")
# Source: pydantic, conversion table, what a bool is made of in lax mode.
_BOOLEANS = {"f", "false", "n", "no", "off", "on", "t", "true", "y", "yes"}
_NO_UUID = re.compile(r"[^0-9a-fA-F{}urnid:-]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """A path parameter whose text is no value of the type that the endpoint declares: it is not called.

    `status` is what FastAPI and we answer then, unless the application handles the error itself: 422, and 403
    to a handshake.
    """

    status: int
    parameter: str
    text: str
    type: str

    @property
    def message(self) -> str:
        """`book_id must be int, which seven is not`"""
        return f"{self.parameter} must be {self.type}, which {self.text} is not"

    def to_dict(self) -> dict[str, Any]:
        """JSON-able values."""
        return {
            "status": self.status,
            "parameter": self.parameter,
            "text": self.text,
            "type": self.type,
            "message": self.message,
        }


def find_refusal(explanation: Explanation) -> Refusal | None:
    """Return the first path parameter that the endpoint which takes the request is sure to refuse.

    None promises nothing: a bound, a query or a body may be refused all the same; few types are known.
    """
    taken = list(_walk(explanation))
    last = taken[-1][0] if taken else None
    if last is None or isinstance(last, Mount):
        return None
    types = declared_types(last.endpoint)
    for entry, texts in taken:
        for part in entry.pattern.parameters:
            declared, text = types.get(part.name), texts.get(part.name)
            if declared and text is not None and _is_refused(part, declared, text):
                status = 422 if explanation.protocol == "http" else 403
                return Refusal(status=status, parameter=part.name, text=text, type=declared)
    return None


def _walk(explanation: Explanation) -> Iterator[tuple[Any, dict[str, str]]]:
    """Give each entry that takes the request with its texts, mounts first; None where nobody does."""
    current: Explanation | None = explanation
    while current is not None:
        won = find_winner(current)
        if won is None:
            yield None, {}
            return
        yield (
            current.outline.entries[won.index],
            {one.name: one.text for one in won.judgement.parameters},
        )
        current = won.inner


def _is_refused(part: Parameter, declared: str, text: str) -> bool:
    """Whether a text is no such value for certain: a number without a digit, a UUID with another letter."""
    if part.converter_name not in _TAKE_ANY_TEXT:
        return False
    if declared.startswith("Literal["):
        return _is_none_of(declared, text)
    if declared == "UUID":
        return _NO_UUID.search(text) is not None
    has_digit = any(map(str.isdigit, text))
    if declared == "bool":
        return not has_digit and text.strip().lower() not in _BOOLEANS
    is_value = declared in _ALSO_WITHOUT_DIGITS and _NO_NUMBERS.fullmatch(text.strip())
    return declared in _NEED_A_DIGIT and not has_digit and not is_value


def _is_none_of(declared: str, text: str) -> bool:
    """Whether a text is none of `Literal['new', 'old']`; not known where not all of them are texts."""
    try:
        values = ast.literal_eval(declared.removeprefix("Literal"))
    except (ValueError, SyntaxError):
        return False
    return all(isinstance(value, str) for value in values) and text not in values
