"""What `inspector tail` prints of the stream's messages, and what it has printed already. No I/O."""

import json
from collections import OrderedDict
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from typing import Any

import click

from inspector.cli.ladder import pad
from inspector.cli.terminal import escape_controls

Row = Mapping[str, Any]

_ENDED = frozenset({"complete", "disconnected", "error", "cancelled", "lost"})
_REMEMBERED = 5_000  # rows printed already; the stream sends the newest 2,000 again after a reset
_COLOURS = {1: "cyan", 2: "green", 3: "cyan", 4: "yellow", 5: "red"}


class TailRows:
    """Chooses the rows to print: each request once when it has ended, a connection also when it opens."""

    def __init__(self, passes: Callable[[Row], bool], last: int) -> None:
        self._passes = passes
        self._last = last
        self._told: OrderedDict[tuple[str, bool], None] = OrderedDict()
        self._began = False

    def of_snapshot(self, rows: list[dict[str, Any]]) -> Iterator[Row]:
        """The rows of a snapshot that were not printed: of the first one the newest `last`."""
        fresh = [row for row in rows if self._is_new(row)]
        if not self._began:
            self._began = True
            for row in fresh:
                self._note(row)
            fresh = fresh[len(fresh) - self._last :] if self._last else []
        return self._print(fresh)

    def of_delta(self, rows: list[dict[str, Any]]) -> Iterator[Row]:
        """The rows of a delta to print."""
        return self._print([row for row in rows if self._is_new(row)])

    def _print(self, rows: list[dict[str, Any]]) -> Iterator[Row]:
        for row in rows:
            self._note(row)
            if self._passes(row):
                yield row

    def _is_new(self, row: Row) -> bool:
        has_ended = row["state"] in _ENDED
        is_open = row["kind"] == "websocket" and row["state"] == "streaming"
        return (has_ended or is_open) and (row["id"], has_ended) not in self._told

    def _note(self, row: Row) -> None:
        self._told[row["id"], row["state"] in _ENDED] = None
        while len(self._told) > _REMEMBERED:
            self._told.popitem(last=False)


def row_json(row: Row) -> str:
    """The row as the HTTP API gives it, on one line of ASCII."""
    return json.dumps(row, separators=(",", ":"))


def row_line(row: Row) -> str:
    """Clock, method, status, time, path, and the route that took it or why none did."""
    clock = datetime.fromtimestamp(row["started"] / 1000).astimezone().strftime("%H:%M:%S.%f")[:-3]
    query = f"?{row['query']}" if row["query"] else ""
    went = _went(row)
    took = "" if row["duration_ms"] is None else f"{row['duration_ms']:.1f} ms"
    parts = [
        click.style(clock, dim=True),
        pad(escape_controls(row["method"]), 7),
        _status(row),
        f"{took:>10}",
        escape_controls(row["path"] + query),
        went and click.style(went, dim=True),
    ]
    return "  ".join(part for part in parts if part)


def _status(row: Row) -> str:
    if row["status"] is None:
        return click.style("---", dim=True)
    return click.style(str(row["status"]), fg=_COLOURS.get(row["status"] // 100))


def _went(row: Row) -> str:
    if row["error"]:
        return escape_controls(f"→ {row['error']}")
    if row["route"]:
        told = row["route"]["name"] or row["route"]["path"]
        return escape_controls(f"→ {told}") + ("" if row["state"] == "complete" else f" ({row['state']})")
    misses = {"not_found": "no route", "method_not_allowed": "wrong method", "redirect": "slash redirect"}
    return f"→ {misses[row['routing']]}" if row["routing"] in misses else ""
