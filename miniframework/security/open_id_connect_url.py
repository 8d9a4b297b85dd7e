"""OpenID Connect, as far as the header and the document go."""

from miniframework.http.connection import Connection
from miniframework.security import models
from miniframework.security.base import SecurityBase


class OpenIdConnect(SecurityBase):
    """Gives the whole Authorization header; what `openIdConnectUrl` says is for a subclass to follow."""

    model: models.OpenIdConnect

    def __init__(
        self,
        *,
        openIdConnectUrl: str,
        scheme_name: str | None = None,
        description: str | None = None,
        auto_error: bool = True,
    ) -> None:
        super().__init__(scheme_name=scheme_name, auto_error=auto_error)
        self.model = models.OpenIdConnect(openIdConnectUrl=openIdConnectUrl, description=description)

    async def __call__(self, request: Connection) -> str | None:
        """Give the header. Raises HTTPException 401 without one, unless `auto_error` is False."""
        return self._check_given(request.headers.get("Authorization"))
