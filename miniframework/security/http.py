"""The schemes of the Authorization header: Basic, Bearer, Digest."""

import base64
import binascii
from collections.abc import Mapping

from pydantic import BaseModel

from miniframework.http.connection import Connection
from miniframework.security import models
from miniframework.security.authorization import get_authorization_scheme_param
from miniframework.security.base import SecurityBase


class HTTPBasicCredentials(BaseModel):
    """What HTTPBasic gives."""

    username: str
    password: str


class HTTPAuthorizationCredentials(BaseModel):
    """What HTTPBearer and HTTPDigest give: the header's scheme as it was written, and the rest."""

    scheme: str
    credentials: str


class HTTPBase(SecurityBase):
    """Any scheme of the Authorization header; gives what came, whatever scheme it names."""

    model: models.HTTPBase

    def __init__(
        self,
        *,
        scheme: str,
        scheme_name: str | None = None,
        description: str | None = None,
        auto_error: bool = True,
    ) -> None:
        super().__init__(scheme_name=scheme_name, auto_error=auto_error)
        self.model = models.HTTPBase(scheme=scheme, description=description)

    def make_authenticate_headers(self) -> Mapping[str, str]:
        """Challenge with the scheme's name."""
        return {"WWW-Authenticate": self.model.scheme.title()}

    async def __call__(self, request: Connection) -> HTTPAuthorizationCredentials | None:
        """Give the credentials. Raises HTTPException 401 without any, unless `auto_error` is False."""
        return self._read(request, None)

    def _read(self, request: Connection, wanted: str | None) -> HTTPAuthorizationCredentials | None:
        scheme, credentials = get_authorization_scheme_param(request.headers.get("Authorization"))
        if not (scheme and credentials) or (wanted is not None and scheme.lower() != wanted):
            self.refuse()
            return None
        return HTTPAuthorizationCredentials(scheme=scheme, credentials=credentials)


class HTTPBearer(HTTPBase):
    """A bearer token. Source: RFC 6750 section 2.1."""

    def __init__(
        self,
        *,
        bearerFormat: str | None = None,
        scheme_name: str | None = None,
        description: str | None = None,
        auto_error: bool = True,
    ) -> None:
        super().__init__(scheme="bearer", scheme_name=scheme_name, auto_error=auto_error)
        self.model = models.HTTPBearer(bearerFormat=bearerFormat, description=description)

    async def __call__(self, request: Connection) -> HTTPAuthorizationCredentials | None:
        """Give the token. Raises HTTPException 401 without one, unless `auto_error` is False."""
        return self._read(request, "bearer")


class HTTPDigest(HTTPBase):
    """The Digest scheme as far as the header goes: nonces and hashes are for a subclass to check.

    Source: RFC 7616.
    """

    def __init__(
        self, *, scheme_name: str | None = None, description: str | None = None, auto_error: bool = True
    ) -> None:
        super().__init__(
            scheme="digest", scheme_name=scheme_name, description=description, auto_error=auto_error
        )

    async def __call__(self, request: Connection) -> HTTPAuthorizationCredentials | None:
        """Give what came. Raises HTTPException 401 without any, unless `auto_error` is False."""
        return self._read(request, "digest")


class HTTPBasic(HTTPBase):
    """A user name and a password. Source: RFC 7617."""

    def __init__(
        self,
        *,
        scheme_name: str | None = None,
        realm: str | None = None,
        description: str | None = None,
        auto_error: bool = True,
    ) -> None:
        super().__init__(
            scheme="basic", scheme_name=scheme_name, description=description, auto_error=auto_error
        )
        self.realm = realm

    def make_authenticate_headers(self) -> Mapping[str, str]:
        """Challenge with the realm, where there is one."""
        return {"WWW-Authenticate": f'Basic realm="{self.realm}"' if self.realm else "Basic"}

    async def __call__(  # type: ignore[override]  # what this scheme gives is its own, as in FastAPI
        self, request: Connection
    ) -> HTTPBasicCredentials | None:
        """Give name and password. Raises HTTPException 401 without them, unless `auto_error` is False; and
        always for credentials that cannot be read.
        """
        scheme, encoded = get_authorization_scheme_param(request.headers.get("Authorization"))
        if scheme.lower() != "basic":
            self.refuse()
            return None
        try:
            decoded = base64.b64decode(encoded).decode("ascii")
        except (binascii.Error, ValueError) as error:
            raise self.make_not_authenticated_error() from error
        username, colon, password = decoded.partition(":")
        if not colon:
            raise self.make_not_authenticated_error()
        return HTTPBasicCredentials(username=username, password=password)
