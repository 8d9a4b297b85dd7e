"""The OpenAPI Object: a whole application. Source: OpenAPI 3.1, https://spec.openapis.org/oas/v3.1.0"""

import warnings
from collections.abc import Mapping, Sequence
from typing import Any

from miniframework.openapi.described import describe_routes
from miniframework.openapi.heading import Heading
from miniframework.openapi.merging import make_jsonable
from miniframework.openapi.operation import Operation, list_described
from miniframework.openapi.responses import VALIDATION_ERRORS
from miniframework.openapi.schemas import Schema, Schemas


def get_openapi(
    *,
    title: str,
    version: str,
    openapi_version: str = "3.1.0",
    summary: str | None = None,
    description: str | None = None,
    routes: Sequence[object],
    webhooks: Sequence[object] | None = None,
    tags: Sequence[Mapping[str, Any]] | None = None,
    servers: Sequence[Mapping[str, Any]] | None = None,
    terms_of_service: str | None = None,
    contact: Mapping[str, Any] | None = None,
    license_info: Mapping[str, Any] | None = None,
    separate_input_output_schemas: bool = True,
    external_docs: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """Make the document of `routes` (`app.routes`); `webhooks` are described and not served.

    Warns of an operation id that two operations have. Raises pydantic's ValidationError for what the standard
    does not take beside the routes, say a server without `url`.
    """
    operations = [Operation(one) for one in describe_routes(routes)]
    hooks = [Operation(one) for one in describe_routes(webhooks or ())]
    every = operations + hooks
    schemas = Schemas(list_described(every), separate=separate_input_output_schemas)
    _warn_of_repeated_ids(every)
    info = {
        "title": title,
        "version": version,
        "summary": summary or None,
        "description": description or None,
        "termsOfService": terms_of_service or None,
        "contact": contact or None,
        "license": license_info or None,
    }
    said = {"info": info, "servers": servers, "tags": tags, "externalDocs": external_docs or None}
    heading = Heading.model_validate(said).model_dump(mode="json")
    return make_jsonable(  # type: ignore[no-any-return]  # an object in, an object out
        {
            "openapi": openapi_version,
            "info": heading["info"],
            "servers": heading["servers"] or None,
            "paths": _write_paths(operations, schemas),
            "webhooks": _write_paths(hooks, schemas) or None,
            "components": _write_components(every, schemas) or None,
            "tags": heading["tags"] or None,
            "externalDocs": heading["externalDocs"],
        }
    )


def _write_paths(operations: Sequence[Operation], schemas: Schemas) -> Schema:
    paths: Schema = {}
    for one in operations:
        paths.setdefault(one.route.path_format, {}).update(one.write_path_item(schemas))
    return paths


def _write_components(operations: Sequence[Operation], schemas: Schemas) -> Schema:
    definitions = dict(schemas.definitions)
    if any(one.refuses for one in operations):
        definitions |= VALIDATION_ERRORS
    security: Schema = {}
    for one in operations:
        security |= one.security_schemes()
    components: Schema = {"schemas": {name: definitions[name] for name in sorted(definitions)}}
    return {name: value for name, value in {**components, "securitySchemes": security}.items() if value}


def _warn_of_repeated_ids(operations: Sequence[Operation]) -> None:
    """An id is that of one operation, callbacks included. Source: OpenAPI 3.1 section 4.8.10."""
    seen: set[str] = set()
    for one in (each for operation in operations for each in operation.walk()):
        if one.route.unique_id in seen:
            where = one.route.declared.source
            warnings.warn(
                f"{where}: Duplicate Operation ID {one.route.unique_id!r} of {one.route.name}(): an earlier "
                "route has it; give one of them another operation_id",
                stacklevel=2,
            )
        seen.add(one.route.unique_id)
