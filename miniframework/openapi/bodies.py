"""The Request Body Object of an operation. Source: OpenAPI 3.1, Request Body Object."""

from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import create_model
from pydantic.fields import FieldInfo

from miniframework.openapi.form_groups import make_form_model
from miniframework.openapi.schemas import (
    Documented,
    Schema,
    Schemas,
    annotation_of,
    describe_model,
    describe_parameter,
    make_info,
)
from miniframework.params.annotations import is_optional
from miniframework.params.field import BodyUse, Field
from miniframework.params.markers import FORM_MEDIA_TYPE, JSON_MEDIA_TYPE, MULTIPART_MEDIA_TYPE
from miniframework.records import dataclass

_BY_SOURCE = {"body": JSON_MEDIA_TYPE, "form": FORM_MEDIA_TYPE, "file": MULTIPART_MEDIA_TYPE}


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class RequestBody:
    """What the body of a request is; `words` is what else is said about it."""

    described: Documented
    media_type: str
    required: bool
    words: Mapping[str, Any]

    def write(self, schemas: Schemas) -> Schema:
        """Give the Request Body Object."""
        content: Schema = {"schema": schemas.of(self.described)}
        if self.words.get("openapi_examples"):
            content["examples"] = self.words["openapi_examples"]
        elif "example" in self.words:
            content["example"] = self.words["example"]
        written: Schema = {"content": {self.media_type: content}}
        return {"required": True, **written} if self.required else written


def describe_body(fields: Sequence[Field], unique_id: str) -> RequestBody | None:
    """Describe the body that `fields` are taken from: one that is all of it, or a model made of several."""
    if not fields:
        return None
    first = fields[0]
    is_whole = first.body_use is BodyUse.WHOLE and all(_is_same(first, one) for one in fields)
    if is_whole and not (first.gathering is not None and is_optional(first.annotation)):
        return RequestBody(
            described=describe_parameter(first),
            media_type=_media_type(first),
            required=first.required,
            words={} if first.marker is None else first.marker.description,
        )
    name = "Body_" + unique_id
    grouped = any(one.gathering is not None for one in fields)
    return RequestBody(
        described=describe_model(
            "body",
            make_form_model(name, fields) if grouped else _make_model(name, fields),
            FieldInfo(alias="body"),
        ),
        media_type=_shared_media_type(fields),
        required=any(one.required for one in fields),
        words=first.marker.description if is_whole and first.marker is not None else {},
    )


def _make_model(name: str, fields: Sequence[Field]) -> Any:
    """Make a model with a field for each key of the body."""
    members: dict[str, Any] = {
        one.name: (annotation_of(one), make_info(one, alias=one.alias)) for one in fields
    }
    return create_model(name, **members)


def _is_same(first: Field, other: Field) -> bool:
    """Whether two functions ask for one body; two models of the form may have one name."""
    of_form = first.gathering is not None
    return first.name == other.name and (not of_form or first.annotation is other.annotation)


def _media_type(field: Field) -> str:
    own = None if field.marker is None else field.marker.media_type
    return own or _BY_SOURCE[field.source]


def _shared_media_type(fields: Sequence[Field]) -> str:
    """A file makes it multipart; else what all of its kind agree on, or the usual one of the kind."""
    sources = {one.source for one in fields}
    if "file" in sources:
        return MULTIPART_MEDIA_TYPE
    kind = "form" if "form" in sources else "body"
    said = {_media_type(one) for one in fields if one.source == kind}
    if kind == "form" and MULTIPART_MEDIA_TYPE in said:
        return MULTIPART_MEDIA_TYPE
    return said.pop() if len(said) == 1 else _BY_SOURCE[kind]
