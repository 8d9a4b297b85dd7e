"""`inspector run`: an application, served and recorded, with its dashboard."""

import sys
from pathlib import Path
from typing import Any

import click

from inspector.cli.run_options import RunCommand, configured_options, only_given


@click.command(cls=RunCommand)
@click.argument("app", metavar="MODULE:ATTRIBUTE")
@configured_options
def run(app: str, **options: Any) -> None:
    """Serve an ASGI application and record it; the dashboard has its own port and survives every reload.

    Every option can also stand in the environment (INSPECTOR_RELOAD=1) or in [tool.inspector] of the nearest
    pyproject.toml (reload = true); a flag wins over both. `inspector config` prints what is chosen and why.
    """
    # Imported here: `inspector --help` needs neither a server nor the dashboard.
    from inspector.cli.apps import AppTarget
    from inspector.cli.configured import make_settings, read_configuration
    from inspector.cli.server_options import read_server_options, require_usable
    from inspector.cli.session import Session, run_session
    from inspector.cli.watch import Watched

    found = read_configuration(only_given(options))
    settings = make_settings(found)
    require_usable(found)
    watched = None
    if found["reload"]:
        watched = Watched(
            folders=tuple(Path(one) for one in found["reload_dir"] or (found["app_dir"],)),
            include=found["reload_include"],
            exclude=found["reload_exclude"],
            every_s=found["reload_delay"],
        )
    session = Session(
        target=AppTarget(text=app, app_dir=found["app_dir"], factory=found["factory"]),
        name=app,
        settings=settings,
        server=read_server_options(found),
        host=found["host"],
        port=found["port"],
        uds=found["uds"],
        fd=found["fd"],
        backlog=found["backlog"],
        dashboard_host=found["dashboard_host"],
        dashboard_port=found["dashboard_port"],
        journal=found["journal"],
        fresh=found["fresh"],
        workers=found["workers"],
        env_file=found["env_file"],
        watched=watched,
        open_browser=found["open"],
    )
    sys.exit(run_session(session))
