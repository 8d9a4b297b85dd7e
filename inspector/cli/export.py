"""`inspector export`: recorded requests as curl, httpx, pytest, Hurl or HAR."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from inspector.cli.options import choosing_options
from inspector.cli.terminal import StartRefused, escape_controls, give, say, write_file

if TYPE_CHECKING:  # `inspector --help` needs no exports
    from inspector.exchange_files.export_request import ExportFormat


@click.command()
@click.argument("source", metavar="FILE|ID|URL")
@click.option(
    "--format",
    "form",
    type=click.Choice(["curl", "httpx", "pytest", "hurl", "har"]),
    required=True,
    help="What to write the requests as.",
)
@choosing_options
@click.option("--app", metavar="MODULE:ATTRIBUTE", help="Application that pytest's tests import.  [recorded]")
@click.option("--factory", is_flag=True, help="ATTRIBUTE of --app is a function that makes the application.")
@click.option(
    "--output",
    "-o",
    type=click.Path(dir_okay=False, path_type=Path),
    help="File to write.  [default: standard output]",
)
def export(
    source: str,
    form: "ExportFormat",
    ids: tuple[str, ...],
    filter_text: str,
    journal: Path,
    app: str | None,
    factory: bool,
    output: Path | None,
) -> None:
    """Write recorded requests in another tool's words. Redacted values are named and never written.

    FILE is a recording; ID an exchange of --journal, or its beginning; URL a running dashboard, with its
    token as it was printed. Exit code 1 when a chosen exchange could not be written in this format.
    """
    from inspector.cli.export_sources import Wanted, read_source
    from inspector.exchange_files.export import export_all
    from inspector.exchange_files.export_pytest import AppUnderTest
    from inspector.exchange_files.export_request import ExportRefused

    if factory and app is None:
        raise click.UsageError("--factory speaks of --app MODULE:ATTRIBUTE")
    found = read_source(source, journal, Wanted(ids=ids, filter_text=filter_text))
    try:
        done = export_all(found.exchanges, form, AppUnderTest(text=app or found.target, factory=factory))
    except ExportRefused as refused:
        raise StartRefused(refused.message, refused.way_out or "name it: --app MODULE:ATTRIBUTE") from refused
    for one in done.left_out:
        say(f"inspector: {one.exchange_id} is left out: {escape_controls(one.reason)}")
    if output is None:
        give(done.text.removesuffix("\n"))
    else:
        write_file(output, done.text)
    count = len(found.exchanges) - len(done.left_out)
    say(f"inspector: {count} of {len(found.exchanges)} requests written as {form}")
    if done.left_out:
        raise SystemExit(1)
