"""Writes exchanges as an HTTP Archive. Pure.

Source: HAR 1.2, http://www.softwareishard.com/blog/har-12-spec/; WebSocket frames as Chrome writes them.
What HAR has no place for stands in fields whose names begin with an underscore, as it asks for. Text that is
bytes by nature (headers, the URL) is written as Latin-1 text.
"""

import base64
import json
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any
from urllib.parse import parse_qsl, quote

from inspector.exchange_files.export_request import authority_of
from inspector.model import Body, Exchange, Header, HttpExchange, SocketExchange
from inspector.readable.headers import find_header
from inspector.redaction.coding import decode_coded
from miniframework import __version__

Document = dict[str, Any]

_DECODED = ("gzip", "x-gzip", "deflate")
_SCHEMES = {"websocket": ("ws", "wss"), "http": ("http", "https")}


def write_har(exchanges: Iterable[Exchange]) -> str:
    """Return a HAR 1.2 document, UTF-8 by nature, an entry for each exchange in the order given.

    Redacted values hold the mark that the recording holds in their place.
    """
    log = {
        "version": "1.2",
        "creator": {"name": "Route Inspector", "version": __version__},
        "entries": [_entry(exchange) for exchange in exchanges],
    }
    return json.dumps({"log": log}, indent=2) + "\n"


def _entry(exchange: Exchange) -> Document:
    total_ms = -1 if exchange.duration_ns is None else exchange.duration_ns / 1e6
    entry: Document = {
        "startedDateTime": _moment(exchange.started_unix_ns),
        "time": max(total_ms, 0),
        "request": _request(exchange),
        "response": _response(exchange),
        "cache": {},
        "timings": {"send": 0, "wait": max(total_ms, 0), "receive": 0},
        "_routeInspector": _own(exchange),
    }
    if isinstance(exchange, SocketExchange):
        entry["_resourceType"] = "websocket"
        entry["_webSocketMessages"] = [_frame(exchange, frame) for frame in exchange.frames]
    return entry


def _moment(unix_ns: int) -> str:
    """ISO 8601 in UTC: milliseconds, as browsers write it, or nanoseconds where there are any."""
    seconds, below = divmod(unix_ns, 1_000_000_000)
    whole = datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%S")
    fraction = f"{below:09d}"
    return f"{whole}.{fraction if below % 1_000_000 else fraction[:3]}Z"


def _request(exchange: Exchange) -> Document:
    scope = exchange.scope
    body = exchange.request_body if isinstance(exchange, HttpExchange) else Body()
    request: Document = {
        "method": scope.method,
        "url": _url(exchange),
        "httpVersion": f"HTTP/{scope.http_version}",
        "cookies": _request_cookies(scope.headers),
        "headers": _headers(scope.headers),
        "queryString": _query(scope.query_string),
        "headersSize": -1,
        "bodySize": body.size,
    }
    if body.size or body.data:
        request["postData"] = _post_data(body, find_header(scope.headers, "content-type") or "")
    return request


def _url(exchange: Exchange) -> str:
    scope = exchange.scope
    plain, secure = _SCHEMES[scope.type]
    scheme = secure if scope.scheme in ("https", "wss") else plain
    raw_path = quote(scope.path) if scope.raw_path is None else scope.raw_path
    query = f"?{scope.query_string}" if scope.query_string else ""
    return f"{scheme}://{authority_of(exchange)}{raw_path}{query}"


def _headers(headers: Iterable[Header]) -> list[Document]:
    return [{"name": name, "value": value} for name, value in headers]


def _query(query_string: str) -> list[Document]:
    pairs = parse_qsl(query_string, keep_blank_values=True, max_num_fields=None)
    return [{"name": name, "value": value} for name, value in pairs]


def _request_cookies(headers: Sequence[Header]) -> list[Document]:
    lines = (value for name, value in headers if name.lower() == "cookie")
    pairs = (pair.strip().partition("=") for line in lines for pair in line.split(";") if pair.strip())
    return [{"name": name, "value": value} for name, _, value in pairs]


def _response_cookies(headers: Sequence[Header]) -> list[Document]:
    lines = (value for name, value in headers if name.lower() == "set-cookie")
    pairs = (line.partition(";")[0].partition("=") for line in lines)
    return [{"name": name.strip(), "value": value.strip()} for name, _, value in pairs]


def _post_data(body: Body, media_type: str) -> Document:
    """HAR knows text only; what is no UTF-8 is base64, and says so."""
    text, encoding = _text(body.data)
    posted: Document = {"mimeType": media_type, "text": text}
    if encoding:
        posted["_encoding"] = encoding
    return posted | _incomplete(body)


def _response(exchange: Exchange) -> Document:
    headers = exchange.response_headers
    status = exchange.status or 0
    return {
        "status": status,
        "statusText": HTTPStatus(status).phrase if status in {one.value for one in HTTPStatus} else "",
        "httpVersion": f"HTTP/{exchange.scope.http_version}",
        "cookies": _response_cookies(headers),
        "headers": _headers(headers),
        "content": _content(exchange.response_body, headers),
        "redirectURL": find_header(headers, "location") or "",
        "headersSize": -1,
        "bodySize": exchange.response_body.size,
    }


def _content(body: Body, headers: Sequence[Header]) -> Document:
    """The content without its coding, as HAR has it, where that can be undone."""
    data, size = body.data, body.size
    coding = (find_header(headers, "content-encoding") or "").strip().lower()
    decoded = decode_coded(data, coding) if coding in _DECODED and body.complete else None
    is_decoded = decoded is not None and decoded[1]
    if decoded is not None and is_decoded:
        data, size = decoded[0], len(decoded[0])
    text, encoding = _text(data)
    content: Document = {"size": size, "mimeType": find_header(headers, "content-type") or "", "text": text}
    if encoding:
        content["encoding"] = encoding
    if is_decoded:
        content["compression"] = size - body.size
    elif coding and data:
        content["_coded"] = coding
    return content | _incomplete(body)


def _incomplete(body: Body) -> Document:
    if body.complete:
        return {}
    return {
        "comment": f"{len(body.data)} of {body.size} bytes were kept: {body.why_incomplete or 'limit'}",
        "_size": body.size,
        "_incomplete": body.why_incomplete or "limit",
    }


def _text(data: bytes) -> tuple[str, str | None]:
    try:
        return data.decode("utf-8"), None
    except UnicodeDecodeError:
        return base64.b64encode(data).decode("ascii"), "base64"


def _frame(exchange: SocketExchange, frame: Any) -> Document:
    """A frame as Chrome writes it: `send` is the browser's, binary data is base64."""
    is_binary = frame.opcode == 2
    data = base64.b64encode(frame.data).decode() if is_binary else frame.data.decode("utf-8", "replace")
    return {
        "type": "send" if frame.direction == "receive" else "receive",
        "time": (exchange.started_unix_ns + frame.at_ns) / 1e9,
        "opcode": frame.opcode,
        "data": data,
        "_atNs": frame.at_ns,
        "_size": frame.size,
    }


def _own(exchange: Exchange) -> Document:
    return {
        "id": exchange.id,
        "state": str(exchange.state),
        "routing": str(exchange.routing),
        "route": exchange.route_path,
        "worker": exchange.worker.pid,
        "redacted": [place.where for place in exchange.redactions],
    }
