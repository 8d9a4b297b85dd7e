"""FastAPI's place for the security schemes of a document, and for what else its users write down."""

from typing import Any, TypedDict

from miniframework.security.models import APIKey as APIKey
from miniframework.security.models import APIKeyIn as APIKeyIn
from miniframework.security.models import HTTPBase as HTTPBase
from miniframework.security.models import HTTPBearer as HTTPBearer
from miniframework.security.models import OAuth2 as OAuth2
from miniframework.security.models import OAuthFlow as OAuthFlow
from miniframework.security.models import OAuthFlowAuthorizationCode as OAuthFlowAuthorizationCode
from miniframework.security.models import OAuthFlowClientCredentials as OAuthFlowClientCredentials
from miniframework.security.models import OAuthFlowImplicit as OAuthFlowImplicit
from miniframework.security.models import OAuthFlowPassword as OAuthFlowPassword
from miniframework.security.models import OAuthFlows as OAuthFlows
from miniframework.security.models import OpenIdConnect as OpenIdConnect
from miniframework.security.models import SecurityScheme as SecurityScheme


class Example(TypedDict, total=False):
    """One of a parameter's `openapi_examples`. Source: OpenAPI 3.1, Example Object."""

    summary: str | None
    description: str | None
    value: Any
    externalValue: str | None
