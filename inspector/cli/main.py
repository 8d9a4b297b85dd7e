"""The command `inspector`: its subcommands, their options, and what each hands on to whom."""

import sys
import tempfile
from pathlib import Path
from typing import Any

import click

from inspector import __version__
from inspector.cli.apps import AppTarget
from inspector.cli.audit import audit
from inspector.cli.check import check
from inspector.cli.completion import completion
from inspector.cli.config import config
from inspector.cli.diff import diff
from inspector.cli.display import has_display
from inspector.cli.doctor import doctor
from inspector.cli.explain import explain
from inspector.cli.export import export
from inspector.cli.frozen_tests import tests
from inspector.cli.import_har import import_har
from inspector.cli.open_recording import open_recording
from inspector.cli.options import address_options
from inspector.cli.replay import replay
from inspector.cli.routes import routes
from inspector.cli.run import run
from inspector.cli.tail import tail
from inspector.cli.whatif import whatif


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="inspector")
def main() -> None:
    """See why a URL landed where it did: live traffic, every route's verdict, replay."""


main.add_command(audit)
main.add_command(check)
main.add_command(completion)
main.add_command(config)
main.add_command(diff)
main.add_command(doctor)
main.add_command(explain)
main.add_command(export)
main.add_command(import_har)
main.add_command(open_recording)
main.add_command(replay)
main.add_command(routes)
main.add_command(run)
main.add_command(tail)
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
    from inspector.cli.configured import environment_settings
    from inspector.cli.session import Session, run_session
    from inspector.demo.traffic import drive

    with tempfile.TemporaryDirectory(prefix="inspector-demo-") as folder:
        session = Session(
            target=AppTarget(text="inspector.demo.bookshop:app"),
            name="bookshop",
            settings=environment_settings(),
            journal=str(Path(folder) / "journal" / "journal.db"),
            open_browser=has_display() if open_browser is None else open_browser,
            quiet=True,  # one of its endpoints fails on purpose, again and again
            companion=drive,
            **addresses,
        )
        sys.exit(run_session(session))
