"""The options that several subcommands share."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

_Command = TypeVar("_Command", bound=Callable[..., Any])

DEFAULT_PORT = 8000
DEFAULT_DASHBOARD_PORT = 8765
PORT = click.IntRange(0, 65535)


def _together(*decorators: Callable[[_Command], _Command]) -> Callable[[_Command], _Command]:
    """Return one decorator that stands for several, in their order."""

    def decorate(command: _Command) -> _Command:
        for decorator in reversed(decorators):
            command = decorator(command)
        return command

    return decorate


app_options = _together(
    click.argument("app", metavar="MODULE:ATTRIBUTE"),
    click.option("--app-dir", default=".", show_default=True, help="Folder to look for MODULE in first."),
    click.option("--factory", is_flag=True, help="ATTRIBUTE is a function that makes the application."),
)
choosing_options = _together(
    click.option(
        "--id", "ids", multiple=True, metavar="ID", help="Only this exchange; the id or its beginning."
    ),
    click.option(
        "--filter", "filter_text", metavar="TEXT", default="", help="Only what the list would show with it."
    ),
    click.option(
        "--journal",
        type=click.Path(dir_okay=False, path_type=Path),
        default=Path(".inspector") / "journal.db",
        show_default=True,
        help="Recording in which an ID is looked for.",
    ),
)
address_options = _together(
    click.option("--host", default="127.0.0.1", show_default=True, help="Address of the application."),
    click.option("--port", type=PORT, help=f"Port of the application, 0 for any.  [default: {DEFAULT_PORT}]"),
    click.option(
        "--dashboard-host",
        default="127.0.0.1",
        show_default=True,
        help="Address of the dashboard; only this machine's own.",
    ),
    click.option(
        "--dashboard-port",
        type=PORT,
        help=f"Port of the dashboard, 0 for any.  [default: {DEFAULT_DASHBOARD_PORT}]",
    ),
)
