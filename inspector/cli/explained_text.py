"""What a framework's router said to a request, as text, above the ladder of our reasons."""

import click

from inspector.cli.ladder import Document, explanation_text
from inspector.cli.terminal import escape_controls
from inspector.inspection.explained import RouteExplanation, say_asked
from inspector.panels.advice import find_advice


def explained_text(snapshot: Document, found: RouteExplanation) -> str:
    """Return the ladder; where it disagrees with the router, the router's own answer before it."""
    explanation = found.ladder
    ladder = explanation_text(
        snapshot, explanation.to_dict(), find_advice(explanation, snapshot, found.raw_path)
    )
    if found.unseen:
        ladder = "\n".join([click.style(escape_controls(found.unseen), fg="yellow"), "", ladder])
    if found.agrees:
        return ladder
    asked = f"{found.method} {escape_controls(found.raw_path)}"
    said = escape_controls(say_asked(found.asked, found.route))
    warning = escape_controls(f"{found.framework}'s own router says so. {found.otherwise}:")
    return "\n".join(
        [f"{click.style(asked, bold=True)}  →  {said}", click.style(warning, fg="yellow"), "", ladder]
    )
