"""Multipart form bodies, part by part. Source: RFC 7578."""

import re
from collections.abc import Callable
from urllib.parse import unquote

from inspector.redaction.keys import is_sensitive_name
from inspector.redaction.notes import MARK, Notes

_BOUNDARY = re.compile(r"boundary\s*=\s*(?:\"([^\"]+)\"|([^\s;\"]+))", re.IGNORECASE)
_NAME = re.compile(r"(?<![\w*])name\*?\s*=\s*(?:\"((?:[^\"\\]|\\.)*)(?:\"|\Z)|([^\s;\"]+))", re.IGNORECASE)
_TYPE = re.compile(r"^content-type\s*:\s*([^\r\n]+)", re.IGNORECASE | re.MULTILINE)
_HEADERS_END = re.compile(r"\r?\n\r?\n")

# (text, content type, place, whether it is cut off) -> text
RedactPart = Callable[[str, str, str, bool], str]


def redact_multipart(
    text: str, content_type: str, notes: Notes, where: str, *, is_cut: bool, redact_part: RedactPart
) -> str | None:
    """Give the body without its secrets, None when it cannot be cut into parts.

    A part of a telling name is hidden whole; of another one `redact_part` takes care.
    """
    boundary = _find_boundary(text, content_type)
    if boundary is None:
        return None
    first, *parts = text.split(f"--{boundary}")
    done = [redact_part(first, "text/plain", where, is_cut and not parts)]
    for number, part in enumerate(parts):
        is_last = is_cut and number == len(parts) - 1
        done.append(_redact_one(part, notes, where, is_cut=is_last, redact_part=redact_part))
    return f"--{boundary}".join(done)


def _find_boundary(text: str, content_type: str) -> str | None:
    named = _BOUNDARY.search(content_type)
    if named is not None:
        return named[1] or named[2]
    first_line = text.lstrip().partition("\n")[0].strip()
    return first_line[2:] if first_line.startswith("--") and len(first_line) > 2 else None


def _redact_one(part: str, notes: Notes, where: str, *, is_cut: bool, redact_part: RedactPart) -> str:
    end = _HEADERS_END.search(part)
    if end is None:
        # The end mark, or a part cut off in its headers.
        return redact_part(part, "text/plain", where, is_cut)
    head, body = part[: end.end()], part[end.end() :]
    # More than the one it should have, maybe, or percent-encoded as in RFC 8187: any of them may tell.
    names = [found[1] or found[2] or "" for found in _NAME.finditer(head)]
    name = next((one for one in names if is_sensitive_name(unquote(one))), names[0] if names else "")
    place = f"{where}:{name}"
    if is_sensitive_name(unquote(name)):
        content = body.rstrip("\r\n")
        if not content:
            return part
        notes.hide(place, f"key {name}", content)
        return head + MARK + body[len(content) :]
    declared = _TYPE.search(head)
    head = redact_part(head, "text/plain", place, False)
    return head + redact_part(body, declared[1] if declared else "text/plain", place, is_cut)
