"""`inspector replay`: recorded requests run again, and what differs, for people and for CI."""

import asyncio
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from inspector.cli.apps import AppLoadError, AppTarget, load_app_quietly
from inspector.cli.terminal import StartRefused, escape_controls, give, last_lines, say

if TYPE_CHECKING:
    from inspector.model import Exchange, Header
    from inspector.replay.regression.outcome import Outcome
    from inspector.replay.regression.rehearse import Choices
    from miniframework.types import ASGIApp

_DEFAULT_JOURNAL = Path(".inspector") / "journal.db"


@click.command()
@click.argument("source", metavar="FILE|ID|URL")
@click.option("--against", metavar="MODULE:ATTRIBUTE", help="Application to send to.  [recorded]")
@click.option("--app-dir", default=".", show_default=True, help="Folder to look for the module in first.")
@click.option("--factory", is_flag=True, help="ATTRIBUTE is a function that makes the application.")
@click.option("--id", "ids", multiple=True, metavar="ID", help="Only this exchange; the id or its beginning.")
@click.option("--filter", "wanted", metavar="TEXT", default="", help="Only what the list would show with it.")
@click.option(
    "--journal",
    type=click.Path(dir_okay=False, path_type=Path),
    default=_DEFAULT_JOURNAL,
    show_default=True,
    help="Recording in which an ID is looked for.",
)
@click.option("--edit", metavar="JSON", help="Send these parts instead: method, path, headers, body.")
@click.option("--header", "headers", multiple=True, metavar="NAME: VALUE", help="Send this header instead.")
@click.option("--ignore", "ignored", multiple=True, metavar="RULE", help="May differ: body:$.items[*].id")
@click.option("--learn", is_flag=True, help="Send safe requests twice; what differs then may differ.")
@click.option("--unsafe", is_flag=True, help="Send POST, PUT, PATCH and DELETE, too.")
@click.option("--rebind/--no-rebind", default=True, help="Put new ids and tokens into later requests.")
@click.option("--junit", type=click.Path(dir_okay=False, path_type=Path), help="Write a JUnit report there.")
@click.option("--json", "as_json", is_flag=True, help="Print every outcome as JSON.")
def replay(
    source: str,
    against: str | None,
    app_dir: str,
    factory: bool,
    ids: tuple[str, ...],
    wanted: str,
    journal: Path,
    junit: Path | None,
    as_json: bool,
    **options: Any,
) -> None:
    """Run recorded requests again, oldest first, in this process, and compare the answers.

    FILE is a recording; ID an exchange of --journal, or its beginning; URL a running dashboard, with its
    token as it was printed. Secrets are not in a recording: a request that held some is not sent unless
    --header gives them, or an answer on the way did. Exit code 0 when every answer is the same, 1 when one
    differs, 2 when it could not be tried.
    """
    from inspector.cli.export_sources import Wanted, read_dashboard, read_recording
    from inspector.cli.replay_text import outcomes_text
    from inspector.errors import InspectorError
    from inspector.replay.regression.junit import junit_report
    from inspector.replay.regression.outcome import summarise_outcomes

    choices = _read_choices(**options)
    chosen = Wanted(ids=ids, filter_text=wanted)
    if source.startswith(("http://", "https://")):
        found = read_dashboard(source, chosen)
    else:
        found = read_recording(source, journal, chosen)
    if wanted and not found.exchanges:  # a mistyped filter must not pass for a test that passed
        raise StartRefused(f"--filter {wanted!r} leaves nothing of what was recorded", "write another filter")
    target = against or found.target
    if target is None:
        raise StartRefused("the recording does not say what it recorded", "name it: --against module:app")
    app = _load(AppTarget(text=target, app_dir=app_dir, factory=factory))
    try:
        outcomes = asyncio.run(_rehearse(app, found.exchanges, choices))
    except InspectorError as error:
        raise StartRefused(str(error)) from error
    if junit is not None:
        _write(junit, junit_report(outcomes, name=f"inspector replay {source}"))
    if as_json:
        said = {"summary": summarise_outcomes(outcomes), "outcomes": [one.to_dict() for one in outcomes]}
        give(json.dumps(said, indent=2))
    elif outcomes:
        give(outcomes_text(outcomes))
    say(escape_controls(f"inspector: {summarise_outcomes(outcomes)}"))
    sys.exit(1 if any(outcome.verdict == "changed" for outcome in outcomes) else 0)


def _read_choices(
    edit: str | None,
    headers: Sequence[str],
    ignored: Sequence[str],
    learn: bool,
    unsafe: bool,
    rebind: bool,
) -> "Choices":
    from inspector.replay.edit import RequestEdit, parse_edit
    from inspector.replay.refusal import ReplayRefused
    from inspector.replay.regression.rehearse import Choices
    from inspector.replay.regression.rules import RuleError, parse_rule

    try:
        return Choices(
            edit=RequestEdit() if edit is None else parse_edit(_read_object(edit)),
            rules=tuple(map(parse_rule, ignored)),
            headers=tuple(map(_read_header, headers)),
            unsafe=unsafe,
            learn=learn,
            rebinds=rebind,
        )
    except RuleError as error:
        raise StartRefused(f"--ignore: {error}") from error
    except ReplayRefused as refused:
        raise StartRefused(f"--edit: {refused.refusal.message}", refused.refusal.hint) from refused


def _read_object(text: str) -> dict[str, Any]:
    try:
        found = json.loads(text)
    except ValueError as error:
        raise StartRefused(f"--edit {text!r} is no JSON: {error}") from error
    if not isinstance(found, dict):
        raise StartRefused(f"--edit {text!r} is no JSON object", """write --edit '{"path": "/books/7"}'""")
    return found


def _load(target: AppTarget) -> "ASGIApp":
    try:
        return load_app_quietly(target)
    except AppLoadError as error:
        raise StartRefused(error.message, *error.ways_out, detail=last_lines(error.trace)) from error


def _write(file: Path, report: bytes) -> None:
    try:
        file.write_bytes(report)
    except OSError as error:
        raise StartRefused(f"{str(file)!r} cannot be written: {error.strerror}") from error


def _read_header(text: str) -> "Header":
    name, colon, value = text.partition(":")
    if not colon or not name.strip():
        raise StartRefused(f"--header {text!r} is no header", "write --header 'Name: value'")
    return name.strip(), value.strip()


async def _rehearse(app: "ASGIApp", exchanges: "Sequence[Exchange]", choices: "Choices") -> "list[Outcome]":
    from inspector.replay.regression.rehearse import rehearse
    from inspector.wiring.rehearsal import Rehearsal

    async with Rehearsal(app).running() as rehearsal:
        return await rehearse(exchanges, rehearsal.play, choices)
