"""`inspector diff`: which requests go elsewhere when one route table takes the place of another."""

import json
import sys

import click

from inspector.cli.apps import AppTarget
from inspector.cli.terminal import give


@click.command()
@click.argument("old")
@click.argument("new")
@click.option("--app-dir", default=".", show_default=True, help="Folder to look for modules in first.")
@click.option("--factory", is_flag=True, help="ATTRIBUTE is a function that makes the application.")
@click.option("--json", "as_json", is_flag=True, help="Print the changes as JSON.")
def diff(old: str, new: str, app_dir: str, factory: bool, as_json: bool) -> None:
    """Say which requests go to another route in NEW than in OLD, each with a path that does.

    OLD and NEW are MODULE:ATTRIBUTE, or a file that `inspector routes --json` wrote. Exit code 0 without a
    change, 1 with one, 2 when they could not be compared.
    """
    from inspector.cli.analysed import compare_named_tables
    from inspector.cli.changes_text import changes_text

    changes = compare_named_tables(
        AppTarget(text=old, app_dir=app_dir, factory=factory),
        AppTarget(text=new, app_dir=app_dir, factory=factory),
    )
    if as_json:
        give(json.dumps({"changes": [change.to_dict() for change in changes]}, indent=2))
    else:
        give(changes_text(changes))
    sys.exit(1 if changes else 0)
