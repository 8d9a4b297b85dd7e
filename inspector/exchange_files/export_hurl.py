"""Writes a recorded request as a Hurl file. Pure; never a secret.

Source: the grammar of Hurl, https://hurl.dev/docs/grammar.html.
"""

import base64
import re

from inspector.exchange_files.export_request import ExportRefused, ExportRequest, plan_export
from inspector.model import HttpExchange

_METHOD = re.compile(r"[A-Z]+")
_PLAIN_URL = re.compile(r"[A-Za-z0-9\-._~:/?@!$&'()*+,;=%\[\]]+")
# What Hurl, which is built upon curl, adds when nothing is said; it cannot be told not to.
_OWN_HEADERS = ("user-agent", "accept")
_ESCAPES = {"\\": "\\\\", "#": "\\#", "\b": "\\b", "\f": "\\f", "\n": "\\n", "\r": "\\r", "\t": "\\t"}


def export_hurl(exchange: HttpExchange) -> str:
    """Return a file that sends the recorded request and asserts the recorded status.

    A body goes as base64 unless it is one line of plain text. What cannot be carried is named in comments.
    Raises ExportRefused for a method that is no word of capitals, and for a target that Hurl would change.
    """
    asked = plan_export(exchange)
    if not _METHOD.fullmatch(asked.method):
        raise ExportRefused(f"Hurl knows no method {asked.method!r}", "curl and httpx carry it")
    if not _PLAIN_URL.fullmatch(asked.target):
        raise ExportRefused(f"Hurl would change the target {asked.target!r}", "curl and httpx carry it")
    lines = [*_comments(asked), f"{asked.method} {asked.url}"]
    lines += [f"{_escape_name(name)}: {_escape_value(value)}".rstrip(" ") for name, value in asked.headers]
    lines += ["[Options]", "path-as-is: true"]
    if asked.body:
        lines.append(_body(asked.body))
    lines.append("HTTP *" if exchange.status is None else f"HTTP {exchange.status}")
    return "\n".join(lines) + "\n"


def _comments(asked: ExportRequest) -> list[str]:
    told = [f"redacted, put the real value there: {place}" for place in asked.redacted]
    told += asked.notes
    names = [name.lower() for name, _ in asked.headers]
    told += [f"Hurl adds {name}, which was not sent" for name in _OWN_HEADERS if name not in names]
    if asked.body and "content-type" not in names:
        told.append("Hurl may add content-type, which was not sent")
    if "host" in names[1:]:
        told.append("Hurl sends host before the other headers")
    return ["# " + "".join(char if char.isprintable() else "?" for char in text) for text in told]


def _escape_name(name: str) -> str:
    """A key of the grammar: letters, digits and `_-.` as they are, other characters by their number."""
    return "".join(char if char.isalnum() or char in "_-." else f"\\u{{{ord(char):x}}}" for char in name)


def _escape_value(value: str) -> str:
    """The value of a header, as UTF-8 where its bytes are; Hurl's text has no other bytes."""
    try:
        text = value.encode("latin-1").decode("utf-8")
    except UnicodeDecodeError as error:
        raise ExportRefused(f"Hurl cannot send the header value {value!r}: it is not UTF-8") from error
    escaped = "".join(_escape_character(char) for char in text)
    return escaped.replace("{{", "\\{\\{")


def _escape_character(char: str) -> str:
    return _ESCAPES.get(char) or (char if char.isprintable() else f"\\u{{{ord(char):x}}}")


def _body(body: bytes) -> str:
    try:
        text = body.decode()
    except UnicodeDecodeError:
        text = "\n"
    if text.isprintable() and not set(text) & set("`\\{#"):
        return f"`{text}`"
    return f"base64,{base64.b64encode(body).decode('ascii')};"
