r"""One line of a batch as a request: NDJSON, or an access log's common, combined or uvicorn format.

Each line is told apart by itself, so a file may mix them. Sources: Apache's mod_log_config, section "Access
Log" (which writes `\"` and `\xhh`, as nginx does), and the format of `uvicorn.access`.
"""

import json
import re
from urllib.parse import quote, urlsplit

from miniframework.records import dataclass

# host ident user [time] "METHOD target HTTP/1.1" status size; what follows is the combined format's.
_COMMON = re.compile(
    r'\S+ \S+ .*?\[[^\]]*\] "(?P<request>(?:[^"\\]|\\.)*)" (?:\d{3}|-) (?:\d+|-)(?: .*)?', re.DOTALL
)
# `INFO:     127.0.0.1:5000 - "GET / HTTP/1.1" 200 OK`; a handshake is `"WebSocket /path" [accepted]`. What
# stands before it is a level, or whatever a user's log settings or a container's log put there.
_UVICORN = re.compile(r'(?:.*\s)?\S+ - "(?P<request>[^"]*)" (?:\d{3}\b.*|\[accepted\])')
# Hypercorn leaves the protocol's name out: `GET / 1.1`.
_REQUEST = re.compile(r"(?P<method>[!#$%&'*+\-.^_`|~0-9A-Za-z]+) (?P<target>\S+)(?: (?:HTTP/)?\d(?:\.\d)?)?")
_ESCAPED = re.compile(r'\\(?:x([0-9A-Fa-f]{2})|(["\\]))')
_BEYOND_ASCII = re.compile(r"[^\x00-\x7f]+")
_SHOWN_CHARACTERS = 60


class BadLine(Exception):
    """A line that is no request; the message says what is wrong with it."""


@dataclass(frozen=True, slots=True)
class AskedRequest:
    """Method, WEBSOCKET for a handshake, and the raw path: percent-encoded, without its query.

    `host` is the Host header where the line names one.
    """

    method: str
    raw_path: str
    host: str | None = None


def parse_line(line: str) -> AskedRequest:
    """Read one line without its end. Raises BadLine."""
    if line.startswith("{"):
        return _parse_json(line)
    found = _COMMON.fullmatch(line) or _UVICORN.fullmatch(line)
    if found is None:
        raise BadLine(f'neither {{"method", "path"}} nor a line of an access log: {_shown(line)}')
    asked = _REQUEST.fullmatch(_ESCAPED.sub(_unescape, found["request"]))
    if asked is None:
        raise BadLine(f"no request stands between its quotes: {_shown(found['request'])}")
    return read_request(asked["method"], asked["target"])


def _parse_json(line: str) -> AskedRequest:
    try:
        document = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise BadLine(f"is not JSON: {error}") from error
    method, path = document.get("method"), document.get("path")
    if not isinstance(method, str) or not method:
        raise BadLine(f'"method" is {method!r}, not a method')
    if not isinstance(path, str):
        raise BadLine(f'"path" is {path!r}, not a path')
    host = document.get("host")
    if host is not None and not isinstance(host, str):
        raise BadLine(f'"host" is {host!r}, not a host')
    return read_request(method, path, host)


def read_request(method: str, target: str, host: str | None = None) -> AskedRequest:
    """Read a method and a request target, which may name the host itself. Raises BadLine.

    Source: RFC 9112 section 3.2.2.
    """
    if target.startswith("/"):
        return AskedRequest(_method(method), _encoded(target.partition("?")[0].partition("#")[0]), host)
    if "://" not in target:
        raise BadLine(f"{_shown(target)} is no path: it does not begin with a slash")
    try:
        named = urlsplit(target)
    except ValueError as error:
        raise BadLine(f"{_shown(target)} is no URL: {error}") from error
    return AskedRequest(_method(method), _encoded(named.path or "/"), host or named.netloc or None)


def _method(word: str) -> str:
    method = word.upper()
    return "WEBSOCKET" if method == "WS" else method


def _encoded(path: str) -> str:
    """The path with its raw bytes beyond ASCII percent-encoded; what is encoded already stays as it is."""
    if path.isascii():
        return path
    return _BEYOND_ASCII.sub(lambda found: quote(found[0].encode("utf-8", "surrogateescape")), path)


def _unescape(found: re.Match[str]) -> str:
    """The byte that was escaped; one beyond ASCII as a lone surrogate, as files are read here."""
    return found[2] or bytes([int(found[1], 16)]).decode("utf-8", "surrogateescape")


def _shown(text: str) -> str:
    return repr(text if len(text) <= _SHOWN_CHARACTERS else text[:_SHOWN_CHARACTERS] + "…")
