"""JSON schemas of everything a document mentions, made together so that their names fit each other."""

import warnings
from collections.abc import Iterator, Mapping, Sequence
from typing import Annotated, Any, Literal, cast, get_args

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter
from pydantic.errors import PydanticSchemaGenerationError
from pydantic.fields import FieldInfo
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue
from pydantic.warnings import PydanticDeprecationWarning
from pydantic_core import PydanticUndefined

from miniframework.openapi.constants import REF_TEMPLATE
from miniframework.params.field import Field as ParameterField
from miniframework.params.late import fields_of
from miniframework.params.marker import REQUIRED
from miniframework.records import dataclass

Mode = Literal["validation", "serialization"]
Schema = dict[str, Any]

# What of a marker's description becomes part of the schema; the rest stands beside it in the document.
_SCHEMA_WORDS = ("title", "description", "examples", "deprecated", "json_schema_extra")
# What of a model's field becomes part of the schema, beside its constraints.
_FIELD_WORDS = (*_SCHEMA_WORDS, "discriminator")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Documented:
    """One value that the document describes.

    `alias` is its name in the request (or a made-up one), from which a title is made when it has none.
    """

    alias: str
    annotation: Any
    info: FieldInfo
    mode: Mode
    adapter: TypeAdapter[Any]

    @property
    def required(self) -> bool:
        """Whether the value must be given."""
        return self.info.is_required()


class Schemas:
    """The schemas of `documented` values, and `definitions`: what those refer to, by name.

    Without `separate` input and output are described by one schema, that of the input, unless the output
    has computed fields.
    """

    def __init__(self, documented: Sequence[Documented], *, separate: bool = True) -> None:
        self._modes: dict[Documented, Mode] = {
            one: one.mode if separate or _computes(one) else "validation" for one in documented
        }
        inputs = [(one, mode, one.adapter.core_schema) for one, mode in self._modes.items()]
        generator = _Generator(ref_template=REF_TEMPLATE)
        self._schemas, definitions = generator.generate_definitions(inputs)
        self.definitions = cast(dict[str, Schema], definitions)
        for definition in self.definitions.values():
            if "description" in definition:
                definition["description"] = definition["description"].split("\f")[0]

    def of(self, documented: Documented) -> Schema:
        """Give the schema of one value; a reference stays bare, anything else gets a title."""
        schema = dict(self._schemas[documented, self._modes[documented]])
        if "$ref" not in schema:
            schema["title"] = documented.info.title or documented.alias.title().replace("_", " ")
        return schema


class _Generator(GenerateJsonSchema):
    """Says of bytes what JSON Schema 2020-12 says, content and no made-up format, and of what tells the types
    of a union apart only what OpenAPI has words for.
    """

    def tagged_union_schema(self, schema: Any) -> JsonSchemaValue:
        """Describe a union whose types a property tells apart. Where a value leads to another such union,
        that cannot be said: a mapping has names of schemas. Source: OpenAPI 3.1 section 4.8.25.
        """
        found = super().tagged_union_schema(schema)
        mapping = found.get("discriminator", {}).get("mapping", {})
        if not all(isinstance(place, str) for place in mapping.values()):
            del found["discriminator"]
        return found

    def bytes_schema(self, schema: Any) -> JsonSchemaValue:
        """Describe bytes. Source: JSON Schema Validation 2020-12 section 8.4."""
        found: JsonSchemaValue = {"type": "string", "contentMediaType": "application/octet-stream"}
        config = self._config
        if (config.ser_json_bytes if self.mode == "serialization" else config.val_json_bytes) == "base64":
            found["contentEncoding"] = "base64"
        self.update_with_validations(found, schema, self.ValidationsMapping.bytes)
        return found


def describe_parameter(field: ParameterField) -> Documented:
    """Describe what a parameter takes."""
    info = make_info(field)
    at = field.marked_at if field.marker is not None else len(field.metadata)
    metadata = (*_without_words(field.metadata[:at]), info, *_without_words(field.metadata[at:]))
    return _describe(field.alias, field.annotation, metadata, info, own_types=True)


def describe_member(alias: str, info: FieldInfo, config: ConfigDict) -> Documented:
    """Describe one field of a model that is made of several parameters."""
    words = {name: getattr(info, name) for name in _FIELD_WORDS if getattr(info, name, None) is not None}
    plain = Field(**_default_of(info), **words)
    own = None if _has_config(info.annotation) else config
    return _describe(alias, info.annotation, (*info.metadata, plain), info, config=own)


def describe_output(name: str, annotation: Any) -> Documented:
    """Describe what an endpoint returns."""
    return _describe(name, annotation, (), FieldInfo(annotation=annotation), mode="serialization")


def describe_model(alias: str, model: type[BaseModel], info: FieldInfo) -> Documented:
    """Describe a model that stands for several parameters together."""
    return _describe(alias, model, (), info)


def annotation_of(field: ParameterField) -> Any:
    """Give the annotation as its author wrote it, without the marker."""
    if not field.metadata:
        return field.annotation
    return Annotated[(field.annotation, *field.metadata)]


def make_info(field: ParameterField, **more: Any) -> FieldInfo:
    """Give pydantic's description of a parameter: constraints, default and words."""
    given: dict[str, Any] = dict(more)
    if field.default_factory is not None:
        given["default_factory"] = field.default_factory
    elif field.default is not REQUIRED and field.source != "path":  # which is always there
        given["default"] = field.default
    if field.marker is not None:
        words = field.marker.description
        given |= field.marker.constraints
        said = words.keys() | field.marker.unsaid
        given |= {name: words.get(name) for name in _SCHEMA_WORDS if name in said}
    return cast(FieldInfo, Field(**given))


def _describe(
    alias: str,
    annotation: Any,
    metadata: tuple[Any, ...],
    info: FieldInfo,
    *,
    mode: Mode = "validation",
    config: ConfigDict | None = None,
    own_types: bool = False,
) -> Documented:
    whole: Any = Annotated[(annotation, *metadata)] if metadata else annotation
    with warnings.catch_warnings():
        # An alias or a default says nothing to an adapter; it is there for the document.
        warnings.simplefilter("ignore", UserWarning)
        warnings.simplefilter("ignore", PydanticDeprecationWarning)
        try:
            adapter: TypeAdapter[Any] = TypeAdapter(whole, config=config)
        except PydanticSchemaGenerationError:
            if not own_types:
                raise
            adapter = TypeAdapter(str)  # of the user's own path converter: it is text in the URL
    return Documented(alias=alias, annotation=annotation, info=info, mode=mode, adapter=adapter)


def _without_words(metadata: tuple[Any, ...]) -> Iterator[Any]:
    """Give what a type asks for; its words are the marker's already, as far as they hold."""
    for one in metadata:
        if not isinstance(one, FieldInfo):
            yield one
            continue
        yield from one.metadata
        if one.discriminator is not None:
            yield Field(discriminator=one.discriminator)


def _default_of(info: FieldInfo) -> Mapping[str, Any]:
    if info.default_factory is not None:
        return {"default_factory": info.default_factory}
    return {} if info.default is PydanticUndefined else {"default": info.default}


def _has_config(annotation: Any) -> bool:
    """Whether a type brings its own configuration, so that none can be given with it."""
    return isinstance(annotation, type) and (
        issubclass(annotation, BaseModel | dict) or hasattr(annotation, "__dataclass_fields__")
    )


def _computes(documented: Documented) -> bool:
    """Whether anything in the value is computed when it is sent."""
    inner: Any = documented.adapter.core_schema.get("schema", {})
    return bool(inner.get("computed_fields")) or _names_computed(documented.annotation, set())


def _names_computed(annotation: Any, seen: set[type]) -> bool:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        if annotation in seen:
            return False
        seen.add(annotation)
        inner: Sequence[Any] = [info.annotation for info in fields_of(annotation).values()]
        return bool(annotation.model_computed_fields) or any(_names_computed(one, seen) for one in inner)
    return any(_names_computed(one, seen) for one in get_args(annotation))
