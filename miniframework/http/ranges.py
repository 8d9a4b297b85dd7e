"""Which bytes of a file a client asks for. Source: RFC 9110 section 14."""

from miniframework.errors import MiniframeworkError

# More ranges than this in one request serve nobody; they cost memory (CVE-2011-3192).
_MOST_RANGES = 50


class BadRange(MiniframeworkError):
    """The Range header cannot be read."""


class UnsatisfiableRange(MiniframeworkError):
    """The Range header asks for nothing that the file has."""


def parse_ranges(header: str, size: int) -> list[tuple[int, int]]:
    """Give the ranges of a `Range: bytes=...` header as (start, end), end exclusive, those that touch joined.

    `size` is that of the file, in bytes. Raises BadRange, UnsatisfiableRange.
    """
    unit, equals, text = header.partition("=")
    if not equals or unit.strip().lower() != "bytes":
        raise BadRange(f"Range {header!r}: only 'bytes=first-last' is known")
    parts = [part.strip() for part in text.split(",") if part.strip()]
    if not parts or len(parts) > _MOST_RANGES:
        raise BadRange(f"Range {header[:100]!r}: name 1 to {_MOST_RANGES} ranges")
    ranges = [found for part in parts if (found := _parse_range(part, size)) is not None]
    if not ranges:
        raise UnsatisfiableRange(f"Range {header!r}: the file has {size} bytes")
    return _join(sorted(ranges))


def _parse_range(part: str, size: int) -> tuple[int, int] | None:
    """Give one range, None when nothing of it is in the file."""
    first, dash, last = (text.strip() for text in part.partition("-"))
    if not dash or not all(not text or (text.isascii() and text.isdigit()) for text in (first, last)):
        raise BadRange(f"Range part {part!r}: write it as 'first-last', 'first-' or '-length'")
    if first:
        start, end = int(first), min(int(last) + 1, size) if last else size
        if last and int(last) < int(first):
            raise BadRange(f"Range part {part!r}: it ends before it begins")
    elif last:
        start, end = max(size - int(last), 0), size
    else:
        raise BadRange(f"Range part {part!r}: write it as 'first-last', 'first-' or '-length'")
    return (start, end) if start < end else None


def _join(ranges: list[tuple[int, int]]) -> list[tuple[int, int]]:
    joined = [ranges[0]]
    for start, end in ranges[1:]:
        before = joined[-1]
        if start <= before[1]:
            joined[-1] = (before[0], max(before[1], end))
        else:
            joined.append((start, end))
    return joined
