"""One request's parameters: text taken, turned into values, every problem told at once."""

from collections.abc import Hashable, Mapping
from dataclasses import replace
from typing import Any, Final

from pydantic import ValidationError

from miniframework.dependencies.graph import Dependency
from miniframework.dependencies.refused import NONE_REFUSED, Refused
from miniframework.dependencies.security_scopes import SecurityScopes
from miniframework.events import BoundParameter, ParameterSource
from miniframework.params.body import BrokenBody
from miniframework.params.field import BodyKind, BodyUse, CallPlan, Field, ParameterPlan
from miniframework.params.note import note_parameter
from miniframework.params.problems import Problem, converter_problem, missing_problem, validation_problems
from miniframework.params.reader import RequestReader, SentBody
from miniframework.params.take import ABSENT, UNFIT, take
from miniframework.records import dataclass
from miniframework.types import Scope

_NO_ARGUMENTS: Final[Mapping[Hashable, dict[str, Any]]] = {}


@dataclass(slots=True, kw_only=True)
class BindResult:
    """The endpoint's `arguments` and each dependency's by its key; with `problems` no endpoint may be called.

    `problems` is the 422 document's `detail`. `refused` are the dependencies that have some, and what was
    raised for any; the others may be called, unless `body_is_broken`. `sent` is the body that has the
    problems; `parameters` is empty unless the caller records.
    """

    arguments: dict[str, Any]
    dependency_arguments: Mapping[Hashable, dict[str, Any]]
    problems: list[Problem]
    refused: Refused
    body_is_broken: bool
    sent: object
    parameters: tuple[BoundParameter, ...]


def bind(
    plan: ParameterPlan,
    scope: Scope,
    raw_path_params: Mapping[str, str],
    body: SentBody,
    special: Mapping[type, object],
    record: bool,
) -> BindResult:
    """Take every parameter of `plan` from one request.

    `raw_path_params` is the path's text as routing found it, `body` the whole body or the form (None when it
    was not read, which is right unless `plan.needs_body`), `special` the object of each type in
    `plan.wants`. Broken JSON is the only problem told of a request that has it. Raises HTTPException 400 for
    a body that is not even text. What a user's validator or default_factory raises (beside ValueError and
    AssertionError, which pydantic makes problems of) passes through where nothing is to be called before the
    endpoint; else it is kept in `refused`, and nothing that comes after it is taken.
    """
    reader = RequestReader(
        scope,
        raw_path_params,
        body,
        any_type_is_json=plan.any_type_is_json,
        untyped_is_json=plan.untyped_is_json,
    )
    binder = _Binder(reader, special, record=record, keeps_failure=bool(plan.dependency_calls))
    needed, refused = _bind_dependencies(plan, binder)
    arguments: dict[str, Any] = {}
    if not refused.failures:
        arguments = binder.bind_call(plan.endpoint)
        if binder.failure is not None:
            refused = replace(refused, failure=binder.failure)
    problems, broken = binder.problems, False
    if plan.body_kind is BodyKind.JSON and isinstance(content := reader.content_if_asked, BrokenBody):
        problems, broken = [content.problem], True
    return BindResult(
        arguments=arguments,
        dependency_arguments=needed,
        problems=problems,
        refused=refused,
        body_is_broken=broken,
        sent=reader.sent_value if problems else None,
        parameters=tuple(binder.recorded),
    )


def _bind_dependencies(
    plan: ParameterPlan, binder: "_Binder"
) -> tuple[Mapping[Hashable, dict[str, Any]], Refused]:
    if not plan.dependency_calls:
        return _NO_ARGUMENTS, NONE_REFUSED
    needed: dict[Hashable, dict[str, Any]] = {}
    refused: dict[Hashable, list[Problem]] = {}
    for key, call in plan.dependency_calls:
        problems_before = len(binder.problems)
        needed[key] = binder.bind_call(call)
        if len(binder.problems) > problems_before:
            refused[key] = binder.problems[problems_before:]
        if binder.failure is not None:
            return needed, Refused(lacking=frozenset(refused), failures={key: binder.failure})
    if not refused:
        return needed, NONE_REFUSED
    binder.problems = _told_wherever_asked(plan.dependencies, refused)
    return needed, Refused(lacking=frozenset(refused))


def _told_wherever_asked(
    dependencies: tuple[Dependency, ...], refused: Mapping[Hashable, list[Problem]]
) -> list[Problem]:
    """The problems of each dependency as often as it is asked for, as FastAPI tells them."""
    told: list[Problem] = []
    for one in dependencies:
        told += _told_wherever_asked(one.needs, refused)
        told += refused.get(one.key, ())
    return told


class _Binder:
    """The problems and the records of one request so far; `failure` is what was raised for the last call."""

    __slots__ = ("_keeps_failure", "_reader", "_record", "_special", "failure", "problems", "recorded")

    def __init__(
        self,
        reader: RequestReader,
        special: Mapping[type, object],
        *,
        record: bool,
        keeps_failure: bool,
    ) -> None:
        self._reader = reader
        self._special = special
        self._record = record
        self._keeps_failure = keeps_failure
        self.failure: Exception | None = None
        self.problems: list[Problem] = []
        self.recorded: list[BoundParameter] = []

    def bind_call(self, call: CallPlan) -> dict[str, Any]:
        """Give the arguments of one callable; those with a problem are left out."""
        arguments: dict[str, Any] = {name: self._special[kind] for name, kind in call.special}
        for name, scopes in call.scopes:
            arguments[name] = SecurityScopes(scopes)
        for field in call.fields:
            problems_before = len(self.problems)
            taken = source, alias, came = take(field, self._reader)
            try:
                value = self._convert(field, source, alias, came)
            except Exception as error:
                if not self._keeps_failure:
                    raise
                self.failure, value = error, ABSENT
            if value is not ABSENT:
                arguments[field.name] = value
            if self._record:
                problem = self._find_problem(problems_before)
                noted = note_parameter(field, self._reader, taken, value, problem, asked_by=call.asked_by)
                self.recorded.append(noted)
            if self.failure is not None:
                break
        return arguments

    def _find_problem(self, problems_before: int) -> str | None:
        """Say in words what was wrong with the field that was bound last."""
        if self.failure is not None:
            return f"{type(self.failure).__name__}: {self.failure}"
        more = self.problems[problems_before:]
        return more[0]["msg"] if more else None

    def _convert(self, field: Field, source: ParameterSource, alias: str, came: Any) -> Any:
        """Turn what came into the value, or note the problem and give ABSENT."""
        if came is ABSENT or came is UNFIT:
            return self._without(field, source, alias, came)
        if field.converter is not None and isinstance(came, str):
            text = came
            try:
                came = field.converter.convert(text)
            except ValueError as error:
                self.problems.append(
                    converter_problem(_locate(field, source, alias), text, field.converter_name, error)
                )
                return ABSENT
            if field.is_text and not isinstance(came, str):
                came = text
        if field.any_text and source != "body":  # from a body anything may come
            return came
        return self._validate(field, source, alias, came)

    def _validate(self, field: Field, source: ParameterSource, alias: str, came: Any) -> Any:
        try:
            return field.validator.validate_python(came, from_attributes=True)
        except ValidationError as error:
            shown = field.gathering.shown if field.gathering is not None else None
            self.problems.extend(validation_problems(_locate(field, source, alias), error, shown))
            return ABSENT

    def _without(self, field: Field, source: ParameterSource, alias: str, came: object) -> object:
        if came is ABSENT and not field.required:
            default = field.make_default()
            return self._validate(field, source, alias, default) if field.validates_default else default
        self.problems.append(missing_problem(*_locate(field, source, alias)))
        return ABSENT


def _locate(field: Field, source: ParameterSource, alias: str) -> tuple[str, ...]:
    """Where a problem of the field lies; the parts of a model or of a whole body name themselves."""
    place = "body" if source in ("form", "file") else source
    if field.gathering is not None or (place == "body" and field.body_use is BodyUse.WHOLE):
        return (place,)
    return (place, alias)
