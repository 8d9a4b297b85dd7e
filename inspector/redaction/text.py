"""Free text: messages, tracebacks, reprs, plain bodies. A secret is what a telling name is set to."""

import re
from collections.abc import Iterator

from inspector.redaction.coded_json import find_coded
from inspector.redaction.keys import (
    is_authorization_code,
    is_made_key,
    is_sensitive_name,
    may_name_made_key,
)
from inspector.redaction.notes import Notes
from inspector.redaction.patterns import find_shapes
from inspector.redaction.spans import hide_spans
from inspector.redaction.telling import find_setters, may_hold_secret

# A quote as HTML writes it, in the pages that tell of an error.
_ENTITIES = ("&quot;", "&#34;", "&#39;", "&#x27;")
# A name of one or two words, quoted or not, and what sets it: `api key: `, `"token":`, `\"pwd\" : `, `sid=`.
_SETTER = re.compile(
    r"(?<![\w%.-])(?P<name>(?:[\w%.\[\]-]{1,40} )?[\w%.\[\]-]{2,80})"
    rf"\\{{0,8}}(?:[\"']|{'|'.join(_ENTITIES)})?\s{{0,4}}"
    r"(?P<setter>=>|[:=\uff1a](?!=))\s{0,4}"
)
# No more than so many characters of it stand before its setter, and from there on.
_NAME_CHARACTERS, _SETTER_CHARACTERS = 140, 6
# What stands for a value in GraphQL, and where it is said of which type it is: `$password: String!`.
_VARIABLE = re.compile(r"\$\w{1,80}")
_DECLARED = re.compile(r"\$\w{1,80}(?=:)")
# What a value that looks made is written with; after that, no more than so many characters end it: a quote
# behind backslashes, one as HTML writes it.
_MADE = re.compile(r"[A-Za-z0-9+/_=-]{20,}")
_ENDS_CHARACTERS = 16
# A longer value that is no key is not looked at again from each `key=` that is in it.
_JUDGED_CHARACTERS = 2048
_STRING = re.compile(
    r"(?P<prefix>[bBrRuUfF]{0,2})(?P<slashes>\\{0,8})(?P<quote>\"\"\"|'''|\"|'" + rf"|{'|'.join(_ENTITIES)})"
)
_WORD_VALUE = re.compile(r"[^\s&;\"')\]}<>,]*(?:,(?!\s)[^\s&;\"')\]}<>,]*)*")
_LINE_VALUE = re.compile(r"[^\r\n;}<,]*(?:,(?!\s)[^\r\n;}<,]*)*")
# Credentials that are many parameters: `Digest username="u", response="..."`. Source: RFC 9110 section 11.4.
_PARAMETER = r"[\w-]{1,40}=(?:\"[^\"\r\n]*\"|[^\s,\"]*)"
_CREDENTIALS = re.compile(rf"[A-Za-z][\w-]{{1,40}} {{1,4}}{_PARAMETER}(?:, {{0,2}}{_PARAMETER})+")
# What calls a class or a function with the value: `SecretStr('...')`.
_CALL = re.compile(r"[\w.]{1,80}(?=[(\[{])")
# YAML's text of several lines; a list of values below their name.
_BLOCK = re.compile(r"[|>][-+0-9]{0,2}[ \t]*(?=\r?\n)")
_LIST = re.compile(r"(?=\r?\n[ \t]*- )")
_INDENT = re.compile(r"[ \t]*(?:- +)*")
# An option of a command and what it is set to; PHP's way to write data; YAML's way to name a value.
_OPTION = re.compile(
    r"(?<![^\s'\"(\[])--(?P<name>[A-Za-z][\w-]{1,60})(?:['\"],)? {1,4}(?P<value>[^\s-][^\s,)\]]*)"
)
_COUNTED_VALUE = re.compile(r"\"(?P<name>[\w.-]{2,80})\";s:[0-9]{1,8}:\"(?P<value>[^\"]*)")
_NAMED_VALUE = re.compile(
    r"\b(?:name|key):[ \t]{1,4}[\"']?(?P<name>[\w.-]{2,80})[\"']?[ \t]*\r?\n"
    r"[ \t]{1,80}value:[ \t]{1,4}(?P<value>[^\r\n]+)"
)
_LITERAL_VALUE = re.compile(r"[0-9][0-9_.-]*(?![\w%])")  # but no length: `12px`
_ENDS = {quote: re.compile(rf"\\.|{quote}", re.DOTALL) for quote in ('"', "'", '"""', "'''", *_ENTITIES)}
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
            notes.hide(where, rule, _without_quotes(text[start:end].strip()), named=is_named)
            spans.append((start, end))
    return hide_spans(text, spans).text


def _without_quotes(value: str) -> str:
    is_quoted = len(value) > 1 and value[0] == value[-1] and value[0] in "\"'"
    return value[1:-1] if is_quoted else value


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
    for start, end, name in find_set(text, is_source=is_source):
        yield start, end, f"key {name}", True
    for start, end in find_coded(text):
        yield start, end, "base64", True
    for pattern, part in ((_OPTION, "--"), (_COUNTED_VALUE, '";s:'), (_NAMED_VALUE, "value:")):
        for found in pattern.finditer(text) if part in text else ():
            if is_sensitive_name(found["name"]):
                yield *found.span("value"), f"key {found['name']}", True
    if "input_value=" in text:
        for found in _PYDANTIC.finditer(text):
            if is_sensitive_name(found["field"]):
                yield *found.span("value"), f"key {found['field']}", True


def find_set(text: str, *, is_source: bool) -> Iterator[tuple[int, int, str]]:
    """Give the span of the value of each telling name, and the name.

    Only a setter before which a telling word stands is looked at, and no further back than a name goes.
    """
    has_code = "code" in text.lower() and is_authorization_code("code", text)
    declared = _Declared(text)
    position = judged = 0
    for begins, setter in find_setters(text):
        begins = max(position, begins, setter - _NAME_CHARACTERS)
        found = _SETTER.search(text, begins, setter + _SETTER_CHARACTERS)
        # Another match would be that of a later setter.
        if found is None or found.start("setter") != setter:
            continue
        name = found["name"]
        is_telling = is_sensitive_name(name) or (has_code and name.lower() == "code")
        if not (is_telling or (may_name_made_key(name) and setter >= judged)) or declared.sets(found):
            continue
        if is_telling:
            start, end = _value_span(text, found, is_source=is_source)
        else:
            start, end, is_key = _judge_key(text, found, is_source=is_source)
            if not is_key:
                judged = end if end - start > _JUDGED_CHARACTERS else judged
                continue
        yield start, end, name
        position = max(end, found.end())


def _judge_key(text: str, setting: re.Match[str], *, is_source: bool) -> tuple[int, int, bool]:
    """The span of what may be a key, as it looks made, and whether it is one; nothing else is looked at."""
    string = _STRING.match(text, setting.end())
    made = _MADE.match(text, setting.end() if string is None else string.end())
    if made is None:
        return setting.end(), setting.end(), False
    begins = setting.start()
    near = text[begins : made.end() + _ENDS_CHARACTERS]
    again = _SETTER.match(near)
    if again is None:
        return *made.span(), False
    start, end = _value_span(near, again, is_source=is_source)
    if not is_made_key(setting["name"], near[start:end]):
        return *made.span(), False
    return begins + start, begins + end, True


class _Declared:
    """The variables of GraphQL that a text declares; they are looked for when one is used."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._names: frozenset[str] | None = None

    def sets(self, setting: re.Match[str]) -> bool:
        """Say whether this declares a variable, or sets what it names to one."""
        if setting["setter"] == ":" and self._text[setting.start() - 1 : setting.start()] == "$":
            return True
        variable = _VARIABLE.match(self._text, setting.end())
        if variable is None:
            return False
        if self._names is None:
            self._names = frozenset(_DECLARED.findall(self._text))
        return variable[0] in self._names


def _value_span(text: str, setting: re.Match[str], *, is_source: bool) -> tuple[int, int]:
    """The span of what a name is set to; to the end of the text when it never ends."""
    start = setting.end()
    string = _STRING.match(text, start)
    if string is not None:
        return string.end(), _string_end(text, string)
    if is_source:
        literal = _LITERAL_VALUE.match(text, start)
        return start, start if literal is None else literal.end()
    if text[start : start + 1] in _CLOSING:
        return start, _bracket_end(text, start)
    if setting["setter"] == ":":
        block = _BLOCK.match(text, start) or _LIST.match(text, setting.end("setter"))
        if block is not None:
            return block.end(), _block_end(text, setting.start("name"), block.end())
        credentials = _CREDENTIALS.match(text, start)
        if credentials is not None:
            return credentials.span()
    call = _CALL.match(text, start)
    if call is not None:
        return start, _bracket_end(text, call.end())
    value = (_WORD_VALUE if setting["setter"].startswith("=") else _LINE_VALUE).match(text, start)
    return start, start if value is None else value.end()


def _block_end(text: str, name: int, start: int) -> int:
    """Where the lines end that stand deeper than the line of the name, or as deep with a dash."""
    line = text.rfind("\n", max(name - _NAME_CHARACTERS, 0), name) + 1
    depth = _depth(text, line)
    end = text.find("\n", start)
    while 0 <= end < len(text):
        following = text.find("\n", end + 1)
        following = len(text) if following < 0 else following
        content = text[end + 1 : following]
        indent = len(content) - len(content.lstrip(" \t"))
        if content.strip() and indent <= depth and not content.lstrip(" \t").startswith("- "):
            break
        end = following
    return len(text) if end < 0 else end


def _depth(text: str, line: int) -> int:
    found = _INDENT.match(text, line)
    return 0 if found is None else found.end() - line


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
