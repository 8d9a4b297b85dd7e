"""`inspector explain`: which route takes a request and why every other one does not, of one or of many."""

import json
import sys
from typing import TextIO

import click

from inspector.cli.apps import AppTarget
from inspector.cli.options import app_options
from inspector.cli.terminal import StartRefused, give, say, writing_out


@click.command()
@app_options
@click.argument("method", required=False)
@click.argument("path", required=False)
@click.option("--host", metavar="NAME[:PORT]", help="Ask for this host, for routes that are for some only.")
@click.option("--json", "as_json", is_flag=True, help="Print it as JSON; of a batch one a line.")
@click.option(
    "--batch",
    type=click.File("r", encoding="utf-8-sig", errors="surrogateescape"),
    metavar="FILE|-",
    help="Say who takes each request of a file: NDJSON, or a server's access log.",
)
def explain(
    app: str,
    app_dir: str,
    factory: bool,
    method: str | None,
    path: str | None,
    host: str | None,
    as_json: bool,
    batch: TextIO | None,
) -> None:
    """Say which route takes METHOD PATH, and why every other one does not.

    METHOD may be WEBSOCKET for a handshake. Nothing of the application but its import is run. With --batch
    there is one verdict a line instead; exit code 1 when a line of the file could not be read.
    """
    target = AppTarget(text=app, app_dir=app_dir, factory=factory)
    if batch is not None:
        from inspector.cli.batch import judge_lines

        if method is not None:
            raise click.UsageError("--batch has the requests: leave METHOD and PATH out")
        with writing_out():
            code = judge_lines(target, batch, as_json=as_json, host=host)
        sys.exit(code)
    if method is None or path is None:
        raise click.UsageError("METHOD and PATH are needed, or --batch FILE")
    _explain_one(target, method, path, host=host, as_json=as_json)


def _explain_one(target: AppTarget, method: str, path: str, *, host: str | None, as_json: bool) -> None:
    if "://" in path and not path.startswith("/"):
        method, path, host = _read_url(method, path, host)
    if not path.startswith("/"):
        is_swapped = method.startswith("/")
        way_out = f"the method comes first: {path} {method}" if is_swapped else f"write it as {'/' + path!r}"
        raise StartRefused(f"the path {path!r} does not begin with a slash", way_out)
    from inspector.cli.explained_text import explained_text
    from inspector.cli.tables import framework_line, load_attached  # `inspector --help` needs neither

    attached = load_attached(target)
    found = attached.explain("WEBSOCKET" if method.upper() == "WS" else method.upper(), path, host=host)
    if as_json:
        give(json.dumps(found.to_dict(), indent=2))
        return
    if (whose := framework_line(found.table)) is not None:
        say(f"inspector: {whose}")
    give(explained_text(found.table.snapshot(), found))


def _read_url(method: str, url: str, host: str | None) -> tuple[str, str, str | None]:
    """A URL as it stands in a browser: its path, asked for its host unless another one is named."""
    from inspector.cli.batch_lines import BadLine, read_request

    try:
        asked = read_request(method, url, host)
    except BadLine as error:
        raise StartRefused(str(error), "write the path alone, as '/items/42'") from error
    return asked.method, asked.raw_path, asked.host
