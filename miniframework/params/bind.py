"""One request's parameters: text taken, turned into values, every problem told at once."""

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from pydantic import ValidationError
from pydantic_core import to_json

from miniframework.events import BoundParameter, ParameterSource
from miniframework.params.body import BrokenBody, ReadBody
from miniframework.params.field import BodyUse, CallPlan, Field, ParameterPlan
from miniframework.params.problems import Problem, converter_problem, missing_problem, validation_problems
from miniframework.params.reader import RequestReader
from miniframework.types import Scope

_NO_ARGUMENTS: Final[Mapping[Hashable, dict[str, Any]]] = {}


class _Absent:
    """The type of `_ABSENT`: nothing came, or nothing came of it."""

    __slots__ = ()


_ABSENT = _Absent()


@dataclass(slots=True, kw_only=True)
class BindResult:
    """The endpoint's `arguments` and each dependency's by its key; with `problems` nothing may be called.

    `problems` is the 422 document's `detail`. `parameters` is empty unless the caller records.
    """

    arguments: dict[str, Any]
    dependency_arguments: Mapping[Hashable, dict[str, Any]]
    problems: list[Problem]
    parameters: tuple[BoundParameter, ...]


def bind(
    plan: ParameterPlan,
    scope: Scope,
    raw_path_params: Mapping[str, str],
    body: bytes | None,
    special: Mapping[type, object],
    record: bool,
) -> BindResult:
    """Take every parameter of `plan` from one request.

    `raw_path_params` is the path's text as routing found it, `body` the whole body (None when it was not
    read, which is right unless `plan.needs_body`), `special` the object of each type in `plan.wants`.
    Raises nothing of its own accord; what a user's validator or default_factory raises (beside ValueError
    and AssertionError, which pydantic makes problems of) passes through.
    """
    reader = RequestReader(scope, raw_path_params, body, any_type_is_json=plan.any_type_is_json)
    binder = _Binder(reader, special, record=record)
    needed = {key: binder.bind_call(call) for key, call in plan.dependency_calls} or _NO_ARGUMENTS
    arguments = binder.bind_call(plan.endpoint)
    return BindResult(
        arguments=arguments,
        dependency_arguments=needed,
        problems=binder.problems,
        parameters=tuple(binder.recorded),
    )


class _Binder:
    """The problems and the records of one request so far."""

    __slots__ = ("_reader", "_record", "_special", "_told_broken", "problems", "recorded")

    def __init__(self, reader: RequestReader, special: Mapping[type, object], *, record: bool) -> None:
        self._reader = reader
        self._special = special
        self._record = record
        self._told_broken = False
        self.problems: list[Problem] = []
        self.recorded: list[BoundParameter] = []

    def bind_call(self, call: CallPlan) -> dict[str, Any]:
        """Give the arguments of one callable; those with a problem are left out."""
        arguments: dict[str, Any] = {name: self._special[kind] for name, kind in call.special}
        for field in call.fields:
            problems_before = len(self.problems)
            source, came = self._take(field)
            value = self._convert(field, source, came)
            if value is not _ABSENT:
                arguments[field.name] = value
            if self._record:
                self._note(field, source, came, value, problems_before)
        return arguments

    def _take(self, field: Field) -> tuple[ParameterSource, object]:
        """Give what came for a field, unconverted, and where from; _ABSENT when nothing came."""
        source = field.source
        if source == "path":
            return source, self._reader.path.get(field.alias, _ABSENT)
        if source == "body":
            return source, self._take_from_body(field)
        came = self._take_members(field) if field.members else self._take_text(field)
        if came is _ABSENT and field.body_use is not BodyUse.NOTHING:
            came = self._take_from_body(field)
            if came is not _ABSENT or isinstance(self._reader.content, ReadBody):
                source = "body"
        return source, came

    def _take_text(self, field: Field) -> object:
        if field.source == "cookie":
            return self._reader.cookies.get(field.alias, _ABSENT)
        in_query = field.source == "query"
        values = (self._reader.query if in_query else self._reader.headers).get(field.alias)
        if not values:
            return _ABSENT
        if field.many:
            return values
        return values[-1] if in_query else values[0]

    def _take_members(self, field: Field) -> object:
        """Gather a model's names; others of the query and cookies come along, for models that forbid them."""
        if field.source == "cookie":
            return dict(self._reader.cookies)
        at = -1 if field.source == "query" else 0
        lists = self._reader.query if field.source == "query" else self._reader.headers
        gathered: dict[str, object] = {}
        if field.source == "query":
            gathered = {name: values[at] for name, values in lists.items()}
        for member in field.members:
            if values := lists.get(member.name):
                gathered.pop(member.name, None)
                gathered[member.key] = values if member.many else values[at]
        return gathered

    def _take_from_body(self, field: Field) -> object:
        match self._reader.content:
            case ReadBody(value):
                if field.body_use is BodyUse.WHOLE:
                    return value
                if isinstance(value, dict) and field.alias in value:
                    return value[field.alias]
                return value if field.body_use is BodyUse.KEY_OR_WHOLE else _ABSENT
            case BrokenBody(problem):
                if not self._told_broken:
                    self._told_broken = True
                    self.problems.append(problem)
        return _ABSENT

    def _convert(self, field: Field, source: ParameterSource, came: object) -> Any:
        """Turn what came into the value, or note the problem and give _ABSENT."""
        if came is _ABSENT:
            return self._without(field, source)
        if field.converter is not None and isinstance(came, str):
            text = came
            try:
                came = field.converter.convert(text)
            except ValueError as error:
                self.problems.append(
                    converter_problem(_locate(field, source), text, field.converter_name, error)
                )
                return _ABSENT
            if field.is_text and not isinstance(came, str):
                came = text
        if field.any_text and source != "body":  # from a body anything may come
            return came
        try:
            return field.validator.validate_python(came, from_attributes=True)
        except ValidationError as error:
            self.problems.extend(validation_problems(_locate(field, source), error))
            return _ABSENT

    def _without(self, field: Field, source: ParameterSource) -> object:
        broken = self._told_broken and field.body_use is not BodyUse.NOTHING
        if not field.required:
            return field.make_default()
        if not broken:
            self.problems.append(missing_problem(*_locate(field, source)))
        return _ABSENT

    def _note(
        self, field: Field, source: ParameterSource, came: object, value: object, problems_before: int
    ) -> None:
        problem = self.problems[problems_before]["msg"] if len(self.problems) > problems_before else None
        if problem is None and value is _ABSENT:
            problem = "the body is not JSON"  # told already, by the first parameter that asked for it
        self.recorded.append(
            BoundParameter(
                name=field.name,
                alias=field.alias,
                source=source,
                raw=self._raw(field, source, came),
                declared_type=field.declared_type,
                converter="text"
                if field.any_text and source not in ("path", "body")
                else field.converter_name,
                value=None if value is _ABSENT else value,
                default_used=came is _ABSENT and value is not _ABSENT,
                problem=problem,
            )
        )

    def _raw(self, field: Field, source: ParameterSource, came: object) -> str | bytes | list[str] | None:
        if came is _ABSENT:
            broken = field.body_use is not BodyUse.NOTHING and isinstance(self._reader.content, BrokenBody)
            return self._reader.raw_body if broken else None
        if source == "body":
            whole = isinstance(self._reader.content, ReadBody) and came is self._reader.content.value
            return self._reader.raw_body if whole else to_json(came, inf_nan_mode="constants").decode()
        if isinstance(came, dict):
            return [f"{name}={one}" for name, one in came.items()]
        return came  # type: ignore[return-value]  # text, or a list of texts


def _locate(field: Field, source: ParameterSource) -> tuple[str, ...]:
    """Where a problem of the field lies; the parts of a model or of a whole body name themselves."""
    if field.members:
        return (source,)
    if source == "body" and field.body_use is BodyUse.WHOLE:
        return (source,)
    return (source, field.alias)
