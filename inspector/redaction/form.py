"""Query strings and form bodies: names and order stay, values of telling names go.

Source: the WHATWG URL standard's application/x-www-form-urlencoded parsing; parts after `;` too, as
older servers read them.
"""

import re
from urllib.parse import quote, unquote_plus

from inspector.redaction.content import redact_or_drop
from inspector.redaction.keys import is_authorization_code, is_sensitive_name
from inspector.redaction.notes import MARK, Notes
from inspector.redaction.telling import find_telling

_SEPARATOR = re.compile(r"([&;])")


def redact_form(text: str, notes: Notes, where: str, *, around: str = "", is_cut: bool = False) -> str:
    """Give the form without its secrets; `around` is the URL it belongs to, which tells an OAuth `code`.

    `is_cut`: its last value may be the beginning of one only.
    """
    pieces = _SEPARATOR.split(text)  # parts at the even places
    last = len(pieces) - 1
    decoded = [_decode(part) for part in pieces[::2]]
    telling = find_telling(decoded, notes)
    may_have_code = any("code" in decoded[number].lower() for number in telling)
    has_code = may_have_code and is_authorization_code("code", f"{around}?{text}")
    for number in sorted({2 * number for number in telling} | ({last} if is_cut else set())):
        pieces[number] = _redact_part(pieces[number], notes, where, has_code, is_cut and number == last)
    return "".join(pieces)


def _redact_part(part: str, notes: Notes, where: str, has_code: bool, is_cut: bool) -> str:
    name, equals, raw = part.partition("=")
    if not equals:
        return _redact_value(part, notes, where, is_cut)
    key, value = _decode(name), _decode(raw)
    if value and (is_sensitive_name(key) or (has_code and key.lower() == "code")):
        return f"{name}={notes.hide(f'{where}:{key}', f'key {key}', value)}"
    return f"{_redact_value(name, notes, where, False)}={_redact_value(raw, notes, f'{where}:{key}', is_cut)}"


def _decode(raw: str) -> str:
    return unquote_plus(raw, errors="surrogateescape") if "%" in raw or "+" in raw else raw


def _redact_value(raw: str, notes: Notes, where: str, is_cut: bool) -> str:
    value = _decode(raw)
    new = redact_or_drop(value, notes, where, is_cut=is_cut)
    if new == value:
        return raw
    # Only the marks stay readable; the rest is written as a form writes it.
    return MARK.join(quote(piece, safe="/:@,", errors="surrogateescape") for piece in new.split(MARK))
