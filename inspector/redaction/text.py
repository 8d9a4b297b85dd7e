"""Free text: messages, tracebacks, reprs, plain bodies. A secret is what a telling name is set to."""

import re
from collections.abc import Iterator

from inspector.redaction.keys import is_authorization_code, is_sensitive_name
from inspector.redaction.notes import Notes
from inspector.redaction.patterns import find_shapes
from inspector.redaction.spans import hide_spans
from inspector.redaction.telling import find_setters, may_hold_secret

# A name of one or two words, quoted or not, and what sets it: `api key: `, `"token":`, `\"pwd\" : `, `sid=`.
_SETTER = re.compile(
    r"(?<![A-Za-z0-9_%.-])(?P<name>(?:[A-Za-z0-9_%.\[\]-]{1,40} )?[A-Za-z0-9_%.\[\]-]{2,80})"
    r"\\{0,8}[\"']?\s{0,4}(?P<setter>=>|[:=](?!=))\s{0,4}"
)
# No more than so many characters of it stand before its setter, and from there on.
_NAME_CHARACTERS, _SETTER_CHARACTERS = 140, 6
_STRING = re.compile(r"(?P<prefix>[bBrRuUfF]{0,2})(?P<slashes>\\{0,8})(?P<quote>\"\"\"|'''|\"|')")
_WORD_VALUE = re.compile(r"[^\s&;\"')\]}<>,]*(?:,(?!\s)[^\s&;\"')\]}<>,]*)*")
_LINE_VALUE = re.compile(r"[^\r\n;}<,]*(?:,(?!\s)[^\r\n;}<,]*)*")
_LITERAL_VALUE = re.compile(r"[0-9][0-9_.-]*")
_ENDS = {quote: re.compile(rf"\\.|{quote}", re.DOTALL) for quote in ('"', "'", '"""', "'''")}
_BRACKET = re.compile(r"[\"'\[\]{}()]")
_CLOSING = {"[": "]", "{": "}", "(": ")"}
_NOTHING = frozenset({"", "none", "null", "true", "false", "undefined", "...", "…", "•••"})
# pydantic's error text: the field on one line, the input on the next.
_PYDANTIC = re.compile(
    r"^(?P<field>[\w.\[\]-]+)\r?\n(?:[^\n]*?)input_value=(?P<value>.*?)(?:, input_type=|\Z)",
    re.MULTILINE | re.DOTALL,
)
_TRACEBACK_FILE = re.compile(r'^\s*(?:\| )?File "')


def redact_text(text: str, notes: Notes, where: str, *, is_cut: bool = False, is_source: bool = False) -> str:
    """Give the text without its secrets. `is_cut`: it was cut at its end; `is_source`: it is a program's.

    In a program's text only what is written out is a secret: `token = read()` is none.
    """
    if not is_cut and not may_hold_secret(text, notes):
        return text
    notes.rest()
    text = notes.sweep(text, where)
    spans: list[tuple[int, int]] = []
    for start, end, rule, is_named in _find_all(text, is_cut=is_cut, is_source=is_source):
        if text[start:end].strip("\"' ,").lower() not in _NOTHING:
            notes.hide(where, rule, text[start:end].strip("\"' "), named=is_named)
            spans.append((start, end))
    return hide_spans(text, spans).text


def redact_traceback(text: str, notes: Notes, where: str) -> str:
    """Give a traceback without secrets; its lines of source are read as source."""
    if not may_hold_secret(text, notes):
        return text
    done: list[str] = []
    prose: list[str] = []
    is_after_file = False
    for line in text.splitlines(keepends=True):
        if is_after_file and line.startswith("    "):
            done.append(redact_text("".join(prose), notes, where))
            done.append(redact_text(line, notes, where, is_source=True))
            prose = []
        else:
            prose.append(line)
        is_after_file = _TRACEBACK_FILE.match(line) is not None
    return "".join([*done, redact_text("".join(prose), notes, where)])


def _find_all(text: str, *, is_cut: bool, is_source: bool) -> Iterator[tuple[int, int, str, bool]]:
    for start, end, rule in find_shapes(text, is_cut=is_cut):
        yield start, end, rule, True
    for start, end, name in _find_set(text, is_source=is_source):
        yield start, end, f"key {name}", True
    if "input_value=" in text:
        for found in _PYDANTIC.finditer(text):
            if is_sensitive_name(found["field"]):
                yield *found.span("value"), f"key {found['field']}", True


def _find_set(text: str, *, is_source: bool) -> Iterator[tuple[int, int, str]]:
    """Give the span of the value of each telling name, and the name.

    Only a setter before which a telling word stands is looked at, and no further back than a name goes.
    """
    has_code = "code" in text.lower() and is_authorization_code("code", text)
    position = 0
    for begins, setter in find_setters(text):
        begins = max(position, begins, setter - _NAME_CHARACTERS)
        found = _SETTER.search(text, begins, setter + _SETTER_CHARACTERS)
        # Another match would be that of a later setter.
        if found is None or found.start("setter") != setter:
            continue
        if not is_sensitive_name(found["name"]) and not (has_code and found["name"].lower() == "code"):
            continue
        start, end = _value_span(text, found.end(), found["setter"], is_source=is_source)
        yield start, end, found["name"]
        position = max(end, found.end())


def _value_span(text: str, start: int, setter: str, *, is_source: bool) -> tuple[int, int]:
    """The span of what a name is set to; to the end of the text when it never ends."""
    string = _STRING.match(text, start)
    if string is not None:
        return string.end(), _string_end(text, string)
    if is_source:
        literal = _LITERAL_VALUE.match(text, start)
        return start, start if literal is None else literal.end()
    if text[start : start + 1] in _CLOSING:
        return start, _bracket_end(text, start)
    value = (_LINE_VALUE if setter == ":" else _WORD_VALUE).match(text, start)
    return start, start if value is None else value.end()


def _string_end(text: str, opening: re.Match[str]) -> int:
    """Where the string's content ends."""
    slashes, quote = opening["slashes"], opening["quote"]
    if slashes:
        end = text.find(slashes + quote, opening.end())
        return len(text) if end < 0 else end
    for found in _ENDS[quote].finditer(text, opening.end()):
        if found[0] == quote:
            return found.start()
    return len(text)


def _bracket_end(text: str, start: int) -> int:
    """Where the bracket that opens at `start` is closed; brackets inside strings do not count."""
    waiting: list[str] = []
    position = start
    while (found := _BRACKET.search(text, position)) is not None:
        character, position = found[0], found.end()
        string = _STRING.match(text, found.start()) if character in "\"'" else None
        if string is not None:
            position = _string_end(text, string) + len(string["quote"])
        elif character in _CLOSING:
            waiting.append(_CLOSING[character])
        elif waiting and character == waiting[-1]:
            waiting.pop()
            if not waiting:
                return position
    return len(text)
