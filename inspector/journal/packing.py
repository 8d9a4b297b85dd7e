"""An exchange as a JSON text and the bytes of its bodies beside it, for stores that hold both."""

import json
from typing import Any

from pydantic_core import to_json

from inspector.apart import Apart
from inspector.errors import CodecError
from inspector.folded import as_apart
from inspector.journal.codec import decode_exchange, name_exchange
from inspector.journal.protocol import Document
from inspector.model import Exchange


def pack_exchange(exchange: Exchange | Apart) -> tuple[str, bytes]:
    """Give the JSON text, in which a body is the place of its bytes, and the bytes."""
    document = name_exchange(as_apart(exchange))
    held = [document["response_body"], *document.get("frames", ())]
    if "request_body" in document:
        held.insert(0, document["request_body"])
    bodies, length = [], 0
    for one in held:
        data = one["data"]
        one["data"] = (length, len(data))
        bodies.append(data)
        length += len(data)
    return write_json(document), b"".join(bodies)


def write_json(document: Document) -> str:
    """Give a document of plain values as compact JSON, in a third of the time that `json` takes (measured).

    Text stays as it is, but where there is a lone surrogate, which has no UTF-8, all of it is escaped. Raises
    CodecError for a value without a JSON form.
    """
    try:
        return to_json(document, inf_nan_mode="constants").decode()
    except ValueError:
        return json.dumps(document, separators=(",", ":"), default=_refuse)


def unpack_exchange(document: str | bytes, bodies: bytes) -> Exchange:
    """Put a stored document and the bytes beside it together again. Raises CodecError."""

    def unpack(place: Any) -> bytes:
        start, length = place
        return bodies[start : start + length]

    return decode_exchange(json.loads(document), unpack)


def _refuse(value: object) -> Any:
    raise CodecError(f"{value!r} of type {type(value).__name__} has no JSON form")
