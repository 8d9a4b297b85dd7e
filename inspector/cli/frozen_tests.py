"""`inspector tests`: a pytest file that freezes today's routing."""

import click

from inspector.cli.apps import AppTarget
from inspector.cli.options import app_options
from inspector.cli.terminal import StartRefused, give


@click.command(name="tests")
@app_options
def tests(app: str, app_dir: str, factory: bool) -> None:
    """Print a pytest file with one request for each kind of path that the table tells apart.

    As it is, every test passes; one fails when a request of that kind goes elsewhere. The tests of another
    framework's application ask its own router.
    """
    from inspector.analysis.errors import TooLargeError
    from inspector.analysis.frozen_tests import frozen_tests
    from inspector.cli.tables import load_attached
    from inspector.inspection import frozen_tests as asking
    from miniframework.routing.table import ForeignTable

    attached = load_attached(AppTarget(text=app, app_dir=app_dir, factory=factory))
    try:
        if isinstance(attached.table, ForeignTable):
            text = asking.frozen_tests(attached, app, is_factory=factory)
        else:
            text = frozen_tests(attached.table, app, is_factory=factory)
    except TooLargeError as error:
        raise StartRefused(f"tests of {app!r} cannot be made: {error}") from error
    give(text.removesuffix("\n"))
