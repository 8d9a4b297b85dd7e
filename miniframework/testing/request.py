"""Build the ASGI scope and body of a request from the arguments of a test client's call."""

import json as json_module
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Protocol
from urllib.parse import parse_qsl, quote, unquote, urlencode, urljoin, urlsplit, urlunsplit

from miniframework.http.url import DEFAULT_PORTS
from miniframework.records import dataclass
from miniframework.testing.headers import ClientHeaders, HeaderArgument
from miniframework.testing.multipart import Files, encode_multipart
from miniframework.types import RawHeaders, Scope

Primitive = str | int | float | bool | None
Params = Mapping[str, Primitive | Sequence[Primitive]] | Iterable[tuple[str, Primitive]] | str | bytes
Content = bytes | str | Iterable[bytes]


class WrittenURL(Protocol):
    """A URL as an object that says it whole as text: ours, or httpx's."""

    @property
    def netloc(self) -> Any:
        """Host and port; what is no URL has none."""


URLArgument = str | WrittenURL

# What httpx leaves as it is: all that is printable but the percent-encode sets of the WHATWG URL standard
# (section 1.3); what is encoded already stays.
_QUERY_SAFE = "".join(chr(code) for code in range(0x21, 0x7F) if chr(code) not in '"#<>')
_PATH_SAFE = "".join(char for char in _QUERY_SAFE if char not in "?`{}")
# Which say that they have none, as httpx2 does. Source: RFC 9110 section 8.6, RFC 10008.
_WITH_BODY = ("POST", "PUT", "PATCH", "QUERY")


@dataclass(frozen=True, slots=True, kw_only=True)
class BodyArgument:
    """A body, and the headers that describe it. `chunks` are sent one message each."""

    chunks: Iterable[bytes] = ()
    headers: tuple[tuple[str, str], ...] = ()


def read_body_argument(
    method: str,
    *,
    json: Any,
    data: bytes | str | Mapping[str, Any] | None,
    content: Content | None,
    files: Files | None = None,
    headers: HeaderArgument | None = None,
) -> BodyArgument:
    """Take the body from what was given, in httpx's order: `data` that is no form, `content`, `files` with
    the form `data`, the form alone, `json`. A boundary is that of a Content-Type among the `headers`. Raises
    TypeError for content that is none, ValueError for NaN.
    """
    if data is not None and not isinstance(data, Mapping):
        content, data = data or None, None
    if content is not None and content not in ("", b""):
        return _read_content(content)
    if files:
        said = [str(value) for name, value in _pairs(headers) if _encode(name).lower() == b"content-type"]
        return _whole(*encode_multipart(_list_pairs(data or {}), files, said[-1] if said else ""))
    if data:
        return _whole(urlencode(_list_pairs(data)).encode(), "application/x-www-form-urlencoded")
    if json is not None:
        text = json_module.dumps(json, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
        return _whole(text.encode(), "application/json")
    return BodyArgument(headers=(("content-length", "0"),) if method in _WITH_BODY else ())


def _read_content(content: Any) -> BodyArgument:
    body = content.read() if hasattr(content, "read") else content
    if isinstance(body, str):
        return _whole(body.encode())
    if isinstance(body, bytes):
        return _whole(body)
    if isinstance(body, Mapping) or not isinstance(body, Iterable):
        error = TypeError(f"Unexpected type for 'content', {type(body)!r}")
        error.add_note(f"It is {body!r:.100}; a form is given as data={{...}}, a value as json=...")
        raise error
    return BodyArgument(chunks=body, headers=(("transfer-encoding", "chunked"),))


def read_url(url: URLArgument) -> str:
    """Give a URL as text. Raises TypeError for what is none."""
    if not isinstance(url, str) and not hasattr(url, "netloc"):
        raise TypeError(f"Invalid type for url: {url!r:.100}; give text, as '/items?q=1', or a URL")
    return str(url)


def join_url(base: str, url: str, params: Params | None = None) -> str:
    """Put a path (or a whole URL) on the base, percent-encoded where it must be, dot segments resolved.

    `params` take the place of the URL's own query. As with httpx, what follows two slashes at the beginning
    is a host, for which the base's stands; a whole URL keeps a path that begins so, and its fragment. The
    port that a scheme has anyway is left out.
    """
    if "://" not in url.partition("?")[0]:
        if url.startswith("//"):
            url = urlunsplit(("", "", *urlsplit(url)[2:]))
        url = f"{base.rstrip('/')}/{url.partition('#')[0].lstrip('/')}"
    scheme, host, path, query, fragment = urlsplit(url)
    host = host.removesuffix(f":{DEFAULT_PORTS.get(scheme)}")
    if params is not None:
        query = urlencode(_list_params(params))
    path = _resolve_dots(quote(path or "/", _PATH_SAFE))
    return urlunsplit((scheme, host, path, quote(query, _QUERY_SAFE), fragment))


def _resolve_dots(path: str) -> str:
    """Source: RFC 3986 section 5.2.4, as httpx reads it: no slash is left where the last segment was dots."""
    kept: list[str] = []
    for segment in path.split("/"):
        if segment == "..":
            if kept not in ([], [""]):
                kept.pop()
        elif segment != ".":
            kept.append(segment)
    return "/".join(kept) or "/"


def merge_params(kept: Params, given: Params | None) -> Params | None:
    """Give a request's parameters: those that are kept for all, but for names that it gives itself."""
    if not kept:
        return given
    own = _list_params(given or ())
    names = {name for name, _ in own}
    return [pair for pair in _list_params(kept) if pair[0] not in names] + own


def _list_params(params: Params) -> list[tuple[str, str]]:
    if isinstance(params, bytes):
        params = params.decode()
    return parse_qsl(params, keep_blank_values=True) if isinstance(params, str) else _list_pairs(params)


def follow_url(url: str, location: str) -> str:
    """Resolve a Location against the URL that gave it. Source: RFC 9110 section 10.2.2."""
    return join_url("", urljoin(url, location))


def make_scope(
    kind: str,
    url: str,
    headers: RawHeaders,
    *,
    root_path: str,
    client: tuple[str, int],
    state: dict[str, Any],
) -> Scope:
    """Make the part of a scope that HTTP and WebSocket share. Source: ASGI 3.0, HTTP & WebSocket."""
    parts = urlsplit(url)
    port = DEFAULT_PORTS.get(parts.scheme, 80) if parts.port is None else parts.port
    return {
        "type": kind,
        "asgi": {"version": "3.0", "spec_version": "2.5"},
        "http_version": "1.1",
        "scheme": parts.scheme,
        "path": unquote(parts.path),
        "raw_path": parts.path.encode("ascii"),
        "query_string": parts.query.encode("ascii"),
        "root_path": root_path,
        "headers": headers,
        "client": client,
        "server": (parts.hostname or "testserver", port),
        "state": dict(state),
    }


def merge_headers(url: str, *layers: HeaderArgument | Mapping[str, bytes] | None) -> RawHeaders:
    """Give the request's header lines: a later layer replaces the names of an earlier one.

    A name may be repeated within a layer. Text is ASCII, as for httpx: UnicodeEncodeError otherwise; give
    bytes for what is not. Nothing else is checked, for tests send broken ones too.
    """
    merged: dict[bytes, list[bytes]] = {b"host": [urlsplit(url).netloc.rpartition("@")[2].encode()]}
    for layer in layers:
        pairs = [(_encode(name).lower(), _encode(value)) for name, value in _pairs(layer)]
        for name, _ in pairs:
            merged[name] = []
        for name, value in pairs:
            merged[name].append(value)
    return [(name, value) for name, values in merged.items() for value in values]


def _pairs(layer: HeaderArgument | Mapping[str, bytes] | None) -> Iterable[tuple[str | bytes, str | bytes]]:
    if layer is None:
        return ()
    if isinstance(layer, ClientHeaders):
        return list(layer.multi_items())
    return list(layer.items()) if isinstance(layer, Mapping) else list(layer)


def _whole(body: bytes, content_type: str | None = None) -> BodyArgument:
    described = (("content-type", content_type),) if content_type else ()
    return BodyArgument(chunks=(body,), headers=(("content-length", str(len(body))), *described))


def _encode(text: str | bytes) -> bytes:
    if isinstance(text, bytes):
        return text
    if not isinstance(text, str):
        raise TypeError(f"Header value must be str or bytes, not {type(text)!r}")
    return text.encode("ascii")


def _list_pairs(values: Any) -> list[tuple[str, str]]:
    pairs: list[tuple[str, str]] = []
    for name, value in values.items() if isinstance(values, Mapping) else values:
        many = value if isinstance(value, list | tuple) else [value]
        pairs.extend((name, _primitive(one)) for one in many)
    return pairs


def _primitive(value: Primitive) -> str:
    """Write a value as httpx does: booleans in lower case, None as nothing."""
    if isinstance(value, bool):
        return str(value).lower()
    return "" if value is None else str(value)
