"""The request a replay starts from: as it came (from the vault), or as much of it as was recorded."""

from inspector.model import Body, Header, HttpExchange
from inspector.readable.headers import find_header
from inspector.recording.vault import Original


def recorded_original(exchange: HttpExchange) -> Original:
    """Return what the recording holds: secrets in it are replaced by the marker."""
    return Original(scope=exchange.scope, body=exchange.request_body)


def has_whole_body(original: Original) -> bool:
    """Whether the body can be sent again byte for byte.

    A request that announces no body has none (RFC 9112 section 6.3), even when the application never looked.
    """
    return original.body.complete or not announces_body(original.scope.headers)


def announces_body(headers: tuple[Header, ...]) -> bool:
    """Whether the headers say that content follows."""
    if find_header(headers, "transfer-encoding") is not None:
        return True
    length = find_header(headers, "content-length")
    return length is not None and length.strip() != "0"


def split_chunks(body: Body) -> tuple[bytes, ...]:
    """Cut the body where the application received it; what lies past the recorded cuts comes in one piece."""
    pieces: list[bytes] = []
    start = 0
    for _, length in body.chunks:
        pieces.append(body.data[start : start + length])
        start += length
    if start < len(body.data):
        pieces.append(body.data[start:])
    return tuple(pieces) or (b"",)
