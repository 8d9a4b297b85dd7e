"""The Content-Length header of a response."""

from typing import Final

# Most answers are this short, and making a pair costs as much as a tenth of the rest of an answer. Whoever is
# in a hurry looks here, which takes half as long as a call.
READY: Final = tuple((b"content-length", b"%d" % size) for size in range(2048))


def content_length(size: int) -> tuple[bytes, bytes]:
    """Give the header for a body of `size` bytes."""
    return READY[size] if size < len(READY) else (b"content-length", b"%d" % size)
