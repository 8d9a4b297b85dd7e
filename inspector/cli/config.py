"""`inspector config`: each setting's value, and where it came from."""

import json
from collections.abc import Iterable
from typing import Any

import click

from inspector.cli.terminal import escape_controls, give
from inspector.configuration.resolve import Chosen

_TITLES = {"command": "inspector run", "server": "server of the application", "inspector": "inspector"}


@click.command()
@click.option(
    "--app-dir", default=None, help="Folder of the application: pyproject.toml is looked for above it."
)
@click.option("--json", "as_json", is_flag=True, help="Print the settings as JSON.")
def config(app_dir: str | None, as_json: bool) -> None:
    """Print every setting's value and where it came from: flag, INSPECTOR_*, [tool.inspector], or default."""
    from inspector.cli.configured import read_configuration  # `inspector --help` needs none of it

    found = read_configuration({} if app_dir is None else {"app_dir": app_dir})
    if as_json:
        document = {name: _describe(chosen) for name, chosen in found.chosen.items()}
        give(json.dumps({"settings": document, "notes": found.notes}, indent=2))
    else:
        give(settings_text(found.chosen.values()))


def settings_text(chosen: Iterable[Chosen]) -> str:
    """Return the settings as lines of name, value and origin, under a heading for each who reads them."""
    lines = []
    everything = list(chosen)
    name_width = max(len(one.option.name) for one in everything)
    value_width = min(32, max(len(_value_text(one)) for one in everything))
    for is_for, title in _TITLES.items():
        lines += ["", click.style(title, bold=True)]
        for one in everything:
            if one.option.is_for == is_for:
                value, origin = _value_text(one).ljust(value_width), escape_controls(one.origin)
                shown = click.style(origin, dim=True) if one.origin == "default" else origin
                lines.append(f"  {one.option.name.ljust(name_width)}  {value}  {shown}")
    return "\n".join(lines[1:])


def _value_text(chosen: Chosen) -> str:
    value = chosen.shown
    if value is None or value == ():
        return chosen.option.none_means or "none"
    if isinstance(value, bool):
        return "on" if value else "off"
    text = ", ".join(value) if isinstance(value, tuple) else str(value)
    return escape_controls(text) if text else "''"


def _describe(chosen: Chosen) -> dict[str, Any]:
    option = chosen.option
    return {
        "value": chosen.shown,
        "origin": chosen.origin,
        "default": option.default,
        "variable": option.variable,
        "flag": option.flag if option.has_flag else None,
    }
