"""Which recorded headers are sent again.

Source: RFC 9110 sections 7.6.1 (hop-by-hop fields) and 8.6 (Content-Length), RFC 6455 section 4.1.
"""

from collections.abc import Sequence

from inspector.model import Header

# They belong to one connection, not to the request; a replay has another connection, or none.
_CONNECTION_HEADERS = frozenset(
    {
        "connection",
        "expect",
        "keep-alive",
        "proxy-authorization",
        "proxy-connection",
        "sec-websocket-accept",
        "sec-websocket-extensions",
        "sec-websocket-key",
        "te",
        "trailer",
        "transfer-encoding",
        "upgrade",
    }
)


def keep_headers(headers: Sequence[Header], *, body_bytes: int) -> list[Header]:
    """Return the headers to send, in their order and with their duplicates.

    Left out is what belongs to the connection, whatever `Connection` names, and HTTP/2 pseudo-headers.
    `Content-Length` says `body_bytes` where it stood, and is added when there is a body and it was missing.
    `Host` is kept: in process it is only a header and leads nowhere.
    """
    left_out = _CONNECTION_HEADERS | named_by_connection(headers)
    kept: list[Header] = []
    has_length = False
    for name, value in headers:
        lower = name.lower()
        if lower in left_out or name.startswith(":"):
            continue
        if lower == "content-length":
            if not has_length:
                kept.append((name, str(body_bytes)))
            has_length = True
            continue
        kept.append((name, value))
    if body_bytes and not has_length:
        kept.append(("content-length", str(body_bytes)))
    return kept


def named_by_connection(headers: Sequence[Header]) -> frozenset[str]:
    """Return the lower-cased names that `Connection` headers declare to be hop-by-hop."""
    values = [value for name, value in headers if name.lower() == "connection"]
    return frozenset(token.strip().lower() for value in values for token in value.split(",") if token.strip())
