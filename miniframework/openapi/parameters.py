"""The Parameter Objects of an operation. Source: OpenAPI 3.1, Parameter Object."""

from collections.abc import Iterator, Mapping
from typing import Any

from pydantic import AliasChoices, AliasPath, BaseModel
from pydantic.fields import FieldInfo

from miniframework.openapi.schemas import Documented, Schema, Schemas, describe_member, describe_parameter
from miniframework.params.annotations import find_model
from miniframework.params.field import Field
from miniframework.params.gathering import is_dashed, is_name_itself
from miniframework.params.late import fields_of
from miniframework.params.marker import MarkedField
from miniframework.records import dataclass


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Parameter:
    """One name in the path, the query, the headers or the cookies; `words` is what else is said about it."""

    name: str
    place: str
    required: bool
    described: Documented
    words: Mapping[str, Any]

    def write(self, schemas: Schemas) -> Schema:
        """Give the Parameter Object."""
        written: Schema = {
            "name": self.name,
            "in": self.place,
            "required": self.required,
            "schema": schemas.of(self.described),
        }
        if self.words.get("description"):
            written["description"] = self.words["description"]
        if self.words.get("openapi_examples"):
            written["examples"] = self.words["openapi_examples"]
        elif "example" in self.words:
            written["example"] = self.words["example"]
        if self.words.get("deprecated"):
            written["deprecated"] = True
        return written


def describe_parameters(field: Field) -> Iterator[Parameter]:
    """Give the parameters a field is made of: one, or one for each field of a model."""
    words = {} if field.marker is None else field.marker.description
    if words.get("include_in_schema") is False:
        return
    if field.gathering is not None:
        model = find_model(field.annotation)
        assert model is not None  # only a model is gathered
        yield from _describe_model(field, model)
        return
    described = describe_parameter(field)
    required = field.source == "path" or field.required
    yield Parameter(name=field.alias, place=field.source, required=required, described=described, words=words)


def _describe_model(field: Field, model: type[BaseModel]) -> Iterator[Parameter]:
    convert = field.marker is None or field.marker.convert_underscores
    absent_is_good = field.annotation is not model and not field.required
    for name, info in fields_of(model).items():
        alias = alias_of(name, info, model)
        unnamed = model.model_config.get("validate_by_alias") is False
        dashed = (unnamed or is_name_itself(alias, name, info)) and is_dashed(info, field.source, convert)
        said = info.marker.description if isinstance(info, MarkedField) else {}
        yield Parameter(
            name=alias.replace("_", "-") if dashed else alias,
            place=field.source,
            required=info.is_required() and not absent_is_good,
            described=describe_member(alias, info, model.model_config),
            words={
                **said,
                "description": info.description,
                "deprecated": info.deprecated,
            },
        )


def alias_of(name: str, info: FieldInfo, model: type[BaseModel]) -> str:
    """Give the name by which a model's field is best sent."""
    if model.model_config.get("validate_by_alias") is False:
        return name
    alias = info.validation_alias
    if isinstance(alias, AliasChoices) and not any(isinstance(one, AliasPath) for one in alias.choices):
        return str(alias.choices[0])
    return alias if isinstance(alias, str) and alias else info.alias or name
