"""Content codings the standard library reads. Source: RFC 9110 section 8.4.1."""

import gzip
import zlib

# Of a body of at most some 64 KiB as it was sent; a bomb is looked at no further.
MAX_DECODED_BYTES = 1024 * 1024


def decode_coded(data: bytes, coding: str) -> tuple[bytes, bool] | None:
    """Give what was coded, as far as it is there, and whether that is all; None for an unknown coding."""
    if coding not in ("gzip", "x-gzip", "deflate"):
        return None
    for window_bits in (47, -15):  # gzip or zlib by its header; or deflate without one, as some servers do
        reader = zlib.decompressobj(window_bits)
        try:
            decoded = reader.decompress(data, MAX_DECODED_BYTES)
        except zlib.error:
            continue
        return decoded, reader.eof and not reader.unconsumed_tail and not reader.unused_data
    return None


def encode_coded(data: bytes, coding: str) -> bytes:
    """Code data again, so that it is what its headers say."""
    return zlib.compress(data) if coding == "deflate" else gzip.compress(data, mtime=0)
