"""FastAPI's place for the objects of an OpenAPI document as models, to write them down or read one by.

`OpenAPI.model_validate(app.openapi())` reads a document; `model_dump(by_alias=True, exclude_none=True,
mode="json")` gives it back. The application makes its own without them.
"""

from typing import Any

from miniframework.openapi.heading import Contact as Contact
from miniframework.openapi.heading import Extensible as BaseModelWithConfig
from miniframework.openapi.heading import ExternalDocumentation as ExternalDocumentation
from miniframework.openapi.heading import Info as Info
from miniframework.openapi.heading import License as License
from miniframework.openapi.heading import Server as Server
from miniframework.openapi.heading import ServerVariable as ServerVariable
from miniframework.openapi.heading import Tag as Tag
from miniframework.openapi.operation_objects import Encoding as Encoding
from miniframework.openapi.operation_objects import Example as Example
from miniframework.openapi.operation_objects import Examples
from miniframework.openapi.operation_objects import Header as Header
from miniframework.openapi.operation_objects import Link as Link
from miniframework.openapi.operation_objects import MediaType as MediaType
from miniframework.openapi.operation_objects import Operation as Operation
from miniframework.openapi.operation_objects import Parameter as Parameter
from miniframework.openapi.operation_objects import ParameterBase as ParameterBase
from miniframework.openapi.operation_objects import ParameterInType as ParameterInType
from miniframework.openapi.operation_objects import PathItem as PathItem
from miniframework.openapi.operation_objects import RequestBody as RequestBody
from miniframework.openapi.operation_objects import Response as Response
from miniframework.openapi.schema_object import XML as XML
from miniframework.openapi.schema_object import Discriminator as Discriminator
from miniframework.openapi.schema_object import Reference as Reference
from miniframework.openapi.schema_object import Schema as Schema
from miniframework.openapi.schema_object import SchemaOrBool as SchemaOrBool
from miniframework.openapi.schema_object import SchemaType as SchemaType
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
from miniframework.security.models import SecuritySchemeType as SecuritySchemeType

SecurityBase = SecurityScheme


class Components(BaseModelWithConfig):
    """What the document refers to, by kind and name."""

    schemas: dict[str, Schema | Reference] | None = None
    responses: dict[str, Response | Reference] | None = None
    parameters: dict[str, Parameter | Reference] | None = None
    examples: Examples | None = None
    requestBodies: dict[str, RequestBody | Reference] | None = None
    headers: dict[str, Header | Reference] | None = None
    securitySchemes: dict[str, SecurityScheme | Reference] | None = None
    links: dict[str, Link | Reference] | None = None
    callbacks: dict[str, dict[str, PathItem] | Reference | Any] | None = None
    pathItems: dict[str, PathItem | Reference] | None = None


class OpenAPI(BaseModelWithConfig):
    """A whole document."""

    openapi: str
    info: Info
    jsonSchemaDialect: str | None = None
    servers: list[Server] | None = None
    paths: dict[str, PathItem | Any] | None = None
    webhooks: dict[str, PathItem | Reference] | None = None
    components: Components | None = None
    security: list[dict[str, list[str]]] | None = None
    tags: list[Tag] | None = None
    externalDocs: ExternalDocumentation | None = None
