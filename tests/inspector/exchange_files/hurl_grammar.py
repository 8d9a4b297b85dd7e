r"""A strict reader of the part of Hurl's grammar that exports use; anything else is an error.

Source: https://hurl.dev/docs/grammar.html: entry, request, header, options-section, oneline-string,
oneline-base64, response. Hurl itself is no package of Debian, PyPI or (as more than a downloader) npm.
"""

import base64
import re
from dataclasses import dataclass, field

from inspector.model import Header

_REQUEST = re.compile(r"([A-Z]+) (https?://[^\s#\\]+)")
_KEY = re.compile(r"((?:[A-Za-z0-9_.\-\[\]@$]|\\[#:\\bfnrt]|\\u\{[0-9A-Fa-f]+\})+):(?: (.*))?")
_VALUE = re.compile(r"(?:[^#\n\\]|\\[#\\bfnrt{}]|\\u\{[0-9A-Fa-f]+\})*")
_ONELINE = re.compile(r"`((?:[^#\n\\`]|\\[`#\\bfnrt]|\\u\{[0-9A-Fa-f]+\})*)`")
_BASE64 = re.compile(r"base64,([A-Za-z0-9+/=]*);")
_RESPONSE = re.compile(r"HTTP (\*|[0-9]{3})")
_ESCAPE = re.compile(r"\\(?:u\{([0-9A-Fa-f]+)\}|(.))")
_LETTERS = {"b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t"}


@dataclass
class HurlEntry:
    method: str
    url: str
    headers: tuple[Header, ...] = ()
    options: dict[str, str] = field(default_factory=dict)
    body: bytes = b""
    status: str = ""


def parse_hurl(text: str) -> list[HurlEntry]:
    """The entries of a file. Raises ValueError for a line that the grammar does not have there."""
    assert text.endswith("\n")
    entries: list[HurlEntry] = []
    state = "request"
    for line in text.removesuffix("\n").split("\n"):
        if line.startswith("#") or not line:
            continue
        state = _read(line, state, entries)
    if state != "request":
        raise ValueError(f"the file ends where {state} was to come")
    return entries


def _read(line: str, state: str, entries: list[HurlEntry]) -> str:
    if state == "request":
        if (found := _REQUEST.fullmatch(line)) is None:
            raise ValueError(f"no request line: {line!r}")
        entries.append(HurlEntry(found[1], found[2]))
        return "header"
    entry = entries[-1]
    if found := _RESPONSE.fullmatch(line):
        entry.status = found[1]
        return "request"
    if state == "header" and line == "[Options]":
        return "option"
    if state in ("header", "option") and (found := _KEY.fullmatch(line)):
        value = found[2] or ""
        if not _VALUE.fullmatch(value) or "{{" in value:
            raise ValueError(f"no value: {value!r}")
        if state == "header":
            entry.headers += ((_unescape(found[1]), _unescape(value).encode().decode("latin-1")),)
        else:
            entry.options[found[1]] = value
        return state
    if entry.body:
        raise ValueError(f"something after the body: {line!r}")
    if found := _BASE64.fullmatch(line):
        entry.body = base64.b64decode(found[1], validate=True)
    elif (found := _ONELINE.fullmatch(line)) and "{{" not in line:
        entry.body = _unescape(found[1]).encode()
    else:
        raise ValueError(f"neither body nor response: {line!r}")
    return "response"


def _unescape(text: str) -> str:
    return _ESCAPE.sub(
        lambda found: chr(int(found[1], 16)) if found[1] else _LETTERS.get(found[2], found[2]), text
    )
