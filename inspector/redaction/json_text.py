"""JSON, whole, cut off or slightly broken: secrets replaced in place, everything else left byte by byte."""

import json
import re
from collections.abc import Callable

from inspector.redaction.keys import is_sensitive_name
from inspector.redaction.notes import MARK, Notes
from miniframework.records import dataclass

# Deeper documents are not shown anyway, and walking them must not be a way to spend the recorder's time.
MAX_DEPTH = 64
_TOKEN = re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*(?:"|\\?\Z)|[{}\[\],:]|[^\s"{}\[\],:]+', re.DOTALL)
_BARE = frozenset({"null", "true", "false"})

Leaf = Callable[[str, str], str]


class TooDeepError(Exception):
    """The document is nested deeper than is looked at."""


@dataclass(slots=True)
class _Level:
    """One object or array that is open. `hides_input`: its `loc` names a secret, as in a 422 answer."""

    is_object: bool
    key: str = ""
    index: int = 0
    expects_key: bool = True
    hides_input: bool = False


class _Walk:
    """One pass over the tokens of a document."""

    def __init__(self, text: str, notes: Notes, where: str, leaf: Leaf) -> None:
        self._text = text
        self._notes = notes
        self._where = where
        self._leaf = leaf
        self._levels: list[_Level] = []
        self._pieces: list[str] = []
        self._copied = 0
        self._hidden_from: int | None = None  # where a container that is hidden whole begins
        self._hidden_above = 0  # the number of levels outside it

    def run(self) -> str:
        """Give the document without its secrets. Raises TooDeepError."""
        for token in _TOKEN.finditer(self._text):
            match token[0][0]:
                case "{" | "[":
                    self._open(token)
                case "}" | "]":
                    self._close(token)
                case ",":
                    self._next()
                case ":":
                    if self._levels:
                        self._levels[-1].expects_key = False
                case _:
                    self._scalar(token)
        if self._hidden_from is not None:
            self._replace(self._hidden_from, len(self._text), f'"{MARK}"')
        return "".join([*self._pieces, self._text[self._copied :]])

    def _open(self, token: re.Match[str]) -> None:
        if self._hidden_from is None and self._is_hidden():
            self._hidden_from, self._hidden_above = token.start(), len(self._levels)
            self._notes.note(self._place(), f"key {self._levels[-1].key}")
        if len(self._levels) >= MAX_DEPTH:
            raise TooDeepError
        self._levels.append(_Level(is_object=token[0] == "{"))

    def _close(self, token: re.Match[str]) -> None:
        if self._levels:
            self._levels.pop()
        if self._hidden_from is not None and len(self._levels) <= self._hidden_above:
            self._replace(self._hidden_from, token.end(), f'"{MARK}"')
            self._hidden_from = None

    def _next(self) -> None:
        if self._levels:
            self._levels[-1].expects_key = True
            self._levels[-1].index += 1

    def _scalar(self, token: re.Match[str]) -> None:
        text = token[0]
        value = _decode(text) if text[0] == '"' else text
        level = self._levels[-1] if self._levels else None
        if level is not None and level.is_object and level.expects_key:
            level.key = value
            new = value if len(value) < 8 else self._leaf(value, self._place())
        elif self._hidden_from is not None:
            if value not in _BARE:
                self._notes.hide(self._place(), "inside a secret", value)
            return
        elif self._is_hidden() and value not in _BARE and value:
            new = self._notes.hide(self._place(), f"key {level.key if level else ''}", value)
        else:
            self._note_location(value)
            new = self._leaf(value, self._place())
        if new != value:
            self._replace(token.start(), token.end(), json.dumps(new, ensure_ascii=False))

    def _is_hidden(self) -> bool:
        """Whether the value that comes now stands under a telling name."""
        level = self._levels[-1] if self._levels else None
        if level is None or not level.is_object or level.expects_key:
            return False
        if level.key == "code":
            return "authorization_code" in self._text  # RFC 6749 section 4.1.3, sent as JSON
        return is_sensitive_name(level.key) or (level.hides_input and level.key in ("input", "ctx"))

    def _note_location(self, value: str) -> None:
        """In `{"loc": ["body", "password"], "input": …}` the location tells what the input is."""
        if len(self._levels) < 2 or self._levels[-1].is_object:
            return
        outer = self._levels[-2]
        if outer.is_object and outer.key == "loc" and is_sensitive_name(value):
            outer.hides_input = True

    def _replace(self, start: int, end: int, new: str) -> None:
        self._pieces += (self._text[self._copied : start], new)
        self._copied = end

    def _place(self) -> str:
        steps = (f".{level.key}" if level.is_object else f"[{level.index}]" for level in self._levels)
        return f"{self._where}:${''.join(steps)}"


def redact_json(text: str, notes: Notes, where: str, leaf: Leaf) -> str:
    """Give the document without its secrets; `leaf` looks at whatever has no telling name.

    Reads on where the syntax is broken, and a string that never ends goes to the end. Raises TooDeepError.
    """
    return _Walk(text, notes, where, leaf).run()


def is_like_json(text: str) -> bool:
    """Say whether the text begins as a JSON object, array or string does."""
    return text.lstrip()[:1] in ("{", "[", '"')


def is_json(text: str) -> bool:
    """Say whether the text is well-formed JSON as a whole."""
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return False
    return True


def _decode(token: str) -> str:
    """The string a token stands for, as far as it can be read."""
    try:
        value = json.loads(token)
    except ValueError:
        return _decode_broken(token)
    return value if isinstance(value, str) else token


def _decode_broken(token: str) -> str:
    inner = token[1:-1] if len(token) > 1 and token.endswith('"') and not token.endswith('\\"') else token[1:]
    inner = inner.rstrip("\\")
    try:
        value = json.loads(f'"{inner}"', strict=False)
    except ValueError:
        return inner
    return str(value)
