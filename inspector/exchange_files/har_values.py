"""Reads single values out of a HAR document, whose authors are many; every complaint says where. Pure."""

import base64
import binascii
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from inspector.exchange_files.errors import HarError
from inspector.model import Header

Node = Mapping[str, Any]
_SHOWN_CHARACTERS = 60
# The last whole number that JSON holds exactly everywhere (RFC 8259 section 6): no size or time is larger.
_MOST = 2**53 - 1
_YEAR_10000_S = 253_402_300_800
# Source: RFC 9110 section 5.6.2, `token`; a colon begins a pseudo-header of HTTP/2.
_NAME = re.compile(r":?[!#$%&'*+\-.^_`|~0-9A-Za-z]+")


def shown(value: Any) -> str:
    """Return the value as it is quoted in a message, cut when long."""
    text = repr(value)
    return text if len(text) <= _SHOWN_CHARACTERS else text[:_SHOWN_CHARACTERS] + "…"


def require_object(node: Node, name: str, where: str) -> Node:
    """Return an object inside another one. Raises HarError."""
    value = node.get(name)
    if not isinstance(value, Mapping):
        raise HarError(f"{where}.{name}", "is missing" if value is None else f"is no object: {shown(value)}")
    return value


def require_text(node: Node, name: str, where: str) -> str:
    """Return a text that is not empty. Raises HarError."""
    value = node.get(name)
    if not isinstance(value, str) or not value:
        raise HarError(f"{where}.{name}", "is missing" if value is None else f"is no text: {shown(value)}")
    return value


def read_list(node: Node, name: str, where: str) -> list[Any]:
    """Return a list, an empty one when it is missing. Raises HarError for anything else."""
    value = node.get(name)
    if value is None:
        return []
    if not isinstance(value, list):
        raise HarError(f"{where}.{name}", f"is no list: {shown(value)}")
    return value


def read_number(node: Node, name: str) -> float | None:
    """Return a number of 0 or more; None when it is missing, -1 (HAR's "not known"), or out of range."""
    value = node.get(name)
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return float(value) if is_number and value is not None and 0 <= value <= _MOST else None


def read_headers(node: Node, where: str) -> tuple[Header, ...]:
    """Return the headers as Latin-1 text, names in lower case as ASGI has them; HTTP/2's pseudo-headers too.

    A line break, which Chrome puts between repeated Set-Cookie values, makes two of one.
    """
    found: list[Header] = []
    for number, item in enumerate(read_list(node, "headers", where)):
        place = f"{where}.headers[{number}]"
        if not isinstance(item, Mapping):
            raise HarError(place, f"is no object: {shown(item)}")
        name = require_text(item, "name", place)
        if not _NAME.fullmatch(name):
            raise HarError(f"{place}.name", f"is no name of a header: {shown(name)}")
        value = item.get("value")
        if not isinstance(value, str | int | float):
            raise HarError(f"{place}.value", f"is no text: {shown(value)}")
        found += [(name.lower(), to_latin1(line)) for line in str(value).split("\n")]
    return tuple(found)


def to_latin1(text: str) -> str:
    """Return text as the Latin-1 of its bytes: as it is where it fits, else its UTF-8."""
    try:
        text.encode("latin-1")
    except UnicodeEncodeError:
        return text.encode("utf-8", "surrogatepass").decode("latin-1")
    return text


def read_content(node: Node, where: str) -> bytes:
    """Return what `text` stands for; `encoding` may say base64. Raises HarError."""
    text = node.get("text")
    if text is None:
        return b""
    if not isinstance(text, str):
        raise HarError(f"{where}.text", f"is no text: {shown(text)}")
    encoding = node.get("encoding") or node.get("_encoding")
    if not encoding:
        return text.encode("utf-8", "surrogatepass")
    if encoding != "base64":
        raise HarError(f"{where}.encoding", f"is {shown(encoding)}; only 'base64' is known")
    try:
        return base64.b64decode(text, validate=False)
    except (binascii.Error, ValueError) as error:
        raise HarError(f"{where}.text", f"is no base64: {error}") from error


def read_moment(node: Node, name: str, where: str) -> int:
    """Return a moment as Unix nanoseconds; one without a zone is taken for UTC.

    Raises HarError, also for one that has no number: before 1970, or in UTC after 9999.
    """
    text = require_text(node, name, where)
    whole, nanoseconds = _cut_fraction(text)
    try:
        moment = datetime.fromisoformat(whole)
    except ValueError as error:
        raise HarError(f"{where}.{name}", f"is no ISO 8601 moment: {shown(text)}") from error
    aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    seconds = round(aware.timestamp())
    if not 0 <= seconds < _YEAR_10000_S:
        raise HarError(f"{where}.{name}", f"lies before 1970 or after 9999: {shown(text)}")
    return seconds * 1_000_000_000 + nanoseconds


def _cut_fraction(text: str) -> tuple[str, int]:
    """`12:00:00.123456789Z` as `12:00:00Z` and the nanoseconds."""
    before, point, rest = text.partition(".")
    if not point:
        return text, 0
    digits = rest[: len(rest) - len(rest.lstrip("0123456789"))]
    return before + rest[len(digits) :], int(f"{digits:0<9}"[:9])
