"""The difference of two route tables as text for a terminal."""

from collections.abc import Iterator, Sequence

import click

from inspector.analysis.table_diff import Change, Side
from inspector.analysis.wording import said_methods
from inspector.cli.findings_text import short_place
from inspector.cli.terminal import escape_controls

ANSWERS = {
    "not_found": "404 Not Found",
    "method_not_allowed": "405 Method Not Allowed",
    "redirect": "307 Temporary Redirect",
}


def changes_text(changes: Sequence[Change]) -> str:
    """Return each change with its witness, who took it and who takes it now, then the sum."""
    count = len(changes)
    last = f"{count} change{'s' if count > 1 else ''}" if count else "every request goes where it went"
    return "\n\n".join([*("\n".join(_block(change)) for change in changes), last])


def _block(change: Change) -> Iterator[str]:
    asked = escape_controls(f"{said_methods(change.methods)} {change.witness}")
    more = f"  (and {change.regions - 1} more kinds of path)" if change.regions > 1 else ""
    yield click.style(asked, bold=True) + more
    yield click.style("  - ", fg="red") + _side(change.old)
    yield click.style("  + ", fg="green") + _side(change.new)


def _side(side: Side) -> str:
    if side.route is None:
        return ANSWERS[side.answer]
    route = side.route
    return escape_controls(f"route {route.number} {route.path}  {route.name}  {short_place(route)}".rstrip())
