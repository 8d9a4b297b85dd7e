"""A route table as text, in the order in which it is tried."""

from collections.abc import Mapping, Sequence

import click

from inspector.cli.flat_routes import FlatRoute
from inspector.cli.ladder import methods_text, pad, place_text, width
from inspector.cli.terminal import escape_controls

Row = tuple[str, ...]
_HEADINGS: Row = ("#", "methods", "path", "name", "endpoint", "declared at")


def list_text(routes: Sequence[FlatRoute], hits: Mapping[str, int] | None, *, indented: bool) -> str:
    """Return these routes as aligned columns, with their hits where they are known.

    `indented` lists show the path below a mount, others the whole path. What routes are for beside path and
    method stands in a column of its own, where there is any.
    """
    rows = [_HEADINGS, *(_row(one, indented=indented) for one in routes)]
    if any(one.condition for one in routes):
        only = ["only for", *(_only_for(one, indented=indented) for one in routes)]
        rows = [(*row[:3], words, *row[3:]) for row, words in zip(rows, only, strict=True)]
    if hits is not None:
        counts = ["hits", *(str(hits.get(one.number, 0)) for one in routes)]
        rows = [(row[0], count, *row[1:]) for row, count in zip(rows, counts, strict=True)]
    widths = [max(width(row[column]) for row in rows) for column in range(len(rows[0]))]
    lines = ["  ".join(pad(cell, widths[at]) for at, cell in enumerate(row)).rstrip() for row in rows]
    return "\n".join([click.style(lines[0], dim=True), *lines[1:]])


def _only_for(one: FlatRoute, *, indented: bool) -> str:
    return escape_controls((one.route.get("condition") if indented else one.condition) or "")


def _row(one: FlatRoute, *, indented: bool) -> Row:
    route = one.route
    indent = "  " * one.depth if indented else ""
    return (
        indent + one.number,
        methods_text(route),
        indent + escape_controls(route["path"] if indented else one.path),
        escape_controls(route.get("name") or ""),
        escape_controls(route.get("endpoint") or ""),
        place_text(route),
    )
