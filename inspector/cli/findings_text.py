"""Findings as text for a terminal, and as annotations of a review on GitHub."""

from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

import click

from inspector.analysis.finding import Finding, Kind, RouteName, Severity
from inspector.analysis.wording import said_methods
from inspector.cli.terminal import escape_controls

_COLOURS = {Severity.ERROR: "red", Severity.WARNING: "yellow", Severity.NOTE: "blue"}
_LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.NOTE: "notice"}
_HIDING = (Kind.UNREACHABLE, Kind.DUPLICATE, Kind.SWALLOWED, Kind.NEWLINE_ONLY)
_LONGEST_PATH = 120


def findings_text(findings: Sequence[Finding], *, accepted: int) -> str:
    """Return each finding with witness, places and fix, then who hides most, then the sum."""
    blocks = ["\n".join(_block(finding)) for finding in findings]
    return "\n\n".join([*blocks, "\n".join([*_walls(findings), sum_text(findings, accepted=accepted)])])


def sum_text(findings: Sequence[Finding], *, accepted: int) -> str:
    """Return `1 error, 2 notes`, and how many were accepted."""
    counted = Counter(finding.severity for finding in findings)
    said = [f"{counted[s]} {s}{'s' if counted[s] > 1 else ''}" for s in Severity if counted[s]]
    text = ", ".join(said) or "nothing found"
    return f"{text} ({accepted} accepted)" if accepted else text


def github_text(findings: Sequence[Finding]) -> str:
    """Return one workflow command a finding.

    Source: https://docs.github.com/actions/reference/workflow-commands-for-github-actions
    """
    return "\n".join(map(_annotation, findings))


def short_place(route: RouteName) -> str:
    """Return `file.py:12`, below the current folder where it stands there, "" when it is not known."""
    return "" if route.source is None else f"{_short_file(route.source.file)}:{route.source.line}"


def _block(finding: Finding) -> Iterator[str]:
    colour = _COLOURS[finding.severity]
    place = escape_controls(short_place(finding.route))
    head = f"{click.style(finding.severity, fg=colour, bold=True)} {finding.kind}"
    number = f"route {finding.route.number}" if finding.route.number else ""  # one only documented has none
    yield "  ".join(part for part in (head, number, place) if part)
    yield f"  {escape_controls(finding.message)}"
    if finding.witness is not None:
        asked = f"{said_methods(finding.methods)} {_shortened(finding.witness)}"
        yield f"  witness: {escape_controls(asked)}{escape_controls(_taken(finding))}"
    yield f"  fix: {escape_controls(finding.fix)}"


def _taken(finding: Finding) -> str:
    """Who takes the witness; nothing where the message has said what becomes of it."""
    takers = [finding.route] if finding.kind is Kind.ALLOW_GAP else finding.by
    return next(
        (f"  →  route {taker.number} {taker.path}  {short_place(taker)}".rstrip() for taker in takers), ""
    )


def _shortened(path: str) -> str:
    """The path, or its beginning and end when it is one that grew; --json has it whole."""
    if len(path) <= _LONGEST_PATH:
        return path
    half = _LONGEST_PATH // 2
    return f"{path[:half]}…{path[-half:]} ({len(path)} characters)"


def _walls(findings: Sequence[Finding]) -> Iterator[str]:
    """Yield who hides more than one route."""
    hidden: dict[str, set[str]] = {}
    walls: dict[str, RouteName] = {}
    for finding in findings:
        if finding.kind in _HIDING and len(finding.by) == 1:
            walls[finding.by[0].number] = finding.by[0]
            hidden.setdefault(finding.by[0].number, set()).add(finding.route.number)
    for number, routes in sorted(hidden.items(), key=lambda item: -len(item[1])):
        if len(routes) > 1:
            wall = walls[number]
            place = f" ({short_place(wall)})" if wall.source else ""
            yield escape_controls(f"route {number} {wall.path}{place} hides {len(routes)} others")


def _annotation(finding: Finding) -> str:
    source = finding.route.source
    properties = {"title": f"{finding.kind}: {said_methods(finding.methods)} {finding.route.path}"}
    if source is not None:
        properties = {"file": _short_file(source.file), "line": str(source.line), **properties}
    words = ",".join(f"{name}={_escape_property(value)}" for name, value in properties.items())
    lines = [
        finding.message,
        *([] if finding.witness is None else [f"witness: {_shortened(finding.witness)}"]),
        f"fix: {finding.fix}",
    ]
    message = _escape("\n".join(lines))
    return f"::{_LEVELS[finding.severity]} {words}::{message}"


def _escape(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _escape_property(text: str) -> str:
    return _escape(text).replace(":", "%3A").replace(",", "%2C")


def _short_file(file: str) -> str:
    path = Path(file)
    return str(path.relative_to(Path.cwd())) if path.is_relative_to(Path.cwd()) else file
