"""What came for a field, before it is turned into a value."""

from collections.abc import Mapping, Sequence
from typing import Any, Final, assert_never

from miniframework.events import ParameterSource
from miniframework.params.body import BrokenBody, NoBody, ReadBody
from miniframework.params.field import BodyUse, Field
from miniframework.params.form_content import FormContent
from miniframework.params.form_union import gather_union
from miniframework.params.gathering import gather, pick
from miniframework.params.reader import RequestReader


class _Nothing:
    """The type of `ABSENT` and `UNFIT`."""

    __slots__ = ()


# Nothing came, or nothing came of it.
ABSENT: Final = _Nothing()
# A body came that has no keys at all (a list, a number), where one of its keys is wanted.
UNFIT: Final = _Nothing()


def take(field: Field, reader: RequestReader) -> tuple[ParameterSource, str, Any]:
    """Give where a field was looked for last, under which name, and what came: ABSENT, UNFIT or a value."""
    match field.source:
        case "path":
            return "path", field.alias, reader.path.get(field.alias, ABSENT)
        case "query" if field.gathering is None:
            found = _take_named(field, reader.query)
        case "query":
            found = field.alias, _gather(field, reader.query)
        case "header" if field.gathering is None:
            found = _take_named(field, reader.headers)
        case "header":
            found = field.alias, _gather(field, reader.headers)
        case "cookie":
            found = _take_cookie(field, reader)
        case "body" | "form" | "file":
            return field.source, *_take_from_body(field, reader)
        case _:
            assert_never(field.source)
    if found[1] is ABSENT and field.body_use is not BodyUse.NOTHING:
        alias, came = _take_from_body(field, reader)
        if came is not ABSENT or isinstance(reader.content, ReadBody):
            return "body", alias, came
    return field.source, *found


def _take_named(field: Field, lists: Mapping[str, Sequence[Any]]) -> tuple[str, Any]:
    """Take the values of the first of the field's names that came."""
    if not field.many and len(field.keys) == 1:  # by far the most common, told apart for its speed
        values = lists.get(field.keys[0])
        return field.aliases[0], values[0 if field.source == "header" else -1] if values else ABSENT
    for alias, key in zip(field.aliases, field.keys, strict=True):
        value = pick(lists.get(key, ()), field.source, many=field.many)
        if value is not None:
            return alias, value
    return field.alias, ABSENT


def _take_cookie(field: Field, reader: RequestReader) -> tuple[str, Any]:
    if field.gathering is not None:
        return field.alias, _gather(field, {name: [value] for name, value in reader.cookies.items()})
    cookies = reader.cookies
    for name in field.keys:
        if name in cookies:
            return name, cookies[name]
    return field.alias, ABSENT


def _gather(field: Field, lists: Mapping[str, Sequence[Any]]) -> Any:
    gathering = field.gathering
    assert gathering is not None
    if gathering.branches:
        gathered = gather_union(gathering, lists)
    else:
        gathered = gather(gathering, lists, field.source)
    return ABSENT if gathered is None else gathered


def _take_from_body(field: Field, reader: RequestReader) -> tuple[str, Any]:
    match reader.content:
        case FormContent() as form:
            return _take_from_form(field, form)
        case ReadBody(value):
            return _take_from_json(field, value)
        case BrokenBody() | NoBody():
            return field.alias, ABSENT
        case _:
            assert_never(reader.content)


def _take_from_form(field: Field, form: FormContent) -> tuple[str, Any]:
    if field.gathering is not None:
        came: dict[str, Sequence[Any]] = dict(form.fields)
        for name in field.gathering.file_names.intersection(came):
            came[name] = [form.read(one) for one in came[name]]
        return field.alias, _gather(field, came)
    for name in field.keys:
        value = pick(form.fields.get(name, ()), "form", many=field.many)
        if value is not None:
            if field.reads_file:
                value = [form.read(one) for one in value] if field.many else form.read(value)
            return name, value
    return field.alias, ABSENT


def _take_from_json(field: Field, value: Any) -> tuple[str, Any]:
    if field.body_use is BodyUse.WHOLE:
        return field.alias, value
    if isinstance(value, dict):
        for name in field.aliases:
            if name in value:
                return name, value[name]
    if field.body_use is BodyUse.KEY_OR_WHOLE:
        return field.alias, value
    has_keys = isinstance(value, dict | bytes)  # bytes: a body of another type, of which nothing is read
    return field.alias, ABSENT if has_keys or field.source != "body" else UNFIT
