"""Tokens of OAuth 2: who hands them out is described in the document, who sends one is let through.

Source: RFC 6749.
"""

from collections.abc import Mapping
from typing import Any

from miniframework.dependencies.security_scopes import SecurityScopes as SecurityScopes
from miniframework.http.connection import Connection
from miniframework.security import models
from miniframework.security.authorization import get_authorization_scheme_param
from miniframework.security.base import SecurityBase

# FastAPI's users look for the form, and for the scopes, here as well.
from miniframework.security.password_form import OAuth2PasswordRequestForm as OAuth2PasswordRequestForm
from miniframework.security.password_form import (
    OAuth2PasswordRequestFormStrict as OAuth2PasswordRequestFormStrict,
)

Flows = models.OAuthFlows | Mapping[str, Mapping[str, Any]]


class OAuth2(SecurityBase):
    """Any flows; gives the whole Authorization header, whatever scheme it names."""

    model: models.OAuth2

    def __init__(
        self,
        *,
        flows: Flows | None = None,
        scheme_name: str | None = None,
        description: str | None = None,
        auto_error: bool = True,
    ) -> None:
        super().__init__(scheme_name=scheme_name, auto_error=auto_error)
        self.model = models.OAuth2.model_validate({"flows": flows or {}, "description": description})

    async def __call__(self, request: Connection) -> str | None:
        """Give the header. Raises HTTPException 401 without one, unless `auto_error` is False."""
        return self._check_given(request.headers.get("Authorization"))

    def _read_token(self, request: Connection) -> str | None:
        scheme, token = get_authorization_scheme_param(request.headers.get("Authorization"))
        if scheme.lower() != "bearer":
            self.refuse()
            return None
        return token


class OAuth2PasswordBearer(OAuth2):
    """A bearer token that the path `tokenUrl` gives for a user name and a password."""

    def __init__(
        self,
        tokenUrl: str,
        scheme_name: str | None = None,
        scopes: Mapping[str, str] | None = None,
        description: str | None = None,
        auto_error: bool = True,
        refreshUrl: str | None = None,
    ) -> None:
        flow = {"tokenUrl": tokenUrl, "refreshUrl": refreshUrl, "scopes": scopes or {}}
        super().__init__(
            flows={"password": flow}, scheme_name=scheme_name, description=description, auto_error=auto_error
        )

    async def __call__(self, request: Connection) -> str | None:
        """Give the token. Raises HTTPException 401 without one, unless `auto_error` is False."""
        return self._read_token(request)


class OAuth2AuthorizationCodeBearer(OAuth2):
    """A bearer token that `tokenUrl` gives for a code, which `authorizationUrl` gives the user."""

    def __init__(
        self,
        authorizationUrl: str,
        tokenUrl: str,
        refreshUrl: str | None = None,
        scheme_name: str | None = None,
        scopes: Mapping[str, str] | None = None,
        description: str | None = None,
        auto_error: bool = True,
    ) -> None:
        flow = {
            "authorizationUrl": authorizationUrl,
            "tokenUrl": tokenUrl,
            "refreshUrl": refreshUrl,
            "scopes": scopes or {},
        }
        super().__init__(
            flows={"authorizationCode": flow},
            scheme_name=scheme_name,
            description=description,
            auto_error=auto_error,
        )

    async def __call__(self, request: Connection) -> str | None:
        """Give the token. Raises HTTPException 401 without one, unless `auto_error` is False."""
        return self._read_token(request)
