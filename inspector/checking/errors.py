"""What a check of a table raises besides what the analysis does."""

from inspector.errors import InspectorError


class CheckFailedError(InspectorError):
    """The check did not come to an end; nothing was found out."""
