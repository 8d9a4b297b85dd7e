"""A pydantic model made of several query parameters, headers, cookies or form fields."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from pydantic import AliasChoices, AliasPath, BaseModel
from pydantic.fields import FieldInfo

from miniframework.events import ParameterSource
from miniframework.http.upload import UploadFile
from miniframework.params.annotations import is_bytes, is_json_text, is_many, is_optional
from miniframework.params.field import Gathering, Member
from miniframework.params.late import fields_of

FORM_SOURCES: Final[frozenset[ParameterSource]] = frozenset({"form", "file"})


def plan_gathering(
    model: type[BaseModel], annotation: object, source: ParameterSource, *, convert_underscores: bool = True
) -> Gathering:
    """Work out how `model` is made of the names in `source`; `annotation` may make the whole optional.

    In headers the underscores of a name without an alias are dashes, unless told otherwise, by the `Header()`
    of the field itself before all.
    """
    members = tuple(
        _plan_member(name, info, model, source, dashed=is_dashed(info, source, convert_underscores))
        for name, info in fields_of(model).items()
    )
    shown = {key: name for one in members for name, key in one.choices if key in one.hidden}
    if model.model_config.get("loc_by_alias") is False:
        shown = {}  # its problems are located by the names of its fields
    return Gathering(
        members=members,
        own_names=frozenset(name for one in members for name, _ in one.choices),
        may_be_absent=is_optional(annotation),
        takes_others=model.model_config.get("extra") in ("allow", "forbid"),
        shown=shown,
        file_names=frozenset(
            choice
            for one, info in zip(members, model.model_fields.values(), strict=True)
            if source in FORM_SOURCES and is_bytes(info.annotation)
            for choice, _ in one.choices
        ),
    )


def is_dashed(info: FieldInfo, source: ParameterSource, convert_underscores: bool) -> bool:
    """Tell whether the underscores of a field's name are dashes; it may say so itself."""
    return source == "header" and getattr(info, "convert_underscores", convert_underscores)


def is_name_itself(alias: str, name: str, info: FieldInfo) -> bool:
    """Tell whether a field is sent by its own name; one among several `AliasChoices` is an alias as it is."""
    return alias == name and not _has_choices(info)


def gather(
    gathering: Gathering, lists: Mapping[str, Sequence[Any]], source: ParameterSource
) -> dict[str, Any] | None:
    """Give the model's input from every value of every name; None when the whole is absent.

    Of a repeated name a plain field takes the first value of headers, the last of anything else. What the
    model does not know comes along, for those that keep or forbid it. A form's empty fields did not come.
    """
    gathered: dict[str, Any] = {}
    known: set[str] = set()
    for member in gathering.members:
        known.update(member.hidden)
        for name, key in _choices(member, lists, source):
            known.add(name)
            value = pick(lists.get(name, ()), source, many=member.many)
            if value is not None:
                gathered[key] = value
                break
    gathered |= {name: single_or_list(values) for name, values in lists.items() if name not in known}
    if gathering.may_be_absent and not (
        gathering.own_names.intersection(lists) or (gathering.takes_others and gathered)
    ):
        return None
    return gathered


def single_or_list(values: Sequence[Any]) -> Any:
    """Give what came under a name of which nothing is known: one value, or all of them."""
    return values[0] if len(values) == 1 else list(values)


def pick(values: Sequence[Any], source: ParameterSource, *, many: bool) -> Any:
    """Give what a parameter takes of the values of its name: one, or a list of them; None for nothing."""
    if many:
        if source in FORM_SOURCES:
            values = [one for one in values if not is_empty_file(one)]
        return list(values) or None
    if not values:
        return None
    value = values[0] if source == "header" else values[-1]
    if source in FORM_SOURCES and (value == "" or is_empty_file(value)):
        return None  # browsers send fields that were left empty, and a file without name for none chosen
    return value


def _choices(
    member: Member, lists: Mapping[str, Sequence[Any]], source: ParameterSource
) -> Sequence[tuple[str, str]]:
    """The pairs to try: of a form all in turn, for one may be empty; else the first that came."""
    if source in FORM_SOURCES:
        return member.choices
    return (next((pair for pair in member.choices if pair[0] in lists), member.choices[0]),)


def is_empty_file(value: object) -> bool:
    """Tell whether no file was chosen: browsers send one without name and content."""
    return isinstance(value, UploadFile) and not value.filename and not value.size


def _plan_member(
    name: str, info: FieldInfo, model: type[BaseModel], source: ParameterSource, *, dashed: bool
) -> Member:
    lower = source == "header"
    pairs = [
        (_dash(alias) if dashed and is_name_itself(alias, name, info) else alias, alias)
        for alias in _aliases(name, info)
    ]
    config = model.model_config
    own = (_dash(name) if dashed else name, name)
    if config.get("validate_by_alias") is False:
        pairs = [own]
    elif config.get("validate_by_name", config.get("populate_by_name", False)) and own not in pairs:
        pairs.append(own)
    return Member(
        choices=tuple((text.lower() if lower else text, key) for text, key in pairs),
        # A cookie comes once: what makes a list of it is a validator of its own.
        many=source != "cookie" and is_many(info.annotation) and not is_json_text(info.metadata),
        hidden=tuple(key.lower() for text, key in pairs if lower and text != key),
    )


def _aliases(name: str, info: FieldInfo) -> list[str]:
    """The model's words for a field; an AliasPath looks into values, of which there are none here."""
    alias = info.validation_alias
    if isinstance(alias, AliasChoices) and _has_choices(info):
        return [str(choice) for choice in alias.choices]
    return [alias if isinstance(alias, str) and alias else info.alias or name]


def _has_choices(info: FieldInfo) -> bool:
    alias = info.validation_alias
    return isinstance(alias, AliasChoices) and not any(isinstance(one, AliasPath) for one in alias.choices)


def _dash(name: str) -> str:
    return name.replace("_", "-")
