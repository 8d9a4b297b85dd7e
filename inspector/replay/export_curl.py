"""Writes a recorded request as a curl command for a POSIX shell. Pure; never a secret.

Every part is quoted by `shlex.quote`, so nothing in a recorded request is ever read by the shell.
"""

import base64
import re
from shlex import quote
from urllib.parse import quote as percent_encode

from inspector.model import Header, HttpExchange
from inspector.replay.headers import find_header, keep_headers
from inspector.replay.original import has_whole_body, recorded_original
from inspector.replay.restore import has_marker

# One argument may be 128 KiB on Linux (MAX_ARG_STRLEN), with room for the rest of the line.
_MAX_ARGUMENT = 100_000
_HOST = re.compile(r"[A-Za-z0-9._-]+(:[0-9]{1,5})?\Z|\[[0-9A-Fa-f:.]+\](:[0-9]{1,5})?\Z")
# What curl adds by itself when nothing is said; an empty header takes it away again.
_OWN_HEADERS = ("User-Agent", "Accept")


def export_curl(exchange: HttpExchange) -> str:
    """Return a shell command that sends the recorded bytes again, to the address where they came in.

    What cannot be carried (redacted values, a body that was not kept whole, a WebSocket) is named in comment
    lines before the command. A body that is no plain text goes through base64 and standard input.
    """
    comments: list[str] = []
    body = exchange.request_body.data
    arguments = [*_method_arguments(exchange.scope.method, has_body=bool(body)), quote(_url(exchange))]
    arguments += _header_arguments(exchange, comments)
    if exchange.request_body.why_incomplete != "redacted" and not has_whole_body(recorded_original(exchange)):
        comments.append(f"the body is not whole: {len(body)} of {exchange.request_body.size} bytes were kept")
    if has_marker(body.decode("utf-8", "replace")) or has_marker(exchange.scope.query_string):
        comments.append("••• stands for a redacted value: put the real one in its place")
    feed = ""
    if body:
        feed, argument = _body_argument(body)
        arguments.append(argument)
    command = " \\\n  ".join(["curl --globoff --path-as-is", *arguments])
    return "\n".join([*map(_comment, comments), feed + command])


def _comment(text: str) -> str:
    """Write a comment line; a line break in recorded text must not end it."""
    return "# " + "".join(character if character.isprintable() else "?" for character in text)


def _method_arguments(method: str, *, has_body: bool) -> list[str]:
    if method == "HEAD" and not has_body:
        return ["--head"]
    implied = "POST" if has_body else "GET"
    return [] if method == implied else [f"-X {quote(method)}"]


def _url(exchange: HttpExchange) -> str:
    scope = exchange.scope
    scheme = scope.scheme if scope.scheme in ("http", "https") else "http"
    query = f"?{scope.query_string}" if scope.query_string else ""
    return f"{scheme}://{_authority(exchange)}{scope.raw_path or percent_encode(scope.path)}{query}"


def _authority(exchange: HttpExchange) -> str:
    """Return where the server listened; Host, which a client may invent, only when that is unknown."""
    if exchange.scope.server is not None and exchange.scope.server[1] is not None:
        host, port = exchange.scope.server
        return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
    host_header = find_header(exchange.scope.headers, "host") or ""
    return host_header if _HOST.match(host_header) else "127.0.0.1:8000"


def _header_arguments(exchange: HttpExchange, comments: list[str]) -> list[str]:
    arguments: list[str] = []
    kept = keep_headers(exchange.scope.headers, body_bytes=len(exchange.request_body.data))
    for name, value in kept:
        lower = name.lower()
        if lower == "content-length" or (lower == "host" and value == _authority(exchange)):
            continue
        if has_marker(value):
            comments.append(f"{name} is redacted: add -H '{name}: …' with the real value")
        elif not value.isprintable() or not value.isascii():
            comments.append(f"{name} cannot be written here: {value.encode('latin-1', 'replace')!r}")
        else:
            arguments.append("-H " + quote(f"{name}: {value}" if value else f"{name};"))
            if lower == "accept-encoding":
                arguments.append("--compressed")
    return arguments + [
        f"-H {quote(name + ':')}" for name in _missing(kept, bool(exchange.request_body.data))
    ]


def _missing(kept: list[Header], has_body: bool) -> list[str]:
    """Return the headers curl would add although the recorded request had none."""
    present = {name.lower() for name, _ in kept}
    own = (*_OWN_HEADERS, "Content-Type") if has_body else _OWN_HEADERS
    return [name for name in own if name.lower() not in present]


def _body_argument(body: bytes) -> tuple[str, str]:
    """Return what feeds curl's standard input, if anything, and the argument that names the body."""
    if len(body) <= _MAX_ARGUMENT and b"\x00" not in body:
        try:
            return "", "--data-raw " + quote(body.decode())
        except UnicodeDecodeError:
            pass
    encoded = base64.b64encode(body).decode("ascii")
    return f"echo '{encoded}' | base64 -d | ", "--data-binary @-"
