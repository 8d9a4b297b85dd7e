"""The difference of two route tables as text for a terminal."""

from collections.abc import Iterator, Sequence

import click

from inspector.analysis.spots import ANY_METHOD
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
    takers = [change for change in changes if change.has_taker]
    blocks = ["\n".join(_block(change)) for change in changes]
    if 0 < len(takers) < count:
        blocks.insert(len(takers), click.style("Nobody takes these, before or after:", bold=True))
    return "\n\n".join([*blocks, last])


def asked_of(change: Change) -> str:
    """Return `GET, PUT /items`; a star is every other method where some are named, else any request."""
    named = "method_not_allowed" in (change.old.answer, change.new.answer)
    is_other = named and change.methods == (ANY_METHOD,)
    return f"{'any other method' if is_other else said_methods(change.methods)} {change.witness}"


def answer_of(side: Side) -> str:
    """Return `404 Not Found`, `405 Method Not Allowed (GET, HEAD)`, `307 Temporary Redirect to /items`."""
    said = ANSWERS[side.answer]
    if side.location is not None:
        said += f" to {side.location}"
    return f"{said} ({', '.join(side.allow)})" if side.allow else said


def _block(change: Change) -> Iterator[str]:
    asked = escape_controls(asked_of(change))
    others = change.regions - 1
    more = f"  (and {others} more kind{'s' if others > 1 else ''} of path)" if others else ""
    yield click.style(asked, bold=True) + more
    yield click.style("  - ", fg="red") + _side(change.old)
    yield click.style("  + ", fg="green") + _side(change.new)


def _side(side: Side) -> str:
    route = side.route
    if route is None:
        return escape_controls(answer_of(side))
    named = f"route {route.number} {route.path}  {route.name}  {short_place(route)}".rstrip()
    return escape_controls(named if side.answer == "found" else f"{answer_of(side)} inside {named}")
