"""What stands at the head of a document, around its paths. Source: OpenAPI 3.1, from the Info Object on."""

from pydantic import AnyUrl, BaseModel, ConfigDict, Field


class Extensible(BaseModel):
    """An object whose further fields are kept (`x-...`)."""

    model_config = ConfigDict(extra="allow")


class ExternalDocumentation(Extensible):
    """Where more is written."""

    description: str | None = None
    url: AnyUrl


class Contact(Extensible):
    """Whom to ask."""

    name: str | None = None
    url: AnyUrl | None = None
    email: str | None = None


class License(Extensible):
    """What one may do with it."""

    name: str
    identifier: str | None = None
    url: AnyUrl | None = None


class Info(Extensible):
    """What the application is."""

    title: str
    summary: str | None = None
    description: str | None = None
    termsOfService: str | None = None
    contact: Contact | None = None
    license: License | None = None
    version: str


class ServerVariable(Extensible):
    """What may stand in a part of a server's URL."""

    enum: list[str] | None = Field(default=None, min_length=1)
    default: str
    description: str | None = None


class Server(Extensible):
    """Where the application is served."""

    url: str
    description: str | None = None
    variables: dict[str, ServerVariable] | None = None


class Tag(Extensible):
    """What a tag means."""

    name: str
    description: str | None = None
    externalDocs: ExternalDocumentation | None = None


class Heading(Extensible):
    """A document without its paths and components."""

    info: Info
    servers: list[Server] | None = None
    tags: list[Tag] | None = None
    externalDocs: ExternalDocumentation | None = None
