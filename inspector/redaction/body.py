"""A body or a WebSocket message, by its content type and by what it looks like.

Everything is looked at as text, because a secret in a body of an unknown type is one all the same. What
cannot be looked through and may hold a secret is let go: its size and type stay, its data does not.
"""

import dataclasses
import re

from inspector.model import Body, Header
from inspector.redaction.coding import decode_coded, encode_coded
from inspector.redaction.content import redact_content, redact_form, redact_lines
from inspector.redaction.csv_text import redact_table
from inspector.redaction.json_text import TooDeepError, is_like_json
from inspector.redaction.markup import redact_markup
from inspector.redaction.multipart import redact_multipart
from inspector.redaction.notes import Notes
from inspector.redaction.telling import is_telling, may_hold_secret
from inspector.redaction.text import redact_text

_CHARSET = re.compile(r"charset\s*=\s*\"?([\w.:-]+)", re.IGNORECASE)
# Formats whose text stands between bytes that may read as letters.
_BINARY = re.compile(r"cbor|msgpack|protobuf|grpc(?!-web-text)|bson|avro|thrift", re.IGNORECASE)
# Bytes of pictures and sounds spell words by chance; of other binary formats a telling name is a field's.
_MEDIA = ("image/", "video/", "audio/", "font/")
_FORM = re.compile(r"[\w.%+\[\]*~-]{1,200}=[^\s{}<>\"]*(?:&[\w.%+\[\]*~-]{1,200}=[^\s{}<>\"]*)*")
# A multipart body, whatever it is said to be: one that was sent under a wrong type, or in a message.
_PARTS = re.compile(r"\s*--[^\r\n]{1,200}\r?\ncontent-[a-z-]{1,40}:", re.IGNORECASE)
_TABLES = frozenset({"text/csv", "text/tab-separated-values", "application/csv"})
# Names in them are of functions, variables, classes.
_PROGRAMS = frozenset({"text/css", "text/javascript", "application/javascript"})
# Charsets of which every letter that tells something is one byte.
_NARROW = ("utf-8", "us-ascii", "iso-8859-1")
# A byte that is no UTF-8, as it is decoded.
_STRANGE = re.compile("[\udc80-\udcff]")
# Source: RFC 1952 section 2.3.1; 8 is the only method there is.
_GZIP = b"\x1f\x8b\x08"
# The share of bytes that are no UTF-8 from which on a body counts as binary.
_BINARY_SHARE = 0.05


def redact_body(body: Body, headers: tuple[Header, ...], notes: Notes, where: str) -> Body:
    """Give the body without its secrets; one that changed is no longer complete."""
    if not body.data:
        return body
    content_type = _find(headers, "content-type")
    coding = _find(headers, "content-encoding").lower()
    coding = "" if coding == "identity" else coding
    new = _redact_coded(body.data, coding, content_type, notes, where, is_cut=not body.complete)
    if new == body.data:
        return body
    return dataclasses.replace(
        body, data=new, complete=False, why_incomplete=body.why_incomplete or "redacted"
    )


def is_text_under(headers: tuple[Header, ...]) -> bool:
    """Say whether a body with these headers is text as it stands: not coded, of letters that are one byte."""
    declared = None
    for name, value in headers:
        folded = name.lower()
        if folded == "content-encoding":
            return False
        if folded == "content-type" and declared is None:
            declared = _CHARSET.search(value)
    return declared is None or declared[1].lower() in _NARROW


def find_text(data: bytes) -> str | None:
    """Give what is text under its headers as such; None where it may be binary, or of wider letters."""
    if b"\0" in data or data[:1] in (b"\xff", b"\xfe"):  # the latter begin a text of wide letters
        return None
    return data.decode("utf-8", "surrogateescape")


def redact_message(data: bytes, notes: Notes, where: str, *, is_cut: bool) -> bytes:
    """Give a WebSocket message without its secrets; b"" when it cannot be looked through."""
    return _redact_coded(data, "", "", notes, where, is_cut=is_cut)


def redact_bytes(data: bytes, content_type: str, notes: Notes, where: str, *, is_cut: bool) -> bytes | None:
    """Give the data without its secrets, None when that cannot be done."""
    codec = _wide_codec(data, content_type)
    if codec is not None and _is_narrow(data):
        codec = None  # it is declared to be what it is not
    try:
        text = data.decode(codec or "utf-8", "surrogateescape" if codec is None else "replace")
        is_plain = not is_cut and not may_hold_secret(text, notes) and _GZIP not in data
        if is_plain and "\\u" not in text and "%" not in text:
            return data
        if codec is None and (_BINARY.search(content_type) or _is_binary(data, text)):
            return _redact_binary(data, text, content_type, notes, where)
        new = redact_typed(text, content_type, notes, where, is_cut=is_cut)
    except (TooDeepError, UnicodeError, LookupError):
        return None
    if new is None or new == text:
        return data if new is not None else None
    return new.encode(codec or "utf-8", "surrogateescape" if codec is None else "replace")


def redact_typed(text: str, content_type: str, notes: Notes, where: str, *, is_cut: bool) -> str | None:
    """Give a text of this content type without its secrets, None when that cannot be done."""
    media = content_type.partition(";")[0].strip().lower()

    def redact_part(part: str, part_type: str, place: str, part_is_cut: bool) -> str:
        done = redact_typed(part, part_type, notes, place, is_cut=part_is_cut)
        return "" if done is None else done

    if media.startswith("multipart/") or _PARTS.match(text) is not None:
        return redact_multipart(text, content_type, notes, where, is_cut=is_cut, redact_part=redact_part)
    if media == "application/x-www-form-urlencoded" or _FORM.fullmatch(text) is not None:
        return redact_form(text, notes, where, is_cut=is_cut)
    if media in ("text/event-stream", "application/x-ndjson", "application/jsonl", "application/json-seq"):
        return redact_lines(text, notes, where, is_cut=is_cut)
    if is_like_json(text) and media not in _TABLES:
        return redact_content(text, notes, where, is_cut=is_cut)
    if media in _TABLES:
        text = redact_table(text, notes, where)
    if text.lstrip()[:1] == "<" or media.endswith(("html", "xml")):
        text = redact_markup(text, notes, where, is_xml=not media.endswith("html"))
    return redact_text(text, notes, where, is_cut=is_cut, is_source=media in _PROGRAMS)


def _redact_coded(
    data: bytes, coding: str, content_type: str, notes: Notes, where: str, *, is_cut: bool
) -> bytes:
    """Redact what may be coded; a file of gzip, as it is uploaded, shows itself."""
    is_file = not coding and data.startswith(_GZIP)
    decoded = decode_coded(data, "gzip" if is_file else coding)
    if decoded is not None:
        plain, is_whole = decoded
        is_cut_here = is_cut or not is_whole
        new = redact_bytes(plain, "" if is_file else content_type, notes, where, is_cut=is_cut_here)
        if new == plain and (is_whole or is_cut):
            return data
        if new is not None:
            notes.note(where, "coded anew")
            return encode_coded(new, coding)
    elif not coding:
        new = redact_bytes(data, content_type, notes, where, is_cut=is_cut)
        if new is not None:
            return new
    notes.note(where, "not readable")
    return b""


def _redact_binary(data: bytes, text: str, content_type: str, notes: Notes, where: str) -> bytes | None:
    if content_type.lower().startswith(_MEDIA):
        new = notes.sweep(text, where)
    else:
        if may_hold_secret(text, notes) or _GZIP in data:  # a file of gzip among others shows nothing
            return None
        new = text
    return data if new == text else new.encode("utf-8", "surrogateescape")


def _is_binary(data: bytes, text: str) -> bool:
    strange = len(_STRANGE.findall(text, 0, 4096))
    return b"\0" in data[:4096] or strange > max(len(text[:4096]) * _BINARY_SHARE, 4)


def _is_narrow(data: bytes) -> bool:
    """Whether it is text of letters that are one byte, and may hold a secret."""
    text = data.decode("utf-8", "surrogateescape")
    return b"\0" not in data and not _is_binary(data, text) and is_telling(text)


def _wide_codec(data: bytes, content_type: str) -> str | None:
    """The codec of a text whose letters are not single bytes; None when ASCII shows through."""
    declared = _CHARSET.search(content_type)
    name = declared[1].lower() if declared else ""
    if name.startswith(("utf-16", "utf-32", "utf16", "utf32", "utf-7", "cp037", "cp500")):
        return name
    if data.startswith((b"\xff\xfe\0\0", b"\0\0\xfe\xff")):
        return "utf-32"
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    if len(data) >= 4 and not content_type.lower().startswith(_MEDIA):
        if data[0] != 0 and data[1:8:2] in (b"\0" * 4, b"\0\0\0") and 0 not in data[0:8:2]:
            return "utf-16-le"
        if data[0:8:2] in (b"\0" * 4, b"\0\0\0") and 0 not in data[1:8:2]:
            return "utf-16-be"
    return None


def _find(headers: tuple[Header, ...], name: str) -> str:
    return next((value for key, value in headers if key.lower() == name), "")
