"""`inspector whatif`: what an edit of the route table would do to recorded requests, before it is made."""

import json
import sys
from pathlib import Path
from typing import Any

import click

from inspector.cli.apps import AppTarget
from inspector.cli.terminal import StartRefused, give


@click.command()
@click.argument("target")
@click.option("--app-dir", default=".", show_default=True, help="Folder to look for a module in first.")
@click.option("--factory", is_flag=True, help="ATTRIBUTE is a function that makes the application.")
@click.option(
    "--recording",
    type=click.Path(dir_okay=False, path_type=Path),
    help="File of recorded requests to ask again.  [default: TARGET, if it is a recording]",
)
@click.option(
    "--edit", "edits", multiple=True, metavar="JSON", help="An edit as the HTTP API has it, or a list."
)
@click.option("--move", "moves", multiple=True, metavar="N", help="Move route N; --before says where to.")
@click.option(
    "--before", "befores", multiple=True, metavar="N|end", help="Where the route of each --move goes to."
)
@click.option("--pattern", "patterns", multiple=True, metavar="N=PATH", help="Give route N another path.")
@click.option("--methods", "methods", multiple=True, metavar="N=GET,...", help="Give route N other methods.")
@click.option("--add", "added", multiple=True, metavar='"GET,... PATH"', help="Add a route at the end.")
@click.option("--remove", "removed", multiple=True, metavar="N", help="Remove route N.")
@click.option(
    "--redirect-slashes/--no-redirect-slashes",
    default=None,
    help="Switch the redirects of the slash at the end on or off.",
)
@click.option(
    "--requests-only",
    is_flag=True,
    help="Ask the recorded requests and prove nothing: at once for a table of any size.",
)
@click.option("--json", "as_json", is_flag=True, help="Print the answer as JSON, as the HTTP API gives it.")
def whatif(
    target: str,
    app_dir: str,
    factory: bool,
    recording: Path | None,
    requests_only: bool,
    as_json: bool,
    **shorthand: Any,
) -> None:
    """Say which recorded requests would go elsewhere if the table of TARGET were edited. No handler runs.

    TARGET is MODULE:ATTRIBUTE, or whatever else `inspector diff` takes; of a recording the newest table. N is
    a route's number in the table as it is: 7, or 30.2 for the second one inside mount 30. Exit code 0 when
    nothing would go elsewhere, 1 when something would, 2 when it could not be asked.
    """
    from inspector.analysis.edits import BadEdit, parse_edits
    from inspector.analysis.recorded import NO_REQUESTS
    from inspector.analysis.whatif import what_if
    from inspector.cli.analysed import named_table
    from inspector.cli.edit_options import read_edits
    from inspector.cli.recorded_requests import named_requests
    from inspector.cli.whatif_text import whatif_text

    wanted = read_edits(**shorthand)
    table = named_table(AppTarget(text=target, app_dir=app_dir, factory=factory))
    recorded = named_requests(target, recording)
    if requests_only and recorded is None:
        raise click.UsageError("--requests-only asks recorded requests: name them with --recording FILE")
    try:
        found = what_if(table, parse_edits(wanted), recorded or NO_REQUESTS, requests_only=requests_only)
    except BadEdit as error:
        raise StartRefused(
            f"edit {error.number}, {json.dumps(wanted[error.number - 1])}: {error.problem}",
            *filter(None, [error.way_out]),
        ) from error
    give(
        json.dumps(found.to_dict(), indent=2)
        if as_json
        else whatif_text(found, has_recording=recorded is not None)
    )
    if found.failed and not found.moved:
        sys.exit(2)
    sys.exit(1 if found.moved or (found.proof and found.proof.regions) else 0)
