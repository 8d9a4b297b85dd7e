"""The filter that a command line names, in the words of the dashboard's list."""

from inspector.cli.terminal import StartRefused
from inspector.streaming.row_filter import RowFilter, parse_filter


def read_filter(text: str) -> RowFilter:
    """Give what --filter says. Raises StartRefused for the first term that cannot be read."""
    found = parse_filter(text)
    for mistake in found.mistakes:
        term = text[mistake.start : mistake.end]
        raise StartRefused(f"--filter {text!r}, at {term!r}: {mistake.message}")
    return found
