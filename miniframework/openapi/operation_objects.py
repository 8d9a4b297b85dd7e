"""What may be asked of an application and what it answers, as the document has it.

Source: OpenAPI 3.1, from the Path Item Object to the Link Object.
"""

from enum import StrEnum
from typing import Any, TypedDict

from pydantic import Field

from miniframework.openapi.heading import Extensible, ExternalDocumentation, Server
from miniframework.openapi.schema_object import Reference, Schema


class Example(TypedDict, total=False):
    """One of a parameter's `openapi_examples`, to be checked by a type checker."""

    summary: str | None
    description: str | None
    value: Any
    externalValue: str | None


# By name; pydantic takes no TypedDict of `typing` below Python 3.12.
Examples = dict[str, dict[str, Any]]


class ParameterInType(StrEnum):
    """Where a parameter is sent."""

    query = "query"
    header = "header"
    path = "path"
    cookie = "cookie"


class ParameterBase(Extensible):
    """What a parameter and a header share."""

    description: str | None = None
    required: bool | None = None
    deprecated: bool | None = None
    style: str | None = None
    explode: bool | None = None
    allowReserved: bool | None = None
    schema_: Schema | Reference | None = Field(default=None, alias="schema")
    example: Any | None = None
    examples: Examples | None = None
    content: "dict[str, MediaType] | None" = None


class Parameter(ParameterBase):
    """One parameter of an operation."""

    name: str
    in_: ParameterInType = Field(alias="in")


class Header(ParameterBase):
    """A header, whose name is the key it stands under."""


class Encoding(Extensible):
    """How one field of a form is written."""

    contentType: str | None = None
    headers: dict[str, Header | Reference] | None = None
    style: str | None = None
    explode: bool | None = None
    allowReserved: bool | None = None


class MediaType(Extensible):
    """A body of one media type, which is the key it stands under."""

    schema_: Schema | Reference | None = Field(default=None, alias="schema")
    example: Any | None = None
    examples: Examples | None = None
    encoding: dict[str, Encoding] | None = None


class RequestBody(Extensible):
    """The body of a request, by media type."""

    description: str | None = None
    content: dict[str, MediaType]
    required: bool | None = None


class Link(Extensible):
    """What may be asked next."""

    operationRef: str | None = None
    operationId: str | None = None
    parameters: dict[str, Any] | None = None
    requestBody: Any | None = None
    description: str | None = None
    server: Server | None = None


class Response(Extensible):
    """One response of an operation, whose status is the key it stands under."""

    description: str
    headers: dict[str, Header | Reference] | None = None
    content: dict[str, MediaType] | None = None
    links: dict[str, Link | Reference] | None = None


class Operation(Extensible):
    """One method of a path."""

    tags: list[str] | None = None
    summary: str | None = None
    description: str | None = None
    externalDocs: ExternalDocumentation | None = None
    operationId: str | None = None
    parameters: list[Parameter | Reference] | None = None
    requestBody: RequestBody | Reference | None = None
    responses: dict[str, Response | Any] | None = None
    callbacks: "dict[str, dict[str, PathItem] | Reference] | None" = None
    deprecated: bool | None = None
    security: list[dict[str, list[str]]] | None = None
    servers: list[Server] | None = None


class PathItem(Extensible):
    """The operations of one path."""

    ref: str | None = Field(default=None, alias="$ref")
    summary: str | None = None
    description: str | None = None
    get: Operation | None = None
    put: Operation | None = None
    post: Operation | None = None
    delete: Operation | None = None
    options: Operation | None = None
    head: Operation | None = None
    patch: Operation | None = None
    trace: Operation | None = None
    servers: list[Server] | None = None
    parameters: list[Parameter | Reference] | None = None
