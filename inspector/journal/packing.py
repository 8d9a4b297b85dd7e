"""An exchange as a JSON text and the bytes of its bodies beside it, for stores that hold both."""

import json
from typing import Any

from inspector.apart import Apart
from inspector.journal.codec import decode_exchange, encode_exchange
from inspector.model import Exchange


def pack_exchange(exchange: Exchange | Apart) -> tuple[str, bytes]:
    """Give the JSON text, in which a body is the place of its bytes, and the bytes."""
    bodies = bytearray()

    def pack(data: bytes) -> list[int]:
        bodies.extend(data)
        return [len(bodies) - len(data), len(data)]

    return json.dumps(encode_exchange(exchange, pack)), bytes(bodies)


def unpack_exchange(document: str | bytes, bodies: bytes) -> Exchange:
    """Put a stored document and the bytes beside it together again. Raises CodecError."""

    def unpack(place: Any) -> bytes:
        start, length = place
        return bodies[start : start + length]

    return decode_exchange(json.loads(document), unpack)
