"""`inspector check`: what can never be reached, what is shadowed, and a path that proves it."""

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import click

from inspector.cli.apps import AppTarget
from inspector.cli.options import app_options
from inspector.cli.terminal import give, say, write_file

if TYPE_CHECKING:  # `inspector --help` needs no analysis
    from inspector.cli.acceptance import Acceptance
    from inspector.cli.checked import Checked

_Format = Literal["text", "json", "github"]


@click.command()
@app_options
@click.option("--json", "as_json", is_flag=True, help="The same as --format json.")
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json", "github"]),
    default="text",
    show_default=True,
    help="For people, for programs, or as annotations of a review.",
)
@click.option(
    "--baseline",
    type=click.Path(dir_okay=False, path_type=Path),
    help="File of findings that were accepted.",
)
@click.option(
    "--write-baseline",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Accept what is found now: write it to this file.",
)
@click.option(
    "--openapi",
    type=click.Path(dir_okay=False, path_type=Path),
    help="JSON file of the OpenAPI document to compare with, instead of what app.openapi() gives.",
)
@click.option("--strict", is_flag=True, help="Notes count too.")
@click.option("--fix", is_flag=True, help="Print the smallest reordering that revives dead routes.")
@click.option("--write", is_flag=True, help="With --fix: make the patch instead of printing it.")
def check(
    app: str,
    app_dir: str,
    factory: bool,
    as_json: bool,
    form: _Format,
    baseline: Path | None,
    write_baseline: Path | None,
    openapi: Path | None,
    strict: bool,
    fix: bool,
    write: bool,
) -> None:
    """Prove which routes can never be reached, and why.

    Exit code 0 when nothing is found or all of it was accepted, 1 for errors and warnings, 2 when the check
    could not be made. A comment `# inspector: ignore[kind]` at a declaration accepts one kind there.
    """
    from inspector.cli.acceptance import baseline_text, judge_acceptance, read_baseline
    from inspector.cli.checked import check_target
    from inspector.cli.fix import fix_dead
    from inspector.cli.tables import framework_line

    if as_json:
        form = "json"
    if write and not fix:
        raise click.UsageError("--write writes nothing without --fix")
    if fix and (form != "text" or write_baseline is not None):
        raise click.UsageError("--fix prints a patch: leave --json, --format and --write-baseline out")
    target = AppTarget(text=app, app_dir=app_dir, factory=factory)
    held = frozenset() if baseline is None else read_baseline(baseline)
    checked = check_target(target, openapi)
    if form == "text" and (whose := framework_line(checked.table)) is not None:
        say(f"inspector: {whose}")
    judged = judge_acceptance(checked.findings, held)
    for unknown in judged.unknown:
        say(f"inspector: {unknown}")
    if write_baseline is not None:
        write_file(write_baseline, baseline_text(judged.uncommented))
        say(f"inspector: {len(judged.uncommented)} findings accepted in {write_baseline}")
    elif fix:
        sys.exit(fix_dead(target, {finding.route.number for finding in judged.left}, write=write))
    else:
        give(_report(checked, judged, form))
        sys.exit(1 if any(strict or finding.severity != "note" for finding in judged.left) else 0)


def _report(checked: "Checked", judged: "Acceptance", form: _Format) -> str:
    from inspector.cli.findings_text import findings_text, github_text
    from inspector.inspection.check import to_public

    match form:
        case "text":
            return findings_text(judged.left, accepted=judged.accepted)
        case "github":
            return github_text(judged.left)
        case "json":
            told = to_public(
                judged.left,
                checked.table,
                checked.routes,
                accepted=judged.accepted,
                root_path=checked.root_path,
            )
            return json.dumps(told.to_dict(), indent=2)
