"""`inspector replay`: recorded requests run again, and what differs, for people and for CI."""

import asyncio
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from inspector.cli.apps import AppLoadError, AppTarget, load_app_quietly
from inspector.cli.options import choosing_options
from inspector.cli.terminal import StartRefused, escape_controls, give, last_lines, say, write_file

if TYPE_CHECKING:  # `inspector --help` needs no replay
    from inspector.model import Exchange
    from inspector.replay.regression.outcome import Outcome
    from inspector.replay.regression.rehearse import Choices
    from miniframework.types import ASGIApp


@click.command()
@click.argument("source", metavar="FILE|ID|URL")
@click.option("--against", metavar="MODULE:ATTRIBUTE", help="Application to send to.  [recorded]")
@click.option("--app-dir", default=".", show_default=True, help="Folder to look for the module in first.")
@click.option("--factory", is_flag=True, help="ATTRIBUTE is a function that makes the application.")
@choosing_options
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
    filter_text: str,
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
    from inspector.cli.export_sources import Wanted, read_source
    from inspector.cli.replay_options import read_choices
    from inspector.replay.regression.junit import junit_report

    choices = read_choices(**options)
    found = read_source(source, journal, Wanted(ids=ids, filter_text=filter_text))
    if filter_text and not found.exchanges:  # a mistyped filter must not pass for a test that passed
        raise StartRefused(
            f"--filter {filter_text!r} leaves nothing of what was recorded", "write another filter"
        )
    target = against or found.target
    if target is None:
        raise StartRefused("the recording does not say what it recorded", "name it: --against module:app")
    app = _load(AppTarget(text=target, app_dir=app_dir, factory=factory))
    outcomes = _rehearse(app, found.exchanges, choices)
    if junit is not None:
        write_file(junit, junit_report(outcomes, name=f"inspector replay {source}"))
    _tell(outcomes, as_json=as_json)
    sys.exit(1 if any(outcome.verdict == "changed" for outcome in outcomes) else 0)


def _load(target: AppTarget) -> "ASGIApp":
    try:
        return load_app_quietly(target)
    except AppLoadError as error:
        raise StartRefused(error.message, *error.ways_out, detail=last_lines(error.trace)) from error


def _rehearse(app: "ASGIApp", exchanges: "Sequence[Exchange]", choices: "Choices") -> "list[Outcome]":
    from inspector.errors import InspectorError
    from inspector.replay.regression.rehearse import rehearse
    from inspector.wiring.rehearsal import Rehearsal

    async def run() -> "list[Outcome]":
        async with Rehearsal(app).running() as rehearsal:
            return await rehearse(exchanges, rehearsal.play, choices)

    try:
        return asyncio.run(run())
    except InspectorError as error:
        raise StartRefused(str(error)) from error


def _tell(outcomes: "Sequence[Outcome]", *, as_json: bool) -> None:
    from inspector.cli.replay_text import outcomes_text
    from inspector.replay.regression.outcome import summarise_outcomes

    summary = summarise_outcomes(outcomes)
    if as_json:
        told = {"summary": summary, "outcomes": [outcome.to_dict() for outcome in outcomes]}
        give(json.dumps(told, indent=2))
    elif outcomes:
        give(outcomes_text(outcomes))
    say(escape_controls(f"inspector: {summary}"))
