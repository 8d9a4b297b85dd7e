"""A form of several models, or of models beside single fields: all their fields stand at its top level."""

import functools
from collections.abc import Sequence
from typing import Any

from pydantic import BaseModel, create_model

from miniframework.openapi.schemas import Schema, annotation_of, make_info
from miniframework.params.annotations import is_optional
from miniframework.params.field import Field, Gathering


def make_form_model(name: str, fields: Sequence[Field]) -> type[BaseModel]:
    """Make a model whose schema asks for every field's own (`allOf`), as far as it is a group.

    Its members have made-up names: they are there only to get their schemas, from which that of the
    whole is put together.
    """
    members: dict[str, Any] = {
        f"field_{index}": (annotation_of(one), make_info(one, title=one.name.replace("_", " ").title()))
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
            groups.append(_write_group(field, field.gathering, member))
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


def _write_group(field: Field, gathering: Gathering, member: Schema) -> Schema:
    """One model's part of the form; one that may be missing is so when none of its fields came."""
    member.pop("default", None)
    if "$ref" in member:
        member.pop("title", None)  # the model has its own
    if not is_optional(field.annotation):
        return member
    member["anyOf"] = [one for one in member["anyOf"] if one.get("type") != "null"]
    if gathering.takes_others:
        absent: Schema = {"maxProperties": 0}
    else:
        absent = {"not": {"anyOf": [{"required": [name]} for name in sorted(gathering.own_names)]}}
    if field.required:
        return {"allOf": [{"not": absent}, member]}
    return {"anyOf": [absent, member]}
