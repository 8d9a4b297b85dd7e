"""The ASGI scope and header lists as the model has them; whatever a server or an application put there."""

from typing import Any, Literal

from inspector.model import Header, RequestScope
from inspector.recording.facts import Arrived


def read_headers(headers: object) -> tuple[Header, ...]:
    """Headers as text; what is no pair of bytes is shown as far as it can be."""
    if not isinstance(headers, list | tuple):
        return ()
    try:  # by far the most are what they should be
        return tuple([(name.decode("latin-1"), value.decode("latin-1")) for name, value in headers])
    except (AttributeError, TypeError, ValueError):
        pass
    return tuple((_text(pair[0]), _text(pair[1])) for pair in headers if len(pair) == 2)


def _text(value: object) -> str:
    return bytes(value).decode("latin-1") if isinstance(value, bytes | bytearray) else str(value)


def read_scope(fact: Arrived) -> RequestScope:
    """Give the scope as text and numbers, nothing of it interpreted."""
    scope = fact.scope
    raw_path = scope.get("raw_path")
    kind: Literal["http", "websocket"] = "websocket" if scope.get("type") == "websocket" else "http"
    return RequestScope(
        type=kind,
        http_version=str(scope.get("http_version", "")),
        method="GET" if kind == "websocket" else str(scope.get("method", "")),
        scheme=str(scope.get("scheme", "http")),
        path=str(scope.get("path", "")),
        raw_path=None if raw_path is None else _text(raw_path),
        query_string=_text(scope.get("query_string", b"")),
        root_path=str(scope.get("root_path") or ""),
        headers=read_headers(scope.get("headers")),
        client=_client(scope.get("client")),
        server=_server(scope.get("server")),
        subprotocols=tuple(map(str, scope.get("subprotocols") or ())),
        extensions=fact.extensions,
        state_keys=fact.state_keys,
    )


def read_usual_scope(came: tuple[Any, ...], headers: object) -> RequestScope:
    """Give the scope of a request of which the values of the usual keys are there."""
    _, version, method, scheme, path, raw_path, query, root_path, client, server = came
    return RequestScope(
        type="http",
        http_version=str(version),
        method=str(method),
        scheme=str(scheme),
        path=str(path),
        raw_path=None if raw_path is None else _text(raw_path),
        query_string=_text(query),
        root_path=str(root_path or ""),
        headers=read_headers(headers),
        client=_client(client),
        server=_server(server),
    )


def _client(value: Any) -> tuple[str, int] | None:
    return (str(value[0]), int(value[1])) if isinstance(value, list | tuple) and len(value) == 2 else None


def _server(value: Any) -> tuple[str, int | None] | None:
    if not isinstance(value, list | tuple) or len(value) != 2:
        return None
    return str(value[0]), None if value[1] is None else int(value[1])
