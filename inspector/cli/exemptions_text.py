"""The routes that a pattern exempts, as text for a terminal."""

from collections.abc import Iterator, Sequence

import click

from inspector.analysis.exemption import Exemption
from inspector.analysis.wording import said_methods
from inspector.cli.findings_text import short_place
from inspector.cli.terminal import escape_controls


def exemptions_text(exemptions: Sequence[Exemption]) -> str:
    """Return the routes of which only a part is exempt, then the wholly exempt ones."""
    parts = ["\n".join(_partial(exemption)) for exemption in exemptions if exemption.is_partial]
    wholes = [_whole(exemption) for exemption in exemptions if not exemption.is_partial]
    if not exemptions:
        return "no route is exempt"
    blocks = [*parts, *(["\n".join(["exempt as a whole:", *wholes])] if wholes else [])]
    return "\n\n".join(blocks)


def _partial(exemption: Exemption) -> Iterator[str]:
    head = click.style("exempt in part", fg="yellow", bold=True)
    yield "  ".join((head, _route(exemption)))
    methods = said_methods(exemption.methods)
    yield f"  let through: {escape_controls(f'{methods} {exemption.witness}')}"
    yield f"  kept:        {escape_controls(f'{methods} {exemption.kept}')}"
    if not exemption.is_exact:
        yield "  a construct cannot be followed: there may be more such paths"


def _whole(exemption: Exemption) -> str:
    return f"  {_route(exemption)}, as {escape_controls(exemption.witness)}"


def _route(exemption: Exemption) -> str:
    route = exemption.route
    words = f"route {route.number} {said_methods(exemption.methods)} {route.path}  {short_place(route)}"
    return escape_controls(words.rstrip())
