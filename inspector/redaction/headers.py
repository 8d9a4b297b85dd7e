"""Headers: names, order and number stay; values lose their secrets."""

import base64
import binascii
import re
from urllib.parse import unquote

from inspector.model import Header
from inspector.redaction.content import redact_form, redact_or_drop
from inspector.redaction.keys import is_sensitive_name
from inspector.redaction.links import is_made
from inspector.redaction.notes import MARK, Notes

# Source: RFC 6265 section 4.1.1 and its successor's draft; everything else in Set-Cookie may be a value.
_COOKIE_ATTRIBUTES = frozenset(
    {"path", "domain", "expires", "max-age", "secure", "httponly", "samesite", "partitioned", "priority"}
)
_SCHEMES = frozenset(
    {"basic", "bearer", "digest", "negotiate", "ntlm", "token", "apikey", "hawk", "dpop", "aws4-hmac-sha256"}
)
_CREDENTIALS = frozenset({"authorization", "proxy-authorization"})
# What a sub-protocol's name looks like: `graphql-transport-ws`, `v12.stomp`. Source: RFC 6455 section 11.5.
_PROTOCOL_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_.+-]{0,31}")
_PROTOCOL_DOTS = re.compile("[.+]")  # behind one, a name may hand on a token: `access.Zq5d3f...`
# A vendor's key or signature of a request, told from the keys of caches and queues by its value too.
_KEY_HEADER = re.compile(
    r"(?<!idempotency)(?<!cache)(?<!surrogate)(?<!websocket)(?<!routing)(?<!partition)-(?:key|sig|sign|mac)$"
)
_MADE = re.compile(r"(?=[^0-9]*[0-9])(?=[^A-Za-z]*[A-Za-z])[A-Za-z0-9+/_=-]{20,}")
_URL_QUERY = re.compile(r"^([^?#\s]*\?)([^#\s]*)(.*)$", re.DOTALL)


def redact_headers(headers: tuple[Header, ...], notes: Notes, where: str) -> tuple[Header, ...]:
    """Give the headers without their secrets; `where` is the prefix of their places."""
    return tuple(
        (name, _redact_value(name.lower(), value, notes, f"{where}:{name.lower()}"))
        for name, value in headers
    )


def redact_protocol(entry: str, notes: Notes, where: str) -> str:
    """Give a WebSocket sub-protocol as it is when it looks like a name, else the mark: some are tokens."""
    is_name = _PROTOCOL_NAME.fullmatch(entry) and not is_sensitive_name(entry)
    if is_name and not any(is_made(part) for part in (entry, *_PROTOCOL_DOTS.split(entry))):
        return notes.sweep(entry, where)
    return notes.hide(where, "sub-protocol", entry) if entry else entry


def _redact_value(name: str, value: str, notes: Notes, where: str) -> str:
    if name == "cookie":
        return _redact_cookies(value, notes, where)
    if name == "set-cookie":
        return _redact_set_cookie(value, notes, where)
    if name in _CREDENTIALS:
        return _redact_credentials(value, notes, where)
    if name == "sec-websocket-protocol":
        entries = (entry.strip() for entry in value.split(","))
        return ", ".join(redact_protocol(entry, notes, where) for entry in entries)
    if is_sensitive_name(name) or (_KEY_HEADER.search(name) and _MADE.fullmatch(value)):
        return notes.hide(where, f"key {name}", value) if value.strip() else value
    return redact_url(value, notes, where)


def redact_url(value: str, notes: Notes, where: str) -> str:
    """Give a URL, or any text that may hold one, without the secrets of its query and user information."""
    parts = _URL_QUERY.match(value)
    if parts is not None:
        query = redact_form(parts[2], notes, where, around=parts[1])
        fragment = "#" + redact_form(parts[3][1:], notes, where) if parts[3].startswith("#") else parts[3]
        value = parts[1] + query + fragment
    return redact_or_drop(value, notes, where)


def _redact_credentials(value: str, notes: Notes, where: str) -> str:
    scheme, space, secret = value.strip().partition(" ")
    if not space or scheme.lower() not in _SCHEMES:
        return notes.hide(where, "credentials", value.strip()) if value.strip() else value
    _note_basic(scheme, secret.strip(), notes, where)
    return f"{scheme} {notes.hide(where, 'credentials', secret.strip())}"


def _note_basic(scheme: str, secret: str, notes: Notes, where: str) -> None:
    """The password inside Basic credentials is a secret of its own."""
    if scheme.lower() != "basic":
        return
    try:
        decoded = base64.b64decode(secret, validate=True).decode("utf-8")
    except (binascii.Error, ValueError):
        return
    notes.hide(where, "credentials", decoded.partition(":")[2])


def _redact_cookies(value: str, notes: Notes, where: str) -> str:
    return ";".join(_redact_pair(pair, notes, where) for pair in value.split(";"))


def _redact_set_cookie(value: str, notes: Notes, where: str) -> str:
    first, *attributes = value.split(";")
    kept = [
        attribute
        if attribute.partition("=")[0].strip().lower() in _COOKIE_ATTRIBUTES
        else _redact_pair(attribute, notes, where)
        for attribute in attributes
    ]
    return ";".join([_redact_pair(first, notes, where), *kept])


def _redact_pair(pair: str, notes: Notes, where: str) -> str:
    name, equals, value = pair.partition("=")
    if not equals:
        return notes.hide(where, "cookie", pair.strip()) if pair.strip() else pair
    bare = value.strip().strip('"')
    if not bare:
        return pair
    is_named = is_sensitive_name(name.strip())
    if "%" in bare:
        notes.hide(where, "cookie", unquote(bare), named=is_named)
    notes.hide(f"{where}:{name.strip()}", "cookie", bare, named=is_named)
    return f"{name}={MARK}"
