"""`inspector diff`: which requests go elsewhere when one route table takes the place of another."""

import json
import sys
from typing import Literal

import click

from inspector.cli.apps import AppTarget
from inspector.cli.terminal import give

_Format = Literal["text", "json", "markdown"]


@click.command()
@click.argument("old")
@click.argument("new")
@click.option("--app-dir", default=".", show_default=True, help="Folder to look for modules in first.")
@click.option("--factory", is_flag=True, help="ATTRIBUTE is a function that makes the application.")
@click.option("--json", "as_json", is_flag=True, help="The same as --format json.")
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json", "markdown"]),
    default="text",
    show_default=True,
    help="For people, for programs, or for a review comment.",
)
def diff(old: str, new: str, app_dir: str, factory: bool, as_json: bool, form: _Format) -> None:
    """Say which requests go to another route in NEW than in OLD, each with a path that does.

    OLD and NEW are MODULE:ATTRIBUTE, REVISION:MODULE:ATTRIBUTE for what a git revision has, a file that
    `inspector routes --json` wrote, or a recording: journal.db for its newest table, journal.db~1 for the one
    before. Exit code 0 without a change, 1 with one, 2 when they could not be compared.
    """
    from inspector.cli.analysed import compare_named_tables
    from inspector.cli.changes_markdown import changes_markdown
    from inspector.cli.changes_text import changes_text

    changes = compare_named_tables(
        AppTarget(text=old, app_dir=app_dir, factory=factory),
        AppTarget(text=new, app_dir=app_dir, factory=factory),
    )
    if as_json or form == "json":
        give(json.dumps({"changes": [change.to_dict() for change in changes]}, indent=2))
    elif form == "markdown":
        give(changes_markdown(changes, old=old, new=new))
    else:
        give(changes_text(changes))
    sys.exit(1 if changes else 0)
