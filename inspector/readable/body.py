"""The body of a message as a person reads it: what kind it is, and its text. Pure."""

import codecs
import json
import re
import zlib
from typing import Literal

from inspector.model import Body, Header
from inspector.readable.headers import find_header
from inspector.readable.pretty_json import indent_json
from miniframework.records import dataclass

BodyKind = Literal["empty", "json", "form", "text", "binary"]

_UNPACKED_LIMIT = 1024 * 1024  # a packed body may blow up a thousandfold
# Codecs that read text one character at a time; others (punycode, unicode_escape...) may be slow or odd.
_CHARSETS = ("utf-8", "utf-16", "utf-32", "ascii", "iso8859", "cp", "koi8", "shift_jis", "euc", "gb", "big5")


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadBody:
    """A body made readable. `text` is None for what is no text; `packed` names the content coding undone."""

    kind: BodyKind
    text: str | None
    data: bytes
    packed: str | None


def read_body(body: Body, headers: tuple[Header, ...]) -> ReadBody:
    """Return the body unpacked and decoded as its headers say, as far as it was kept."""
    data, packed = _unpack(body.data, (find_header(headers, "content-encoding") or "").strip().lower())
    media_type = find_header(headers, "content-type") or ""
    text = _decode(data, _find_charset(media_type), is_whole=body.complete)
    kind = _find_kind(data, text, media_type)
    if kind == "json" and text is not None and _is_json(text):
        text = indent_json(text)
    return ReadBody(kind=kind, text=text if data else None, data=data, packed=packed)


def _unpack(data: bytes, coding: str) -> tuple[bytes, str | None]:
    """Undo gzip or deflate; anything else, and what is damaged, stays. Source: RFC 9110 section 8.4.1."""
    if not data or coding not in ("gzip", "x-gzip", "deflate"):
        return data, None
    try:
        return zlib.decompressobj(wbits=47).decompress(data, _UNPACKED_LIMIT), coding
    except zlib.error:
        return data, None


def _find_kind(data: bytes, text: str | None, media_type: str) -> BodyKind:
    if not data:
        return "empty"
    if text is None:
        return "binary"
    essence = media_type.partition(";")[0].strip().lower()
    if essence.endswith(("/json", "+json")) or (not essence and text.lstrip()[:1] in "{[" and _is_json(text)):
        return "json"
    return "form" if essence == "application/x-www-form-urlencoded" else "text"


def _decode(data: bytes, charset: str, *, is_whole: bool) -> str | None:
    """Return the text, or None for what is none; a character cut in two at a kept part's end is dropped."""
    try:
        text = data.decode(charset)
    except UnicodeDecodeError as error:
        if is_whole or len(data) - error.start > 3:
            return None
        return _decode(data[: error.start], charset, is_whole=True)
    return None if "\x00" in text else text


def _find_charset(media_type: str) -> str:
    """Return the charset the type names when it is a plain one, else UTF-8."""
    named = re.search(r"charset\s*=\s*\"?([\w.:-]+)", media_type, re.IGNORECASE)
    if named is None:
        return "utf-8"
    try:
        known = codecs.lookup(named[1]).name
    except LookupError:
        return "utf-8"
    return known if known.startswith(_CHARSETS) else "utf-8"


def _is_json(text: str) -> bool:
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return False
    return True
