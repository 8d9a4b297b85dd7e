"""The application that is named on the command line, and its route table."""

from inspector.cli.apps import AppLoadError, AppTarget, load_app_quietly
from inspector.cli.terminal import StartRefused, last_lines
from inspector.errors import InspectorError
from inspector.inspection import Attached, RoutesUnknownError, attach
from miniframework.routing.table import ForeignTable, RouteTable


def load_attached(target: AppTarget) -> Attached:
    """Import the application and attach to it.

    Raises StartRefused when there is no such application, or none whose routes can be read.
    """
    try:
        app = load_app_quietly(target)
    except AppLoadError as error:
        raise StartRefused(error.message, *error.ways_out, detail=last_lines(error.trace)) from error
    try:
        attached = attach(app)
        attached.require_routes()
    except RoutesUnknownError as error:
        raise StartRefused(
            f"the routes of {target.text!r}, a {error.kind!r}, cannot be read: requests only",
            "they can be recorded: inspector run " + target.text,
        ) from error
    except InspectorError as error:  # a framework that is not set up, or refuses what was declared
        raise StartRefused(f"the routes of {target.text!r} cannot be read: {error}") from error
    return attached


def load_table(target: AppTarget) -> RouteTable:
    """The routes of the application; raises StartRefused as `load_attached`."""
    return load_attached(target).table


def framework_line(table: RouteTable) -> str | None:
    """Whose table it is and how its router decides; None for one of ours."""
    if not isinstance(table, ForeignTable):
        return None
    framework = table.framework
    name = framework.name if framework.version is None else f"{framework.name} {framework.version}"
    return f"{name}. {framework.sentence}"
