"""Route tables named on the command line, and what the analysis says of them."""

import json
from pathlib import Path

from inspector.analysis.check import check_table
from inspector.analysis.errors import TooLargeError
from inspector.analysis.finding import Finding
from inspector.analysis.table_diff import Change, compare_tables
from inspector.cli.apps import AppTarget
from inspector.cli.tables import load_table
from inspector.cli.terminal import StartRefused
from miniframework.errors import RegistrationError
from miniframework.routing.table import RouteTable


def named_table(target: AppTarget) -> RouteTable:
    """The table of MODULE:ATTRIBUTE, or of a file that `inspector routes --json` wrote.

    Raises StartRefused when there is none.
    """
    file = Path(target.text)
    if file.suffix == ".json" or file.is_file():
        return _read_table(file)
    return load_table(target)


def check_named_table(target: AppTarget) -> list[Finding]:
    """The findings of a table. Raises StartRefused when it cannot be had or has too many combinations."""
    table = named_table(target)
    try:
        return check_table(table)
    except TooLargeError as error:
        raise StartRefused(f"{target.text!r} cannot be checked: {error}") from error


def compare_named_tables(old: AppTarget, new: AppTarget) -> list[Change]:
    """The changes from one table to another. Raises StartRefused, as above."""
    tables = named_table(old), named_table(new)
    try:
        return compare_tables(*tables)
    except TooLargeError as error:
        raise StartRefused(f"{old.text!r} and {new.text!r} cannot be compared: {error}") from error


def _read_table(file: Path) -> RouteTable:
    way_out = f"write one with: inspector routes MODULE:ATTRIBUTE --json > {file}"
    try:
        snapshot = json.loads(file.read_text(encoding="utf-8"))
        return RouteTable.from_snapshot(snapshot)
    except OSError as error:
        raise StartRefused(f"{str(file)!r} cannot be read: {error.strerror}", way_out) from error
    except (ValueError, KeyError, TypeError, RegistrationError) as error:
        raise StartRefused(f"{str(file)!r} is no route table: {error!r}", way_out) from error
