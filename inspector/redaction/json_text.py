"""JSON, whole, cut off or slightly broken: secrets replaced in place, everything else left byte by byte.

Every text in it is looked at once, all of them together; the walk then only stops at those that tell.
"""

import json
import re
from collections.abc import Callable
from itertools import accumulate, repeat
from operator import itemgetter

from inspector.redaction.keys import WHOLE, is_made_key, is_name_of_many, is_sensitive_name
from inspector.redaction.notes import MARK, Notes
from inspector.redaction.pairs import find_subject, is_held, is_paired, may_be_paired
from inspector.redaction.telling import find_telling, squeezed_lines
from miniframework.records import dataclass

# Deeper documents are not shown anyway, and walking them must not be a way to spend the recorder's time.
MAX_DEPTH = 64
# With the white space, so that all of them are the document.
_TOKEN = re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*(?:"|\\?\Z)|[{}\[\],:]\s*|[^\s"{}\[\],:]+|\s+', re.DOTALL)
_STRUCTURE = frozenset("{}[],:")
_STEPS = {"{": 1, "[": 1, "}": -1, "]": -1}
_HIDDEN = f'"{MARK}"'
_BARE = frozenset({"null", "true", "false"})
# Keys that tell something only where they stand, or only as a whole.
_TELLING_HERE = frozenset({"code", "input", "ctx", "kty", *WHOLE})
# Half a pair of surrogates, which no encoding has; DC80 to DCFF stand for bytes that are no UTF-8.
_LONE = re.compile("[\ud800-\udc7f\udd00-\udfff]")
_DECODER = json.JSONDecoder()
# What a value that is only letters may be, too: the name of a field.
_NAME = re.compile(r"[A-Za-z_. -]{0,80}")

Leaf = Callable[[str, str], str]


class TooDeepError(Exception):
    """The document is nested deeper than is looked at."""


@dataclass(slots=True)
class _Level:
    """One object or array that is open. `key` as it is written; `is_telling` when it may name a secret;
    `hides_input`: its `loc` names one, as in a 422 answer. `names`: what one of its members says that another
    one is, as in `{"name": "password", "value": ...}`; `held`: the keys of those members, and the tokens with
    which they begin and end.
    """

    is_object: bool
    key: str = ""
    is_telling: bool = False
    index: int = 0
    expects_key: bool = True
    hides_input: bool = False
    names: str | None = None
    held: list[tuple[str, int, int]] | None = None


class _Walk:
    """One pass over the tokens of a document."""

    def __init__(self, text: str, notes: Notes, where: str, leaf: Leaf) -> None:
        self._text = text
        self._notes = notes
        self._where = where
        self._leaf = leaf
        self._tokens: list[str] = _TOKEN.findall(text)
        notes.rest()
        self._values = _decode_all(self._tokens, text)
        self._telling = _find_telling(self._values, notes)
        self._plain: set[str] = set()  # those of them in which `leaf` found nothing
        notes.rest()
        self._levels = [_Level(is_object=False)]  # what is outside the document, to begin with
        self._hidden_from: int | None = None  # the token where a container that is hidden whole begins
        self._hidden_above = 0  # the number of levels outside it

    def run(self) -> str:
        """Give the document without its secrets. Raises TooDeepError."""
        if not self._telling and _is_flat(self._tokens):
            return self._text
        level, telling, plain = self._levels[-1], self._telling, self._plain
        for number, token in enumerate(self._tokens):
            first = token[0]
            if first not in _STRUCTURE:
                if level.is_object and level.expects_key:
                    if first.isspace():
                        continue
                    level.key, level.is_telling = token, token in telling
                    if level.is_telling and token not in plain and len(value := self._values[token]) >= 8:
                        self._look_at(number, value)
                elif token in telling or level.is_telling or self._hidden_from is not None:
                    self._take(number, token)
            elif first == ",":
                level.expects_key = True
                level.index += 1
            elif first == ":":
                level.expects_key = False
            elif first in "{[":
                level = self._open(number, is_object=first == "{")
            else:
                level = self._close(number)
        if self._hidden_from is not None:
            self._hide(self._hidden_from, len(self._tokens))
        return "".join(self._tokens)

    def _take(self, number: int, token: str) -> None:
        """A value that may be a secret, by itself or by where it stands."""
        if token.isspace():
            return
        value = self._values[token]
        if self._hidden_from is not None:
            if value not in _BARE:
                self._notes.hide(self._place(), "inside a secret", value)
        elif self._is_named(value) and value not in _BARE and value and not self._is_number_of_many(token):
            self._replace(number, value, self._notes.hide(self._place(), f"key {self._key()}", value))
        else:
            self._note_pair(number, value)
            if token in self._telling:
                self._note_name(token, value)
                self._note_location(value)
                if token not in self._plain:
                    self._look_at(number, value)

    def _look_at(self, number: int, value: str) -> None:
        """Look at a token as it came; one in which nothing was found is not looked at again."""
        found = self._notes.count()
        new = self._leaf(value, self._place())
        if new == value and self._notes.count() == found:
            self._plain.add(self._tokens[number])
        self._replace(number, value, new)

    def _replace(self, number: int, value: str, new: str) -> None:
        if new == MARK != value:
            self._tokens[number] = _HIDDEN
        elif new != value:
            written = json.dumps(new, ensure_ascii=False)
            self._tokens[number] = _LONE.sub(lambda found: f"\\u{ord(found[0]):04x}", written)

    def _open(self, number: int, *, is_object: bool) -> _Level:
        if self._hidden_from is None and self._is_hidden():
            self._hidden_from, self._hidden_above = number, len(self._levels)
            self._notes.note(self._place(), f"key {self._key()}")
        elif self._hidden_from is None:
            self._hold(number)
        if len(self._levels) > MAX_DEPTH:
            raise TooDeepError
        self._levels.append(_Level(is_object=is_object))
        return self._levels[-1]

    def _close(self, number: int) -> _Level:
        if len(self._levels) > 1:
            self._levels.pop()
        if self._hidden_from is not None and len(self._levels) <= self._hidden_above:
            self._hide(self._hidden_from, number)
            self._hidden_from = None
        level = self._levels[-1]
        if level.held and level.held[-1][2] < 0:
            level.held[-1] = (*level.held[-1][:2], number)
        return level

    def _note_pair(self, number: int, value: str) -> None:
        """A member that may hold what another one names, or one that names it: then what is held goes."""
        level = self._levels[-1]
        if not level.is_object or level.expects_key:
            return
        self._hold(number, end=number)
        subject = find_subject(self._key(), value)
        if subject is None:
            return
        level.names = subject
        for key, start, end in level.held or ():
            if is_held(subject, key):
                self._hide_held(start, end, key)
        level.held = None

    def _hold(self, start: int, end: int = -1) -> None:
        """Remember a member that a later one may name; where it ends is known later if it is a container."""
        level = self._levels[-1]
        if level.is_object and not level.expects_key and level.is_telling and is_paired(key := self._key()):
            level.held = level.held or []
            level.held.append((key, start, end))

    def _hide_held(self, start: int, end: int, key: str) -> None:
        value = _decode(self._tokens[start])
        if start != end:
            self._notes.note(self._place(), f"key {key}")
            self._hide(start, end)
        elif value not in _BARE and value:
            self._replace(start, value, self._notes.hide(self._place(), f"key {key}", value))

    def _hide(self, start: int, end: int) -> None:
        """Write the mark in place of the tokens from `start` to `end`; white space after them stays."""
        after = self._tokens[end][1:] if end < len(self._tokens) else ""
        self._tokens[start : end + 1] = [_HIDDEN, *[""] * (end - start - 1), after]

    def _key(self) -> str:
        return self._values.get(self._levels[-1].key, "")

    def _is_hidden(self) -> bool:
        """Whether the value that comes now stands under a telling name."""
        level = self._levels[-1]
        if not level.is_telling or level.expects_key:
            return False
        key = self._key()
        if key == "code":
            return "authorization_code" in self._text  # RFC 6749 section 4.1.3, sent as JSON
        if level.names is not None and is_held(level.names, key):
            return True
        return is_sensitive_name(key) or (level.hides_input and key in ("input", "ctx"))

    def _is_named(self, value: str) -> bool:
        """Whether its name says that it is a secret: its key, or the element before it in an array."""
        level = self._levels[-1]
        if level.is_object:
            return self._is_hidden() or (
                level.is_telling and len(level.key) > 7 and is_made_key(self._key(), value)
            )
        if not level.is_telling:
            return False
        level.is_telling = False
        return self._key().startswith("--") or (level.index == 1 and not _NAME.fullmatch(value))

    def _is_number_of_many(self, token: str) -> bool:
        """Whether it says how many there are: `"tokens": 12`. Cards have more digits than one counts to."""
        return token.isdigit() and len(token) < 10 and is_name_of_many(self._key())

    def _note_name(self, token: str, value: str) -> None:
        """An element that names the next one: `["--token", "..."]`, a header as a pair."""
        level = self._levels[-1]
        is_naming = not level.is_object and (value.startswith("--") or level.index == 0)
        if is_naming and _NAME.fullmatch(value) and is_sensitive_name(value):
            level.key, level.is_telling = token, True

    def _note_location(self, value: str) -> None:
        """In `{"loc": ["body", "password"], "input": …}` the location tells what the input is."""
        if len(self._levels) < 2 or self._levels[-1].is_object:
            return
        outer = self._levels[-2]
        if outer.is_object and self._values.get(outer.key) == "loc" and is_sensitive_name(value):
            outer.hides_input = True

    def _place(self) -> str:
        if self._notes.is_full:
            return ""
        steps = (
            f".{self._values.get(level.key, '')}" if level.is_object else f"[{level.index}]"
            for level in self._levels[1:]
        )
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


def _decode_all(tokens: list[str], text: str) -> dict[str, str]:
    """Give what each string and bare word of the text stands for."""
    texts = [token for token in set(tokens) if token[0] not in _STRUCTURE]
    if "\\" in text or text.count('"') % 2:  # else each string ends, and reads as it is written
        return {token: _decode(token) for token in texts}
    return {token: token[1:-1] if token[0] == '"' else token for token in texts}


def _find_telling(values: dict[str, str], notes: Notes) -> set[str]:
    """Give those of the strings and bare words that may be a secret or the name of one."""
    tokens, texts = list(values), list(values.values())
    telling = {tokens[number] for number in find_telling(texts, notes)}
    for token, text, line in zip(tokens, texts, squeezed_lines(texts), strict=True):
        if text in _TELLING_HERE or may_be_paired(line) or text.endswith("_KEY"):
            telling.add(token)
    return telling


def _is_flat(tokens: list[str]) -> bool:
    """Whether it is not nested too deep for certain, without a look at each token by itself."""
    depths = list(accumulate(map(_STEPS.get, map(itemgetter(0), tokens), repeat(0))))
    # One that closes more than it opens is counted wrongly.
    return not depths or (max(depths) <= MAX_DEPTH and min(depths) >= 0)


def _decode(token: str) -> str:
    """What a token stands for, as far as it can be read."""
    if token[:1] != '"':
        return token
    if "\\" not in token:
        return token[1:-1] if len(token) > 1 and token[-1] == '"' else token[1:]
    try:
        return str(_DECODER.raw_decode(token)[0])
    except ValueError:
        return _decode_broken(token)


def _decode_broken(token: str) -> str:
    inner = token[1:-1] if len(token) > 1 and token.endswith('"') and not token.endswith('\\"') else token[1:]
    inner = inner.rstrip("\\")
    try:
        value = json.loads(f'"{inner}"', strict=False)
    except ValueError:
        return inner
    return str(value)
