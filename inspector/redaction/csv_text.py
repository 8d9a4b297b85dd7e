"""Tables of text: the column under a telling name goes, row by row. Source: RFC 4180."""

import re
from collections.abc import Iterator

from inspector.redaction.keys import is_sensitive_name
from inspector.redaction.notes import Notes
from inspector.redaction.spans import hide_spans

# A field, quoted or not, and what ends it; a quoted one that never ends goes to the end.
_FIELDS = {
    separator: re.compile(
        rf'(?:"((?:[^"]|"")*)(?:"|\Z)|([^{separator}\r\n]*))({re.escape(separator)}|\r?\n|\r|\Z)'
    )
    for separator in ("\t", ";", "|", ",")
}


def redact_table(text: str, notes: Notes, where: str) -> str:
    """Give the table without what stands under telling names; what has none in its first line as it is."""
    heading = text.lstrip("\ufeff").partition("\n")[0]
    separator = max(_FIELDS, key=heading.count)
    telling: dict[int, str] = {}
    spans: list[tuple[int, int]] = []
    for row, column, value, span in _fields(text, separator):
        if row == 0:
            if is_sensitive_name(value.strip("\ufeff \t")):
                telling[column] = value
            continue
        if not telling:
            break
        if column in telling and value:
            notes.hide(f"{where}[{row}]", f"key {telling[column]}", value)
            spans.append(span)
    return hide_spans(text, spans).text


def _fields(text: str, separator: str) -> Iterator[tuple[int, int, str, tuple[int, int]]]:
    """Give row, column, value and span of each field."""
    pattern = _FIELDS[separator]
    row = column = position = 0
    while position < len(text):
        found = pattern.match(text, position)
        if found is None:  # something behind a quoted field: what follows it is read on as one
            end = text.find("\n", position)
            end = len(text) if end < 0 else end
            yield row, column, text[position:end], (position, end)
            row, column, position = row + 1, 0, end + 1
            continue
        group = 2 if found[1] is None else 1
        yield row, column, found[group], found.span(group)
        position = found.end()
        if found[3] == separator:
            column += 1
        else:
            row, column = row + 1, 0
