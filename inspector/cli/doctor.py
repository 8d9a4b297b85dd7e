"""`inspector doctor`: does our picture of an application's routes agree with its own router?"""

import json
import sys

import click

from inspector.cli.apps import AppTarget
from inspector.cli.options import app_options
from inspector.cli.terminal import escape_controls, give, say

_EXIT_DISAGREES = 1


@click.command()
@app_options
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
def doctor(app: str, app_dir: str, factory: bool, as_json: bool) -> None:
    """Ask an application's own router about one path of each route, and compare with what we say.

    No handler runs. Exit code 0 when all agree, 1 when one does not, 2 when nothing could be asked.
    """
    from inspector.cli.tables import framework_line, load_attached  # `inspector --help` needs neither

    attached = load_attached(AppTarget(text=app, app_dir=app_dir, factory=factory))
    found = attached.doctor()
    if as_json:
        give(json.dumps(found.to_dict(), indent=2))
    else:
        if (whose := framework_line(attached.table)) is not None:
            say(f"inspector: {whose}")
        for one in found.disagreements:
            give(escape_controls(f"{one.method} {one.raw_path}"))
            give(escape_controls(f"  the router:  {one.asked}"))
            give(escape_controls(f"  our picture: {one.predicted}"))
        for path in found.unasked:
            give(escape_controls(f"not asked: {path}"))
        give(found.sentence)
    sys.exit(_EXIT_DISAGREES if found.disagreements else 0)
