"""`inspector audit`: which routes a pattern of exempt paths lets through."""

import json
import re
import sys

import click

from inspector.cli.apps import AppTarget
from inspector.cli.options import app_options
from inspector.cli.terminal import StartRefused, give


@click.command()
@app_options
@click.option(
    "--exempt", "regex", required=True, metavar="REGEX", help="Pattern of the paths that are let through."
)
@click.option(
    "--how",
    type=click.Choice(["match", "fullmatch", "search"]),
    default="match",
    show_default=True,
    help="How the pattern is asked, by the name in Python's re.",
)
@click.option("--json", "as_json", is_flag=True, help="Print the exemptions as JSON.")
def audit(app: str, app_dir: str, factory: bool, regex: str, how: str, as_json: bool) -> None:
    """Say which routes a skip list lets through, each with a path that shows it.

    A route of which only some paths are exempt is seldom meant: exit code 1 when there is one, 0 when every
    route is exempt as a whole or not at all, 2 when the pattern cannot be put to proof.
    """
    from inspector.analysis.errors import TooLargeError
    from inspector.analysis.exemption import Anchoring, find_exemptions
    from inspector.cli.analysed import named_table
    from inspector.cli.exemptions_text import exemptions_text

    table = named_table(AppTarget(text=app, app_dir=app_dir, factory=factory))
    try:
        found = find_exemptions(table, regex, Anchoring(how))
    except re.error as error:
        way_out = "for a flag write (?i:…) instead of (?i)" if "flags" in str(error) else ""
        raise StartRefused(
            f"the pattern {regex!r} cannot be read: {error}", *filter(None, [way_out])
        ) from error
    except TooLargeError as error:
        raise StartRefused(f"{regex!r} cannot be put to proof: {error}") from error
    if as_json:
        give(json.dumps({"exemptions": [exemption.to_dict() for exemption in found]}, indent=2))
    else:
        give(exemptions_text(found))
    sys.exit(1 if any(exemption.is_partial for exemption in found) else 0)
