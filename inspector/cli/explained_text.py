"""What a framework's router said to a request, as text, above the ladder of our reasons."""

import click

from inspector.cli.ladder import Document, explanation_text
from inspector.cli.terminal import escape_controls
from inspector.inspection.explained import RouteExplanation, say_asked
from inspector.panels.advice import find_advice


def explained_text(snapshot: Document, found: RouteExplanation) -> str:
    """Return the ladder; where it disagrees with the router, or that failed, the router's own answer before
    it.
    """
    explanation = found.ladder
    advice = find_advice(explanation, snapshot, found.raw_path)
    status = redirect_status_of(found)
    ladder = explanation_text(snapshot, explanation.to_dict(), advice, redirect_status=status)
    if (doubt := found.unseen or found.asked.middleware) is not None:
        ladder = "\n".join([click.style(escape_controls(doubt), fg="yellow"), "", ladder])
    if found.agrees and found.status != 500:
        return ladder
    asked = f"{found.method} {escape_controls(found.raw_path)}"
    said = escape_controls(say_asked(found.asked, found.route))
    otherwise = "" if found.agrees else f" {found.otherwise}:"
    warning = escape_controls(f"{found.framework}'s own router says so.{otherwise}")
    return "\n".join(
        [f"{click.style(asked, bold=True)}  →  {said}", click.style(warning, fg="yellow"), "", ladder]
    )


def redirect_status_of(found: RouteExplanation) -> int:
    """Return the status with which the router redirects; 307 where it does not say, or does not redirect."""
    return found.status or 307 if found.agrees and found.outcome == "redirect" else 307
