"""A route table as text, in the order in which it is tried."""

from collections.abc import Iterator

import click

from inspector.cli.ladder import Document, methods_text, pad, place_text, width
from inspector.cli.terminal import escape_controls

Row = tuple[str, ...]
_HEADINGS: Row = ("#", "methods", "path", "name", "endpoint", "declared at")


def table_text(snapshot: Document) -> str:
    """Return the routes as aligned columns; those of a mounted application stand indented below the mount."""
    rows = [_HEADINGS, *_rows(snapshot, prefix="", depth=0)]
    widths = [max(width(row[column]) for row in rows) for column in range(len(_HEADINGS))]
    lines = ["  ".join(pad(cell, widths[at]) for at, cell in enumerate(row)).rstrip() for row in rows]
    return "\n".join([click.style(lines[0], dim=True), *lines[1:]])


def _rows(snapshot: Document, prefix: str, depth: int) -> Iterator[Row]:
    for route in snapshot["routes"]:
        number = f"{prefix}{route['index'] + 1}"
        yield (
            "  " * depth + number,
            methods_text(route),
            "  " * depth + escape_controls(route["path"]),
            escape_controls(route.get("name") or ""),
            escape_controls(route.get("endpoint") or ""),
            place_text(route),
        )
        if route.get("table"):
            yield from _rows(route["table"], prefix=f"{number}.", depth=depth + 1)
