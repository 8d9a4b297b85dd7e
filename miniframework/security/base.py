"""What every security scheme is."""

from collections.abc import Mapping

from miniframework.http.exceptions import HTTPException
from miniframework.security.models import SecurityScheme

# RFC 9110 section 15.5.2: a 401 names a scheme by which to try again.
_UNAUTHORIZED = 401


class SecurityBase:
    """A dependency that takes credentials from a request.

    `model` is its description in the OpenAPI document, under the name `scheme_name` (by default that of the
    class). Without credentials it raises `make_not_authenticated_error()`, or gives None when `auto_error`
    is False: for credentials that are optional, or may come in another way.
    """

    model: SecurityScheme

    def __init__(self, *, scheme_name: str | None = None, auto_error: bool = True) -> None:
        self.scheme_name = scheme_name or type(self).__name__
        self.auto_error = auto_error

    def make_authenticate_headers(self) -> Mapping[str, str]:
        """Give the challenge a 401 carries."""
        return {"WWW-Authenticate": "Bearer"}

    def make_not_authenticated_error(self) -> HTTPException:
        """Make what is raised when there are no credentials; a subclass may answer otherwise."""
        return HTTPException(_UNAUTHORIZED, "Not authenticated", self.make_authenticate_headers())

    def _check_given(self, credentials: str | None) -> str | None:
        """Give the credentials, or refuse where there are none; empty ones are none."""
        if not credentials:
            self.refuse()
            return None
        return credentials

    def refuse(self) -> None:
        """Raise the error for missing credentials, unless they are optional."""
        if self.auto_error:
            raise self.make_not_authenticated_error()
