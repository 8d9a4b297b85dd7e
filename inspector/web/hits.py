"""How often each route was taken, from the rows of the journal. Pure."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from statistics import median
from typing import Any

from inspector.journal.protocol import Document


def count_hits(snapshot: Document, rows: Iterable[Document]) -> dict[str, Any]:
    """Return `hits` by route index, and `inner` by the index of each mount whose table is known.

    Each hit has `count`, `last` (Unix ms), `p50_ms` (None when nothing has finished) and `errors`: answers of
    500 and above and what raised. A mount's own hit counts what was taken inside it.
    """
    by_route: dict[tuple[str, str], list[Document]] = defaultdict(list)
    for row in rows:
        if route := row["route"]:
            by_route[route["table"], route["path"]].append(row)
    return _count(snapshot, "", by_route)


def _count(
    snapshot: Document, prefix: str, by_route: Mapping[tuple[str, str], list[Document]]
) -> dict[str, Any]:
    hits: dict[str, Any] = {}
    inner: dict[str, Any] = {}
    for route in snapshot["routes"]:
        path = prefix + route["path"]
        taken = [row for row in by_route.get((snapshot["fingerprint"], path), ()) if _is_of(row, route)]
        if route["table"]:
            mounted = prefix + route["path"].rstrip("/")
            inner[str(route["index"])] = _count(route["table"], mounted, by_route)
            taken += _rows_inside(route["table"], mounted, by_route)
        if taken:
            hits[str(route["index"])] = _summarise(taken)
    return {"hits": hits, "inner": inner}


def _is_of(row: Document, route: Document) -> bool:
    return bool(row["route"]["index"] == route["index"])


def _rows_inside(
    snapshot: Document, prefix: str, by_route: Mapping[tuple[str, str], list[Document]]
) -> list[Document]:
    found: list[Document] = []
    for route in snapshot["routes"]:
        path = prefix + route["path"]
        found += [row for row in by_route.get((snapshot["fingerprint"], path), ()) if _is_of(row, route)]
        if route["table"]:
            found += _rows_inside(route["table"], prefix + route["path"].rstrip("/"), by_route)
    return found


def _summarise(rows: list[Document]) -> dict[str, Any]:
    durations = [row["duration_ms"] for row in rows if row["duration_ms"] is not None]
    return {
        "count": len(rows),
        "last": max(row["started"] for row in rows),
        "p50_ms": median(durations) if durations else None,
        "errors": sum((row["status"] or 0) >= 500 or row["error"] is not None for row in rows),
    }
