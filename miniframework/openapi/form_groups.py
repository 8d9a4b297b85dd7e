"""A form of several models, or of models beside single fields: all their fields stand at its top level."""

import copy
import functools
from collections.abc import Sequence
from typing import Annotated, Any, Optional

from pydantic import AliasChoices, BaseModel, GetJsonSchemaHandler, GetPydanticSchema, create_model
from pydantic.fields import FieldInfo
from pydantic_core import CoreSchema

from miniframework.openapi.schemas import Schema, annotation_of, make_info
from miniframework.params.annotations import find_model, is_optional
from miniframework.params.field import Field, Gathering


def make_form_model(name: str, fields: Sequence[Field]) -> type[BaseModel]:
    """Make a model whose schema asks for every field's own (`allOf`), as far as it is a group.

    Its members have made-up names: they are there only to get their schemas, from which that of the
    whole is put together.
    """
    members: dict[str, Any] = {
        f"field_{index}": (_annotate(one), make_info(one, title=_title(one)))
        for index, one in enumerate(fields)
    }
    write = functools.partial(_write_groups, fields)
    return create_model(name, __config__={"json_schema_extra": write}, **members)


def _write_groups(fields: Sequence[Field], schema: Schema) -> None:
    """Turn the schema of the made-up members into that of the form."""
    members = schema.pop("properties")
    schema.pop("required", None)
    properties: Schema = {}
    required: list[str] = []
    groups: list[Schema] = []
    for index, field in enumerate(fields):
        member = members[f"field_{index}"]
        if field.gathering is not None:
            groups.extend(_write_group(field, field.gathering, member))
            continue
        if field.alias in properties:
            groups.append({"properties": {field.alias: member}})
        else:
            properties[field.alias] = member
        if field.required and field.alias not in required:
            required.append(field.alias)
    schema |= {"properties": properties} if properties else {}
    schema |= {"required": required} if required else {}
    schema["allOf"] = groups


def _title(field: Field) -> str | None:
    """The title of a field; a model has its own, unless it may be missing."""
    is_model = field.gathering is not None and find_model(field.annotation) is field.annotation
    return None if is_model else field.name.replace("_", " ").title()


def _annotate(field: Field) -> Any:
    """The annotation of a field; a model of a group is described by the names that a form has for it."""
    model = find_model(field.annotation)
    if field.gathering is None or model is None:
        return annotation_of(field)
    write = functools.partial(_write_by_form_names, model, field.gathering)
    named: Any = Annotated[model, GetPydanticSchema(get_pydantic_json_schema=write)]
    return named if field.annotation is model else Optional[named]  # noqa: UP045  # made of a value


def _write_by_form_names(
    model: type[BaseModel], gathering: Gathering, core_schema: CoreSchema, handler: GetJsonSchemaHandler
) -> Schema:
    """Write a model's schema with the names a form has for its fields, if they are others; of several names
    of a required field one must be there. The schema that others refer to stays as it is.
    """
    reference = handler(core_schema)
    schema = handler.resolve_ref_schema(reference)
    required: list[str] = schema.get("required", [])
    named: dict[str, list[str]] = {}
    for (name, info), member in zip(model.model_fields.items(), gathering.members, strict=True):
        word, names = _schema_word(name, info), [text for text, _ in member.choices]
        if word is None or word not in schema.get("properties", {}):
            continue
        if names[0] != word or (names[1:] and word in required):
            named[word] = names
    if not named:
        return reference
    schema = copy.deepcopy(schema)
    schema["properties"] = {named.get(word, [word])[0]: one for word, one in schema["properties"].items()}
    schema["required"] = [named.get(word, [word])[0] for word in required if not named.get(word, [word])[1:]]
    several = [named[word] for word in required if named.get(word, [word])[1:]]
    if several:
        choices = [{"anyOf": [{"required": [name]} for name in names]} for names in several]
        schema["allOf"] = [*schema.get("allOf", ()), *choices]
    return schema


def _schema_word(name: str, info: FieldInfo) -> str | None:
    """The name of a field in its model's schema; None for one that pydantic makes of a path."""
    alias = info.validation_alias
    word = alias.choices[0] if isinstance(alias, AliasChoices) else alias or info.alias or name
    return word if isinstance(word, str) else None


def _write_group(field: Field, gathering: Gathering, member: Schema) -> list[Schema]:
    """What one model asks of the form; one that may be missing is so when none of its fields came."""
    member.pop("default", None)
    if not is_optional(field.annotation):
        return [member]
    member["anyOf"] = [one for one in member["anyOf"] if one.get("type") != "null"]
    absent: Schema = {}
    if gathering.takes_others:
        absent = {"maxProperties": 0}
    elif gathering.own_names:
        absent = {"not": {"anyOf": [{"required": [name]} for name in sorted(gathering.own_names)]}}
    return [{"not": absent}, member] if field.required else [{"anyOf": [absent, member]}]
