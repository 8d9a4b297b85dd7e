"""What a viewer changes before a replay."""

import base64
import binascii
import re
from collections.abc import Mapping
from typing import Any

from inspector.model import Header
from inspector.replay.refusal import Refusal, ReplayRefused
from miniframework.records import dataclass

# Source: RFC 9110 section 5.6.2, `token`.
_TOKEN = re.compile(r"[!#$%&'*+\-.^_`|~0-9A-Za-z]+\Z")


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestEdit:
    """The parts to send instead of the recorded ones; None means as recorded.

    `target` is the path with its query, as it stands in a request line; `headers` replaces the whole list.
    """

    method: str | None = None
    target: str | None = None
    headers: tuple[Header, ...] | None = None
    body: bytes | None = None

    @property
    def is_empty(self) -> bool:
        """Whether nothing is changed."""
        return self == RequestEdit()


def parse_edit(document: Mapping[str, Any]) -> RequestEdit:
    """Read what a page sends. All optional: `method`, `path` (with query), `headers`, `body`, `body_base64`.

    Raises ReplayRefused with code `bad_edit` that names the part and its value.
    """
    known = {"method", "path", "headers", "body", "body_base64"}
    if unknown := sorted(set(document) - known):
        raise _bad(f"The edit names {unknown[0]!r}, which is no part of a request.", f"Use {sorted(known)}.")
    return RequestEdit(
        method=_parse_method(document.get("method")),
        target=_parse_target(document.get("path")),
        headers=_parse_headers(document.get("headers")),
        body=_parse_body(document.get("body"), document.get("body_base64")),
    )


def _parse_method(value: Any) -> str | None:
    if value is None:
        return None
    if not isinstance(value, str) or not _TOKEN.match(value):
        raise _bad(f"The method {value!r} is no HTTP token.", "Use a word such as GET, POST or PURGE.")
    return value.upper()


def _parse_target(value: Any) -> str | None:
    if value is None:
        return None
    if not isinstance(value, str) or not value.startswith("/"):
        raise _bad(
            f"The path {value!r} does not start with a slash.",
            "A replay always goes to the recorded application: give path and query, as in /books?page=2.",
        )
    if re.search(r"[\x00-\x20\x7f#]", value):
        raise _bad(f"The path {value!r} holds a space, a control character or “#”.", "Percent-encode it.")
    return value


def _parse_headers(value: Any) -> tuple[Header, ...] | None:
    if value is None:
        return None
    if not isinstance(value, list):
        raise _bad(f"The headers {value!r} are no list.", "Send [[name, value], …].")
    return tuple(_parse_header(item) for item in value)


def _parse_header(item: Any) -> Header:
    match item:
        case [str(name), str(text)]:
            pass
        case _:
            raise _bad(f"The header {item!r} is no pair of texts.", "Send [name, value].")
    if not _TOKEN.match(name):
        raise _bad(f"The header name {name!r} is no HTTP token.", "Use letters, digits and dashes.")
    if re.search(r"[\r\n\x00]", text):
        raise _bad(f"The value of header {name!r} holds a line break or NUL: {text!r}.", "Remove it.")
    return name, text


def _parse_body(text: Any, encoded: Any) -> bytes | None:
    match text, encoded:
        case None, None:
            return None
        case str(), None:
            return str(text).encode()
        case None, str():
            try:
                return base64.b64decode(str(encoded), validate=True)
            except (binascii.Error, ValueError) as error:
                hint = "Send text as body, bytes as body_base64."
                raise _bad(f"The body is no base64: {error}.", hint) from error
        case _:
            raise _bad("The edit's body is neither text nor base64, or both.", "Send one of the two.")


def _bad(message: str, hint: str) -> ReplayRefused:
    return ReplayRefused(Refusal(code="bad_edit", message=message, hint=hint))
