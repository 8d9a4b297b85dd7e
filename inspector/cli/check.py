"""`inspector check`: what can never be reached, what is shadowed, and a path that proves it."""

import json
import sys
from pathlib import Path
from typing import Literal

import click

from inspector.cli.apps import AppTarget
from inspector.cli.options import app_options
from inspector.cli.terminal import StartRefused, give, say

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
    from inspector.cli.acceptance import Comments, baseline_text, finding_key, read_baseline
    from inspector.cli.checked import check_target
    from inspector.cli.findings_text import findings_text, github_text
    from inspector.cli.tables import framework_line
    from inspector.inspection.check import to_public

    if write and not fix:
        raise click.UsageError("--write writes nothing without --fix")
    if fix and (as_json or form != "text" or write_baseline is not None):
        raise click.UsageError("--fix prints a patch: leave --json, --format and --write-baseline out")
    held = frozenset() if baseline is None else read_baseline(baseline)
    checked = check_target(AppTarget(text=app, app_dir=app_dir, factory=factory), openapi)
    found = checked.findings
    if form == "text" and not as_json and (whose := framework_line(checked.table)) is not None:
        say(f"inspector: {whose}")
    comments = Comments()
    uncommented = [finding for finding in found if not comments.accept(finding)]
    for unknown in comments.unknown:
        say(f"inspector: {unknown}")
    if write_baseline is not None:
        _write(write_baseline, baseline_text(uncommented))
        say(f"inspector: {len(uncommented)} findings accepted in {write_baseline}")
        return
    left = [finding for finding in uncommented if finding_key(finding) not in held]
    if fix:
        from inspector.cli.fix import fix_dead

        target = AppTarget(text=app, app_dir=app_dir, factory=factory)
        sys.exit(fix_dead(target, {finding.route.number for finding in left}, write=write))
    accepted = len(found) - len(left)
    if as_json or form == "json":
        root_path = checked.root_path
        told = to_public(left, checked.table, checked.routes, accepted=accepted, root_path=root_path)
        give(json.dumps(told.to_dict(), indent=2))
    elif form == "github":
        give(github_text(left))
    else:
        give(findings_text(left, accepted=accepted))
    sys.exit(1 if any(strict or f.severity != "note" for f in left) else 0)


def _write(file: Path, text: str) -> None:
    try:
        file.write_text(text, encoding="utf-8")
    except OSError as error:
        raise StartRefused(f"{str(file)!r} cannot be written: {error.strerror}") from error
