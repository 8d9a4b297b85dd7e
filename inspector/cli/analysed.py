"""Route tables named on the command line, and their difference."""

import json
from pathlib import Path

from inspector.analysis.errors import TooLargeError
from inspector.analysis.table_diff import Change, compare_tables
from inspector.cli.apps import AppTarget
from inspector.cli.recordings import find_recorded_table
from inspector.cli.revisions import is_revision, load_revision
from inspector.cli.tables import load_table
from inspector.cli.terminal import StartRefused
from miniframework.errors import RegistrationError
from miniframework.routing.table import RouteTable


def named_table(target: AppTarget) -> RouteTable:
    """The table that is named; raises StartRefused when there is none.

    MODULE:ATTRIBUTE, a file that `inspector routes --json` wrote, a recording or a table of it, or
    REVISION:MODULE:ATTRIBUTE.
    """
    recorded = find_recorded_table(target.text)
    if recorded is not None:
        return recorded
    if is_revision(target.text):
        return load_revision(target)
    return _read_table(Path(target.text)) if is_table_file(target) else load_table(target)


def is_table_file(target: AppTarget) -> bool:
    """Whether the name of a file is given."""
    file = Path(target.text)
    return file.suffix == ".json" or file.is_file()


def is_application(target: AppTarget) -> bool:
    """Whether MODULE:ATTRIBUTE of today is named, so that its files can be changed."""
    named_otherwise = is_table_file(target) or is_revision(target.text) or find_recorded_table(target.text)
    return not named_otherwise


def compare_named_tables(old: AppTarget, new: AppTarget) -> list[Change]:
    """The changes from one table to another. Raises StartRefused."""
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
