"""What the analysis of a table raises."""

from inspector.errors import InspectorError


class TooLargeError(InspectorError):
    """The table has more combinations than are followed; nothing was decided."""
