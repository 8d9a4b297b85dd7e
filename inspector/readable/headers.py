"""Where a recorded header is looked for."""

from collections.abc import Sequence

from inspector.model import Header


def find_header(headers: Sequence[Header], name: str) -> str | None:
    """Return the first value of a header by its lower-case name."""
    return next((value for key, value in headers if key.lower() == name), None)
