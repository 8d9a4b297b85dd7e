"""What a table's edit would do, as text for a terminal."""

from collections import Counter
from collections.abc import Iterator

import click

from inspector.analysis.finding import Finding
from inspector.analysis.rematch import AskedTable, MovedRequest, TableAnswer
from inspector.analysis.whatif import Proof, WhatIf
from inspector.cli.changes_text import changes_text
from inspector.cli.findings_text import short_place
from inspector.cli.terminal import escape_controls

_MOST_SHOWN = 20  # requests that differ; --json has them all
_OUTCOMES = {
    "found": "found",
    "not_found": "404 Not Found",
    "method_not_allowed": "405 Method Not Allowed",
    "redirect": "307 Temporary Redirect",
}
_REASONS = {
    "redacted_path": "a secret was taken out of the path",
    "not_routed": "answered before any route was tried",
    "older_format": "recorded by an older version",
}


def whatif_text(found: WhatIf, *, has_recording: bool) -> str:
    """Return the requests that would go elsewhere, then what is proved of all others, then the findings.

    What was not asked to be proved is not spoken of.
    """
    blocks = list(_requests(found)) if has_recording else []
    blocks.append(
        "\n".join(_sum(found)) if has_recording else "no recording given: no request was asked again"
    )
    if found.failed is not None:
        blocks.append(f"whether other requests would go elsewhere is not known: {found.failed}")
    if found.proof is not None:
        blocks += [click.style("Whatever was recorded:", bold=True), changes_text(found.proof.regions)]
        blocks += filter(None, ["\n".join(_findings(found.proof))])
    return "\n\n".join(blocks)


def _requests(found: WhatIf) -> Iterator[str]:
    alike = Counter(map(_looks, found.moved))
    first: dict[tuple[object, ...], MovedRequest] = {}
    for moved in found.moved:
        first.setdefault(_looks(moved), moved)
    for number, (looks, moved) in enumerate(first.items()):
        if number == _MOST_SHOWN:
            yield f"… and {len(first) - number} more; --json has them"
            return
        yield "\n".join(_block(found, moved, alike[looks]))


def _looks(moved: MovedRequest) -> tuple[object, ...]:
    return moved.request.method, moved.request.path, moved.old, moved.new


def _block(found: WhatIf, moved: MovedRequest, count: int) -> Iterator[str]:
    asked = escape_controls(f"{moved.request.method} {moved.request.path}")
    yield click.style(asked, bold=True) + (f"  ({count} times)" if count > 1 else "")
    yield click.style("  - ", fg="red") + _answer(found.old, moved.old)
    yield click.style("  + ", fg="green") + _answer(found.new, moved.new)


def _answer(table: AskedTable, answer: TableAnswer) -> str:
    said = _OUTCOMES[answer.outcome]
    if answer.location is not None:
        said += f" to {escape_controls(answer.location)}"
    if answer.allow:
        said += f" (allowed: {', '.join(answer.allow)})"
    if answer.number is None:
        return said
    route = table.name(answer.number)
    named = f"route {route.number} {route.path}  {route.name}  {short_place(route)}".rstrip()
    return escape_controls(named) if answer.outcome == "found" else f"{said} inside {escape_controls(named)}"


def _sum(found: WhatIf) -> Iterator[str]:
    asked = len(found.recorded.requests)
    yield f"{len(found.moved)} of {asked} recorded request{'' if asked == 1 else 's'} would go elsewhere"
    for reason, count in found.recorded.unasked.items():
        yield f"{count} not asked again: {_REASONS[reason]}"


def _findings(proof: Proof) -> Iterator[str]:
    for word, colour, findings in (("gone", "green", proof.gone), ("new", "red", proof.come)):
        for finding in findings:
            yield f"{click.style(f'{word:<4}', fg=colour)}  {_finding(finding)}"


def _finding(finding: Finding) -> str:
    return escape_controls(
        f"{finding.severity} {finding.kind}  route {finding.route.number}: {finding.message}"
    )
