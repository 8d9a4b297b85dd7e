"""A recorded request as every export writes it: what goes on the wire, and what cannot, in words. Pure.

An export carries the method, the raw target, the headers in their order and the body. It goes to the address
where the request came in. A redacted value is never written, nor is its mark sent.
"""

import re
from typing import Literal
from urllib.parse import quote

from inspector.errors import InspectorError
from inspector.model import Exchange, Header, HttpExchange
from inspector.readable.headers import find_header
from inspector.redaction import MARK
from inspector.replay.headers import keep_headers, named_by_connection
from inspector.replay.original import has_whole_body, recorded_original
from inspector.replay.restore import has_marker
from miniframework.records import dataclass

ExportFormat = Literal["curl", "httpx", "pytest", "hurl", "har"]

PLACEHOLDER = "REDACTED"  # in a target: the mark of a redaction is nothing a URL can hold
_HOST = re.compile(r"[A-Za-z0-9._-]+(:[0-9]{1,5})?\Z|\[[0-9A-Fa-f:.]+\](:[0-9]{1,5})?\Z")
_DEFAULT_PORTS = {"http": 80, "ws": 80, "https": 443, "wss": 443}
# Every client sends them for its own connection; they say nothing about the request.
_UNTOLD = frozenset({"connection", "keep-alive", "proxy-connection"})
_NOT_ON_A_LINE = re.compile(r"[\x00-\x20\x7f]")
_NOT_IN_A_HEADER = re.compile(r"[\x00\r\n]")
# Source: RFC 9110 section 5.6.2, `token`. Of another name curl would make a file to read, say, as of `@name`.
_NAME = re.compile(r"[!#$%&'*+\-.^_`|~0-9A-Za-z]+")


class ExportRefused(InspectorError):
    """An exchange that a format cannot carry at all; the message says why, `way_out` what to do instead."""

    def __init__(self, message: str, way_out: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.way_out = way_out


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportRequest:
    """What is sent: bytes by nature are held as Latin-1 text, the body is bytes.

    `origin` is `http://host:port`, `target` the path with its query as it stands in the request line.
    `headers` have those of the connection left out and a right Content-Length. `redacted` names the places of
    values that are not known and `notes` says what else differs from the recorded request, a sentence each.
    """

    method: str
    origin: str
    target: str
    headers: tuple[Header, ...]
    body: bytes
    redacted: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def url(self) -> str:
        """Origin and target."""
        return self.origin + self.target


def require_http(exchange: Exchange, form: ExportFormat) -> HttpExchange:
    """Return the exchange when it is HTTP. Raises ExportRefused for a WebSocket connection."""
    if isinstance(exchange, HttpExchange):
        return exchange
    raise ExportRefused(
        f"a WebSocket connection cannot be written as {form}: {exchange.scope.path!r}",
        "har carries WebSocket connections with their frames",
    )


def plan_export(exchange: HttpExchange) -> ExportRequest:
    """Return what an export of this request carries. Raises ExportRefused for a target no client can send."""
    notes: list[str] = []
    redacted: list[str] = []
    body = exchange.request_body.data
    if exchange.request_body.why_incomplete != "redacted" and not has_whole_body(recorded_original(exchange)):
        notes.append(f"the body is not whole: {len(body)} of {exchange.request_body.size} bytes were kept")
    target = _target(exchange)
    if has_marker(exchange.scope.raw_path or exchange.scope.path) or has_marker(exchange.scope.query_string):
        redacted.append(f"the target, where {PLACEHOLDER} stands")
    if has_marker(body.decode("utf-8", "replace")) or exchange.request_body.why_incomplete == "redacted":
        redacted.append(f"the body, where {MARK} stands" if body else "the body")
    return ExportRequest(
        method=exchange.scope.method,
        origin=f"{_scheme(exchange)}://{authority_of(exchange)}",
        target=target,
        headers=_headers(exchange, redacted, notes),
        body=body,
        redacted=tuple(redacted),
        notes=tuple(notes),
    )


def authority_of(exchange: Exchange) -> str:
    """Return where the server listened; Host, which a client may invent, only when that is unknown."""
    if exchange.scope.server is not None and exchange.scope.server[1] is not None:
        host, port = exchange.scope.server
        name = f"[{host}]" if ":" in host else host
        if _HOST.match(name):
            return name if port == _DEFAULT_PORTS.get(exchange.scope.scheme) else f"{name}:{port}"
    host_header = find_header(exchange.scope.headers, "host") or ""
    return host_header if _HOST.match(host_header) else "127.0.0.1:8000"


def _scheme(exchange: HttpExchange) -> str:
    return exchange.scope.scheme if exchange.scope.scheme in ("http", "https") else "http"


def _target(exchange: HttpExchange) -> str:
    scope = exchange.scope
    raw_path = quote(scope.path) if scope.raw_path is None else scope.raw_path
    target = raw_path + (f"?{scope.query_string}" if scope.query_string else "")
    if not target.startswith("/"):
        raise ExportRefused(f"the target {target!r} does not begin with a slash, so no client can send it")
    for mark in (MARK, MARK.encode().decode("latin-1")):
        target = target.replace(mark, PLACEHOLDER)
    if _NOT_ON_A_LINE.search(target):
        raise ExportRefused(f"the target {target!r} holds a space or a control, as no request line can")
    return target


def _headers(exchange: HttpExchange, redacted: list[str], notes: list[str]) -> tuple[Header, ...]:
    recorded = exchange.scope.headers
    body_bytes = len(exchange.request_body.data)
    dropped = _dropped(recorded)
    if dropped:
        notes.append(f"left out, for it belongs to the connection: {', '.join(dropped)}")
    kept: list[Header] = []
    for name, value in keep_headers(recorded, body_bytes=body_bytes):
        if not _NAME.fullmatch(name):
            notes.append(f"{name!r} is no name of a header, which no client sends: {value!r}")
        elif has_marker(value):
            redacted.append(f"header {name}")
        elif _NOT_IN_A_HEADER.search(value):
            notes.append(f"{name} holds a line break or NUL, which no client sends: {value!r}")
        else:
            kept.append((name, value))
    return tuple(kept)


def _dropped(headers: tuple[Header, ...]) -> list[str]:
    kept = {name.lower() for name, _ in keep_headers(headers, body_bytes=0)}
    told = {name.lower(): None for name, _ in headers if not name.startswith(":")}
    named = named_by_connection(headers)
    return [name for name in told if name not in kept and (name not in _UNTOLD or name in named)]
