"""The ASGI scope of a request that is only asked about, as a server would make it."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import unquote

from inspector.adapters.adapter import WEBSOCKET
from miniframework.http.url import quote_path

# The host of a question that names none: a redirect needs one in its location.
HOST = "localhost"


def make_scope(method: str, raw_path: str, *, host: str = HOST) -> dict[str, Any]:
    """Return the scope of `method` (WEBSOCKET: a handshake) for a percent-encoded path without query.

    The path is decoded as uvicorn and hypercorn decode it: percent-encoding once, as UTF-8 with replacement.
    """
    scope: dict[str, Any] = {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.3"},
        "http_version": "1.1",
        "scheme": "http",
        "path": unquote(raw_path),
        "raw_path": raw_path.encode("utf-8"),
        "query_string": b"",
        "root_path": "",
        "headers": [(b"host", host.encode("latin-1"))],
        "client": ("127.0.0.1", 0),
        "server": ("127.0.0.1", 80),
        "state": {},
        "extensions": {},
    }
    if method == WEBSOCKET:
        return {**scope, "type": "websocket", "scheme": "ws", "subprotocols": []}
    return {**scope, "method": method}


def method_of(scope: Mapping[str, Any]) -> str:
    """The method of a scope, WEBSOCKET for a handshake: the other way round."""
    return WEBSOCKET if scope["type"] == "websocket" else str(scope["method"])


def raw_path_of(scope: Mapping[str, Any]) -> str:
    """The path as it was sent, percent-encoded, without a query that some put behind it."""
    raw_path: bytes | None = scope.get("raw_path")
    if raw_path is None:
        return quote_path(scope["path"])
    return raw_path.decode("latin-1").partition("?")[0]


def host_of(scope: Mapping[str, Any]) -> str | None:
    """The Host header, None without one."""
    found = (value for name, value in scope.get("headers") or () if name == b"host")
    value = next(found, None)
    return None if value is None else value.decode("latin-1")
