"""Bodies as they come, made into content, text and lines piece by piece."""

import codecs
import zlib
from collections.abc import Iterable, Iterator
from typing import TypeVar

Part = TypeVar("Part", bytes, str)

# What a client offers that has no other library; named in its Accept-Encoding.
KNOWN_CODINGS = ("gzip", "deflate")

# zlib's manual, inflateInit2: 16 more expects a gzip header, 32 either it or zlib's own.
_GZIP = zlib.MAX_WBITS | 16
_EITHER = zlib.MAX_WBITS | 32


def unpack(pieces: Iterable[bytes], content_encoding: str) -> Iterator[bytes]:
    """Undo the codings of the header that we know, the last one first; others are left as they are.

    Raises zlib.error for what is not what the header says. Source: RFC 9110 section 8.4.
    """
    for coding in reversed([one.strip().lower() for one in content_encoding.split(",")]):
        if coding not in KNOWN_CODINGS:
            break
        pieces = _inflate(pieces, _GZIP if coding == "gzip" else _EITHER)
    yield from pieces


def split_lines(texts: Iterable[str]) -> Iterator[str]:
    """Give each line without its end as soon as it is whole, the last one even without an end."""
    pending = ""
    for text in texts:
        *whole, pending = (pending + text).splitlines(keepends=True) or [""]
        # A line feed may follow a carriage return in the next piece.
        if pending and pending != pending.splitlines()[0] and not pending.endswith("\r"):
            whole.append(pending)
            pending = ""
        yield from (line.splitlines()[0] for line in whole)
    if pending:
        yield pending.splitlines()[0]


def decode_text(pieces: Iterable[bytes], encoding: str) -> Iterator[str]:
    """Give the pieces as text; bytes that are none become U+FFFD."""
    decoder = codecs.getincrementaldecoder(encoding)("replace")
    for piece in pieces:
        if text := decoder.decode(piece):
            yield text
    if text := decoder.decode(b"", final=True):
        yield text


def cut(pieces: Iterable[Part], size: int) -> Iterator[Part]:
    """Give the same bytes or text in pieces of `size`, the last one maybe shorter."""
    kept: Part | None = None
    for piece in pieces:
        kept = piece if kept is None else kept + piece
        while len(kept) >= size:
            yield kept[:size]
            kept = kept[size:]
    if kept:
        yield kept


def _inflate(pieces: Iterable[bytes], window_bits: int) -> Iterator[bytes]:
    inflater = zlib.decompressobj(window_bits)
    for piece in pieces:
        if data := inflater.decompress(piece):
            yield data
    if data := inflater.flush():
        yield data
