"""Compares two header lists as ordered multisets."""

from collections.abc import Sequence

from inspector.model import Header
from inspector.replay.layers import Entry

# Values that differ from one answer to the next by their nature. Narrow on purpose: Set-Cookie, ETag and CSRF
# tokens are not in it, because a change there can be the fault one looks for.
VOLATILE_HEADERS = frozenset(
    {
        "age",
        "cf-ray",
        "date",
        "request-id",
        "server-timing",
        "traceparent",
        "tracestate",
        "x-amzn-trace-id",
        "x-correlation-id",
        "x-process-time",
        "x-request-id",
        "x-response-time",
        "x-runtime",
        "x-trace-id",
    }
)


def compare_headers(left: Sequence[Header], right: Sequence[Header]) -> tuple[Entry, ...]:
    """Return what differs, name by name in the order of first appearance; names are compared without case.

    Values of one name are compared in their order; the order among different names has no meaning (RFC 9110
    section 5.3) and is not compared.
    """
    sides = _by_name(left), _by_name(right)
    entries: list[Entry] = []
    for name in dict.fromkeys([*sides[0], *sides[1]]):
        before, after = sides[0].get(name, []), sides[1].get(name, [])
        for number in range(max(len(before), len(after))):
            old = before[number] if number < len(before) else None
            new = after[number] if number < len(after) else None
            if old != new:
                entries.append(Entry(what=name, left=old, right=new, volatile=name in VOLATILE_HEADERS))
    return tuple(entries)


def _by_name(headers: Sequence[Header]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for name, value in headers:
        found.setdefault(name.lower(), []).append(value)
    return found
