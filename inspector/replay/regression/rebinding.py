"""Values that flow from a response into later requests: ids, tokens, cookies. Pure.

A replayed `POST /orders` gives the order another id than the recorded one had; the recorded `GET /orders/17`
is then sent with the new id. Only whole values are replaced: a path segment, a query value, a value in a JSON
body, a cookie, a bearer token.
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import field
from http.cookies import CookieError, SimpleCookie
from typing import Any
from urllib.parse import quote, unquote, urlsplit

from inspector.model import Header, HttpExchange
from inspector.replay.edit import RequestEdit
from miniframework.records import dataclass

# A changed value of these keys names something that later requests speak of; so does a long one.
_NAMES = re.compile(
    r"(^|_)(id|uuid|guid|key|code|slug|token|number|ref|href|url|etag)\Z"
    r"|[a-z](Id|ID|Uuid|Guid|Key|Code|Slug|Token|Number|Ref|Href|Url)\Z"
)
_LONG = re.compile(r"\S{16,}\Z")
_TOKEN_KEYS = ("access_token", "accessToken", "token", "id_token", "jwt")
_TOKEN_SAFE = "!$&'()*+,;=:@-._~"  # RFC 3986 section 3.3, pchar


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """A replayed response as it came, with its secrets; it never leaves the process."""

    headers: tuple[Header, ...]
    body: bytes


@dataclass(slots=True)
class Rebinder:
    """What recorded values have become so far."""

    values: dict[str, str] = field(default_factory=dict)
    cookies: dict[str, str] = field(default_factory=dict)
    token: str | None = None

    def note(self, recorded: HttpExchange, heard: Heard) -> None:
        """Learn from the replay of a recorded request."""
        old, new = _document(recorded.response_body.data), _document(heard.body)
        for key, before, after in _pairs(old, new, ""):
            if before != after and (_NAMES.search(key) or _LONG.match(before)):
                self.values[before] = after
        self._note_location(recorded.response_headers, heard.headers)
        self._note_secrets(heard, new)

    def rebind(self, recorded: HttpExchange) -> tuple[RequestEdit, tuple[str, ...]]:
        """Give the edit that puts the new values into a recorded request, and names what was replaced."""
        target, headers, body = self._target(recorded), self._headers(recorded), self._body(recorded)
        named = {"path": target, "headers": headers, "body": body}
        edit = RequestEdit(target=target, headers=headers, body=body)
        return edit, tuple(name for name, value in named.items() if value is not None)

    def _note_location(self, old: Sequence[Header], new: Sequence[Header]) -> None:
        before, after = (_segments(_first(headers, "location")) for headers in (old, new))
        if len(before) == len(after):
            self.values |= {a: b for a, b in zip(before, after, strict=True) if a != b}

    def _note_secrets(self, heard: Heard, document: Any) -> None:
        for name, value in heard.headers:
            if name.lower() == "set-cookie":
                self.cookies |= _cookies(value)
        if isinstance(document, dict):
            tokens = (document.get(key) for key in _TOKEN_KEYS)
            self.token = next((token for token in tokens if isinstance(token, str)), self.token)

    def _target(self, recorded: HttpExchange) -> str | None:
        scope = recorded.scope
        raw_path = scope.raw_path or quote(scope.path, safe="/" + _TOKEN_SAFE)
        path = "/".join(self._swap(part) for part in raw_path.split("/"))
        pairs = [pair.partition("=") for pair in scope.query_string.split("&")]
        query = "&".join(f"{name}{equals}{self._swap(value)}" for name, equals, value in pairs)
        if (path, query) == (raw_path, scope.query_string):
            return None
        return f"{path}?{query}" if query else path

    def _swap(self, escaped: str) -> str:
        new = self.values.get(unquote(escaped))
        return escaped if new is None else quote(new, safe=_TOKEN_SAFE)

    def _headers(self, recorded: HttpExchange) -> tuple[Header, ...] | None:
        found = tuple((name, self._header(name.lower(), value)) for name, value in recorded.scope.headers)
        return None if found == recorded.scope.headers else found

    def _header(self, name: str, value: str) -> str:
        if name == "cookie":
            pairs = (pair.strip().partition("=") for pair in value.split(";"))
            return "; ".join(f"{key}{equals}{self.cookies.get(key, old)}" for key, equals, old in pairs)
        scheme, _, credentials = value.partition(" ")
        if name == "authorization" and scheme.lower() == "bearer" and self.token is not None:
            return f"{scheme} {self.token}" if credentials else value
        return self.values.get(value, value)

    def _body(self, recorded: HttpExchange) -> bytes | None:
        document = _document(recorded.request_body.data)
        changed = _replace(document, self.values)
        return None if changed == document else json.dumps(changed, ensure_ascii=False).encode()


def _document(body: bytes) -> Any:
    """The JSON of a body; None where it is none."""
    try:
        return json.loads(body) if body else None
    except (ValueError, RecursionError):
        return None


def _pairs(old: Any, new: Any, key: str) -> Iterator[tuple[str, str, str]]:
    """Texts and whole numbers that stand at the same place, each with the key they stand under."""
    match old, new:
        case dict(), dict():
            for name in old.keys() & new.keys():
                yield from _pairs(old[name], new[name], name)
        case list(), list():
            for before, after in zip(old, new, strict=False):
                yield from _pairs(before, after, key)
        case (bool(), _) | (_, bool()):
            return
        case (str() | int(), str() | int()):
            yield key, str(old), str(new)


def _replace(document: Any, values: Mapping[str, str]) -> Any:
    match document:
        case dict():
            return {key: _replace(value, values) for key, value in document.items()}
        case list():
            return [_replace(value, values) for value in document]
        case str():
            return values.get(document, document)
        case int() if not isinstance(document, bool) and str(document) in values:
            new = values[str(document)]
            return int(new) if new.lstrip("-").isdecimal() else new
        case _:
            return document


def _first(headers: Sequence[Header], name: str) -> str:
    return next((value for key, value in headers if key.lower() == name), "")


def _segments(url: str) -> list[str]:
    return [unquote(part) for part in urlsplit(url).path.split("/")]


def _cookies(header: str) -> dict[str, str]:
    try:
        return {name: morsel.coded_value for name, morsel in SimpleCookie(header).items()}
    except CookieError:
        return {}
