"""The configuration of a command: its flags, the environment and the project file put together."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from inspector.cli.terminal import StartRefused, escape_controls, say
from inspector.configuration.options import OPTIONS
from inspector.configuration.pyproject import ProjectFileError, ProjectTable, find_project_table
from inspector.configuration.resolve import Configuration, ConfigurationError, resolve
from inspector.errors import InspectorError
from inspector.settings import Settings, require_allowed_here


def read_configuration(flags: Mapping[str, Any]) -> Configuration:
    """Return every option's value; `flags` holds what was given. Says doubts on stderr.

    Raises StartRefused with all mistakes, one a line.
    """
    folder = flags.get("app_dir") or os.environ.get("INSPECTOR_APP_DIR") or "."
    try:
        table = find_project_table(Path(folder))
        found = resolve(OPTIONS, flags=flags, environ=os.environ, table=table)
    except (ConfigurationError, ProjectFileError) as error:
        raise StartRefused(
            str(error), "`inspector config` prints each value and where it came from"
        ) from error
    for note in found.notes:
        say(f"inspector: {escape_controls(note)}")
    return found


def make_settings(found: Configuration) -> Settings:
    """Return the inspector's own settings. Raises StartRefused when they cannot be used here."""
    try:
        settings = Settings(**found.given("inspector"))
        require_allowed_here(os.environ, settings)
    except InspectorError as error:
        raise StartRefused(str(error)) from error
    if not settings.enabled:
        raise StartRefused(
            f"{found.chosen['enabled'].origin} switches the inspector off here",
            "INSPECTOR=1 inspector run ...",
        )
    return settings


def environment_settings() -> Settings:
    """Return the settings of the environment alone. Raises StartRefused as `make_settings` does."""
    return make_settings(resolve(OPTIONS, flags={}, environ=os.environ, table=ProjectTable()))
