"""`inspector tests`: a pytest file that freezes today's routing."""

import click

from inspector.cli.apps import AppTarget
from inspector.cli.options import app_options
from inspector.cli.terminal import StartRefused, give


@click.command(name="tests")
@app_options
def tests(app: str, app_dir: str, factory: bool) -> None:
    """Print a pytest file with one request for each kind of path that the table tells apart.

    As it is, every test passes; one fails when a request of that kind goes elsewhere.
    """
    from inspector.analysis.errors import TooLargeError
    from inspector.analysis.frozen_tests import frozen_tests
    from inspector.cli.tables import load_table
    from miniframework.routing.foreign import ForeignTable

    table = load_table(AppTarget(text=app, app_dir=app_dir, factory=factory))
    if isinstance(table, ForeignTable):
        raise StartRefused(
            f"the routing of {app!r} is {table.framework.name}'s: only miniframework's own is frozen so",
            "ask it in a test of yours: inspector.attach(app).explain(method, path).route",
        )
    try:
        text = frozen_tests(table, app, is_factory=factory)
    except TooLargeError as error:
        raise StartRefused(f"tests of {app!r} cannot be made: {error}") from error
    give(text.removesuffix("\n"))
