"""Writes a recorded request as a curl command for a POSIX shell. Pure; never a secret.

Every part is quoted, so nothing in a recorded request is ever read by the shell.
"""

import base64
import re
from shlex import quote

from inspector.exchange_files.export_request import ExportRequest, plan_export
from inspector.model import HttpExchange

# One argument may be 128 KiB on Linux (MAX_ARG_STRLEN), with room for the rest of the line.
_MAX_ARGUMENT = 100_000
# What curl adds by itself when nothing is said; an empty header takes it away again.
_OWN_HEADERS = ("User-Agent", "Accept")
# What curl sends of a URL as it stands there, with --globoff and --path-as-is.
_PLAIN_TARGET = re.compile(r"[A-Za-z0-9\-._~:/?@!$&'()*+,;=%]*")
# Kept in quotes even when the line is pasted into a terminal.
_PLAIN_BODY = re.compile(r"[^\x00-\x08\x0b-\x1f\x7f]*")


def export_curl(exchange: HttpExchange) -> str:
    """Return a shell command that sends the recorded bytes again, to the address where they came in.

    What cannot be carried (redacted values, a body that was not kept whole) is named in comment lines before
    the command. A body that is no plain text goes through base64 and standard input. Raises ExportRefused for
    a target that no client can send.
    """
    asked = plan_export(exchange)
    arguments = [
        *_method_arguments(asked),
        *_target_arguments(asked),
        *_header_arguments(asked),
    ]
    feed = ""
    if asked.body:
        feed, argument = _body_argument(asked.body)
        arguments.append(argument)
    command = " \\\n  ".join(["curl --globoff --path-as-is", *arguments])
    return "\n".join([*_comments(asked), feed + command])


def _comments(asked: ExportRequest) -> list[str]:
    told = [f"redacted, put the real value there: {place}" for place in asked.redacted]
    told += asked.notes
    names = [name.lower() for name, _ in asked.headers]
    if "host" in names[1:]:
        told.append("curl sends host before the other headers")
    return [_comment(text) for text in told]


def _comment(text: str) -> str:
    """Write a comment line; a line break in recorded text must not end it."""
    return "# " + "".join(character if character.isprintable() else "?" for character in text)


def _method_arguments(asked: ExportRequest) -> list[str]:
    if asked.method == "HEAD" and not asked.body:
        return ["--head"]
    implied = "POST" if asked.body else "GET"
    return [] if asked.method == implied else [f"-X {_quoted(asked.method)}"]


def _target_arguments(asked: ExportRequest) -> list[str]:
    if _PLAIN_TARGET.fullmatch(asked.target):
        return [quote(asked.url)]
    return [f"--request-target {_quoted(asked.target)}", quote(asked.origin)]


def _header_arguments(asked: ExportRequest) -> list[str]:
    arguments: list[str] = []
    for at, (name, value) in enumerate(asked.headers):
        if _is_curls_own(asked, at):
            continue
        arguments.append("-H " + _quoted(f"{name}: {value}" if value else f"{name};"))
        if name.lower() == "accept-encoding":
            arguments.append("--compressed")
    return arguments + [f"-H {quote(name + ':')}" for name in _missing(asked)]


def _is_curls_own(asked: ExportRequest, at: int) -> bool:
    """Whether curl sends this very header, at this very place, by itself."""
    name, value = asked.headers[at]
    if name.lower() == "host":
        return asked.origin.endswith("://" + value)
    return name.lower() == "content-length" and bool(asked.body) and at == len(asked.headers) - 1


def _missing(asked: ExportRequest) -> list[str]:
    """Return the headers curl would add although the recorded request had none."""
    present = {name.lower() for name, _ in asked.headers}
    own = (*_OWN_HEADERS, "Content-Type") if asked.body else _OWN_HEADERS
    return [name for name in own if name.lower() not in present]


def _quoted(text: str) -> str:
    """Quote Latin-1 text so that the shell gives its bytes: as UTF-8 where they are, else through printf."""
    data = text.encode("latin-1")
    try:
        shown = data.decode("utf-8")
    except UnicodeDecodeError:
        shown = ""
    if shown.isprintable() and shown:
        return quote(shown)
    escaped = "".join(_escaped(byte) for byte in data)
    return f"\"$(printf '{escaped}')\""


def _escaped(byte: int) -> str:
    """One byte of a format of printf, inside single quotes."""
    is_plain = 0x20 <= byte < 0x7F and chr(byte) not in "%\\'"
    return chr(byte) if is_plain else f"\\{byte:03o}"


def _body_argument(body: bytes) -> tuple[str, str]:
    """Return what feeds curl's standard input, if anything, and the argument that names the body."""
    if len(body) <= _MAX_ARGUMENT:
        try:
            text = body.decode()
        except UnicodeDecodeError:
            text = "\x00"
        if _PLAIN_BODY.fullmatch(text):
            return "", "--data-raw " + quote(text)
    encoded = base64.b64encode(body).decode("ascii")
    return f"echo '{encoded}' | base64 -d | ", "--data-binary @-"
