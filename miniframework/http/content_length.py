"""The Content-Length header of a response."""

# Most answers are this short, and making a pair costs as much as a tenth of the rest of an answer.
_READY = tuple((b"content-length", b"%d" % size) for size in range(2048))


def content_length(size: int) -> tuple[bytes, bytes]:
    """Give the header for a body of `size` bytes."""
    return _READY[size] if size < 2048 else (b"content-length", b"%d" % size)
