"""The request as it came: its scope, query, cookies, headers and body."""

from typing import Any
from urllib.parse import parse_qsl

from inspector.model import Body, Exchange, Header, HttpExchange
from inspector.panels.body import body_view


def request_panel(exchange: Exchange) -> dict[str, Any]:
    """Return the view; `query` and `cookies` are pairs in their order, decoded."""
    scope = exchange.scope
    body = exchange.request_body if isinstance(exchange, HttpExchange) else Body()
    return {
        "method": scope.method,
        "path": scope.path,
        "raw_path": scope.raw_path,
        "query_string": scope.query_string,
        "root_path": scope.root_path,
        "http_version": scope.http_version,
        "scheme": scope.scheme,
        "client": _address(scope.client),
        "server": _address(scope.server),
        "headers": [list(header) for header in scope.headers],
        "query": _split_query(scope.query_string),
        "cookies": split_cookies(scope.headers),
        "subprotocols": list(scope.subprotocols),
        "extensions": list(scope.extensions),
        "state_keys": list(scope.state_keys),
        "body": body_view(body, scope.headers),
    }


def split_cookies(headers: tuple[Header, ...]) -> list[list[str]]:
    """Return the cookies as they came. Source: RFC 6265 section 5.4; a piece without “=” is a name."""
    pieces = [
        piece.strip() for name, value in headers if name.lower() == "cookie" for piece in value.split(";")
    ]
    return [[name.strip(), value.strip()] for name, _, value in (p.partition("=") for p in pieces if p)]


def _split_query(query: str) -> list[list[str]]:
    """Decode the pairs; a query with too many of them is left undivided."""
    try:
        return [list(pair) for pair in parse_qsl(query, keep_blank_values=True, max_num_fields=1_000)]
    except ValueError:
        return []


def _address(address: tuple[str, int | None] | None) -> str | None:
    if address is None:
        return None
    host, port = address
    if port is None:
        return host
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
