"""The command `inspector`: its subcommands, their options, and what each hands on to whom."""

import json
import sys
import tempfile
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import click

from inspector import __version__
from inspector.cli.apps import AppTarget
from inspector.cli.audit import audit
from inspector.cli.check import check
from inspector.cli.diff import diff
from inspector.cli.display import has_display
from inspector.cli.frozen_tests import tests
from inspector.cli.ladder import explanation_text
from inspector.cli.options import DEFAULT_DASHBOARD_PORT, DEFAULT_PORT, address_options, app_options
from inspector.cli.route_list import table_text
from inspector.cli.terminal import StartRefused, give
from inspector.cli.whatif import whatif

_DEFAULT_JOURNAL = Path(".inspector") / "journal.db"


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="inspector")
def main() -> None:
    """See why a URL landed where it did: live traffic, every route's verdict, replay."""


main.add_command(audit)
main.add_command(check)
main.add_command(diff)
main.add_command(tests)
main.add_command(whatif)


@main.command()
@address_options
@click.option("--open/--no-open", "open_browser", default=None, help="Open the dashboard in a browser.")
def demo(open_browser: bool | None, **addresses: Any) -> None:
    """Run a sample bookshop with traffic of its own, and the dashboard that watches it.

    Without --port and --dashboard-port, ports that are taken are replaced by free ones.
    """
    # Imported here: `routes` and `explain` need neither a server nor the dashboard.
    from inspector.cli.session import Session, run_session
    from inspector.demo.traffic import drive

    with tempfile.TemporaryDirectory(prefix="inspector-demo-") as folder:
        session = Session(
            target=AppTarget(text="inspector.demo.bookshop:app"),
            name="bookshop",
            journal=Path(folder) / "journal" / "journal.db",
            open_browser=has_display() if open_browser is None else open_browser,
            quiet=True,  # one of its endpoints fails on purpose, again and again
            companion=drive,
            **addresses,
        )
        sys.exit(run_session(session))


@main.command()
@app_options
@address_options
@click.option("--reload", is_flag=True, help="Start the application again when a Python file changes.")
@click.option(
    "--reload-dir",
    "reload_dirs",
    multiple=True,
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Folder to watch, may be given several times.  [default: --app-dir]",
)
@click.option("--open/--no-open", "open_browser", default=False, help="Open the dashboard in a browser.")
@click.option("--fresh", is_flag=True, help="Forget what earlier runs recorded.")
@click.option(
    "--journal",
    type=click.Path(dir_okay=False, path_type=Path),
    default=_DEFAULT_JOURNAL,
    show_default=True,
    help="File of the recording.",
)
def run(
    app: str, app_dir: str, factory: bool, reload: bool, reload_dirs: tuple[Path, ...], **options: Any
) -> None:
    """Serve an ASGI application and record it; the dashboard has its own port and survives every reload."""
    from inspector.cli.session import Session, run_session  # as in demo

    if reload_dirs and not reload:
        raise click.UsageError("--reload-dir watches nothing without --reload")
    folders = (reload_dirs or (Path(app_dir),)) if reload else None
    options["port"] = DEFAULT_PORT if options["port"] is None else options["port"]
    if options["dashboard_port"] is None:
        options["dashboard_port"] = DEFAULT_DASHBOARD_PORT
    target = AppTarget(text=app, app_dir=app_dir, factory=factory)
    sys.exit(run_session(Session(target=target, name=app, folders=folders, **options)))


@main.command()
@app_options
@click.option("--json", "as_json", is_flag=True, help="Print the table as JSON.")
def routes(app: str, app_dir: str, factory: bool, as_json: bool) -> None:
    """Print an application's routes in the order in which they are tried."""
    from inspector.cli.tables import load_table  # as in demo

    table = load_table(AppTarget(text=app, app_dir=app_dir, factory=factory))
    give(_json(table.snapshot()) if as_json else table_text(table.snapshot()))


@main.command()
@app_options
@click.argument("method")
@click.argument("path")
@click.option("--json", "as_json", is_flag=True, help="Print the explanation as JSON.")
def explain(app: str, app_dir: str, factory: bool, method: str, path: str, as_json: bool) -> None:
    """Say which route takes METHOD PATH, and why every other one does not.

    METHOD may be WEBSOCKET for a handshake. Nothing of the application but its import is run.
    """
    if not path.startswith("/"):
        raise StartRefused(f"the path {path!r} does not begin with a slash", f"write it as {'/' + path!r}")
    from inspector.cli.tables import load_table  # as in demo

    table = load_table(AppTarget(text=app, app_dir=app_dir, factory=factory))
    wanted = unquote(path.partition("?")[0])  # as a server does before it routes
    if method.upper() in ("WEBSOCKET", "WS"):
        explanation = table.explain("websocket", "GET", wanted)
    else:
        explanation = table.explain("http", method.upper(), wanted)
    found = explanation.to_dict()
    give(_json(found) if as_json else explanation_text(table.snapshot(), found))


def _json(value: object) -> str:
    return json.dumps(value, indent=2)
