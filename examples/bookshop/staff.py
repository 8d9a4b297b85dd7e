"""Who may change what is sold."""

import hmac
from typing import Annotated, Any

from examples.bookshop.schemas import Refusal
from miniframework import Depends, HTTPException, Request
from miniframework.security import APIKeyHeader

staff_key = APIKeyHeader(name="x-staff-key", description="Of those who work here")

# What `require_staff` answers, for the documentation of the routes that ask for it.
STAFF_ONLY: dict[int | str, dict[str, Any]] = {
    401: {"model": Refusal, "description": "No key was shown"},
    403: {"model": Refusal, "description": "The key is not valid"},
}


def require_staff(request: Request, key: Annotated[str, Depends(staff_key)]) -> None:
    """Let those through who show the key. Answers 403 to others."""
    expected: str | None = request.state.settings.staff_key
    if expected is None or not hmac.compare_digest(expected.encode(), key.encode()):
        raise HTTPException(403, "this key is not valid")
