"""The route table of an application that is named on the command line."""

from inspector.cli.apps import AppLoadError, AppTarget, load_app
from inspector.cli.terminal import StartRefused, last_lines
from inspector.wiring import find_table
from miniframework.routing.table import RouteTable


def load_table(target: AppTarget) -> RouteTable:
    """Import the application and return its routes.

    Raises StartRefused when there is no such application, or none whose routes can be read.
    """
    try:
        app = load_app(target)
    except AppLoadError as error:
        raise StartRefused(error.message, *error.ways_out, detail=last_lines(error.trace)) from error
    table = find_table(app)
    if table is None:
        kind = f"{type(app).__module__}.{type(app).__qualname__}"
        raise StartRefused(
            f"the routes of {target.text!r}, a {kind!r}, cannot be read",
            "its requests can still be recorded: inspector run " + target.text,
        )
    return table
