"""What FastAPI's users import from its module of this name."""

from miniframework.http.response import has_content
from miniframework.openapi.described import generate_unique_id as generate_unique_id

__all__ = ["generate_unique_id", "is_body_allowed_for_status_code"]


def is_body_allowed_for_status_code(status_code: int | str | None) -> bool:
    """Tell whether a response of this status has a body; one that is not known, or a range as "4XX", may."""
    said = str(status_code)
    return not said.isdecimal() or has_content(int(said))
