"""Reads an HTTP Archive into exchanges. Pure.

Browsers and tools fill it in their own ways, so what is missing is taken as not known, and only what cannot
be a request is refused. Source: HAR 1.2, and what Chrome, Firefox, Safari and proxies write.
"""

import json
import re
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import unquote, urlencode, urlsplit

from inspector.exchange_files.errors import HarError
from inspector.exchange_files.har_socket import read_socket
from inspector.exchange_files.har_values import (
    Node,
    read_content,
    read_headers,
    read_list,
    read_moment,
    read_number,
    require_object,
    require_text,
    shown,
    to_latin1,
)
from inspector.model import Body, Exchange, Header, HttpExchange, RequestScope, State, Worker
from inspector.readable.headers import find_header
from inspector.redaction.coding import encode_coded
from miniframework.records import dataclass

MakeId = Callable[[int], str]

_PORTS = {"http": 80, "ws": 80, "https": 443, "wss": 443}
_OWN_ID = re.compile(r"[0-9A-Za-z_-]{1,64}")  # others are no part of a URL, or no text that can be stored
_RECODED = ("gzip", "x-gzip", "deflate")
_INCOMPLETE = {"limit", "unread_by_app", "disconnect", "redacted", "evicted", "unfinished"}


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadHar:
    """The exchanges of a file, what was wrong with others, and how many go nowhere a server is.

    `problems` are one for each entry that could not be read; `no_requests` counts URLs such as `data:` and
    `blob:`, which never left the browser.
    """

    exchanges: tuple[Exchange, ...]
    problems: tuple[str, ...]
    no_requests: int


def read_har(text: str, make_id: MakeId) -> ReadHar:
    """Read a document; `make_id` gives an id for a start in Unix ns. Raises HarError for what is no HAR."""
    entries = _entries(text)
    exchanges: list[Exchange] = []
    problems: list[str] = []
    no_requests = 0
    for number, entry in enumerate(entries):
        where = f"log.entries[{number}]"
        try:
            if not isinstance(entry, Mapping):
                raise HarError(where, f"is no object: {shown(entry)}")
            exchange = _exchange(entry, where, make_id)
        except HarError as error:
            problems.append(str(error))
            continue
        if exchange is None:
            no_requests += 1
        else:
            exchanges.append(exchange)
    return ReadHar(exchanges=tuple(exchanges), problems=tuple(problems), no_requests=no_requests)


def _entries(text: str) -> list[Any]:
    try:
        document = json.loads(text.removeprefix("\ufeff"))
    except (ValueError, RecursionError) as error:
        raise HarError("the file", f"is not JSON: {error}") from error
    if not isinstance(document, Mapping):
        raise HarError("the file", f"is no HAR: it holds {shown(document)} instead of an object")
    log = require_object(document, "log", "the file")
    if not isinstance(log.get("entries"), list):
        raise HarError("log.entries", f"is no list: {shown(log.get('entries'))}")
    return read_list(log, "entries", "log")


def _exchange(entry: Node, where: str, make_id: MakeId) -> Exchange | None:
    request = require_object(entry, "request", where)
    url = require_text(request, "url", f"{where}.request")
    scheme = url.partition(":")[0].lower()
    if scheme not in _PORTS:
        return None
    started = read_moment(entry, "startedDateTime", where)
    response = entry.get("response")
    answered = response if isinstance(response, Mapping) else {}
    headers = read_headers(answered, f"{where}.response")
    status = read_number(answered, "status")
    total_ms = read_number(entry, "time")
    own = entry.get("_routeInspector")
    known: dict[str, Any] = {
        "id": _own_id(own) or make_id(started),
        "worker": Worker(host="har", pid=0),
        "started_unix_ns": started,
        "scope": _scope(request, url, f"{where}.request"),
        "state": State.COMPLETE if status else State.DISCONNECTED,
        "status": int(status) if status else None,
        "response_headers": _real(headers),
        "response_body": _response_body(answered, headers, f"{where}.response"),
        "duration_ns": None if total_ms is None else round(total_ms * 1e6),
    }
    if _is_socket(entry, scheme):
        return read_socket(entry, where, known)
    return HttpExchange(**known, request_body=_request_body(request, f"{where}.request"))


def _own_id(own: object) -> str | None:
    found = own.get("id") if isinstance(own, Mapping) else None
    return found if isinstance(found, str) and _OWN_ID.fullmatch(found) else None


def _is_socket(entry: Node, scheme: str) -> bool:
    return scheme in ("ws", "wss") or entry.get("_resourceType") == "websocket"


def _scope(request: Node, url: str, where: str) -> RequestScope:
    try:
        parts = urlsplit(to_latin1(url))
        port = parts.port
    except ValueError as error:
        raise HarError(f"{where}.url", f"is no URL: {shown(url)} ({error})") from error
    if not parts.hostname:
        raise HarError(f"{where}.url", f"names no host: {shown(url)}")
    is_socket = parts.scheme in ("ws", "wss")
    headers = read_headers(request, where)
    return RequestScope(
        type="websocket" if is_socket else "http",
        http_version=_version(request.get("httpVersion")),
        method="GET" if is_socket else to_latin1(require_text(request, "method", where)),
        scheme=parts.scheme,
        path=unquote(parts.path or "/"),
        raw_path=parts.path or "/",
        query_string=parts.query,
        root_path="",
        headers=_with_host(headers, parts.netloc.rpartition("@")[2]),
        client=None,
        server=(parts.hostname, port or _PORTS[parts.scheme]),
    )


def _version(text: object) -> str:
    """`HTTP/1.1`, `h2`, `http/2.0` and `h3` as ASGI writes them; 1.1 for anything else."""
    word = str(text or "").lower().removeprefix("http/").removeprefix("h")
    return {"1.0": "1.0", "2": "2", "2.0": "2", "3": "3", "3.0": "3"}.get(word, "1.1")


def _with_host(headers: tuple[Header, ...], authority: str) -> tuple[Header, ...]:
    """The headers of HTTP/1.1: `:authority` is the host, the other pseudo-headers stand elsewhere."""
    real = _real(headers)
    if find_header(real, "host") is None and (is_pseudo := find_header(headers, ":authority")) is not None:
        return (("host", is_pseudo or authority), *real)
    return real


def _real(headers: tuple[Header, ...]) -> tuple[Header, ...]:
    return tuple((name, value) for name, value in headers if not name.startswith(":"))


def _request_body(request: Node, where: str) -> Body:
    posted = request.get("postData")
    if not isinstance(posted, Mapping):
        size = read_number(request, "bodySize")
        if not size:
            return Body()
        return Body(size=int(size), complete=False, why_incomplete="limit")
    place = f"{where}.postData"
    if posted.get("text") is None and posted.get("params"):
        return _form_body(posted, place)
    return _body(posted, read_content(posted, place))


def _form_body(posted: Node, where: str) -> Body:
    """Firefox gives a form as its fields; those of a multipart form cannot be put together again."""
    pairs = []
    for number, item in enumerate(read_list(posted, "params", where)):
        if not isinstance(item, Mapping):
            raise HarError(f"{where}.params[{number}]", f"is no object: {shown(item)}")
        pairs.append((str(item.get("name", "")), str(item.get("value", ""))))
    if "multipart" in str(posted.get("mimeType", "")):
        return Body(complete=False, why_incomplete="limit")
    data = urlencode(pairs, errors="surrogatepass").encode()
    return Body(size=len(data), data=data)


def _response_body(response: Node, headers: tuple[Header, ...], where: str) -> Body:
    """The body as it went over the wire where its coding can be done again, else as HAR has it: decoded."""
    content = response.get("content")
    if not isinstance(content, Mapping):
        return Body()
    data = read_content(content, f"{where}.content")
    coding = (find_header(headers, "content-encoding") or "").strip().lower()
    if data and coding in _RECODED and not content.get("_coded") and not content.get("_incomplete"):
        data = encode_coded(data, coding)
        return Body(size=len(data), data=data)
    size = read_number(content, "size")
    if not data and size and content.get("text") is None:
        return Body(size=int(size), complete=False, why_incomplete="limit")
    return _body(content, data)


def _body(node: Node, data: bytes) -> Body:
    why, size = node.get("_incomplete"), read_number(node, "_size")
    if isinstance(why, str) and why in _INCOMPLETE:
        return Body(size=int(size or len(data)), data=data, complete=False, why_incomplete=str(why))
    return Body(size=len(data), data=data)
