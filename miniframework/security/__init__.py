"""Security schemes: dependencies that take credentials from a request, and say so in the OpenAPI document.

    oauth2 = OAuth2PasswordBearer(tokenUrl="token")

    @app.get("/me")
    async def me(token: Annotated[str, Depends(oauth2)]) -> str: ...

A scheme only finds the credentials; whether they are right is for the application to say. All of them work
for WebSockets too. Names, statuses and headers are FastAPI's.
"""

from miniframework.dependencies.security_scopes import SecurityScopes
from miniframework.security.api_key import APIKeyCookie, APIKeyHeader, APIKeyQuery
from miniframework.security.authorization import get_authorization_scheme_param
from miniframework.security.base import SecurityBase
from miniframework.security.http import (
    HTTPAuthorizationCredentials,
    HTTPBase,
    HTTPBasic,
    HTTPBasicCredentials,
    HTTPBearer,
    HTTPDigest,
)
from miniframework.security.oauth2 import OAuth2, OAuth2AuthorizationCodeBearer, OAuth2PasswordBearer
from miniframework.security.open_id_connect_url import OpenIdConnect
from miniframework.security.password_form import OAuth2PasswordRequestForm, OAuth2PasswordRequestFormStrict

__all__ = [
    "APIKeyCookie",
    "APIKeyHeader",
    "APIKeyQuery",
    "HTTPAuthorizationCredentials",
    "HTTPBase",
    "HTTPBasic",
    "HTTPBasicCredentials",
    "HTTPBearer",
    "HTTPDigest",
    "OAuth2",
    "OAuth2AuthorizationCodeBearer",
    "OAuth2PasswordBearer",
    "OAuth2PasswordRequestForm",
    "OAuth2PasswordRequestFormStrict",
    "OpenIdConnect",
    "SecurityBase",
    "SecurityScopes",
    "get_authorization_scheme_param",
]
