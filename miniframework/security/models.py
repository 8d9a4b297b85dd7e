"""What the OpenAPI document says of a security scheme. Source: OpenAPI 3.1, Security Scheme Object."""

from enum import StrEnum
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field


class SecuritySchemeType(StrEnum):
    """The kinds there are."""

    apiKey = "apiKey"
    http = "http"
    oauth2 = "oauth2"
    openIdConnect = "openIdConnect"


class SecurityScheme(BaseModel):
    """The common part; `model_dump(by_alias=True, exclude_none=True, mode="json")` is the document's object.

    Fields beyond the standard's are kept (`x-...`).
    """

    model_config = ConfigDict(extra="allow")

    type_: str = Field(alias="type")
    description: str | None = None


class APIKeyIn(StrEnum):
    """Where an API key is sent."""

    query = "query"
    header = "header"
    cookie = "cookie"


class APIKey(SecurityScheme):
    """A key under a name."""

    type_: Literal["apiKey"] = Field(default="apiKey", alias="type")
    in_: APIKeyIn = Field(alias="in")
    name: str


class HTTPBase(SecurityScheme):
    """A scheme of the Authorization header, by its registered name."""

    type_: Literal["http"] = Field(default="http", alias="type")
    scheme: str


class HTTPBearer(HTTPBase):
    """A bearer token; `bearerFormat` tells readers what it is (JWT)."""

    scheme: Literal["bearer"] = "bearer"
    bearerFormat: str | None = None


class OAuthFlow(BaseModel):
    """What the four flows of OAuth 2 share; `scopes` by name with what each allows."""

    model_config = ConfigDict(extra="allow")

    refreshUrl: str | None = None
    scopes: dict[str, str] = {}


class OAuthFlowImplicit(OAuthFlow):
    """RFC 6749 section 4.2."""

    authorizationUrl: str


class OAuthFlowPassword(OAuthFlow):
    """RFC 6749 section 4.3."""

    tokenUrl: str


class OAuthFlowClientCredentials(OAuthFlow):
    """RFC 6749 section 4.4."""

    tokenUrl: str


class OAuthFlowAuthorizationCode(OAuthFlow):
    """RFC 6749 section 4.1."""

    authorizationUrl: str
    tokenUrl: str


class OAuthFlows(BaseModel):
    """The flows an authorization server offers."""

    model_config = ConfigDict(extra="allow")

    implicit: OAuthFlowImplicit | None = None
    password: OAuthFlowPassword | None = None
    clientCredentials: OAuthFlowClientCredentials | None = None
    authorizationCode: OAuthFlowAuthorizationCode | None = None


class OAuth2(SecurityScheme):
    """A token got by one of the flows."""

    type_: Literal["oauth2"] = Field(default="oauth2", alias="type")
    flows: OAuthFlows


class OpenIdConnect(SecurityScheme):
    """What the document at `openIdConnectUrl` says."""

    type_: Literal["openIdConnect"] = Field(default="openIdConnect", alias="type")
    openIdConnectUrl: str
