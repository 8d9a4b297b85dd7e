"""Any text whose kind is not told: JSON when it looks like it, else free text."""

import re

from inspector.redaction.form import redact_fields
from inspector.redaction.json_text import TooDeepError, is_json, is_like_json, redact_json
from inspector.redaction.notes import Notes
from inspector.redaction.telling import find_telling, may_hold_secret
from inspector.redaction.text import redact_text

# JSON in a string of JSON in a string of JSON; more is not met.
MAX_NESTING = 4
# A query; one with something percent-encoded in it may be a URL with another one in it.
_QUERY = re.compile(r"(?<=\?)[^\s\"'<>#]+")
# An event of several lines of data. Source: the HTML standard, section 9.2.6.
_EVENT = re.compile(r"^(?:data:[^\r\n]*(?:\r\n|\n|\r|\Z)){2,}", re.MULTILINE)


def redact_content(text: str, notes: Notes, where: str, *, is_cut: bool = False, nesting: int = 0) -> str:
    """Give the text without its secrets. Raises TooDeepError when it is JSON too deep to look through."""
    if not is_cut and not may_hold_secret(text, notes) and "\\u" not in text:
        return text

    def leaf(value: str, place: str, is_cut: bool = False) -> str:
        return redact_content(value, notes, place, is_cut=is_cut, nesting=nesting + 1)

    if nesting > MAX_NESTING:
        return redact_text(text, notes, where, is_cut=is_cut)
    if not is_like_json(text):
        if "%" in text and "?" in text and not is_cut:
            text = _QUERY.sub(
                lambda found: redact_fields(found[0], notes, where, leaf) if "%" in found[0] else found[0],
                text,
            )
        return redact_text(text, notes, where, is_cut=is_cut)
    done = redact_json(text, notes, where, leaf)
    if is_cut or not is_json(text):
        # Where the syntax was broken, a second look at it as plain text.
        done = redact_text(done, notes, where, is_cut=is_cut)
    return done


def redact_lines(text: str, notes: Notes, where: str, *, is_cut: bool) -> str:
    """Give a text of one document a line (JSON lines, server-sent events) without its secrets."""
    text = _EVENT.sub(lambda found: _redact_event(found[0], notes, where), text)
    lines = text.splitlines(keepends=True)
    last = len(lines) - 1 if is_cut else -1
    for number in sorted({*find_telling(lines, notes), last} - {-1}):
        line, is_line_cut = lines[number], number == last
        head, colon, rest = line.partition(":")
        if colon and head.isalpha():  # the field name of an event
            lines[number] = head + colon + redact_content(rest, notes, where, is_cut=is_line_cut)
        else:
            lines[number] = redact_content(line, notes, where, is_cut=is_line_cut)
    return "".join(lines)


def _redact_event(text: str, notes: Notes, where: str) -> str:
    """The data of an event is what all its lines say, where the first one opens a document."""
    lines = [line.removeprefix("data:") for line in text.splitlines(keepends=True)]
    whole = "".join(lines)
    if whole.lstrip()[:1] not in ("{", "[") or is_json(lines[0]):
        return text
    done = redact_content(whole, notes, where)
    if done == whole:
        return text
    return "".join([f"data:{line}" for line in done.splitlines(keepends=True)])


def redact_or_drop(text: str, notes: Notes, where: str, *, is_cut: bool = False) -> str:
    """Like `redact_content`, but a text that cannot be looked through is hidden whole."""
    try:
        return redact_content(text, notes, where, is_cut=is_cut)
    except TooDeepError:
        return notes.hide(where, "too deep", text)


def redact_form(text: str, notes: Notes, where: str, *, around: str = "", is_cut: bool = False) -> str:
    """Give a query or a form without its secrets; `around` is the URL it belongs to."""

    def leaf(value: str, place: str, value_is_cut: bool) -> str:
        return redact_or_drop(value, notes, place, is_cut=value_is_cut)

    return redact_fields(text, notes, where, leaf, around=around, is_cut=is_cut)
