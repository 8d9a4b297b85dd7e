"""The difference of two route tables as Markdown, for a comment of a review."""

import re
from collections.abc import Iterator, Sequence

from inspector.analysis.table_diff import Change, Side
from inspector.cli.changes_text import ANSWERS, asked_of
from inspector.cli.findings_text import short_place
from inspector.cli.terminal import escape_controls

# A comment longer than this is not read, and GitHub refuses one of more than 65,536 characters.
_MOST_ROWS = 100


def changes_markdown(changes: Sequence[Change], *, old: str, new: str) -> str:
    """Return a heading, and a table with a row a change: a request, who took it, who takes it now."""
    return "\n".join(_lines(changes, old, new))


def _lines(changes: Sequence[Change], old: str, new: str) -> Iterator[str]:
    count = len(changes)
    said = f"{count} change{'s' if count > 1 else ''}" if count else "every request goes where it went"
    yield f"### Routing: {said}"
    yield ""
    yield f"From {_code(old)} to {_code(new)}."
    if not changes:
        return
    yield from ("", "| request | was | is | kinds of path |", "|---|---|---|---|")
    for change in changes[:_MOST_ROWS]:
        request = _code(asked_of(change))
        yield f"| {request} | {_side(change.old)} | {_side(change.new)} | {change.regions} |"
    if count > _MOST_ROWS:
        yield from ("", f"And {count - _MOST_ROWS} more.")


def _side(side: Side) -> str:
    if side.route is None:
        return _answer(side)
    place = short_place(side.route)
    named = " ".join([_code(side.route.path), *([f"({_code(place)})"] if place else [])])
    return named if side.answer == "found" else f"{_answer(side)} inside {named}"


def _answer(side: Side) -> str:
    """What becomes of it; of what it holds only a path may have characters that Markdown reads."""
    said = ANSWERS[side.answer]
    if side.location is not None:
        said += f" to {_code(side.location)}"
    return f"{said} ({_code(', '.join(side.allow))})" if side.allow else said


def _code(text: str) -> str:
    """The text as a code span that no character in it can end, or break the row it stands in.

    Source: GitHub Flavored Markdown sections 6.3 (code spans) and 4.10 (a pipe is escaped in a cell).
    """
    plain = escape_controls(text).replace("|", "\\|")
    fence = "`" * (max(map(len, re.findall("`+", plain)), default=0) + 1)
    space = " " if "`" in plain or plain != plain.strip() else ""
    return f"{fence}{space}{plain}{space}{fence}"
