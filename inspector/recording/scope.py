"""The ASGI scope and header lists as the model has them; whatever a server or an application put there."""

from typing import Any

from inspector.apart import ScopeApart
from inspector.model import Header
from inspector.recording.facts import Arrived


def read_headers(headers: object) -> tuple[Header, ...]:
    """Headers as text; what is no pair of bytes is shown as far as it can be."""
    if not isinstance(headers, (list, tuple)):  # a union of the two takes five times as long
        return ()
    try:  # by far the most are what they should be
        return tuple([(name.decode("latin-1"), value.decode("latin-1")) for name, value in headers])
    except (AttributeError, TypeError, ValueError):
        pass
    return tuple((_text(pair[0]), _text(pair[1])) for pair in headers if len(pair) == 2)


def _text(value: Any) -> str:
    if value.__class__ is bytes:  # by far the most are
        return str(value, "latin-1")
    return bytes(value).decode("latin-1") if isinstance(value, bytes | bytearray) else str(value)


def read_scope(fact: Arrived) -> ScopeApart:
    """Give the scope as text and numbers, nothing of it interpreted."""
    scope = fact.scope
    raw_path = scope.get("raw_path")
    is_socket = scope.get("type") == "websocket"
    return (
        "websocket" if is_socket else "http",
        str(scope.get("http_version", "")),
        "GET" if is_socket else str(scope.get("method", "")),
        str(scope.get("scheme", "http")),
        str(scope.get("path", "")),
        None if raw_path is None else _text(raw_path),
        _text(scope.get("query_string", b"")),
        str(scope.get("root_path") or ""),
        read_headers(scope.get("headers")),
        _client(scope.get("client")),
        _server(scope.get("server")),
        tuple(map(str, scope.get("subprotocols") or ())),
        fact.extensions,
        fact.state_keys,
    )


def read_usual_scope(came: tuple[Any, ...], headers: object) -> ScopeApart:
    """Give the scope of a request of which the values of the usual keys are there."""
    _, version, method, scheme, path, raw_path, query, root_path, client, server = came
    return (
        "http",
        str(version),
        str(method),
        str(scheme),
        str(path),
        None if raw_path is None else _text(raw_path),
        _text(query),
        str(root_path) if root_path else "",
        read_headers(headers),
        _client(client),
        _server(server),
        (),
        (),
        (),
    )


def _client(value: Any) -> tuple[str, int] | None:
    return (str(value[0]), int(value[1])) if isinstance(value, list | tuple) and len(value) == 2 else None


def _server(value: Any) -> tuple[str, int | None] | None:
    if not isinstance(value, list | tuple) or len(value) != 2:
        return None
    return str(value[0]), None if value[1] is None else int(value[1])
