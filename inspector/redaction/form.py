"""Query strings and form bodies: names and order stay, values of telling names go.

Source: the WHATWG URL standard's application/x-www-form-urlencoded parsing; parts after `;` too, as
older servers read them.
"""

import re
from urllib.parse import quote, unquote_plus

from inspector.redaction.content import redact_or_drop
from inspector.redaction.keys import is_authorization_code, is_sensitive_name
from inspector.redaction.notes import MARK, Notes

_PART = re.compile(r"[&;]")


def redact_form(text: str, notes: Notes, where: str, *, around: str = "", is_cut: bool = False) -> str:
    """Give the form without its secrets; `around` is the URL it belongs to, which tells an OAuth `code`.

    `is_cut`: its last value may be the beginning of one only.
    """
    pieces: list[str] = []
    position = 0
    for separator in (*_PART.finditer(text), None):
        end = len(text) if separator is None else separator.start()
        is_last = is_cut and separator is None
        pieces.append(_redact_part(text[position:end], notes, where, f"{around}?{text}", is_last))
        if separator is not None:
            pieces.append(separator[0])
            position = separator.end()
    return "".join(pieces)


def _redact_part(part: str, notes: Notes, where: str, around: str, is_cut: bool) -> str:
    name, equals, raw = part.partition("=")
    if not equals:
        return _redact_value(part, notes, where, is_cut)
    key = unquote_plus(name, errors="surrogateescape")
    value = unquote_plus(raw, errors="surrogateescape")
    if value and (is_sensitive_name(key) or is_authorization_code(key, around)):
        return f"{name}={notes.hide(f'{where}:{key}', f'key {key}', value)}"
    return f"{_redact_value(name, notes, where, False)}={_redact_value(raw, notes, f'{where}:{key}', is_cut)}"


def _redact_value(raw: str, notes: Notes, where: str, is_cut: bool) -> str:
    value = unquote_plus(raw, errors="surrogateescape")
    new = redact_or_drop(value, notes, where, is_cut=is_cut)
    if new == value:
        return raw
    # Only the marks stay readable; the rest is written as a form writes it.
    return MARK.join(quote(piece, safe="/:@,", errors="surrogateescape") for piece in new.split(MARK))
