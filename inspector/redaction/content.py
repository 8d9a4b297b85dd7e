"""Any text whose kind is not told: JSON when it looks like it, else free text."""

from inspector.redaction.json_text import TooDeepError, is_json, is_like_json, redact_json
from inspector.redaction.notes import Notes
from inspector.redaction.text import may_hold_secret, redact_text

# JSON in a string of JSON in a string of JSON; more is not met.
MAX_NESTING = 4


def redact_content(text: str, notes: Notes, where: str, *, is_cut: bool = False, nesting: int = 0) -> str:
    """Give the text without its secrets. Raises TooDeepError when it is JSON too deep to look through."""
    if not is_cut and not may_hold_secret(text, notes) and "\\u" not in text:
        return text
    if not is_like_json(text) or nesting > MAX_NESTING:
        return redact_text(text, notes, where, is_cut=is_cut)

    def leaf(value: str, place: str) -> str:
        return redact_content(value, notes, place, nesting=nesting + 1)

    done = redact_json(text, notes, where, leaf)
    if is_cut or not is_json(text):
        # Where the syntax was broken, a second look at it as plain text.
        done = redact_text(done, notes, where, is_cut=is_cut)
    return done


def redact_lines(text: str, notes: Notes, where: str, *, is_cut: bool) -> str:
    """Give a text of one document a line (JSON lines, server-sent events) without its secrets."""
    lines = text.splitlines(keepends=True)
    done: list[str] = []
    for number, line in enumerate(lines):
        is_last = number == len(lines) - 1
        head, colon, rest = line.partition(":")
        if colon and head.isalpha():  # the field name of an event
            done.append(head + colon + redact_content(rest, notes, where, is_cut=is_cut and is_last))
        else:
            done.append(redact_content(line, notes, where, is_cut=is_cut and is_last))
    return "".join(done)


def redact_or_drop(text: str, notes: Notes, where: str, *, is_cut: bool = False) -> str:
    """Like `redact_content`, but a text that cannot be looked through is hidden whole."""
    try:
        return redact_content(text, notes, where, is_cut=is_cut)
    except TooDeepError:
        return notes.hide(where, "too deep", text)
