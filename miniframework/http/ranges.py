"""Which bytes of a file a client asks for. Source: RFC 9110 section 14."""

from miniframework.errors import MiniframeworkError


class BadRange(MiniframeworkError):
    """The Range header cannot be read."""


class UnsatisfiableRange(MiniframeworkError):
    """The Range header asks for nothing that the file has."""


def parse_ranges(header: str, size: int, most: int = 100) -> list[tuple[int, int]]:
    """Give the ranges of a `Range: bytes=...` header as (start, end), end exclusive, those that touch joined.

    `size` is that of the file, in bytes. More than `most` are as none: the file is sent whole. Parts that
    cannot be read are left out. Raises BadRange, UnsatisfiableRange. The messages are Starlette's.
    """
    unit, equals, text = header.partition("=")
    if not equals:
        raise BadRange("Malformed range header.")
    if unit.strip().lower() != "bytes":
        raise BadRange("Only support bytes range")
    parts = text.split(",")
    if len(parts) > most:
        return []
    ranges = [found for part in parts if (found := _parse_range(part, size)) is not None]
    if not ranges:
        raise BadRange("Range header: range must be requested")
    inside = [one for one in ranges if one[0] < size]
    if not inside:
        raise UnsatisfiableRange(f"Range {header!r}: the file has {size} bytes")
    if any(start >= end for start, end in inside):
        raise BadRange("Range header: start must be less than end")
    return _join(sorted(inside))


def _parse_range(part: str, size: int) -> tuple[int, int] | None:
    """Give one range, None for a part that is none."""
    first, dash, last = (text.strip() for text in part.partition("-"))
    if not dash or not (first or last):
        return None
    if not all(not text or (text.isascii() and text.isdigit()) for text in (first, last)):
        return None
    if not first:
        return max(size - _read_digits(last), 0), size
    return _read_digits(first), min(_read_digits(last) + 1, size) if last else size


# No file is so large that one of its positions has more: 10 ** 19 is beyond 64 bits with a sign.
_MOST_DIGITS = 19


def _read_digits(text: str) -> int:
    """Give the number; of one that is behind the end of any file only the first digits, which still are.

    Python refuses to read thousands of them, which would be a failure of ours.
    """
    return int(text.lstrip("0")[:_MOST_DIGITS] or "0")


def _join(ranges: list[tuple[int, int]]) -> list[tuple[int, int]]:
    joined = [ranges[0]]
    for start, end in ranges[1:]:
        before = joined[-1]
        if start <= before[1]:
            joined[-1] = (before[0], max(before[1], end))
        else:
            joined.append((start, end))
    return joined
