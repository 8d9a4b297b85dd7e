"""Who may change what is sold."""

import hmac
from typing import Annotated

from miniframework import Depends, HTTPException, Request
from miniframework.security import APIKeyHeader

staff_key = APIKeyHeader(name="x-staff-key", description="Of those who work here")


def require_staff(request: Request, key: Annotated[str, Depends(staff_key)]) -> None:
    """Let those through who show the key. Answers 403 to others."""
    expected: str | None = request.state.settings.staff_key
    if expected is None or not hmac.compare_digest(expected.encode(), key.encode()):
        raise HTTPException(403, "this key is not valid")
