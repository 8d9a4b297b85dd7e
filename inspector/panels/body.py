"""A body as the dashboard shows it: its text or its first bytes, and what is missing of it."""

from typing import Any

from inspector.model import Body, Header
from inspector.readable.body import read_body
from inspector.readable.headers import find_header

_HEX_BYTES = 256  # sixteen lines of a hex dump: enough to recognise a format

_NOTES = {
    "limit": "Only the first {kept} of {size} bytes are kept.",
    "unread_by_app": "The application never read it to its end, so it was not seen: {kept} bytes came.",
    "disconnect": "The client left after {kept} bytes.",
    "redacted": "Secrets in it are replaced by •••; it was {size} bytes long.",
    "unfinished": "It had not ended: {kept} of {size} bytes had come.",
    "evicted": "The recording dropped its {size} bytes to make room.",
}


def body_view(body: Body, headers: tuple[Header, ...]) -> dict[str, Any]:
    """Return the body as the dashboard shows it; `hex` is the beginning of what is no text."""
    read = read_body(body, headers)
    return {
        "kind": read.kind,
        "content_type": find_header(headers, "content-type"),
        "size": body.size,
        "kept": len(body.data),
        "complete": body.complete,
        "why_incomplete": body.why_incomplete,
        "note": _note(body, read.packed),
        "packed": read.packed,
        "text": read.text,
        "hex": read.data[:_HEX_BYTES].hex() if read.kind == "binary" else None,
        "chunks": [[at_ns / 1e6, length] for at_ns, length in body.chunks],
    }


def _note(body: Body, packed: str | None) -> str | None:
    parts = []
    if not body.complete and body.size:
        text = _NOTES.get(body.why_incomplete or "", "Only {kept} of {size} bytes are kept.")
        parts.append(text.format(kept=len(body.data), size=body.size))
    if packed:
        parts.append(f"It came packed as {packed} and is shown unpacked.")
    return " ".join(parts) or None
