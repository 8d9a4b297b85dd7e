"""Query strings and form bodies: names and order stay, values of telling names go.

Source: the WHATWG URL standard's application/x-www-form-urlencoded parsing. A name is looked for after `;`
too, as older servers read them; a secret goes on to the next `&`, as those of today do.
"""

import re
from collections.abc import Callable
from urllib.parse import quote, unquote_plus

from inspector.redaction.keys import is_authorization_code, is_made_key, is_sensitive_name
from inspector.redaction.links import is_made, lets_in
from inspector.redaction.notes import MARK, Notes
from inspector.redaction.telling import find_telling

_SEPARATOR = re.compile(r"([&;])")

# (value, place, whether it is cut off) -> value
RedactValue = Callable[[str, str, bool], str]


def redact_fields(
    text: str, notes: Notes, where: str, redact_value: RedactValue, *, around: str = "", is_cut: bool = False
) -> str:
    """Give the form without its secrets; `around` is the URL it belongs to, which tells an OAuth `code`.

    `redact_value` looks at whatever has no telling name. `is_cut`: the last value may be the beginning of one
    only.
    """
    pieces = _SEPARATOR.split(text)  # parts at the even places
    last = len(pieces) - 1
    decoded = [_decode(part) for part in pieces[::2]]
    lets_all_in = lets_in(f"{around}{'' if around.endswith('?') else '?'}{text}")
    telling = set(range(len(decoded))) if lets_all_in else find_telling(decoded, notes)
    may_have_code = any("code" in decoded[number].lower() for number in telling)
    hidden_to = -1
    has_code = may_have_code and is_authorization_code("code", f"{around}?{text}")
    for number in sorted({2 * number for number in telling} | ({last} if is_cut else set())):
        if number <= hidden_to:
            continue
        is_end = is_cut and number == last
        name, equals, raw = pieces[number].partition("=")
        key, value = _decode(name), _decode(raw)
        is_secret = is_sensitive_name(key) or (has_code and key.lower() == "code")
        if is_secret and equals and (hidden_to := _end_of_value(pieces, number)) > number:
            rest = "".join(pieces[number + 1 : hidden_to + 1])
            notes.hide(f"{where}:{key}", f"key {key}", _decode(raw + rest))
            pieces[number + 1 : hidden_to + 1] = [""] * (hidden_to - number)
            raw, value = raw or rest, value or rest
        if value and (is_secret or is_made_key(key, value) or (lets_all_in and is_made(value))):
            pieces[number] = f"{name}={notes.hide(f'{where}:{key}', f'key {key}', value)}"
        elif equals:
            new = _redact_raw(raw, f"{where}:{key}", redact_value, is_end)
            pieces[number] = f"{_redact_raw(name, where, redact_value, False)}={new}"
        else:
            pieces[number] = _redact_raw(name, where, redact_value, is_end)
    return "".join(pieces)


def _end_of_value(pieces: list[str], number: int) -> int:
    """Where the last piece of the value is that begins in this one."""
    while number + 2 < len(pieces) and pieces[number + 1] == ";":
        number += 2
    return number


def _decode(raw: str) -> str:
    return unquote_plus(raw, errors="surrogateescape") if "%" in raw or "+" in raw else raw


def _redact_raw(raw: str, where: str, redact_value: RedactValue, is_cut: bool) -> str:
    value = _decode(raw)
    new = redact_value(value, where, is_cut)
    if new == value:
        return raw
    # Only the marks stay readable; the rest is written as a form writes it.
    return MARK.join(quote(piece, safe="/:@,", errors="surrogateescape") for piece in new.split(MARK))
